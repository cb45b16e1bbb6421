import type { DuckDBConnection } from "@duckdb/node-api";
import { findFocusColumn } from "@finops/focus/columns";
import type { Applicability } from "./applicability.ts";
import { applicableFlags } from "./applicability.ts";
import { askedForEmptiness, columnsOf, filled } from "./check.ts";
import type { ColumnAccess } from "./column-access.ts";
import { lakeAccess, textAccess } from "./column-access.ts";
import { breaking, CheckCompiler } from "./compile-check.ts";
import { settleComposites } from "./composites.ts";
import type { Conformance, ExampleRow, RuleResult } from "./conformance.ts";
import { summarize } from "./conformance.ts";
import { findExamples, findKeyExamples } from "./examples.ts";
import type { CheckedRelation, RowRule } from "./relation.ts";
import type { Rule, RuleSet } from "./rule.ts";

export interface CheckOptions {
  /** What the provider supports; by default inferred from the columns that the file has. */
  readonly applicability?: Applicability;
  /** How many rows to show for each failed rule; 3 by default, 0 to spare the extra reads. */
  readonly examplesMax?: number;
  /** Tests such as "one SkuId for each SkuPriceId" need a grouping of their own each; true by default. */
  readonly valuesPerKey?: boolean;
}

/**
 * Checks a relation against a rule set. All rules of rows are counted in one scan, however many they are; grouping rules
 * take a scan of two columns each; examples are read for failed rules only.
 */
export async function checkRelation(
  connection: DuckDBConnection,
  relation: CheckedRelation,
  ruleSet: RuleSet,
  options: CheckOptions = {},
): Promise<Conformance> {
  const { version, rules } = ruleSet.select(relation.columns);
  const access =
    relation.layout === "lake" ? lakeAccess(relation.columns) : textAccess(relation.columns, relation.storedTypes);
  const supports = applicableFlags(rules, relation.columns, options.applicability ?? "inferred");
  const examplesMax = options.examplesMax ?? 3;

  const results = new Map<string, RuleResult>();
  const rowRules: RowRule[] = [];
  for (const rule of rules) {
    const known = answerWithoutRows(rule, relation.columns, access, supports, options);
    if (known !== null) results.set(rule.ruleId, known);
    else if (rule.test.kind === "rows") rowRules.push({ rule, broken: breaking(rule.test.when, rule.test.must) });
  }

  const { rowsChecked, counts } = await countBroken(connection, relation, access, rowRules, results);
  const failed = rowRules.filter(({ rule }) => (counts.get(rule.ruleId) ?? "0") !== "0");
  const examples =
    examplesMax === 0
      ? new Map<string, ExampleRow[]>()
      : await findExamples(connection, relation, access, failed, examplesMax);
  for (const { rule } of rowRules) {
    const rows = counts.get(rule.ruleId);
    if (rows !== undefined) results.set(rule.ruleId, answer(rule, rows, examples.get(rule.ruleId) ?? []));
  }

  for (const rule of rules) {
    if (rule.test.kind !== "values-per-key" || results.has(rule.ruleId)) continue;
    const { rows, examples: keys } = await findKeyExamples(connection, relation, rule.test, examplesMax);
    results.set(rule.ruleId, answer(rule, rows, keys));
  }

  settleComposites(rules, results);
  const ordered = rules.flatMap((rule) => results.get(rule.ruleId) ?? []);
  return summarize({ version, ruleSet: ruleSet.name, rowsChecked }, ordered);
}

/** What can be answered from the header and the options alone; null where rows have to be read or other rules waited for. */
function answerWithoutRows(
  rule: Rule,
  header: readonly string[],
  access: ColumnAccess,
  supports: (flag: string) => boolean,
  options: CheckOptions,
): RuleResult | null {
  const { test } = rule;
  const unsupported = rule.flags.filter((flag) => !supports(flag));
  if (unsupported.length > 0)
    return unanswered(rule, "not-applicable", `It applies where these hold: ${unsupported.join(", ")}.`);
  if (rule.keyword === "MAY") return unanswered(rule, "not-checkable", "A permission cannot be broken.");
  switch (test.kind) {
    case "none":
      return unanswered(rule, "not-checkable", test.why);
    case "present":
      if (!access.isText)
        return unanswered(rule, "not-checkable", "The lake has every column; the file is asked when it is mapped.");
      return access.has(test.column) ? answer(rule, "0", []) : { ...answer(rule, "0", []), status: "failed" };
    case "header": {
      if (!access.isText)
        return unanswered(rule, "not-checkable", "The lake has its own columns; the file is asked when it is mapped.");
      const refused = header.filter((name) => !test.accepts(name));
      const shown = refused.slice(0, 3).map((name) => ({ values: { column: name } }));
      return { ...answer(rule, "0", shown), status: refused.length === 0 ? "passed" : "failed" };
    }
    case "rows": {
      // What is demanded, or asked whether it is empty, must be there. A column that a condition compares with a value
      // reads as empty where it is missing: a file without ChargeClass has no corrections.
      const needed = new Set([...columnsOf(test.must), ...(test.when === null ? [] : askedForEmptiness(test.when))]);
      const missing = [...needed].filter((column) => !access.has(column));
      return missing.length === 0
        ? null
        : unanswered(rule, "not-checkable", `The file has no column ${missing.join(", ")}.`);
    }
    case "values-per-key": {
      const missing = [test.key, test.of].filter((column) => !access.has(column));
      if (missing.length > 0) return unanswered(rule, "not-checkable", `The file has no column ${missing.join(", ")}.`);
      return options.valuesPerKey === false
        ? unanswered(rule, "not-checkable", "Grouping rules were left out of this check.")
        : null;
    }
    case "composite":
      return null;
  }
}

/** One scan: the number of rows, and for each rule the number of rows that break it. */
async function countBroken(
  connection: DuckDBConnection,
  relation: CheckedRelation,
  access: ColumnAccess,
  rowRules: readonly RowRule[],
  results: Map<string, RuleResult>,
): Promise<{ rowsChecked: string; counts: Map<string, string> }> {
  const compiler = new CheckCompiler(access);
  const sums = new Map<string, string>();
  const counts = new Map<string, string>();
  for (const { rule, broken } of rowRules) {
    const condition = compiler.compile(broken);
    if (condition === null)
      results.set(rule.ruleId, unanswered(rule, "not-checkable", "Types and formats are tested on the raw text."));
    else if (condition === "FALSE") counts.set(rule.ruleId, "0");
    else sums.set(rule.ruleId, condition);
  }
  const optional = access.isText ? [] : optionalColumns(rowRules, access);
  for (const column of optional) sums.set(filledKey(column), compiler.compile(filled(column)) ?? "TRUE");

  const counters = [...sums.values()].map((condition, index) => `count_if(${condition}) AS c${index}`);
  const inner = compiler.leaves.length === 0 ? "1 AS none" : compiler.leaves.join(", ");
  const reader = await connection.runAndReadAll(
    `SELECT ${["count(*) AS n", ...counters].join(", ")} FROM (SELECT ${inner} FROM ${relation.table} AS checked)`,
  );
  const row = reader.getRowObjectsJson()[0] ?? {};
  // Over no rows at all the count is null.
  [...sums.keys()].forEach((key, index) => counts.set(key, String(row[`c${index}`] ?? "0")));

  const undelivered = optional.filter((column) => counts.get(filledKey(column)) === "0");
  for (const { rule } of rowRules) {
    const absent = demandedColumns(rule).find((column) => undelivered.includes(column));
    if (absent === undefined) continue;
    counts.delete(rule.ruleId);
    results.set(
      rule.ruleId,
      unanswered(rule, "not-applicable", `${absent} is empty in every row: the provider does not deliver it.`),
    );
  }
  return { rowsChecked: String(row["n"]), counts };
}

/** In the lake a column that a provider does not deliver is there, and empty throughout. Mandatory ones have no such excuse. */
function optionalColumns(rowRules: readonly RowRule[], access: ColumnAccess): string[] {
  const demanded = new Set(rowRules.flatMap(({ rule }) => demandedColumns(rule)));
  return [...demanded].filter((column) => access.has(column) && findFocusColumn(column)?.level !== "mandatory");
}

function demandedColumns(rule: Rule): string[] {
  return rule.test.kind === "rows" ? columnsOf(rule.test.must) : [];
}

function filledKey(column: string): string {
  return `filled ${column}`;
}

function answer(rule: Rule, rows: string, examples: readonly ExampleRow[]): RuleResult {
  return {
    ruleId: rule.ruleId,
    column: rule.column,
    keyword: rule.keyword,
    status: rows === "0" ? "passed" : "failed",
    rows,
    examples,
    sentence: rule.sentence,
  };
}

function unanswered(rule: Rule, status: "not-applicable" | "not-checkable", why: string): RuleResult {
  return { ...answer(rule, "0", []), status, sentence: `${rule.sentence} (${why})` };
}
