import { useEffect, useEffectEvent, useState } from "react";
import type { Children } from "./lines.ts";

export interface RowGroups<Row> {
  /** Whether there is anything inside a row of the first level. Default: there is. */
  canOpen?: (row: Row) => boolean;
  /** The rows inside; asked for when somebody opens it, and again when the rows of the table change. */
  load: (row: Row) => Promise<readonly Row[]>;
}

/** Which rows are open, and what is inside them. */
export function useChildren<Row>(
  rows: readonly Row[],
  rowId: (row: Row) => string,
  groups: RowGroups<Row> | undefined,
): { opened: ReadonlyMap<string, Children<Row>>; toggle: (row: Row) => void; retry: (row: Row) => void } {
  const [opened, setOpened] = useState<ReadonlyMap<string, Children<Row>>>(new Map());
  const fetchInto = (row: Row) => {
    const id = rowId(row);
    // An answer for what has been closed meanwhile is dropped.
    const settle = (children: Children<Row>) =>
      setOpened((old) => (old.has(id) ? new Map(old).set(id, children) : old));
    groups?.load(row).then(
      (found) => settle({ state: "there", rows: found }),
      (error: unknown) => settle({ state: "failed", because: error instanceof Error ? error.message : String(error) }),
    );
  };
  const open = (row: Row) => {
    setOpened((old) => new Map(old).set(rowId(row), { state: "loading" }));
    fetchInto(row);
  };
  const close = (row: Row) => setOpened((old) => new Map([...old].filter(([id]) => id !== rowId(row))));
  // New rows, new insides: what is open stays open and keeps its old rows until the new ones are there.
  const refresh = useEffectEvent(() => {
    if (opened.size > 0) rows.filter((row) => opened.has(rowId(row))).forEach(fetchInto);
  });
  useEffect(() => refresh(), [rows]);
  return { opened, toggle: (row) => (opened.has(rowId(row)) ? close(row) : open(row)), retry: open };
}
