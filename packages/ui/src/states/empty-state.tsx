import type { ReactNode } from "react";

interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  /** Why it is empty and what to do. */
  children?: ReactNode;
  /** The button that does it. */
  action?: ReactNode;
}

/** Nothing here, why, and the way on. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-12 text-center">
      {icon !== undefined && <span className="text-text-3">{icon}</span>}
      <div>
        <h2 className="text-base font-semibold">{title}</h2>
        {children !== undefined && (
          <div className="mx-auto mt-1 max-w-md text-sm text-balance text-text-2">{children}</div>
        )}
      </div>
      {action !== undefined && <div className="flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
