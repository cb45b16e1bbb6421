import { Combobox, type Option } from "@finops/ui/primitives/combobox";
import { Plus, X } from "lucide-react";

interface Picked {
  id: string;
  name: string;
  about?: string;
}

interface PickedListProps<Item extends Picked> {
  items: readonly Item[];
  /** Stands in for the list when it is empty. */
  none: string;
  /** What can be added, all of it or found by the server. */
  pick:
    | { label: string; options: readonly Option[] }
    | { label: string; search: (text: string, signal: AbortSignal) => Promise<readonly Option[]> };
  mayChange: boolean;
  onAdd: (id: string) => void;
  onRemove: (item: Item) => void;
}

/** Things that belong to something, and a way to add and take away one at a time. */
export function PickedList<Item extends Picked>(props: PickedListProps<Item>) {
  const { items, none, pick, mayChange, onAdd, onRemove } = props;
  const { label, ...source } = pick;
  return (
    <>
      {items.length === 0 ? (
        <p className="text-sm text-text-2">{none}</p>
      ) : (
        <ul className="max-h-80 overflow-y-auto rounded-md border border-line">
          {items.map((item) => (
            <li key={item.id} className="flex min-h-8 items-center gap-2 border-b border-line px-2.5 last:border-0">
              <span className="min-w-0 flex-1 truncate text-sm" dir="auto">
                {item.name}
                {item.about !== undefined && <span className="ml-2 text-xs text-text-2">{item.about}</span>}
              </span>
              {mayChange && (
                <button
                  type="button"
                  aria-label={`Take out ${item.name}`}
                  title="Take out"
                  onClick={() => onRemove(item)}
                  className="grid size-6 shrink-0 place-items-center rounded-sm text-text-2 hover:bg-surface-3"
                >
                  <X size={14} aria-hidden />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayChange && (
        <div className="mt-2">
          <Combobox
            label={label}
            values={[]}
            isMulti={false}
            icon={<Plus size={14} aria-hidden />}
            none=""
            placeholder="Find"
            onChange={([id]) => id !== undefined && onAdd(id)}
            {...source}
          />
        </div>
      )}
    </>
  );
}
