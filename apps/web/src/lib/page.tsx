import { Button } from "@finops/ui/primitives/button";
import { copyText } from "@finops/ui/text/copy-text";
import { joinClasses } from "@finops/ui/text/join-classes";
import { Check, Link2 } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";

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
        <div className="mx-auto flex min-h-14 max-w-[1600px] flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 md:px-6">
          <div className="mr-auto min-w-0">
            {trail}
            <h1 className="truncate text-lg font-semibold">{title}</h1>
          </div>
          {tools}
          <div className="flex items-center gap-2 print:hidden">
            {actions}
            <ShareButton />
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

const copiedMs = 2000;

/** The address says all of what the page shows, so a link is all that a colleague needs. */
function ShareButton() {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), copiedMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const Icon = isCopied ? Check : Link2;
  return (
    <>
      <Button
        icon={<Icon size={16} aria-hidden className={joinClasses(isCopied ? "text-positive" : "text-text-3")} />}
        title="Copy a link to exactly this view"
        aria-label="Copy a link to exactly this view"
        onClick={() => void copyText(location.href).then(() => setIsCopied(true))}
      />
      <span role="status" className="sr-only">
        {isCopied && "The link is copied."}
      </span>
    </>
  );
}
