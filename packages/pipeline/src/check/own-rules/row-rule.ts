import type { Check } from "../check.ts";
import { columnsOf } from "../check.ts";
import type { Keyword, Rule } from "../rule.ts";

/** A rule of rows. Its column is the first that the demand reads. */
export function rowRule(
  ruleId: string,
  keyword: Keyword,
  sentence: string,
  must: Check,
  when: Check | null = null,
  flags: readonly string[] = [],
): Rule {
  return { ruleId, column: columnsOf(must)[0] ?? null, keyword, sentence, flags, test: { kind: "rows", when, must } };
}
