import { ArrowDown, ArrowUp } from "lucide-react";
import { joinClasses } from "../text/join-classes.ts";
import { type DataColumn, isFigure, type Sorting, type TableState } from "./column.ts";
import { ColumnMenu } from "./column-menu.tsx";
import { alignOf, formOf, pinnedClasses } from "./table-row.tsx";
import type { ChangeTable } from "./use-table-state.ts";

interface TableHeadProps<Row> {
  columns: readonly DataColumn<Row>[];
  /** Every column, for moving one past what is hidden. */
  allColumns: readonly DataColumn<Row>[];
  state: TableState;
  change: ChangeTable;
  isPinned: boolean;
}

/** Names and totals, which stay while the rows scroll under them. */
export function TableHead<Row>({ columns, allColumns, state, change, isPinned }: TableHeadProps<Row>) {
  return (
    <thead className="sticky top-0 z-10">
      <tr aria-rowindex={1}>
        {columns.map((column, place) => (
          <HeaderCell
            key={column.id}
            column={column}
            place={place}
            allColumns={allColumns}
            state={state}
            change={change}
            isPinned={isPinned}
          />
        ))}
      </tr>
      {hasTotals(columns) && (
        <tr aria-rowindex={2} className="font-medium">
          {columns.map((column, place) => (
            <td
              key={column.id}
              role={place === 0 ? "rowheader" : undefined}
              aria-colindex={place + 1}
              className={joinClasses(
                "h-8 max-w-0 overflow-hidden border-b border-line-strong bg-surface-2 px-3 text-ellipsis whitespace-nowrap first:pl-4 last:pr-4",
                alignOf(column),
                place === 0 && isPinned && pinnedClasses,
              )}
            >
              {typeof column.total === "function" ? column.total(formOf(column, state.compact)) : column.total}
            </td>
          ))}
        </tr>
      )}
    </thead>
  );
}

export function hasTotals<Row>(columns: readonly DataColumn<Row>[]): boolean {
  return columns.some((column) => column.total !== undefined);
}

function HeaderCell<Row>({
  column,
  place,
  allColumns,
  state,
  change,
  isPinned,
}: Omit<TableHeadProps<Row>, "columns"> & { column: DataColumn<Row>; place: number }) {
  const direction = state.sort?.by === column.id ? state.sort.direction : null;
  const isFiltered = state.filters[column.id] !== undefined;
  const Arrow = direction === "asc" ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-colindex={place + 1}
      aria-sort={
        column.value === undefined
          ? undefined
          : direction === null
            ? "none"
            : direction === "asc"
              ? "ascending"
              : "descending"
      }
      className={joinClasses(
        "group/head h-8 border-b border-line bg-surface-1 px-3 text-xs font-medium whitespace-nowrap text-text-2 first:pl-4 last:pr-4",
        alignOf(column),
        place === 0 && isPinned && pinnedClasses,
      )}
    >
      <span className={joinClasses("flex items-center gap-0.5", isFigure(column) && "flex-row-reverse")}>
        {column.value === undefined ? (
          <span title={column.about ?? column.header} className="truncate" dir="auto">
            {column.header}
          </span>
        ) : (
          <button
            type="button"
            title={column.about === undefined ? column.header : `${column.header}: ${column.about}`}
            onClick={() => change({ sort: nextSort(column, state.sort) })}
            className={joinClasses(
              "inline-flex h-6 min-w-0 items-center gap-1 rounded-sm hover:text-text-1",
              (direction !== null || isFiltered) && "text-text-1",
            )}
          >
            <span className="truncate" dir="auto">
              {column.header}
            </span>
            {direction !== null && <Arrow size={12} aria-hidden className="shrink-0" />}
          </button>
        )}
        <ColumnMenu column={column} isFirst={place === 0} allColumns={allColumns} state={state} change={change} />
      </span>
    </th>
  );
}

/** Figures start with the biggest, names with A. */
export function nextSort<Row>(column: DataColumn<Row>, sort: Sorting | null): Sorting {
  if (sort?.by === column.id) return { by: column.id, direction: sort.direction === "asc" ? "desc" : "asc" };
  return { by: column.id, direction: isFigure(column) ? "desc" : "asc" };
}
