/** A cell, by its place among the lines and columns in sight. */
export interface Cell {
  line: number;
  column: number;
}

/** Where the keyboard is, and from where the range runs to it. */
export interface Selection {
  active: Cell;
  anchor: Cell;
}

export interface CellRange {
  lines: [first: number, last: number];
  columns: [first: number, last: number];
}

export function rangeOf({ active, anchor }: Selection): CellRange {
  return {
    lines: [Math.min(active.line, anchor.line), Math.max(active.line, anchor.line)],
    columns: [Math.min(active.column, anchor.column), Math.max(active.column, anchor.column)],
  };
}

export function isSingle({ active, anchor }: Selection): boolean {
  return active.line === anchor.line && active.column === anchor.column;
}

interface Press {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** Where a key leads, or null when it leads nowhere. Letters move as in a list: j down, k up. */
export function moveSelection(
  now: Selection | null,
  press: Press,
  size: { lines: number; columns: number; page: number },
): Selection | null {
  if (size.lines === 0 || size.columns === 0) return null;
  const isJump = press.ctrlKey || press.metaKey;
  const last: Cell = { line: size.lines - 1, column: size.columns - 1 };
  if (isJump && press.key.toLowerCase() === "a") return { anchor: { line: 0, column: 0 }, active: last };
  const from = now?.active ?? { line: -1, column: 0 };
  const target = targetOf(press.key, isJump, from, last, size.page);
  if (target === null) return null;
  const active = {
    line: Math.max(0, Math.min(last.line, target.line)),
    column: Math.max(0, Math.min(last.column, target.column)),
  };
  return { active, anchor: press.shiftKey && now !== null ? now.anchor : active };
}

function targetOf(key: string, isJump: boolean, { line, column }: Cell, last: Cell, page: number): Cell | null {
  if (isJump && !key.startsWith("Arrow") && key !== "Home" && key !== "End") return null;
  switch (key) {
    case "ArrowDown":
    case "j":
      return { line: isJump ? last.line : line + 1, column };
    case "ArrowUp":
    case "k":
      return { line: isJump ? 0 : line - 1, column };
    case "ArrowRight":
      return { line: Math.max(0, line), column: isJump ? last.column : column + 1 };
    case "ArrowLeft":
      return { line: Math.max(0, line), column: isJump ? 0 : column - 1 };
    case "PageDown":
      return { line: line + page, column };
    case "PageUp":
      return { line: line - page, column };
    case "Home":
      return isJump ? { line: 0, column: 0 } : { line: Math.max(0, line), column: 0 };
    case "End":
      return isJump ? last : { line: Math.max(0, line), column: last.column };
    default:
      return null;
  }
}

/** Selects for a pointer: the cell alone, or with shift or a drag from the anchor to it. */
export function selectCell(now: Selection | null, cell: Cell, isExtending: boolean): Selection {
  return { active: cell, anchor: isExtending && now !== null ? now.anchor : cell };
}
