import { canonicalName } from "@finops/connectors/focus/focus-header";
import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { identifier } from "@finops/warehouse/engines/duckdb/sql-text";
import { checkRelation } from "../check/check-relation.ts";
import { type Conformance, type RuleResult, summarize } from "../check/conformance.ts";
import { ownRules } from "../check/own-rules.ts";
import { type RawFiles, rawName } from "../normalize/raw-relation.ts";

/**
 * How the rows of a delivery keep to FOCUS: what is published by the rules of the stored version, and for a bill that is a
 * FOCUS text itself, also what only its text can tell: which columns it has and how its values are written.
 * Rules that hold are only counted: hundreds of sentences would be stored with every version.
 */
export async function checkStage(engine: DuckDB, table: string, raw: readonly RawFiles[]): Promise<Conformance> {
  const columns = (await engine.rows(`SELECT column_name FROM (DESCRIBE SELECT * FROM ${table})`)).map(
    (row) => row.column_name!,
  );
  const lake = await checkRelation(engine.connection, { table, columns, layout: "lake" }, ownRules("1.2"));
  const texts = await Promise.all(
    raw.filter((group) => group.files[0]!.shape.kind === "csv").map((group) => checkText(engine, group)),
  );
  const { version, ruleSet, rowsChecked, ...counts } =
    texts.length === 0
      ? lake
      : summarize(
          lake,
          lake.results.map((result) => answeredByText(result, texts)),
        );
  return {
    version,
    ruleSet,
    rowsChecked,
    ...counts,
    results: counts.results.filter((result) => result.status === "failed" || result.status === "not-checkable"),
  };
}

/** By the rules of the file's own version: a file of 1.0 does not lack what 1.2 added. */
async function checkText(engine: DuckDB, group: RawFiles): Promise<Conformance> {
  const columns = new Map(group.columns.map((column) => [canonicalName(column.name), rawName(column)]));
  const cells = [...columns].map(
    ([name, sql]) => `CASE WHEN ${sql} NOT IN ('', 'NULL', 'null') THEN ${sql} END AS ${identifier(name)}`,
  );
  // Each example would read the file once more.
  return checkRelation(
    engine.connection,
    { table: `(SELECT ${cells.join(", ")} FROM ${group.sql})`, columns: [...columns.keys()], layout: "text" },
    ownRules(),
    { examplesMax: 0, valuesPerKey: false },
  );
}

function answeredByText(result: RuleResult, texts: readonly Conformance[]): RuleResult {
  if (result.status !== "not-checkable") return result;
  const answers = texts.flatMap((text) =>
    text.results.filter(
      (answer) => answer.ruleId === result.ruleId && (answer.status === "passed" || answer.status === "failed"),
    ),
  );
  const rows = answers.reduce((sum, answer) => sum + BigInt(answer.rows), 0n).toString();
  const answer = answers.find(({ status }) => status === "failed") ?? answers[0];
  return answer === undefined ? result : { ...answer, rows };
}
