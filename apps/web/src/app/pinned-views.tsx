import { Link } from "@tanstack/react-router";
import { useSavedViews } from "../features/explorer/use-saved-views.ts";

/** The views that the person keeps at hand, below the explorer. */
export function PinnedViews() {
  const views = useSavedViews();
  const pinned = (views.data ?? []).filter((view) => view.isPinned);
  if (pinned.length === 0) return null;
  return (
    <ul aria-label="Pinned views" className="mt-0.5 ml-4 flex flex-col gap-0.5 border-l border-line pl-2">
      {pinned.map((view) => (
        <li key={view.id}>
          <Link
            to="/explorer"
            search={{ saved: view.id }}
            activeOptions={{ exact: true }}
            title={view.name}
            className="block h-7 truncate rounded-md px-2 text-sm leading-7 text-text-2 hover:bg-surface-3 hover:text-text-1 aria-[current=page]:text-accent"
            dir="auto"
          >
            {view.name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
