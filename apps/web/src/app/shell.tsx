import { Button } from "@finops/ui/primitives/button";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { TableDensity } from "@finops/ui/table/density";
import { Outlet, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { SessionEndedDialog } from "../features/session/session-ended-dialog.tsx";
import { SessionEndWarning } from "../features/session/session-end-warning.tsx";
import { useConnection } from "../lib/connection.ts";
import { followOtherTabs } from "../lib/every-tab.ts";
import { useLiveUpdates } from "../lib/live-queries.ts";
import { usePreferences } from "../lib/preferences.ts";
import { useReportUse } from "../lib/report-use.ts";
import { takeAddress } from "../lib/return-address.ts";
import { ToastCorner } from "../lib/toasts.tsx";
import { isShut, type Session, useSession } from "../lib/session.ts";
import { CompanyBanner } from "./company-banner.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { ProofSlot } from "./proof-slot.tsx";
import { BottomTabs, Rail } from "./rail.tsx";
import { ShortcutsHelp } from "./shortcuts-help.tsx";
import { useShortcuts } from "./use-shortcuts.ts";
import { useTheme } from "./use-theme.ts";

// Nobody needs it for the first figure.
const SignInPage = lazy(async () => ({
  default: (await import("../features/session/sign-in-page.tsx")).SignInPage,
}));
const SecondFactorPage = lazy(async () => ({
  default: (await import("../features/session/second-factor-page.tsx")).SecondFactorPage,
}));
const ShutPage = lazy(async () => ({ default: (await import("./shut-page.tsx")).ShutPage }));
const Palette = lazy(async () => ({ default: (await import("./palette.tsx")).Palette }));

/** What stands around every page; without a session, the one page that says how to get one. */
export function Shell() {
  const session = useSession();
  const [showsNewCodes, setShowsNewCodes] = useState(false);
  useTheme();
  if (session.data === undefined) return session.error === null ? <Waiting /> : <Unreachable error={session.error} />;
  const goOn = () => {
    setShowsNewCodes(false);
    void session.refetch();
  };
  if (!session.data.signedIn)
    return (
      <Suspense fallback={null}>
        <SignInPage onSignedIn={goOn} />
      </Suspense>
    );
  const { secondFactor } = session.data;
  if (secondFactor === "show" || secondFactor === "enroll" || showsNewCodes)
    return (
      <Suspense fallback={null}>
        <SecondFactorPage
          need={secondFactor === "show" ? "show" : "enroll"}
          onCodes={() => setShowsNewCodes(true)}
          onDone={goOn}
        />
      </Suspense>
    );
  return <Frame session={session.data} onSignedIn={goOn} />;
}

function Frame({ session, onSignedIn }: { session: Extract<Session, { signedIn: true }>; onSignedIn: () => void }) {
  const [open, setOpen] = useState<"palette" | "help" | null>(null);
  useShortcuts(session, { onSearch: () => setOpen("palette"), onHelp: () => setOpen("help") });
  useReturn();
  const isCompanyShut = isShut(session);
  const density = useDensity();
  useLiveUpdates(session.hasEnded !== true && !isCompanyShut);
  useReportUse(session);
  useEffect(followOtherTabs, []);
  return (
    <div className="flex min-h-dvh">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-surface-1 focus:px-3 focus:py-2"
      >
        Skip to the content
      </a>
      <Rail session={session} onSearch={() => setOpen("palette")} />
      <div className="flex min-w-0 flex-1 flex-col pb-14 md:pb-0">
        <ConnectionBanner />
        <CompanyBanner session={session} />
        {isCompanyShut ? (
          <Suspense>
            <ShutPage />
          </Suspense>
        ) : (
          <TableDensity value={density}>
            <Outlet />
          </TableDensity>
        )}
      </div>
      <ProofSlot />
      <BottomTabs session={session} onSearch={() => setOpen("palette")} />
      <ShortcutsHelp session={session} isOpen={open === "help"} onClose={() => setOpen(null)} />
      {open === "palette" && (
        <Suspense>
          <Palette session={session} isOpen onClose={() => setOpen(null)} onHelp={() => setOpen("help")} />
        </Suspense>
      )}
      <ToastCorner />
      {session.hasEnded === true ? (
        <SessionEndedDialog onRetry={onSignedIn} />
      ) : (
        <SessionEndWarning session={session} />
      )}
    </div>
  );
}

function useDensity() {
  const density = usePreferences((preferences) => preferences.density);
  const choose = usePreferences((preferences) => preferences.setDensity);
  return useMemo(() => ({ density, choose }), [density, choose]);
}

/** Signing in leads to the first page; whoever was somewhere else is taken back there. */
function useReturn(): void {
  const router = useRouter();
  useEffect(() => {
    const address = takeAddress();
    if (address !== null) router.history.replace(address);
  }, [router]);
}

function Waiting() {
  return (
    <div className="appear-late flex min-h-dvh" aria-busy>
      <div className="w-52 border-r border-line bg-surface-2 p-4 max-md:hidden">
        <Skeleton className="h-6 w-32" />
        <Skeleton className="mt-6 h-8 w-full" />
        <Skeleton className="mt-4 h-5 w-24" />
        <Skeleton className="mt-3 h-5 w-20" />
      </div>
      <div className="flex-1 p-6">
        <Skeleton className="h-7 w-40" />
        <Skeleton className="mt-8 h-7 w-2/3" />
        <Skeleton className="mt-6 h-[126px] w-full" />
      </div>
    </div>
  );
}

function Unreachable({ error }: { error: Error }) {
  const isLost = useConnection((connection) => connection.isLost);
  return (
    <main className="mx-auto max-w-xl p-6 pt-[20vh]">
      <h1 className="sr-only">FinOps</h1>
      <Notice
        tone="error"
        title="The server cannot be reached."
        action={isLost ? undefined : <Button onClick={() => location.reload()}>Try again</Button>}
      >
        {error.message}
      </Notice>
    </main>
  );
}
