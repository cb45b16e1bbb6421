import type { FocusColumnId } from "@finops/focus/columns";
import type { ExactParts } from "../tables/exact-decimal.ts";
import type { GenerationManifest } from "../tables/generation.ts";
import type { CostFilter } from "./cost-query.ts";

/** A period's file (or rows) of the store, as the publication log named it when the request began. */
export interface PinnedGeneration {
  id: string;
  /** First day of the billing period. */
  billingPeriod: string;
  /** What the engine knows the period by: a file below the tenant's folder, or the mark that its rows carry. */
  storePath: string;
  manifest: GenerationManifest;
  versionIds: readonly string[];
}

/** What a request sees, whatever is published meanwhile. */
export interface PinnedStore {
  position: string;
  /** Instant of the newest publication that is part of it. */
  freshAt: string | null;
  generations: readonly PinnedGeneration[];
}

/** A company's rows of one period, or of several that share a table. */
export interface PeriodRows {
  tenantId: string;
  generations: readonly [PinnedGeneration, ...PinnedGeneration[]];
}

/** Who asks. The planner takes it as an argument, so that no query can be planned without it. */
export interface CostAccess {
  tenantId: string;
  /** Rows that the caller may see; none given means the whole company. */
  rowFilter?: CostFilter;
}

/** A statement with its values apart, ready for the engine. */
export interface Statement {
  sql: string;
  args: readonly (string | number)[];
}

export type StoreRow = Record<string, string | null>;

/** `money` is the main part of an exact value, `decimal` one of any size with 8 places. */
export type ParameterType = "text" | "day" | "instant" | "integer" | "money" | "decimal";

/** What differs between engines, as small functions. */
export interface CostDialect {
  table(rows: PeriodRows, table: string): string;
  /** The conditions by which an alias of that table keeps to these rows; none where the table holds no others. */
  within(rows: PeriodRows, alias: string, bind: (value: string, type: ParameterType) => string): string[];
  /** A row's billing period as text, for an engine whose tables hold all periods; null where each has tables of its own. */
  sharedPeriod: ((alias: string) => string) | null;
  /** Columns of the combinations that each row carries too, where that is quicker to read than a number. */
  factsCarry: readonly FocusColumnId[];
  /** The columns by which rows are joined with their combinations. */
  comboKey: readonly string[];
  /** True when charge rows come in the order of the bills without being sorted. */
  readsInOrder: boolean;
  /** Placeholder of the n-th value (from 1), of that type. */
  parameter(index: number, type: ParameterType): string;
  /** Start of the bucket that a day falls in, as a date. */
  bucket(part: "day" | "week" | "month" | "quarter" | "year", day: string): string;
  /** Start of the hour of an instant, in a form that is quick to group by, and that as `2026-11-22T13:00:00Z`. */
  hour(timestamp: string): string;
  hourText(hour: string): string;
  /** An instant as `2026-11-22T00:00:00Z`. */
  instantText(timestamp: string): string;
  dayOf(timestamp: string): string;
  tag(map: string, key: string): string;
  /** The keys of a map as one list, and a list's members as a row each. */
  tagKeys(map: string): string;
  unnest(list: string): string;
  jsonText(json: string, key: string): string;
  /** The file that a fact of alias `f` came from: its version's id and the file's place in the landing, `…/0`. */
  billFile(rows: PeriodRows): string;
  /** The number of a fact of alias `f` within its period, by which pages of facts follow each other. */
  rowNumber: string;
  /** The numbers that stand in one text with commas between, to be used behind `IN`. */
  rowNumbers(text: string): string;
  contains(text: string, part: string): string;
  startsWith(text: string, part: string): string;
  /** The exact sum of one part of the layout, or of counts, over the rows that meet a condition. */
  sum(value: string, part: keyof ExactParts | "count", condition: string | null): string;
  countIf(condition: string | null): string;
  /** A number to order by, from the three parts of an exact sum; NULL where there was nothing to sum. */
  approximate(main: string, lo: string, big: string): string;
  /** The three parts of an exact value as one plain decimal text without trailing zeros; NULL where there is none. */
  decimalText(main: string, lo: string, big: string): string;
  /** Different values are counted in three steps: a list per group of a branch, lists joined, and their different values counted. */
  distinctList(value: string, condition: string | null): string;
  joinLists(lists: string): string;
  countDistinctIn(list: string): string;
  asText(sql: string): string;
  /** `true` or `false`. */
  flagText(condition: string): string;
}

/** Reads of one company's costs. The engine itself refuses to leave the company's data. */
export interface CostStore {
  readonly dialect: CostDialect;
  /** Every value as text or null. Throws `precondition` when cancelled or out of time. */
  read(
    tenantId: string,
    generations: readonly PinnedGeneration[],
    statement: Statement,
    options?: ReadOptions,
  ): Promise<StoreRow[]>;
}

export interface ReadOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
}
