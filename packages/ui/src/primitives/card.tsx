import type { ReactNode } from "react";
import { joinClasses } from "../text/join-classes.ts";

/** A block of the page: a border, no shadow. */
export function Card({
  title,
  about,
  actions,
  children,
  className,
}: {
  title?: ReactNode;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={joinClasses("min-w-0 rounded-lg border border-line bg-surface-1", className)}>
      {(title !== undefined || actions !== undefined) && (
        <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-3 pb-2">
          <div className="min-w-0">
            <h2 className="text-base font-semibold">{title}</h2>
            {about !== undefined && <p className="text-xs text-text-2">{about}</p>}
          </div>
          {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
