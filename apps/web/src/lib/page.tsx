import { type ReactNode, useEffect } from "react";

interface PageProps {
  title: string;
  /** Period, currency, measure: what holds for everything on the page. */
  tools?: ReactNode;
  children: ReactNode;
}

/** A page: its title and tools stay in sight while its content scrolls. */
export function Page({ title, tools, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · FinOps`;
  }, [title]);
  return (
    <>
      <header className="z-20 border-b border-line bg-page/95 backdrop-blur md:sticky md:top-0">
        <div className="mx-auto flex min-h-14 max-w-[1600px] flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 md:px-6">
          <h1 className="mr-auto text-lg font-semibold">{title}</h1>
          {tools}
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-[1600px] flex-1 px-4 py-5 outline-none md:px-6">
        {children}
      </main>
    </>
  );
}
