import type { Keyword } from "./rule.ts";

export type RuleStatus =
  | "passed"
  | "failed"
  /** The provider does not support what the rule is about. */
  | "not-applicable"
  /** The data alone cannot tell. */
  | "not-checkable";

export interface ExampleRow {
  readonly file?: string;
  /** The number of the data row in its file, from 1, where it is known. */
  readonly row?: string;
  /** The cells that the rule reads; null is an empty cell. */
  readonly values: Readonly<Record<string, string | null>>;
}

export interface RuleResult {
  readonly ruleId: string;
  readonly column: string | null;
  readonly keyword: Keyword;
  readonly status: RuleStatus;
  /** How many rows break the rule; a bigint as text. */
  readonly rows: string;
  /** At most three of them. */
  readonly examples: readonly ExampleRow[];
  /** What the rule asks, and for a status other than passed or failed, why it has that status. */
  readonly sentence: string;
  /** Its answer follows from other rules, so it is left out of the counts. */
  readonly composite?: true;
}

export interface Conformance {
  readonly version: string;
  readonly ruleSet: string;
  readonly rowsChecked: string;
  /** Rules with an answer, passed or failed. */
  readonly rules: number;
  readonly failed: number;
  /** Of those failed, the ones that say MUST or MUST NOT. */
  readonly failedMust: number;
  /** Passed rules of those with an answer, in percent with one decimal, rounded down so that 100.0 means all. */
  readonly score: string;
  readonly results: readonly RuleResult[];
}

/** Counts the results into a conformance report. */
export function summarize(
  report: { version: string; ruleSet: string; rowsChecked: string },
  results: readonly RuleResult[],
): Conformance {
  const answered = results.filter(
    (result) => result.composite !== true && (result.status === "passed" || result.status === "failed"),
  );
  const failed = answered.filter((result) => result.status === "failed");
  const perMille =
    answered.length === 0 ? 1000 : Math.floor(((answered.length - failed.length) * 1000) / answered.length);
  return {
    ...report,
    rules: answered.length,
    failed: failed.length,
    failedMust: failed.filter((result) => result.keyword.startsWith("MUST")).length,
    score: `${Math.floor(perMille / 10)}.${perMille % 10}`,
    results,
  };
}
