import { isInVersion } from "@finops/focus/columns";
import { findFocusColumn } from "@finops/focus/columns";
import type { FocusVersion } from "@finops/focus/column";
import { detectFocusVersion } from "@finops/focus/versions";
import { columnsOf } from "./check.ts";
import { columnRules } from "./own-rules/column-rules.ts";
import { commitmentRules } from "./own-rules/commitment-rules.ts";
import { dataSetRules } from "./own-rules/data-set-rules.ts";
import { emptinessRules } from "./own-rules/emptiness-rules.ts";
import { priceRules } from "./own-rules/price-rules.ts";
import type { Rule, RuleSet } from "./rule.ts";

/**
 * Our own rules, written from the facts of the specification. Those that the official 1.2 model has too carry its id;
 * an id with `-X-` is ours alone. Only rules whose columns the file's version has are taken.
 * `version` overrules the detection, for the published lake, whose columns are always the stored ones.
 */
export function ownRules(version?: FocusVersion): RuleSet {
  return {
    name: "own rules",
    select(header) {
      const chosen = version ?? detectFocusVersion(header)?.version ?? "1.2";
      const rules = [...columnRules(chosen), ...emptinessRules, ...commitmentRules, ...priceRules, ...dataSetRules];
      return { version: chosen, rules: rules.filter((rule) => columnsAreIn(rule, chosen)) };
    },
  };
}

function columnsAreIn(rule: Rule, version: FocusVersion): boolean {
  return demandedColumns(rule).every((id) => {
    const column = findFocusColumn(id);
    return column !== null && isInVersion(column, version);
  });
}

function demandedColumns(rule: Rule): string[] {
  switch (rule.test.kind) {
    case "rows":
      return columnsOf(rule.test.must);
    case "values-per-key":
      return [rule.test.key, rule.test.of];
    case "present":
      return [rule.test.column];
    default:
      return [];
  }
}
