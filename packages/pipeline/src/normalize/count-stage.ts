import { type Decimal, zero } from "@finops/kernel/decimal";
import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { literal } from "@finops/warehouse/engines/duckdb/sql-text";
import { bookkeeping } from "@finops/warehouse/tables/cost-columns";
import { exactNames, exactValue } from "@finops/warehouse/tables/exact-decimal";
import type { RowState } from "./typed-select.ts";

/** Rows of one period, state, rule and currency. Costs are exact; `rawCost` is 0 for derived rows. */
export interface StageCount {
  period: string;
  state: RowState;
  /** True for rows that a rule made beside a source row. */
  derived: boolean;
  rule: string | null;
  currency: string;
  rows: number;
  rawCost: Decimal;
  billedCost: Decimal;
  effectiveCost: Decimal;
}

/** Counts and sums the stage by what the report needs; reads four columns of the Parquet files, not the rows. */
export async function countStage(engine: DuckDB, stageDir: string): Promise<StageCount[]> {
  // Files without rows leave no Parquet file, and a pattern that matches none is an error.
  const [found] = await engine.rows(`SELECT count(*) AS n FROM glob(${literal(`${stageDir}/*/*/*/*.parquet`)})`);
  if (found!.n === "0") return [];
  const sums = ["BilledCost", "EffectiveCost", bookkeeping.rawCost].map((column) => {
    const names = exactNames(column);
    return (["main", "lo", "big"] as const).map((part) => `sum(${names[part]}) AS "${column}.${part}"`).join(", ");
  });
  const rows =
    await engine.rows(`SELECT _period, _state, _part <> 'line' AS derived, "${bookkeeping.rule}" AS rule, coalesce("BillingCurrency", '') AS currency, count(*) AS n, ${sums.join(", ")}
    FROM read_parquet(${literal(`${stageDir}/*/*/*/*.parquet`)}, hive_partitioning = true, hive_types_autocast = false) GROUP BY ALL ORDER BY ALL`);
  const sumOf = (row: Record<string, string | null>, column: string) =>
    exactValue(row[`${column}.main`] ?? null, row[`${column}.lo`] ?? null, row[`${column}.big`] ?? null) ?? zero;
  return rows.map((row) => ({
    period: row._period!,
    state: row._state as RowState,
    derived: row.derived === "true",
    rule: row.rule ?? null,
    currency: row.currency!,
    rows: Number(row.n),
    rawCost: sumOf(row, bookkeeping.rawCost),
    billedCost: sumOf(row, "BilledCost"),
    effectiveCost: sumOf(row, "EffectiveCost"),
  }));
}
