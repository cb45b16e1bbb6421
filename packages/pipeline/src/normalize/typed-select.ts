import type { FocusColumnId } from "@finops/focus/columns";
import { focusColumns } from "@finops/focus/columns";
import { bookkeeping, exactColumns, lakeType } from "@finops/warehouse/tables/cost-columns";
import { exactNames, layered, toExact } from "@finops/warehouse/tables/exact-decimal";
import { fileOf, lineOf } from "./raw-relation.ts";

/** Columns without which a row says nothing; a row that lacks one is rejected. */
const required = [
  "BilledCost",
  "EffectiveCost",
  "BillingCurrency",
  "BillingPeriodStart",
  "ChargePeriodStart",
  "ChargePeriodEnd",
  "ChargeCategory",
] as const satisfies readonly FocusColumnId[];

/** The line of the file that a row stands on (in parquet, the row's number), where rows were refused and so were counted. */
export const sourceLine = "x_finops_line";

/** What became of a row: `published` (mapped or derived), `rejected` (kept with its reason) or `dropped` (by a rule). */
export type RowState = "published" | "rejected" | "dropped";

/**
 * Wraps a rendered mapping into the lake's schema: exact decimals, typed columns, and `_state`, `_period` (`2026-08`),
 * `_part` to partition and count by. `types` are DuckDB's types of the mapped columns.
 */
export function typedSelect(mapped: string, types: ReadonlyMap<string, string>): string {
  const decimals = [...exactColumns.filter((column) => types.has(column)), "_raw_cost"];
  const exact = new Map(decimals.map((column) => [column, toExact(column, `"${column}"`, types.get(column)!)]));
  return `SELECT ${lakeSelection(types, exact)},
    _part, CASE WHEN _dropped IS NOT NULL THEN 'dropped' WHEN _reason IS NOT NULL THEN 'rejected' ELSE 'published' END AS _state,
    CASE WHEN year("BillingPeriodStart") BETWEEN 2000 AND 2199 THEN left(CAST("BillingPeriodStart" AS VARCHAR), 7) ELSE 'unknown' END AS _period
  FROM (SELECT *, ${rejectReason(types, exact)} AS _reason FROM ${layered(`(${mapped})`, [...exact.values()])})`;
}

type ExactSql = ReadonlyMap<string, ReturnType<typeof toExact>>;

function lakeSelection(types: ReadonlyMap<string, string>, exact: ExactSql): string {
  const columns = focusColumns.flatMap(({ id }) => {
    const type = lakeType(id);
    if (type === "exact") return exactSelection(id, exact.get(id));
    const value = types.has(id)
      ? type === "TIMESTAMP"
        ? `TRY_CAST("${id}" AS TIMESTAMP)`
        : `CAST("${id}" AS VARCHAR)`
      : `CAST(NULL AS ${type})`;
    return [`${value} AS "${id}"`];
  });
  return [
    ...columns,
    `CAST(${fileOf} AS INTEGER) AS "${bookkeeping.file}"`,
    `CAST(${lineOf} AS BIGINT) AS "${sourceLine}"`,
    `coalesce(_dropped, _rule) AS "${bookkeeping.rule}"`,
    `_reason AS "${bookkeeping.reason}"`,
    `_extras AS "${bookkeeping.extras}"`,
    ...exactSelection(bookkeeping.rawCost, exact.get("_raw_cost")),
  ].join(",\n    ");
}

function exactSelection(name: string, sql: ReturnType<typeof toExact> | undefined): string[] {
  const names = exactNames(name);
  if (sql === undefined)
    return [
      `CAST(NULL AS DECIMAL(18,8)) AS ${names.main}`,
      `CAST(NULL AS BIGINT) AS ${names.lo}`,
      `CAST(NULL AS DECIMAL(38,8)) AS ${names.big}`,
    ];
  return [
    `CAST(${sql.parts.main} AS DECIMAL(18,8)) AS ${names.main}`,
    `CAST(${sql.parts.lo} AS BIGINT) AS ${names.lo}`,
    `CAST(${sql.parts.big} AS DECIMAL(38,8)) AS ${names.big}`,
  ];
}

/** NULL, or a sentence that names the first column that is wrong and its value. Dropped rows are never rejected. */
function rejectReason(types: ReadonlyMap<string, string>, exact: ExactSql): string {
  const lost = [...exact].map(([column, sql]) => {
    const name = column === "_raw_cost" ? "The cost" : column;
    return `WHEN ${sql.isLost} THEN '${name} "' || left(CAST("${column}" AS VARCHAR), 60) || '" is not a decimal number with at most 26 places.'`;
  });
  const empty = required.map((column) =>
    types.has(column)
      ? `WHEN "${column}" IS NULL THEN '${column} is empty or cannot be read.'`
      : `WHEN true THEN '${column} is missing.'`,
  );
  const period = types.has("BillingPeriodStart")
    ? `WHEN year("BillingPeriodStart") NOT BETWEEN 2000 AND 2199 THEN 'BillingPeriodStart ' || strftime("BillingPeriodStart", '%Y-%m-%d') || ' is no month of a bill.'`
    : "";
  return `CASE WHEN _dropped IS NOT NULL THEN NULL WHEN _rejected IS NOT NULL THEN _rejected ${lost.join(" ")} ${empty.join(" ")} ${period} WHEN length("BillingCurrency") > 20 THEN 'BillingCurrency "' || left("BillingCurrency", 60) || '" is not a currency code.' END`;
}
