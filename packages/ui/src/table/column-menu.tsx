import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, EllipsisVertical, EyeOff, Funnel, Hash } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Popover } from "../primitives/popover.tsx";
import { joinClasses } from "../text/join-classes.ts";
import { type DataColumn, hasCompact, isFigure, moveColumn, orderColumns, type TableState } from "./column.ts";
import { ColumnFilterFields } from "./column-filter-fields.tsx";
import type { ChangeTable } from "./use-table-state.ts";

interface ColumnMenuProps<Row> {
  column: DataColumn<Row>;
  isFirst: boolean;
  allColumns: readonly DataColumn<Row>[];
  state: TableState;
  change: ChangeTable;
}

/** What can be done with one column: order, filter, form, place. */
export function ColumnMenu<Row>({ column, isFirst, allColumns, state, change }: ColumnMenuProps<Row>) {
  const [isOpen, setIsOpen] = useState(false);
  const canSort = column.value !== undefined;
  const isFiltered = state.filters[column.id] !== undefined;
  const isCompact = state.compact.includes(column.id);
  const shown = orderColumns(allColumns.slice(1), state.order)
    .map((one) => one.id)
    .filter((id) => !state.hidden.includes(id));
  if (!canSort && isFirst && !hasCompact(column)) return null;
  const act = (patch: Partial<TableState>) => {
    change(patch);
    setIsOpen(false);
  };
  const Icon = isFiltered ? Funnel : EllipsisVertical;
  return (
    <Popover
      label={`Column ${column.header}`}
      isOpen={isOpen}
      onOpen={setIsOpen}
      align={isFigure(column) ? "end" : "start"}
      className="w-60 text-left font-normal text-text-1"
      trigger={
        <button
          type="button"
          aria-label={`Options of the column ${column.header}${isFiltered ? ", filtered" : ""}`}
          className={joinClasses(
            "grid size-6 shrink-0 place-items-center rounded-sm text-text-3 hover:bg-surface-3 hover:text-text-1 focus-visible:opacity-100 data-[state=open]:opacity-100",
            isFiltered ? "text-accent" : "group-hover/head:opacity-100 pointer-fine:opacity-0",
          )}
        >
          <Icon size={13} aria-hidden />
        </button>
      }
    >
      {canSort && (
        <>
          <Entry
            icon={<ArrowUp size={14} aria-hidden />}
            isOn={state.sort?.by === column.id && state.sort.direction === "asc"}
            onClick={() => act({ sort: { by: column.id, direction: "asc" } })}
          >
            {isFigure(column) ? "Smallest first" : column.kind === "day" ? "Oldest first" : "A to Z"}
          </Entry>
          <Entry
            icon={<ArrowDown size={14} aria-hidden />}
            isOn={state.sort?.by === column.id && state.sort.direction === "desc"}
            onClick={() => act({ sort: { by: column.id, direction: "desc" } })}
          >
            {isFigure(column) ? "Biggest first" : column.kind === "day" ? "Newest first" : "Z to A"}
          </Entry>
          <ColumnFilterFields
            column={column}
            filter={state.filters[column.id]}
            onFilter={(filter) => change({ filters: withFilter(state.filters, column.id, filter) })}
            onDone={() => setIsOpen(false)}
          />
        </>
      )}
      {hasCompact(column) && (
        <Entry
          icon={<Hash size={14} aria-hidden />}
          isOn={isCompact}
          onClick={() =>
            act({
              compact: isCompact ? state.compact.filter((id) => id !== column.id) : [...state.compact, column.id],
            })
          }
        >
          Compact figures
        </Entry>
      )}
      {!isFirst && (
        <>
          <Entry
            icon={<ArrowLeft size={14} aria-hidden />}
            isDisabled={shown[0] === column.id}
            onClick={() => act({ order: moveColumn(allColumns, state, column.id, -1) })}
          >
            Move left
          </Entry>
          <Entry
            icon={<ArrowRight size={14} aria-hidden />}
            isDisabled={shown.at(-1) === column.id}
            onClick={() => act({ order: moveColumn(allColumns, state, column.id, 1) })}
          >
            Move right
          </Entry>
          <Entry icon={<EyeOff size={14} aria-hidden />} onClick={() => act({ hidden: [...state.hidden, column.id] })}>
            Hide
          </Entry>
        </>
      )}
    </Popover>
  );
}

export function withFilter(
  filters: TableState["filters"],
  id: string,
  filter: TableState["filters"][string] | null,
): TableState["filters"] {
  const { [id]: _, ...others } = filters;
  return filter === null ? others : { ...others, [id]: filter };
}

interface EntryProps {
  icon: ReactNode;
  isOn?: boolean;
  isDisabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Entry({ icon, isOn, isDisabled = false, onClick, children }: EntryProps) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      disabled={isDisabled}
      onClick={onClick}
      className={joinClasses(
        "flex h-8 w-full items-center gap-2 rounded-md px-2 text-left text-sm enabled:hover:bg-surface-3 disabled:text-text-3",
        isOn === true && "bg-accent-soft text-accent",
      )}
    >
      <span className="text-text-3">{icon}</span>
      {children}
    </button>
  );
}
