import type { Decimal } from "@finops/kernel/decimal";
import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useMemo, useRef } from "react";
import { joinClasses } from "../text/join-classes.ts";

export interface DataColumn<Row> {
  id: string;
  header: string;
  /** What the column means, behind its name. */
  about?: string;
  align?: "left" | "right";
  cell: (row: Row) => ReactNode;
  /** What it sorts by; a column without it does not sort. Null always comes last. */
  sortBy?: (row: Row) => Decimal | string | null;
  total?: ReactNode;
  /** Left out where there is no room, such as on a phone. */
  isMinor?: boolean;
  className?: string;
}

export interface Sorting {
  by: string;
  direction: "asc" | "desc";
}

interface DataTableProps<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly DataColumn<Row>[];
  rowId: (row: Row) => string;
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const rowHeight = 32;

/** Rows that scroll under their header, with the totals always in sight. Only the rows in view are drawn. */
export function DataTable<Row extends object>({ label, rows, columns, rowId, sorting, onSort }: DataTableProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null);
  const data = useMemo(() => [...rows], [rows]);
  const definitions = useMemo(
    () => columns.map((column): ColumnDef<typeof features, Row> => toDefinition(column, sorting.direction)),
    [columns, sorting.direction],
  );
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowId,
    state: { sorting: [{ id: sorting.by, desc: sorting.direction === "desc" }] },
  });
  const sorted = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: { width: 800, height: 640 },
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const hasTotals = columns.some((column) => column.total !== undefined);
  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={label}
      className="relative max-h-[640px] overflow-auto rounded-b-lg"
    >
      <table className="w-full border-separate border-spacing-0 text-sm" aria-rowcount={sorted.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
          {hasTotals && (
            <tr className="font-medium">
              {columns.map((column) => (
                <td
                  key={column.id}
                  className={joinClasses(
                    "sticky top-8 z-10 h-8 border-b border-line bg-surface-2 px-3 whitespace-nowrap first:pl-4 last:pr-4",
                    layoutOf(column),
                  )}
                >
                  {column.total}
                </td>
              ))}
            </tr>
          )}
        </thead>
        <tbody>
          <Spacer height={above} span={columns.length} />
          {items.map((item) => {
            const row = sorted[item.index]!;
            return (
              <tr key={row.id} aria-rowindex={item.index + 2} className="group hover:bg-surface-2">
                {columns.map((column) => (
                  <td
                    key={column.id}
                    className={joinClasses(
                      "h-8 border-b border-line px-3 group-last:border-b-0 first:pl-4 last:pr-4",
                      layoutOf(column),
                    )}
                  >
                    {column.cell(row.original)}
                  </td>
                ))}
              </tr>
            );
          })}
          <Spacer height={below} span={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

function HeaderCell<Row>({
  column,
  sorting,
  onSort,
}: {
  column: DataColumn<Row>;
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
}) {
  const isSorted = sorting.by === column.id;
  const classes = joinClasses(
    "sticky top-0 z-10 h-8 border-b border-line bg-surface-1 px-3 text-xs font-medium whitespace-nowrap text-text-2 first:pl-4 last:pr-4",
    layoutOf(column),
  );
  const Arrow = sorting.direction === "asc" ? ArrowUp : ArrowDown;
  if (column.sortBy === undefined) {
    return (
      <th scope="col" title={column.about} className={classes}>
        {column.header}
      </th>
    );
  }
  const next = isSorted ? (sorting.direction === "asc" ? "desc" : "asc") : column.align === "right" ? "desc" : "asc";
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (sorting.direction === "asc" ? "ascending" : "descending") : "none"}
      className={classes}
    >
      <button
        type="button"
        title={column.about}
        onClick={() => onSort({ by: column.id, direction: next })}
        className={joinClasses(
          "inline-flex h-6 items-center gap-1 rounded-sm hover:text-text-1",
          isSorted && "text-text-1",
        )}
      >
        {column.header}
        {isSorted && <Arrow size={12} aria-hidden />}
      </button>
    </th>
  );
}

function Spacer({ height, span }: { height: number; span: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden>
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

function layoutOf(column: { align?: "left" | "right"; isMinor?: boolean; className?: string }): string {
  return joinClasses(
    column.align === "right" ? "text-right" : "text-left",
    column.isMinor === true && "max-md:hidden",
    column.className,
  );
}

function toDefinition<Row extends object>(
  column: DataColumn<Row>,
  direction: "asc" | "desc",
): ColumnDef<typeof features, Row> {
  return {
    id: column.id,
    accessorFn: (row: Row) => column.sortBy?.(row) ?? null,
    sortFn: (a, b) =>
      compareValues(column.sortBy?.(a.original) ?? null, column.sortBy?.(b.original) ?? null, direction),
  };
}

// The table turns the result around when it sorts down; what has no value stays at the end either way.
function compareValues(a: Decimal | string | null, b: Decimal | string | null, direction: "asc" | "desc"): number {
  if (a === null || b === null) return (Number(a === null) - Number(b === null)) * (direction === "asc" ? 1 : -1);
  if (typeof a === "string" || typeof b === "string") return String(a).localeCompare(String(b));
  return a.comparedTo(b);
}
