/** What stands below each other in a table: rows, the rows inside an opened one, and what is said while they come. */
export type Line<Row> =
  | { kind: "row"; id: string; row: Row; level: 1 | 2; isOpen: boolean | null }
  | { kind: "wait"; id: string }
  | { kind: "failed"; id: string; parentId: string; because: string };

export type Children<Row> =
  | { state: "loading" }
  | { state: "there"; rows: readonly Row[] }
  | { state: "failed"; because: string };

interface LinesInput<Row> {
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** False for a row that has nothing inside; undefined when none has. */
  canOpen: ((row: Row) => boolean) | undefined;
  opened: ReadonlyMap<string, Children<Row>>;
  arrange: (rows: readonly Row[]) => readonly Row[];
}

/** Lines by their place, made when somebody looks: of 100,000 rows a screen shows thirty. */
export interface Lines<Row> {
  length: number;
  /** The same object at every call. */
  at: (index: number) => Line<Row> | undefined;
  slice: (from: number, to: number) => Line<Row>[];
}

export function toLines<Row>({ rows, rowId, canOpen, opened, arrange }: LinesInput<Row>): Lines<Row> {
  const made = new Map<number, Line<Row>>();
  const blocks = blocksOf();
  const at = (index: number): Line<Row> | undefined => {
    const block = blocks.findLast((one) => one.from <= index);
    const inside = block === undefined ? -1 : index - block.from;
    if (block !== undefined && inside < block.lines.length) return block.lines[inside];
    const place = index - (block === undefined ? 0 : block.added + block.lines.length);
    const row = rows[place];
    if (row === undefined) return undefined;
    const known = made.get(place);
    if (known !== undefined) return known;
    const line: Line<Row> = { kind: "row", id: rowId(row), row, level: 1, isOpen: isOpen(row) };
    made.set(place, line);
    return line;
  };
  return {
    length: rows.length + blocks.reduce((sum, block) => sum + block.lines.length, 0),
    at,
    slice: (from, to) => Array.from({ length: to - from }, (_, step) => at(from + step)).filter((line) => line != null),
  };

  function isOpen(row: Row): boolean | null {
    return canOpen?.(row) === true ? opened.has(rowId(row)) : null;
  }

  /** What stands below each opened row, from top to bottom: from which line on, and how many such lines come before. */
  function blocksOf(): { from: number; added: number; lines: Line<Row>[] }[] {
    if (canOpen === undefined || opened.size === 0) return [];
    const found: { from: number; added: number; lines: Line<Row>[] }[] = [];
    let added = 0;
    for (const [place, row] of rows.entries()) {
      const id = rowId(row);
      const inside = opened.get(id);
      if (inside === undefined) continue;
      const lines = linesInside(id, inside);
      found.push({ from: place + 1 + added, added, lines });
      added += lines.length;
    }
    return found;
  }

  function linesInside(id: string, inside: Children<Row>): Line<Row>[] {
    if (inside.state === "loading") return [{ kind: "wait", id: `${id}/…` }];
    if (inside.state === "failed") return [{ kind: "failed", id: `${id}/!`, parentId: id, because: inside.because }];
    return arrange(inside.rows).map((child) => ({
      kind: "row",
      id: `${id}/${rowId(child)}`,
      row: child,
      level: 2,
      isOpen: null,
    }));
  }
}
