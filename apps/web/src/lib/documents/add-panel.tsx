import type { SavedView } from "@finops/capabilities/views/contract";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextField } from "@finops/ui/primitives/text-field";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { Hash, LayoutDashboard, type LucideIcon, Search, Table2, Text } from "lucide-react";
import { useState } from "react";
import type { Shows } from "../cost-view/use-view-answers.ts";
import { savedViewsQuery } from "../saved-views.ts";

export type NewPart = { kind: "text" } | { kind: "view"; shows: Shows; from: SavedView | null };

const blanks: { shows: Shows | "text"; label: string; about: string; icon: LucideIcon }[] = [
  { shows: "figure", label: "Figure", about: "One measure in all", icon: Hash },
  { shows: "chart", label: "Chart", about: "Over time or by group", icon: LayoutDashboard },
  { shows: "table", label: "Table", about: "Groups with figures", icon: Table2 },
  { shows: "text", label: "Text", about: "Words of your own", icon: Text },
];

/** What can be added to a dashboard or a report: something new, or a view that was saved. */
export function AddPanel({
  title,
  onAdd,
  onClose,
}: {
  title: string;
  onAdd: (part: NewPart) => void;
  onClose: () => void;
}) {
  return (
    <SidePanel title={title} about="It is shown at once; what it shows can be changed then." onClose={onClose}>
      <h3 className="mb-2 text-xs font-medium text-text-2">Something new</h3>
      <ul className="grid grid-cols-2 gap-2">
        {blanks.map(({ shows, label, about, icon: Icon }) => (
          <li key={shows} className="flex">
            <button
              type="button"
              onClick={() => onAdd(shows === "text" ? { kind: "text" } : { kind: "view", shows, from: null })}
              className="flex w-full items-start gap-2 rounded-lg border border-line p-2.5 text-left hover:border-line-strong hover:bg-surface-2"
            >
              <Icon size={16} aria-hidden className="mt-0.5 shrink-0 text-text-3" />
              <span className="min-w-0">
                <span className="block text-sm font-medium">{label}</span>
                <span className="block text-xs text-text-2">{about}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <SavedViews onAdd={onAdd} />
    </SidePanel>
  );
}

function SavedViews({ onAdd }: { onAdd: (part: NewPart) => void }) {
  const views = useQuery(savedViewsQuery);
  const [text, setText] = useState("");
  return (
    <>
      <h3 className="mt-5 mb-2 text-xs font-medium text-text-2">A saved view</h3>
      <TextField
        label="Find a saved view"
        isLabelHidden
        placeholder="Find a saved view"
        icon={<Search size={14} />}
        value={text}
        onChange={setText}
      />
      <Async
        of={views}
        name="The saved views"
        skeleton={<Skeleton className="mt-2 h-24 w-full" />}
        isEmpty={(list) => list.length === 0}
        empty={<p className="mt-2 text-sm text-text-2">Nothing is saved yet. The explorer saves what it shows.</p>}
      >
        {(list) => (
          <ul className="mt-2 space-y-0.5">
            {list
              .filter((view) => view.name.toLowerCase().includes(text.trim().toLowerCase()))
              .map((view) => (
                <li key={view.id}>
                  <button
                    type="button"
                    onClick={() =>
                      onAdd({ kind: "view", shows: view.view.chart === "none" ? "table" : "chart", from: view })
                    }
                    className="w-full rounded-md px-2 py-1.5 text-left hover:bg-surface-3"
                  >
                    <span className="block truncate text-sm" dir="auto">
                      {view.name}
                    </span>
                    <span className="block truncate text-xs text-text-2" dir="auto">
                      {view.description === "" ? view.owner.name : view.description}
                    </span>
                  </button>
                </li>
              ))}
          </ul>
        )}
      </Async>
    </>
  );
}
