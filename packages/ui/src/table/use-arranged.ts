import { useEffect, useMemo, useState } from "react";
import { arrangeInTurns, arrangeRows } from "./arrange-rows.ts";
import type { DataColumn, TableState } from "./column.ts";

type Wanted = Pick<TableState, "find" | "filters" | "sort">;

/** So many rows are arranged while the page is drawn; more of them would hold it up. */
const atOnceMax = 4_000;

/**
 * The rows as they are asked for. Of a long table the last order stays until the next one is made, in turns with
 * everything else that the page does.
 */
export function useArranged<Row>(
  rows: readonly Row[],
  columns: readonly DataColumn<Row>[],
  { find, filters, sort }: Wanted,
): { arranged: readonly Row[]; isArranging: boolean } {
  const isShort = rows.length <= atOnceMax || (find === "" && sort === null && Object.keys(filters).length === 0);
  const short = useMemo(
    () => (isShort ? arrangeRows(rows, columns, { find, filters, sort }) : null),
    [isShort, rows, columns, find, filters, sort],
  );
  // What an order was made of, so that a newer question is not taken for answered.
  const input = useMemo(() => ({ rows, columns, find, filters, sort }), [rows, columns, find, filters, sort]);
  const [made, setMade] = useState<{ input: typeof input; arranged: readonly Row[] } | null>(null);
  useEffect(() => {
    if (isShort) return;
    const stop = new AbortController();
    void arrangeInTurns(input.rows, input.columns, input, stop.signal).then((arranged) => {
      if (arranged !== null && !stop.signal.aborted) setMade({ input, arranged });
    });
    return () => stop.abort();
  }, [isShort, input]);
  if (short !== null) return { arranged: short, isArranging: false };
  // Rows of another question never stand under these columns; those that more came to may.
  const isOfThese = made !== null && made.input.rows[0] === rows[0];
  return { arranged: isOfThese ? made.arranged : rows, isArranging: made?.input !== input };
}
