import type { BillKind } from "@finops/bills/bill-truth";
import type { Result } from "./results.ts";
import type { StoredRows } from "./stored-rows.ts";

/** What a bench gets to work with. */
export interface BenchRun {
  rows: number;
  /** A folder of its own for every call, removed at the end. */
  folder(): Promise<string>;
  /** Bills of so many rows in one format and month: written once, kept for the next run. */
  bills(kind: BillKind, rows: number): Promise<string>;
  /** A data folder in which one company has `rows` rows, in one month unless said, made once for all benches of a run. */
  stored(months?: number): Promise<StoredRows>;
  /** Tells the person who waits. */
  say(text: string): void;
}

export interface Bench {
  name: string;
  about: string;
  run(bench: BenchRun): Promise<Result[]>;
}
