import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronDown, ChevronRight } from "lucide-react";
import { type RefObject, useEffect } from "react";
import { ChoiceMenu } from "../primitives/choice-menu.tsx";
import { Skeleton } from "../states/skeleton.tsx";
import { joinClasses } from "../text/join-classes.ts";
import type { DataColumn, TableState } from "./column.ts";
import type { Line, Lines } from "./lines.ts";
import { hasTotals } from "./table-head.tsx";
import { CellBody, formOf } from "./table-row.tsx";
import type { ChangeTable } from "./use-table-state.ts";

interface TableCardsProps<Row> {
  label: string;
  scroller: RefObject<HTMLDivElement | null>;
  lines: Lines<Row>;
  columns: readonly DataColumn<Row>[];
  state: TableState;
  change: ChangeTable;
  hasMore: boolean;
  onEnd: (() => void) | undefined;
  onToggle: (row: Row) => void;
  onActivate: ((row: Row) => void) | undefined;
}

/** The same rows where there is no room for columns: a card each, totals first. */
export function TableCards<Row>(props: TableCardsProps<Row>) {
  const { lines, columns, scroller, state, change, hasMore, onEnd } = props;
  const sortable = columns.filter((column) => column.value !== undefined);
  const height = 46 + 24 * (columns.length - 1);
  const virtual = useVirtualizer({
    count: lines.length + (hasMore ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines.at(index)?.kind === "row" ? height : 40),
    overscan: 6,
    initialRect: { width: 390, height: 640 },
  });
  const items = virtual.getVirtualItems();
  const isNear = hasMore && (items.at(-1)?.index ?? 0) >= lines.length - 10;
  useEffect(() => {
    if (isNear) onEnd?.();
  }, [isNear, lines.length, onEnd]);
  return (
    <>
      {sortable.length > 0 && (
        <div className="flex flex-wrap items-center gap-2 border-b border-line bg-surface-2 px-4 py-2">
          <ChoiceMenu
            label="By"
            value={state.sort === null ? "as given" : `${state.sort.by} ${state.sort.direction}`}
            choices={sortable.flatMap((column) => [
              { value: `${column.id} desc`, label: `${column.header}, down` },
              { value: `${column.id} asc`, label: `${column.header}, up` },
            ])}
            onChoose={(value) => {
              const at = value.lastIndexOf(" ");
              change({ sort: { by: value.slice(0, at), direction: value.endsWith("asc") ? "asc" : "desc" } });
            }}
          />
        </div>
      )}
      {hasTotals(columns) && <Totals columns={columns} state={state} />}
      <div role="list" aria-label={props.label} className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start, size }) => (
          <div
            key={lines.at(index)?.id ?? "more"}
            role="listitem"
            aria-setsize={lines.length}
            aria-posinset={index + 1}
            className="absolute inset-x-0 top-0 overflow-hidden border-b border-line"
            style={{ height: size, transform: `translateY(${start}px)` }}
          >
            <Card {...props} line={lines.at(index)} />
          </div>
        ))}
      </div>
    </>
  );
}

function Totals<Row>({ columns, state }: Pick<TableCardsProps<Row>, "columns" | "state">) {
  return (
    <dl className="border-b border-line-strong bg-surface-2 px-4 py-2 font-medium">
      {columns.map((column) => {
        const total = typeof column.total === "function" ? column.total(formOf(column, state.compact)) : column.total;
        return (
          total !== undefined && (
            <div key={column.id} className="flex h-6 items-center justify-between gap-3">
              <dt className="truncate text-text-2">{column.header}</dt>
              <dd className="shrink-0">{total}</dd>
            </div>
          )
        );
      })}
    </dl>
  );
}

function Card<Row>({
  line,
  columns,
  state,
  onToggle,
  onActivate,
}: TableCardsProps<Row> & { line: Line<Row> | undefined }) {
  if (line?.kind === "failed") return <p className="truncate px-4 py-2 text-negative">{line.because}</p>;
  if (line?.kind !== "row") return <Skeleton className="mx-4 my-3 h-4 w-1/2" />;
  const [first, ...rest] = columns;
  const Icon = line.isOpen === true ? ChevronDown : ChevronRight;
  return (
    <div className={joinClasses("px-4 py-2", line.level === 2 && "bg-surface-2 pl-8")}>
      <div className="flex h-7 items-center gap-2">
        {line.isOpen !== null && (
          <button
            type="button"
            aria-expanded={line.isOpen}
            aria-label={line.isOpen ? "Close" : "Open"}
            onClick={() => onToggle(line.row)}
            className="-ml-2 grid size-8 shrink-0 place-items-center text-text-3"
          >
            <Icon size={16} aria-hidden />
          </button>
        )}
        <div className="min-w-0 flex-1 truncate font-medium">
          {first !== undefined && <CellBody column={first} row={line.row} form="exact" />}
        </div>
        {onActivate !== undefined && (
          <button
            type="button"
            onClick={() => onActivate(line.row)}
            aria-label="Details"
            className="-mr-2 grid size-8 shrink-0 place-items-center text-text-3"
          >
            <ChevronRight size={16} aria-hidden />
          </button>
        )}
      </div>
      <dl>
        {rest.map((column) => (
          <div key={column.id} className="flex h-6 items-center justify-between gap-3 text-sm">
            <dt className="shrink-0 text-text-2">{column.header}</dt>
            <dd className="min-w-0 truncate">
              <CellBody column={column} row={line.row} form={formOf(column, state.compact)} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
