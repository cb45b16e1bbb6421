import { Button } from "@finops/ui/primitives/button";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { Outlet } from "@tanstack/react-router";
import { useSession } from "../lib/session.ts";
import { SignedOutPage } from "../features/session/signed-out-page.tsx";
import { BottomTabs, Rail } from "./rail.tsx";
import { useTheme } from "./use-theme.ts";

/** What stands around every page; without a session, the one page that says how to get one. */
export function Shell() {
  const session = useSession();
  const [theme, setTheme] = useTheme();
  if (session.data === undefined && session.error !== null) {
    return (
      <main className="mx-auto max-w-xl p-6 pt-[20vh]">
        <h1 className="sr-only">FinOps</h1>
        <Notice
          tone="error"
          title="The server cannot be reached."
          action={<Button onClick={() => void session.refetch()}>Try again</Button>}
        >
          {session.error.message}
        </Notice>
      </main>
    );
  }
  if (session.data === undefined) return <Skeleton className="appear-late m-6 h-8 w-64" />;
  if (!session.data.signedIn) return <SignedOutPage onRetry={() => void session.refetch()} />;
  return (
    <div className="flex min-h-dvh">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-surface-1 focus:px-3 focus:py-2"
      >
        Skip to the content
      </a>
      <Rail session={session.data} theme={theme} onTheme={setTheme} />
      <div className="flex min-w-0 flex-1 flex-col pb-14 md:pb-0">
        <Outlet />
      </div>
      <BottomTabs session={session.data} theme={theme} onTheme={setTheme} />
    </div>
  );
}
