import type { CostAnswer, CostRow } from "../query/cost-query.ts";
import { parseCostQuery } from "../query/cost-query.ts";
import type { CostStore, PinnedStore } from "../query/cost-store.ts";
import { runQuery } from "../query/run-query.ts";
import type { QuerySpec } from "../query/specs/query-spec.ts";
import type { TextTableRow } from "./text-table.ts";

/** Runs a spec's request on a store that holds the spec's bill. */
export function runSpec(store: CostStore, tenantId: string, pinned: PinnedStore, spec: QuerySpec): Promise<CostAnswer> {
  return runQuery(
    store,
    { tenantId, ...(spec.rowFilter === undefined ? {} : { rowFilter: spec.rowFilter }) },
    pinned,
    parseCostQuery(spec.request),
  );
}

/**
 * The answer's rows in the columns that a spec expects: a dimension, `time`, `currency`, `other`, a measure, or a measure with
 * `was:`, `running:`, `share:` or `why:` (the reason why there is no figure) before it.
 */
export function showRows(
  rows: readonly (CostRow | CostAnswer["totals"][number])[],
  expected: readonly TextTableRow[],
): TextTableRow[] {
  const names = expected.length === 0 ? ["currency"] : Object.keys(expected[0]!);
  return rows.map((row) => Object.fromEntries(names.map((name) => [name, cellOf(row, name)])));
}

function cellOf(row: CostRow | CostAnswer["totals"][number], name: string): string | null {
  const [, kind, measure] = /^(?:(was|running|share|why):)?(.*)$/s.exec(name) as unknown as [
    string,
    string | undefined,
    string,
  ];
  if (kind === "why") return row.values[measure]?.missing ?? null;
  const figures = {
    was: row.comparison,
    running: "runningTotal" in row ? row.runningTotal : undefined,
    share: "share" in row ? row.share : undefined,
  };
  if (kind !== undefined) return figures[kind as keyof typeof figures]?.[measure]?.value ?? null;
  if (name === "currency") return row.currency;
  if (name in row.values) return row.values[name]!.value;
  if (!("key" in row)) throw new Error(`A total has no "${name}".`);
  if (name === "time") return row.time;
  if (name === "other") return row.isOther ? "yes" : null;
  if (!(name in row.key)) throw new Error(`The answer has no "${name}", only ${Object.keys(row.key).join(", ")}.`);
  return row.key[name]!;
}
