import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type FocusEvent, type RefObject, useEffect, useImperativeHandle, useState } from "react";
import { Button } from "../primitives/button.tsx";
import { Skeleton } from "../states/skeleton.tsx";
import { joinClasses } from "../text/join-classes.ts";
import type { DataColumn } from "./column.ts";
import { useRowSize } from "./density.ts";
import type { Line, Lines } from "./lines.ts";
import { type CellRange, rangeOf, type Selection } from "./selection.ts";
import { keepRowKeys } from "./row-keys.ts";
import { TableRow } from "./table-row.tsx";

const headRowHeight = 32;

export interface TableBodyProps<Row> {
  gridId: string;
  scroller: RefObject<HTMLDivElement | null>;
  handle: RefObject<ScrollHandle | null>;
  lines: Lines<Row>;
  columns: readonly DataColumn<Row>[];
  compact: readonly string[];
  selection: Selection | null;
  isTree: boolean;
  isDoor: boolean;
  isPinned: boolean;
  headRows: number;
  hasMore: boolean;
  onEnd: (() => void) | undefined;
  onRetry: (parentId: string) => void;
}

export interface ScrollHandle {
  scrollTo: (line: number) => void;
}

/** The rows in view and a few around them, however many there are. */
export function TableBody<Row>(props: TableBodyProps<Row>) {
  const { lines, columns, scroller, headRows, hasMore, onEnd, selection } = props;
  const count = lines.length + (hasMore ? 1 : 0);
  const rowSize = useRowSize();
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowSize.height,
    overscan: 2,
    isScrollingResetDelay: 80,
    // The header covers the top of the box, so that much less of it is left for rows.
    scrollPaddingEnd: headRows * headRowHeight,
    initialRect: { width: 800, height: 640 },
  });
  useEndReached(virtual, lines.length, hasMore, onEnd);
  useImperativeHandle(props.handle, () => ({ scrollTo: (line) => virtual.scrollToIndex(line, { align: "auto" }) }));
  const items = virtual.getVirtualItems();
  const range = selection === null ? null : rangeOf(selection);
  const [rowKeys] = useState(keepRowKeys);
  const shown = items.flatMap(({ index }) => lines.at(index)?.id ?? []);
  const keys = rowKeys.keysOf(lines, shown);
  const hold = (event: FocusEvent) => {
    const cell = event.target.closest<HTMLElement>("[data-line]");
    rowKeys.hold(cell === null ? null : (lines.at(Number(cell.dataset["line"]))?.id ?? null));
  };
  return (
    // What runs past a pointer that rests would be drawn as pointed at, row by row.
    <tbody
      className={virtual.isScrolling ? "pointer-events-none" : undefined}
      onFocus={hold}
      onBlur={() => rowKeys.hold(null)}
    >
      <Spacer height={items[0]?.start ?? 0} span={columns.length} />
      {items.map(({ index }) => {
        const line = lines.at(index);
        if (line?.kind !== "row") {
          return (
            <Message
              key={line?.id ?? "more"}
              line={line}
              span={columns.length}
              heightClass={rowSize.className}
              onRetry={props.onRetry}
            />
          );
        }
        const [from, to] = columnsIn(range, index);
        return (
          <TableRow
            key={keys.get(line.id)}
            gridId={props.gridId}
            line={line}
            index={index}
            above={headRows}
            columns={columns}
            compact={props.compact}
            heightClass={rowSize.className}
            isTree={props.isTree}
            isDoor={props.isDoor}
            isPinned={props.isPinned}
            active={selection?.active.line === index ? selection.active.column : -1}
            from={from}
            to={to}
          />
        );
      })}
      <Spacer height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} span={columns.length} />
    </tbody>
  );
}

function columnsIn(range: CellRange | null, line: number): readonly [number, number] {
  return range === null || line < range.lines[0] || line > range.lines[1] ? [0, -1] : range.columns;
}

/** Asks for more before the reader gets there. */
function useEndReached(
  virtual: Virtualizer<HTMLDivElement, Element>,
  loaded: number,
  hasMore: boolean,
  onEnd: (() => void) | undefined,
) {
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0;
  const isNear = hasMore && last >= loaded - 20;
  useEffect(() => {
    if (isNear) onEnd?.();
  }, [isNear, loaded, onEnd]);
}

interface MessageProps<Row> {
  line: Exclude<Line<Row>, { kind: "row" }> | undefined;
  span: number;
  heightClass: string;
  onRetry: (parentId: string) => void;
}

function Message<Row>({ line, span, heightClass, onRetry }: MessageProps<Row>) {
  return (
    <tr>
      <td colSpan={span} className={joinClasses("border-b border-line px-4 pl-11 text-text-2", heightClass)}>
        {line?.kind === "failed" ? (
          <span className="flex items-center gap-3">
            <span className="truncate text-negative" title={line.because}>
              {line.because}
            </span>
            <Button kind="quiet" className="h-6" onClick={() => onRetry(line.parentId)}>
              Try again
            </Button>
          </span>
        ) : (
          <>
            <span className="sr-only">Loading more</span>
            <Skeleton className="h-3.5 w-1/3" />
          </>
        )}
      </td>
    </tr>
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
