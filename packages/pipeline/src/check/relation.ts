import type { Check } from "./check.ts";
import type { Rule } from "./rule.ts";

export interface CheckedRelation {
  /** SQL of a relation: a table's name, `read_parquet('…')`, or a select in parentheses. */
  readonly table: string;
  readonly columns: readonly string[];
  /**
   * `text`: every column is VARCHAR, as in the file (the default). `lake`: the typed columns of the published lake, where
   * types and formats have been tested by the mapping, so those rules are answered "not-checkable" at no cost.
   */
  readonly layout?: "text" | "lake";
  /** For `text` of a typed file: the type in which the file stores each column. */
  readonly storedTypes?: ReadonlyMap<string, string>;
  /** SQL expressions that name where a row came from. */
  readonly location?: { readonly file?: string; readonly row?: string };
}

/** A rule of rows, and the condition under which a row breaks it. */
export interface RowRule {
  readonly rule: Rule;
  readonly broken: Check;
}
