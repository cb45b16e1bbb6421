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

export function toLines<Row>({ rows, rowId, canOpen, opened, arrange }: LinesInput<Row>): Line<Row>[] {
  if (canOpen === undefined) return rows.map((row) => ({ kind: "row", id: rowId(row), row, level: 1, isOpen: null }));
  return rows.flatMap((row): Line<Row>[] => {
    const id = rowId(row);
    const inside = opened.get(id);
    const line: Line<Row> = { kind: "row", id, row, level: 1, isOpen: canOpen(row) ? inside !== undefined : null };
    if (inside === undefined) return [line];
    if (inside.state === "loading") return [line, { kind: "wait", id: `${id}/…` }];
    if (inside.state === "failed")
      return [line, { kind: "failed", id: `${id}/!`, parentId: id, because: inside.because }];
    return [
      line,
      ...arrange(inside.rows).map((child): Line<Row> => ({
        kind: "row",
        id: `${id}/${rowId(child)}`,
        row: child,
        level: 2,
        isOpen: null,
      })),
    ];
  });
}
