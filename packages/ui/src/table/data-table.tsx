import { type ReactNode, useCallback, useContext, useDeferredValue, useId, useMemo, useRef, useState } from "react";
import { fileName, saveFile } from "../charts/chart-image.ts";
import { useWidth } from "../charts/use-width.ts";
import { copyText } from "../text/copy-text.ts";
import { formatCount } from "../text/format-figure.ts";
import { sortRows } from "./arrange-rows.ts";
import { type DataColumn, type ExportFormat, leastWidth, shownColumns, type TableState, widthOf } from "./column.ts";
import { TableDensity } from "./density.ts";
import { toLines } from "./lines.ts";
import { type ScrollHandle, TableBody } from "./table-body.tsx";
import { TableCards } from "./table-cards.tsx";
import { hasTotals, TableHead } from "./table-head.tsx";
import { TableToolbar } from "./table-toolbar.tsx";
import { toCsv, toTsv } from "./tsv.ts";
import { useArranged } from "./use-arranged.ts";
import { type RowGroups, useChildren } from "./use-children.ts";
import { useSelection } from "./use-selection.ts";
import { useTableState } from "./use-table-state.ts";

/**
 * A table of any length. `columns` (column.ts) say what each row shows and what it sorts, filters and copies by.
 *
 * - Keep `rows` and `columns` the same objects while nothing in them changes (`useMemo`): that is what scrolls fast.
 * - How the reader looks at it (order, filters, hidden columns) lives inside, or in the page as far as `state` names it;
 *   `onState` tells each change. `state={{ sort }}` keeps only the order in the URL. Text that is typed (`find`) is told
 *   at every key; keep it with `replace: true`.
 * - `groups` opens a row in place; the rows inside are loaded then. They sort like the others and are not filtered.
 * - `server` says what the server does: the table then only tells what is wanted and shows the rows as they come.
 *   `hasMore` and `onEnd` load the next page before the reader gets there; `rowCount` is the number of all rows, if known.
 * - `onActivate` makes every row a door (click, Enter). A cell with a button or link of its own keeps it: Enter takes that.
 * - Copying gives exact figures: a range with the copy keys, everything from the menu. `onExport` adds the page's own
 *   ways to all rows, those that are not loaded among them; without it the table writes a CSV of its own once all are
 *   there, and null says that nobody may.
 * - Under 560 pixels of room it becomes cards; under 760 it leaves out what `isMinor`.
 */
interface DataTableProps<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly DataColumn<Row>[];
  rowId: (row: Row) => string;
  state?: Partial<TableState>;
  onState?: (next: TableState, patch: Partial<TableState>) => void;
  groups?: RowGroups<Row>;
  server?: { sorts?: boolean; filters?: boolean };
  hasMore?: boolean;
  onEnd?: () => void;
  rowCount?: number;
  onActivate?: (row: Row) => void;
  onExport?: ((format: ExportFormat) => void) | null;
  exportFormats?: readonly ExportFormat[];
  /** More for the bar above the table. */
  tools?: ReactNode;
  /** Without the bar above, for a handful of rows beside something else. */
  isPlain?: boolean;
  /** Stands in for rows when there are none: what to do about it. */
  empty?: ReactNode;
  /** What it takes of the screen at most, in pixels; `fill` takes what its container has. */
  height?: number | "fill";
}

const allFormats: readonly ExportFormat[] = ["csv", "xlsx", "parquet", "focus"];

/** Rows that scroll under their header, with the totals always in sight. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowId, groups, server, hasMore = false, onEnd, onActivate, height = 640 } = props;
  const gridId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const scroll = useRef<ScrollHandle>(null);
  const [box, width] = useWidth<HTMLDivElement>();
  const { density } = useContext(TableDensity);
  const [said, setSaid] = useState("");
  const [state, change] = useTableState(columns, props.state, props.onState);
  const shown = useMemo(() => shownColumns(columns, state, width === 0 || width >= 760), [columns, state, width]);
  const { opened, toggle, retry } = useChildren(rows, rowId, groups);
  const { arranged, isArranging, lines } = useLines({ ...props, state, opened });
  const onCopied = useCallback((cells: number) => setSaid(`${formatCount(cells)} cells copied.`), []);
  const { selection, activeId, clear, handlers } = useSelection({
    gridId,
    lines,
    columns: shown,
    scroller,
    scroll,
    onToggle: groups === undefined ? undefined : toggle,
    onActivate,
    onCopied,
  });
  const changeView = useCallback(
    (patch: Partial<TableState>) => {
      if (patch.sort !== undefined || patch.find !== undefined || patch.filters !== undefined) {
        scroller.current?.scrollTo?.({ top: 0 });
      }
      clear();
      change(patch);
    },
    [change, clear],
  );
  const copyAll = () =>
    void copyText(toTsv(arranged, shown, { hasHeader: true })).then(
      () => setSaid(`${formatCount(arranged.length)} rows copied.`),
      () => setSaid("The browser did not allow copying."),
    );
  const saveCsv = () =>
    saveFile(new Blob([toCsv(arranged, shown)], { type: "text/csv" }), `${fileName(label, "")}.csv`);
  const headRows = hasTotals(shown) ? 2 : 1;
  const isPinned = width > 0 && leastWidth(shown) > width;
  const isCards = width > 0 && width < 560;
  return (
    <div ref={box} aria-busy={isArranging} className={height === "fill" ? "flex h-full min-h-0 flex-col" : ""}>
      {props.isPlain !== true && (
        <TableToolbar
          id={gridId}
          label={label}
          columns={columns}
          state={state}
          change={changeView}
          shown={arranged.length}
          all={server?.filters === true ? (props.rowCount ?? null) : rows.length}
          onCopy={copyAll}
          onExport={props.onExport === undefined && !hasMore ? saveCsv : (props.onExport ?? undefined)}
          formats={props.onExport === undefined ? ["csv"] : (props.exportFormats ?? allFormats)}
          tools={props.tools}
        />
      )}
      <div
        ref={scroller}
        className="relative min-h-0 scroll-pt-16 scroll-pl-56 overflow-auto overscroll-x-contain rounded-b-lg bg-surface-1"
        style={height === "fill" ? { flex: 1 } : { maxHeight: height }}
      >
        {isCards ? (
          <TableCards
            label={label}
            scroller={scroller}
            lines={lines}
            columns={shown}
            state={state}
            change={changeView}
            hasMore={hasMore}
            onEnd={onEnd}
            onToggle={toggle}
            onActivate={onActivate}
          />
        ) : (
          <table
            role={groups === undefined ? "grid" : "treegrid"}
            aria-label={label}
            aria-rowcount={hasMore && props.rowCount === undefined ? -1 : (props.rowCount ?? lines.length) + headRows}
            aria-colcount={shown.length}
            aria-multiselectable
            aria-activedescendant={activeId}
            tabIndex={0}
            className="group/grid w-full table-fixed border-separate border-spacing-0 text-sm outline-none select-none"
            style={{ minWidth: leastWidth(shown) }}
            {...handlers}
          >
            <colgroup>
              {shown.map((column, place) => (
                <col key={column.id} style={{ width: widthOf(column, place) ?? undefined }} />
              ))}
            </colgroup>
            <TableHead columns={shown} allColumns={columns} state={state} change={changeView} isPinned={isPinned} />
            <TableBody
              // Where a row stands is told once, by the height of those above it.
              key={density}
              gridId={gridId}
              scroller={scroller}
              handle={scroll}
              lines={lines}
              columns={shown}
              compact={state.compact}
              selection={selection}
              isTree={groups !== undefined}
              isDoor={onActivate !== undefined}
              isPinned={isPinned}
              headRows={headRows}
              hasMore={hasMore}
              onEnd={onEnd}
              onRetry={(id) => rows.filter((row) => rowId(row) === id).forEach(retry)}
            />
          </table>
        )}
        {lines.length === 0 && !hasMore && (
          <div className="px-4 py-6 text-sm text-text-2">
            {rows.length > 0 ? "No row is like that. Clear a filter to see more." : (props.empty ?? "Nothing here.")}
          </div>
        )}
      </div>
      <span role="status" className="sr-only">
        {said}
      </span>
    </div>
  );
}

/** From rows to lines: filtered, sorted, and with what is inside the opened ones. */
function useLines<Row>(
  input: Pick<DataTableProps<Row>, "rows" | "columns" | "rowId" | "groups" | "server"> & {
    state: TableState;
    opened: ReturnType<typeof useChildren<Row>>["opened"];
  },
) {
  const { rows, columns, rowId, groups, server, state, opened } = input;
  const sort = server?.sorts === true ? null : state.sort;
  // Typing stays fluent while a long table follows.
  const find = useDeferredValue(server?.filters === true ? "" : state.find);
  const filters = useDeferredValue(server?.filters === true ? noFilters : state.filters);
  const { arranged, isArranging } = useArranged(rows, columns, { find, filters, sort });
  const lines = useMemo(
    () =>
      toLines({
        rows: arranged,
        rowId,
        canOpen: groups === undefined ? undefined : (groups.canOpen ?? (() => true)),
        opened,
        arrange: (inside) => sortRows(inside, columns, sort),
      }),
    [arranged, rowId, groups, opened, columns, sort],
  );
  return { arranged, isArranging, lines };
}

const noFilters = {};
