import {
  type Aggregate,
  type Measure,
  type MeasureId,
  measures,
  type RowCondition,
} from "@finops/warehouse/model/measures";

/**
 * A statement for plain DuckDB (1.0 and later) that computes a figure anew from `rows.csv`, the charge rows of a proof pack,
 * and holds it against what was claimed. `places` are the most decimal places of any amount there: sums are exact decimals.
 * One row comes out: each part of the measure, and for a measure that is one sum `claimed` and `is_equal`.
 */
export function verifySql(measure: MeasureId, claimed: string | null, places: number): string {
  const parts = Object.entries((measures[measure] as Measure).parts).map(
    ([name, aggregate]) => `  ${aggregateSql(aggregate, places)} AS "${name}"`,
  );
  const [only, ...more] = Object.entries((measures[measure] as Measure).parts);
  const isOneSum = more.length === 0 && claimed !== null && !("oneOf" in only![1]);
  const claim = isOneSum
    ? `\nSELECT *, CAST('${claimed}' AS DECIMAL(38,${places})) AS claimed, coalesce("${only![0]}", 0) = CAST('${claimed}' AS DECIMAL(38,${places})) AS is_equal FROM parts;`
    : `\nSELECT *, '${claimed ?? "none"}' AS claimed FROM parts;`;
  return [
    `-- ${(measures[measure] as Measure).label}: ${(measures[measure] as Measure).about}`,
    `-- Run it in this folder: duckdb < verify.sql`,
    `WITH rows AS (SELECT * FROM read_csv('rows.csv', header = true, all_varchar = true, nullstr = '')),`,
    `parts AS (SELECT count(*) AS rows,\n${parts.join(",\n")}\n  FROM rows)${claim}`,
    "",
  ].join("\n");
}

function aggregateSql(aggregate: Aggregate, places: number): string {
  const filter =
    aggregate.where === undefined || aggregate.where.length === 0
      ? ""
      : ` FILTER (WHERE ${aggregate.where.map(conditionSql).join(" AND ")})`;
  if ("sum" in aggregate) return `sum(CAST(${column(aggregate.sum)} AS DECIMAL(38,${places})))${filter}`;
  if ("distinct" in aggregate) return `count(DISTINCT ${column(aggregate.distinct)})${filter}`;
  if ("oneOf" in aggregate) return `string_agg(DISTINCT ${column(aggregate.oneOf)}, ', ')${filter}`;
  return `count(*)${filter}`;
}

function conditionSql(condition: RowCondition): string {
  if ("any" in condition) return `(${condition.any.map(conditionSql).join(" OR ")})`;
  if ("known" in condition) return `${column(condition.column)} IS ${condition.known ? "NOT " : ""}NULL`;
  return "is" in condition
    ? `${column(condition.column)} = '${condition.is}'`
    : `${column(condition.column)} IS DISTINCT FROM '${condition.isNot}'`;
}

/** Rows are written with the names of the API: FOCUS columns that begin in lower case. */
function column(id: string): string {
  return `"${id[0]!.toLowerCase()}${id.slice(1)}"`;
}
