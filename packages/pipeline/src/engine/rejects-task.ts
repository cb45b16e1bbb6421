import { bookkeeping } from "@finops/warehouse/tables/cost-columns";
import { exactNames, exactValue } from "@finops/warehouse/tables/exact-decimal";
import { sourceLine } from "../normalize/typed-select.ts";
import type { TaskTools } from "./engine-tasks.ts";
import { parquetFiles } from "./parquet-files.ts";
import { withEngine } from "./with-engine.ts";

export interface RejectsInput {
  /** Parquet of rows that could not be mapped, and of lines that are no rows. */
  rejected: readonly string[];
  unreadable: readonly string[];
  offset: number;
  limit: number;
}

export interface RejectedRow {
  /** The file's place in the landing. */
  file: number;
  /** Line of a text file, row of a Parquet one, from 1. */
  line: number | null;
  reason: string;
  /** What the bill states as its cost; null where even that cannot be read. */
  cost: { amount: string; currency: string } | null;
  /** The line itself, where it is no row. */
  text: string | null;
}

export interface RejectsOutput {
  total: number;
  rows: RejectedRow[];
}

/** One page of what a version refused, in the order of the files. */
export function rejectsTask(input: RejectsInput, tools: TaskTools): Promise<RejectsOutput> {
  const cost = exactNames(bookkeeping.rawCost);
  const parts = [
    ...(input.rejected.length === 0
      ? []
      : [
          `SELECT "${bookkeeping.file}" AS file, "${sourceLine}" AS line, "${bookkeeping.reason}" AS reason, ${cost.main} AS main, ${cost.lo} AS lo, ${cost.big} AS big, "BillingCurrency" AS currency, CAST(NULL AS VARCHAR) AS text FROM ${parquetFiles(input.rejected)}`,
        ]),
    ...(input.unreadable.length === 0
      ? []
      : [
          `SELECT file, line, reason, NULL AS main, NULL AS lo, NULL AS big, NULL AS currency, text FROM ${parquetFiles(input.unreadable)}`,
        ]),
  ];
  if (parts.length === 0) return Promise.resolve({ total: 0, rows: [] });
  const all = parts.join(" UNION ALL BY NAME ");
  return withEngine(tools, async (engine) => {
    const [count] = await engine.rows(`SELECT count(*) AS n FROM (${all})`);
    const rows = await engine.rows(
      `SELECT * FROM (${all}) ORDER BY file, line NULLS LAST, reason LIMIT ${Math.trunc(input.limit)} OFFSET ${Math.trunc(input.offset)}`,
    );
    return {
      total: Number(count!.n),
      rows: rows.map((row) => {
        const amount = exactValue(row.main ?? null, row.lo ?? null, row.big ?? null);
        return {
          file: Number(row.file),
          line: row.line === null ? null : Number(row.line),
          reason: row.reason ?? "",
          cost: amount === null || !row.currency ? null : { amount: amount.toString(), currency: row.currency },
          text: row.text ?? null,
        };
      }),
    };
  });
}
