import { Badge } from "@finops/ui/primitives/badge";
import { Link } from "@tanstack/react-router";

interface PageTab {
  to: string;
  label: string;
  /** How many things there wait for who looks. */
  waiting?: number;
}

/** Pages that belong together, each with an address of its own. */
export function PageTabs({ name, tabs }: { name: string; tabs: readonly PageTab[] }) {
  return (
    <nav
      aria-label={name}
      className="inline-flex h-8 max-w-full overflow-x-auto rounded-md border border-line-strong bg-surface-2 p-0.5"
    >
      {tabs.map(({ to, label, waiting = 0 }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          className="inline-flex items-center gap-1.5 rounded-sm px-2 text-sm whitespace-nowrap text-text-2 hover:text-text-1 aria-[current=page]:bg-surface-1 aria-[current=page]:font-medium aria-[current=page]:text-text-1 aria-[current=page]:shadow-[0_0_0_1px_var(--line-strong)]"
        >
          {label}
          {waiting > 0 && (
            <Badge tone="accent">
              {waiting}
              <span className="sr-only"> wait for you</span>
            </Badge>
          )}
        </Link>
      ))}
    </nav>
  );
}
