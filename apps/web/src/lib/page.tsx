import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { joinClasses } from "@finops/ui/text/join-classes";
import { copyText } from "@finops/ui/text/copy-text";
import { Link2, ListFilter } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { useSession } from "./session.ts";
import { useToasts } from "./toasts.tsx";

// Comes after what the page is about; its place is kept.
const InboxBell = lazy(async () => ({ default: (await import("./inbox/inbox-bell.tsx")).InboxBell }));

interface PageProps {
  title: string;
  /** Where the page stands: what is above it, each a link. */
  trail?: ReactNode;
  /** Period, currency, measure: what holds for everything on the page. */
  tools?: ReactNode;
  /** What can be done with the page beside sharing its address: export, save. */
  actions?: ReactNode;
  /** Filters in force. They stay in sight with the title. */
  chips?: ReactNode;
  children: ReactNode;
}

/** A page: its title, tools and filters stay in sight while its content scrolls. */
export function Page({ title, trail, tools, actions, chips, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · FinOps`;
  }, [title]);
  return (
    <>
      <header className="z-20 border-b border-line bg-page/95 backdrop-blur md:sticky md:top-0">
        <div className="mx-auto flex min-h-14 max-w-[1600px] flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 md:px-6 xl:flex-nowrap">
          <div className={joinClasses("mr-auto min-w-0", tools !== undefined && "xl:max-w-1/2 xl:shrink-0")}>
            {trail}
            <div className="flex min-w-0 items-center gap-2">
              <h1 className="truncate text-lg font-semibold">{title}</h1>
              <ScopeNote />
            </div>
          </div>
          {/* Where there is no room for all of them, they take a second line of their own place. */}
          {tools !== undefined && (
            <div className="max-xl:order-last max-xl:w-full xl:min-w-0 xl:[&>*]:justify-end">{tools}</div>
          )}
          <div className="flex shrink-0 items-center gap-2 print:hidden">
            {actions}
            <ShareButton />
            <Suspense fallback={<span className="size-8" />}>
              <InboxBell />
            </Suspense>
          </div>
        </div>
        {chips !== undefined && chips !== null && chips !== false && (
          <div className="mx-auto max-w-[1600px] px-4 pb-2.5 md:px-6">{chips}</div>
        )}
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-[1600px] flex-1 px-4 py-5 outline-none md:px-6">
        {children}
      </main>
    </>
  );
}

/** Wherever totals may stand: who sees a part of the costs is told so, beside what the page is. */
function ScopeNote() {
  const { data } = useSession();
  if (data?.signedIn !== true || !data.isScoped) return null;
  return (
    <Badge
      tone="warning"
      icon={<ListFilter size={12} aria-hidden />}
      title="Your role is limited to a part of the company's costs. Every total here is of that part."
    >
      A part of the company&apos;s costs
    </Badge>
  );
}

/** The address says all of what the page shows, so a link is all that a colleague needs. */
function ShareButton() {
  const show = useToasts((toasts) => toasts.show);
  const share = async () => {
    const isCopied = await copyText(location.href).then(
      () => true,
      () => false,
    );
    show(
      isCopied
        ? { id: "share", tone: "info", title: "The link is copied.", body: "It shows exactly what you see." }
        : {
            id: "share",
            tone: "error",
            title: "The browser did not allow it.",
            body: "Copy the address above instead.",
          },
    );
  };
  return (
    <Button
      icon={<Link2 size={16} aria-hidden className="text-text-3" />}
      title="Copy a link to exactly this view"
      aria-label="Copy a link to exactly this view"
      onClick={() => void share()}
    />
  );
}
