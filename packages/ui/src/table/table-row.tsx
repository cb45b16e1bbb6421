import { ChevronDown, ChevronRight } from "lucide-react";
import { memo } from "react";
import { Count } from "../figures/count.tsx";
import { Money, Unknown } from "../figures/money.tsx";
import { Percent } from "../figures/percent.tsx";
import { formatDay } from "../text/format-day.ts";
import { joinClasses } from "../text/join-classes.ts";
import { type DataColumn, type FigureForm, isFigure } from "./column.ts";
import type { Line } from "./lines.ts";

interface TableRowProps<Row> {
  gridId: string;
  line: Extract<Line<Row>, { kind: "row" }>;
  index: number;
  /** Rows above the first of them: header and totals. */
  above: number;
  columns: readonly DataColumn<Row>[];
  compact: readonly string[];
  heightClass: string;
  isTree: boolean;
  isDoor: boolean;
  isPinned: boolean;
  /** The column of the active cell, -1 when it is in another row. */
  active: number;
  /** The selected columns of this row; from > to when there are none. */
  from: number;
  to: number;
}

/** One line. Takes plain values and no closures, so that scrolling draws only what comes into sight. */
export const TableRow = memo(function TableRow<Row>(props: TableRowProps<Row>) {
  const { gridId, line, index, above, columns, isTree, isDoor, active, from, to } = props;
  const bodyOf = (column: DataColumn<Row>) => (
    <CellBody
      key={column.hasState === true ? line.id : undefined}
      column={column}
      row={line.row}
      form={formOf(column, props.compact)}
    />
  );
  return (
    <tr
      aria-rowindex={index + above + 1}
      aria-level={isTree ? line.level : undefined}
      aria-expanded={line.isOpen ?? undefined}
      className={joinClasses("group/row", isDoor && "cursor-pointer")}
    >
      {columns.map((column, place) => (
        <td
          key={column.id}
          id={`${gridId}-${index}-${place}`}
          role={place === 0 ? "rowheader" : undefined}
          aria-colindex={place + 1}
          aria-selected={place >= from && place <= to ? true : undefined}
          data-line={index}
          data-column={place}
          className={joinClasses(
            "max-w-0 overflow-hidden border-b border-line px-3 text-ellipsis whitespace-nowrap first:pl-4 last:pr-4",
            props.heightClass,
            alignOf(column),
            place === 0 && props.isPinned && pinnedClasses,
            place >= from && place <= to ? "bg-accent-soft" : "bg-surface-1 group-hover/row:bg-surface-2",
            place === active &&
              "outline-2 -outline-offset-2 outline-transparent group-focus-visible/grid:outline-accent",
          )}
        >
          {place === 0 && isTree ? <Opener line={line}>{bodyOf(column)}</Opener> : bodyOf(column)}
        </td>
      ))}
    </tr>
  );
}) as <Row>(props: TableRowProps<Row>) => React.JSX.Element;

// A sticky cell is a layer of its own in the browser, one per row: only where there is something to scroll past it.
export const pinnedClasses = "sticky left-0 z-[1] border-r border-r-line";

export function alignOf(column: Pick<DataColumn<never>, "kind">): string {
  return isFigure(column) ? "text-right tabular-nums" : "text-left";
}

export function formOf(column: Pick<DataColumn<never>, "id">, compact: readonly string[]): FigureForm {
  return compact.includes(column.id) ? "compact" : "exact";
}

function Opener<Row>({ line, children }: { line: Extract<Line<Row>, { kind: "row" }>; children: React.ReactNode }) {
  const Icon = line.isOpen === true ? ChevronDown : ChevronRight;
  return (
    <span className={joinClasses("flex min-w-0 items-center gap-1", line.level === 2 && "pl-7")}>
      {line.level === 1 &&
        (line.isOpen === null ? (
          <span className="-ml-1 size-6 shrink-0" />
        ) : (
          <button
            type="button"
            tabIndex={-1}
            data-toggle
            aria-label={line.isOpen ? "Close" : "Open"}
            className="-ml-1 grid size-6 shrink-0 place-items-center rounded-sm text-text-3 hover:bg-surface-3 hover:text-text-1"
          >
            <Icon size={14} aria-hidden />
          </button>
        ))}
      <span className="min-w-0 flex-1 truncate">{children}</span>
    </span>
  );
}

/** A cell as its column draws it, or as its kind is always drawn. */
export function CellBody<Row>({ column, row, form }: { column: DataColumn<Row>; row: Row; form: FigureForm }) {
  if (column.cell !== undefined) return column.cell(row, form);
  const value = column.value?.(row) ?? null;
  switch (column.kind) {
    case "money": {
      const currency = typeof column.currency === "function" ? column.currency(row) : (column.currency ?? "");
      return <Money amount={value} currency={currency} short={form === "compact"} />;
    }
    case "percent":
      return <Percent ratio={value} />;
    case "count":
      return value === null ? <Unknown because="Not stated." /> : <Count of={value} />;
    case "day":
      return value === null ? <Unknown because="Not stated." /> : formatDay(value);
    case "text":
    case undefined:
      return value === null ? (
        <Unknown because="Not stated." />
      ) : (
        <bdi title={value} className="block truncate">
          {value}
        </bdi>
      );
  }
}
