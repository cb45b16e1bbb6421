import { useCallback, useMemo, useState } from "react";
import type { DataColumn, TableState } from "./column.ts";
import { useLatest } from "./use-latest.ts";

export type ChangeTable = (patch: Partial<TableState>) => void;

/**
 * How the reader looks at the table. What the page gives in `given` is the page's; the rest lives here. Every change is
 * told with the whole state after it, so that a page may keep any part of it.
 */
export function useTableState<Row>(
  columns: readonly DataColumn<Row>[],
  given: Partial<TableState> | undefined,
  onState: ((next: TableState, patch: Partial<TableState>) => void) | undefined,
): [TableState, ChangeTable] {
  const [own, setOwn] = useState<Partial<TableState>>({});
  const state = useMemo(() => ({ ...startOf(columns), ...own, ...given }), [columns, own, given]);
  const latest = useLatest({ state, onState });
  const change = useCallback(
    (patch: Partial<TableState>) => {
      setOwn((old) => ({ ...old, ...patch }));
      latest.current.onState?.({ ...latest.current.state, ...patch }, patch);
    },
    [latest],
  );
  return [state, change];
}

export function startOf<Row>(columns: readonly DataColumn<Row>[]): TableState {
  return {
    sort: null,
    find: "",
    filters: {},
    hidden: columns.flatMap((column) => (column.isHidden === true ? [column.id] : [])),
    order: [],
    compact: [],
  };
}
