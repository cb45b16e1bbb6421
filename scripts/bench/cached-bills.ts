import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BillKind } from "@finops/bills/bill-truth";
import { runProgram } from "./programs.ts";

/** Where generated bills stay between runs: 10 million rows take minutes to write, and are the same every time. */
export const cacheDir = join(tmpdir(), "finops-bench-bills");

/** The folder with so many months of bills in that format, written now when it is not there. */
export async function cachedBills(
  kind: BillKind,
  rows: number,
  months: number,
  say: (text: string) => void,
): Promise<string> {
  const folder = join(cacheDir, `${kind}-${rows}${months === 1 ? "" : `-in-${months}`}`);
  if (existsSync(folder)) return folder;
  say(`Writing ${rows.toLocaleString("en")} rows of ${kind} (kept in ${cacheDir})`);
  await mkdir(cacheDir, { recursive: true });
  const draft = `${folder}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await runProgram("write-bills", [kind, String(rows), String(months), draft]);
  await rename(draft, folder);
  return folder;
}
