import type { Check } from "./check.ts";

/** The words of obligation, as the specification and its requirements model use them. */
export type Keyword = "MUST" | "MUST NOT" | "SHOULD" | "SHOULD NOT" | "RECOMMENDED" | "MAY";

export interface Rule {
  readonly ruleId: string;
  /** The column that the rule is about; `null` for a rule of the whole data set. */
  readonly column: string | null;
  readonly keyword: Keyword;
  readonly sentence: string;
  /** What the provider must support for the rule to apply; every flag has to hold. */
  readonly flags: readonly string[];
  readonly test: RuleTest;
}

export type RuleTest =
  /** The header has the column. */
  | { readonly kind: "present"; readonly column: string }
  /** Every name of the header satisfies a predicate; those that do not are the examples. */
  | { readonly kind: "header"; readonly accepts: (column: string) => boolean }
  /** Each row that `when` selects satisfies `must`. */
  | { readonly kind: "rows"; readonly when: Check | null; readonly must: Check }
  /** Each value of `key` goes with exactly `count` values of `of`. */
  | { readonly kind: "values-per-key"; readonly key: string; readonly of: string; readonly count: number }
  /** The answer follows from other rules: all of them pass, or at least one does. */
  | { readonly kind: "composite"; readonly mode: "all" | "any"; readonly items: readonly string[] }
  /** No machine can tell from the data alone; `why` says so. */
  | { readonly kind: "none"; readonly why: string };

/** The rules that fit a header, and the version of FOCUS that they are of. */
export interface SelectedRules {
  readonly version: string;
  readonly rules: readonly Rule[];
}

export interface RuleSet {
  readonly name: string;
  select(header: readonly string[]): SelectedRules;
}
