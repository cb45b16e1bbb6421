import type { DuckDBConnection } from "@duckdb/node-api";
import { identifier } from "@finops/connectors/sql";
import { columnsOf } from "./check.ts";
import type { ColumnAccess } from "./column-access.ts";
import { CheckCompiler } from "./compile-check.ts";
import type { ExampleRow } from "./conformance.ts";
import type { CheckedRelation, RowRule } from "./relation.ts";
import type { RuleTest } from "./rule.ts";

/** The first rows that break each of the failed rules. Each read stops at its last example. */
export async function findExamples(
  connection: DuckDBConnection,
  relation: CheckedRelation,
  access: ColumnAccess,
  failed: readonly RowRule[],
  examplesMax: number,
): Promise<Map<string, ExampleRow[]>> {
  const examples = new Map<string, ExampleRow[]>();
  for (const { rule, broken } of failed) {
    const compiler = new CheckCompiler(access);
    const condition = compiler.compile(broken);
    const columns = columnsOf(broken).filter((column) => access.has(column));
    const cells = columns.map((column, index) => `${identifier(column)}::VARCHAR AS v${index}`);
    const sources = [...locationCells(relation), ...cells, ...compiler.leaves];
    const reader = await connection.runAndReadAll(
      `SELECT * FROM (SELECT ${sources.join(", ")} FROM ${relation.table} AS checked) WHERE ${condition} LIMIT ${examplesMax}`,
    );
    examples.set(
      rule.ruleId,
      reader.getRowObjectsJson().map((row) => exampleOf(row, columns)),
    );
  }
  return examples;
}

/** The keys that do not go with the number of values that they should, and the rows which carry such a key. */
export async function findKeyExamples(
  connection: DuckDBConnection,
  relation: CheckedRelation,
  test: Extract<RuleTest, { kind: "values-per-key" }>,
  examplesMax: number,
): Promise<{ rows: string; examples: ExampleRow[] }> {
  const key = identifier(test.key);
  const of = identifier(test.of);
  const reader = await connection.runAndReadAll(`
    WITH pairs AS (SELECT ${key} AS k, ${of} AS v, count(*) AS n FROM ${relation.table} AS checked WHERE ${key} IS NOT NULL GROUP BY ALL),
         broken AS (SELECT k, sum(n) AS n, min(v) AS least, max(v) AS most FROM pairs GROUP BY k HAVING count(v) <> ${test.count})
    SELECT sum(n) OVER () AS total, k::VARCHAR AS k, least::VARCHAR AS least, most::VARCHAR AS most
    FROM broken ORDER BY n DESC, k LIMIT ${Math.max(examplesMax, 1)}`);
  const rows = reader.getRowObjectsJson();
  const examples = rows.slice(0, examplesMax).flatMap((row) =>
    (row["least"] === row["most"] ? [row["least"]] : [row["least"], row["most"]]).map((value) => ({
      values: { [test.key]: asText(row["k"]), [test.of]: asText(value) },
    })),
  );
  return { rows: String(rows[0]?.["total"] ?? "0"), examples: examples.slice(0, examplesMax) };
}

function locationCells(relation: CheckedRelation): string[] {
  const { file, row } = relation.location ?? {};
  return [
    ...(file === undefined ? [] : [`(${file})::VARCHAR AS file`]),
    ...(row === undefined ? [] : [`(${row})::VARCHAR AS row_number`]),
  ];
}

function exampleOf(row: Record<string, unknown>, columns: readonly string[]): ExampleRow {
  return {
    ...(row["file"] === undefined ? {} : { file: String(row["file"]) }),
    ...(row["row_number"] === undefined ? {} : { row: String(row["row_number"]) }),
    values: Object.fromEntries(columns.map((column, index) => [column, asText(row[`v${index}`])])),
  };
}

function asText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
