import { columnsOfVersion } from "@finops/focus/columns";
import type { Period } from "@finops/kernel/period";
import { literal } from "@finops/warehouse/engines/duckdb/sql-text";
import { bookkeeping, exactColumns, lakeType } from "@finops/warehouse/tables/cost-columns";
import { exactNames } from "@finops/warehouse/tables/exact-decimal";
import type { TaskTools } from "./engine-tasks.ts";
import { withEngine } from "./with-engine.ts";

export interface ExportInput {
  paths: readonly string[];
  period: Period;
  format: "csv" | "parquet";
  out: string;
}

/**
 * FOCUS 1.2 with its 57 columns. ListCost and ContractedCost may not be empty there: where the bill does not tell them,
 * the next cost that is known stands in, and `x_ListCostUnknown` or `x_ContractedCostUnknown` says so.
 */
export function exportTask({ paths, period, format, out }: ExportInput, tools: TaskTools): Promise<{ rows: number }> {
  const columns = columnsOfVersion("1.2").map(({ id }) => {
    if (id === "ListCost")
      return `coalesce(${plain("ListCost")}, ${plain("ContractedCost")}, ${plain("EffectiveCost")}) AS "ListCost"`;
    if (id === "ContractedCost")
      return `coalesce(${plain("ContractedCost")}, ${plain("EffectiveCost")}) AS "ContractedCost"`;
    if ((exactColumns as readonly string[]).includes(id)) return `${plain(id)} AS "${id}"`;
    return lakeType(id) === "TIMESTAMP" ? `strftime("${id}", '%Y-%m-%dT%H:%M:%SZ') AS "${id}"` : `"${id}"`;
  });
  const marks = [
    `"ListCost" IS NULL AS "x_ListCostUnknown"`,
    `"ContractedCost" IS NULL AS "x_ContractedCostUnknown"`,
    `"${bookkeeping.extras}" AS "x_SourceColumns"`,
  ];
  const select = `SELECT ${[...columns, ...marks].join(", ")} FROM read_parquet([${paths.map(literal).join(", ")}], hive_partitioning = false) WHERE "ChargePeriodStart" >= DATE ${literal(period.start)} AND "ChargePeriodStart" < DATE ${literal(period.end)}`;
  return withEngine(tools, async (engine) => {
    if (paths.length === 0) return { rows: 0 };
    await engine.run(
      `COPY (${select}) TO ${literal(out)} (${format === "csv" ? "FORMAT csv, HEADER" : "FORMAT parquet"})`,
    );
    const [count] = await engine.rows(
      `SELECT count(*) AS n FROM read_parquet([${paths.map(literal).join(", ")}], hive_partitioning = false) WHERE "ChargePeriodStart" >= DATE ${literal(period.start)} AND "ChargePeriodStart" < DATE ${literal(period.end)}`,
    );
    return { rows: Number(count!.n) };
  });
}

/** An exact value as plain decimal text without trailing zeros. */
function plain(column: string): string {
  const { main, lo, big } = exactNames(column);
  const whole = `CAST(${main} AS DECIMAL(38,8)) + ${big}`;
  const withLo = `CAST(CAST(${main} AS DECIMAL(38,26)) + CAST(${lo} AS DECIMAL(38,0)) * 0.00000000000000000000000001::DECIMAL(27,26) AS VARCHAR)`;
  const text = `CASE WHEN ${lo} = 0 THEN CAST(${whole} AS VARCHAR) ELSE ${withLo} END`;
  return `CASE WHEN ${main} IS NULL THEN NULL ELSE rtrim(rtrim(${text}, '0'), '.') END`;
}
