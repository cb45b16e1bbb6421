import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { parquetFiles } from "./parquet-files.ts";

/** Rows of usage by the day (UTC) on which each began: `{ "2026-10-01": 4711 }`. A day without any is not in it. */
export type UsageDays = Readonly<Record<string, number>>;

/** A bill tells days where at least this part of its usage is of a day or less. */
const dailyShareMin = 0.5;

/** Null where a bill does not tell days, such as one of charges for a whole month. */
export async function usageDays(engine: DuckDB, files: readonly string[]): Promise<UsageDays | null> {
  if (files.length === 0) return null;
  const rows = await engine.rows(
    `SELECT CASE WHEN "ChargePeriodEnd" <= "ChargePeriodStart" + INTERVAL 1 DAY THEN CAST("ChargePeriodStart" AS DATE) END AS day, count(*) AS n
    FROM ${parquetFiles(files)} WHERE "ChargeCategory" = 'Usage' GROUP BY day ORDER BY day`,
  );
  const ofDays = rows.filter(({ day }) => day !== null);
  const count = (of: typeof rows) => of.reduce((sum, { n }) => sum + Number(n), 0);
  if (count(ofDays) === 0 || count(ofDays) < dailyShareMin * count(rows)) return null;
  return Object.fromEntries(ofDays.map(({ day, n }) => [day!, Number(n)]));
}
