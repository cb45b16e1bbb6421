import {
  type ClipboardEvent,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from "react";
import type { DataColumn } from "./column.ts";
import { useRowSize } from "./density.ts";
import type { Lines } from "./lines.ts";
import { type Cell, isSingle, moveSelection, rangeOf, selectCell, type Selection } from "./selection.ts";
import type { ScrollHandle } from "./table-body.tsx";
import { toTsv } from "./tsv.ts";

interface SelectionInput<Row> {
  gridId: string;
  lines: Lines<Row>;
  columns: readonly DataColumn<Row>[];
  scroller: RefObject<HTMLDivElement | null>;
  scroll: RefObject<ScrollHandle | null>;
  onToggle: ((row: Row) => void) | undefined;
  onActivate: ((row: Row) => void) | undefined;
  onCopied: (cells: number) => void;
}

/** The keyboard and the pointer in the cells. One set of handlers for the whole table, none per row. */
export function useSelection<Row>(input: SelectionInput<Row>) {
  const { gridId, lines, columns, scroller, scroll, onToggle, onActivate } = input;
  const [stored, setSelection] = useState<Selection | null>(null);
  const hasDragged = useRef(false);
  const { height } = useRowSize();
  const selection = stored === null ? null : within(stored, lines.length, columns.length);
  const active = selection?.active ?? null;
  const activeId = active === null ? undefined : `${gridId}-${active.line}-${active.column}`;

  const go = (next: Selection) => {
    setSelection(next);
    scroll.current?.scrollTo(next.active.line);
  };
  useEffect(() => {
    if (activeId !== undefined && !hasDragged.current)
      document.getElementById(activeId)?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }, [activeId]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || event.altKey) return;
    const line = active === null ? undefined : lines.at(active.line);
    const handled = (act: () => void) => {
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    if (event.key === "Escape" && selection !== null) return handled(() => setSelection(null));
    if (event.key === "/") {
      const find = document.getElementById(`${gridId}-find`);
      if (find !== null) return handled(() => find.focus());
    }
    if (line?.kind === "row" && active !== null) {
      if (event.key === "Enter") return handled(() => enter(activeId, line.row, onActivate));
      const isOpener = line.isOpen !== null && active.column === 0;
      const isTurning =
        (event.key === "ArrowRight" && line.isOpen === false) || (event.key === "ArrowLeft" && line.isOpen === true);
      if (isOpener && (event.key === " " || isTurning)) return handled(() => onToggle?.(line.row));
    }
    hasDragged.current = false;
    const next = moveSelection(selection, event, {
      lines: lines.length,
      columns: columns.length,
      page: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 320) / height) - 2),
    });
    if (next !== null) handled(() => go(next));
  };

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    hasDragged.current = false;
    const cell = cellAt(event.target);
    if (cell === null || event.button !== 0 || event.pointerType === "touch" || isControl(event.target)) return;
    setSelection((now) => selectCell(now, cell, event.shiftKey));
  };
  const onPointerOver = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons !== 1 || event.pointerType === "touch" || stored === null) return;
    const cell = cellAt(event.target);
    if (cell === null || (cell.line === stored.active.line && cell.column === stored.active.column)) return;
    hasDragged.current = true;
    setSelection((now) => selectCell(now, cell, true));
  };
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const cell = cellAt(event.target);
    const line = cell === null ? undefined : lines.at(cell.line);
    if (line?.kind !== "row" || !(event.target instanceof Element)) return;
    if (event.target.closest("[data-toggle]") !== null) onToggle?.(line.row);
    else if (!isControl(event.target) && !hasDragged.current && !event.shiftKey) onActivate?.(line.row);
  };
  const onCopy = (event: ClipboardEvent<HTMLElement>) => {
    if (selection === null || event.target instanceof HTMLInputElement) return;
    const range = rangeOf(selection);
    const rows = lines
      .slice(range.lines[0], range.lines[1] + 1)
      .flatMap((line) => (line.kind === "row" ? [line.row] : []));
    const chosen = columns.slice(range.columns[0], range.columns[1] + 1);
    event.clipboardData.setData("text/plain", toTsv(rows, chosen, { hasHeader: false }));
    event.preventDefault();
    input.onCopied(rows.length * chosen.length);
  };
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    // A button of the header that gets the focus is not the grid that does.
    if (event.target === event.currentTarget && selection === null && lines.length > 0)
      setSelection(selectCell(null, { line: 0, column: 0 }, false));
  };
  const clear = useCallback(() => setSelection(null), []);
  return {
    selection,
    activeId,
    isRange: selection !== null && !isSingle(selection),
    clear,
    handlers: { onKeyDown, onPointerDown, onPointerOver, onClick, onCopy, onFocus },
  };
}

/** What is done with a cell: its own button or link if it has one, else the row's way on. */
function enter<Row>(cellId: string | undefined, row: Row, onActivate: ((row: Row) => void) | undefined) {
  const own = cellId === undefined ? null : document.getElementById(cellId);
  const control = own?.querySelector<HTMLElement>("a, button:not([data-toggle])");
  if (control != null) control.click();
  else onActivate?.(row);
}

function within(selection: Selection, lines: number, columns: number): Selection | null {
  if (lines === 0 || columns === 0) return null;
  const clamp = ({ line, column }: Cell): Cell => ({
    line: Math.min(line, lines - 1),
    column: Math.min(column, columns - 1),
  });
  return { active: clamp(selection.active), anchor: clamp(selection.anchor) };
}

function cellAt(target: EventTarget): Cell | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-line]") : null;
  return cell === null ? null : { line: Number(cell.dataset["line"]), column: Number(cell.dataset["column"]) };
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a, button, input, label, select, textarea") !== null;
}
