import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BillKind } from "@finops/bills/bill-truth";
import { runProgram } from "./programs.ts";

/** Where generated bills stay between runs: 10 million rows take minutes to write, and are the same every time. */
export const cacheDir = join(tmpdir(), "finops-bench-bills");

/** The folder with one month of bills in that format, written now when it is not there. */
export function cachedBills(kind: BillKind, rows: number, say: Say): Promise<string> {
  return cached(`${kind}-${rows}`, say, (folder) => runProgram("write-bills", [kind, String(rows), folder]));
}

/** The folder with so many months of CUR 2.0 that have so many rows together: one month, and that moved back. */
export async function cachedMonths(rows: number, months: number, say: Say): Promise<string> {
  const month = await cachedBills("aws-cur2", Math.round(rows / months), say);
  if (months === 1) return month;
  return cached(`aws-cur2-${rows}-in-${months}`, say, (folder) =>
    runProgram("repeat-month", [month, String(months), folder]),
  );
}

/** The folder with one month of bills in that format that has twice so many rows: that month, and its copy by other ids. */
export async function cachedTwice(kind: AwsKind, rows: number, say: Say): Promise<string> {
  const month = await cachedBills(kind, rows, say);
  return cached(`${kind}-${rows}-twice`, say, (folder) => runProgram("double-month", [month, folder]));
}

export type AwsKind = Extract<BillKind, `aws-cur${string}`>;

type Say = (text: string) => void;

async function cached(name: string, say: Say, write: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = join(cacheDir, name);
  if (existsSync(folder)) return folder;
  say(`Writing ${name} (kept in ${cacheDir})`);
  await mkdir(cacheDir, { recursive: true });
  const draft = `${folder}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await write(draft);
  await rename(draft, folder);
  return folder;
}
