// `pnpm bench [--only NAME[,NAME]] [--rows N] [--json]`: measures this machine against the goals. Progress goes to stderr; with
// --json stdout is one array of {name, value, unit, goal, pass}. What the figures mean stands in docs/performance.md.
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benches } from "./benches.ts";
import type { Bench, BenchRun } from "./bench.ts";
import { cachedBills, cachedMonths } from "./cached-bills.ts";
import { type Result, resultLines } from "./results.ts";
import { type StoredRows, storeRows } from "./stored-rows.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    rows: { type: "string", default: "1000000" },
    json: { type: "boolean", default: false },
  },
});
const asked = values.only?.split(",");
const unknown = asked?.find((name) => !benches.some((bench) => bench.name === name));
if (unknown !== undefined)
  fail(`There is no bench "${unknown}". There are: ${benches.map((bench) => bench.name).join(", ")}.`);
const chosen = benches.filter((bench) => asked === undefined || asked.includes(bench.name));
if (!/^[1-9]\d{3,9}$/.test(values.rows)) fail(`--rows takes a whole number from 1000 on, not "${values.rows}".`);

const root = await mkdtemp(join(tmpdir(), "finops-bench-"));
try {
  // PostgreSQL does not run as root, so its own user must be able to walk into the folder.
  await chmod(root, 0o755);
  const results = await runAll(chosen, benchRun(root, Number(values.rows)));
  console.log(values.json ? JSON.stringify(results) : resultLines(results).join("\n"));
} finally {
  await rm(root, { recursive: true, force: true });
}

/** A figure that misses its goal is an answer; only a bench that cannot run is a failure, after which the others go on. */
async function runAll(all: readonly Bench[], run: BenchRun): Promise<Result[]> {
  const results: Result[] = [];
  for (const bench of all) {
    run.say(`${bench.name}: ${bench.about}`);
    try {
      results.push(...(await bench.run(run)));
    } catch (error) {
      run.say(
        `${bench.name} could not run: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      process.exitCode = 1;
    }
  }
  return results;
}

function benchRun(folder: string, rows: number): BenchRun {
  const stored = new Map<number, Promise<StoredRows>>();
  let folders = 0;
  const say = (text: string) => console.error(text);
  const next = async () => {
    const made = join(folder, String((folders += 1)));
    await mkdir(made);
    return made;
  };
  const bills: BenchRun["bills"] = (kind, count) => cachedBills(kind, count, say);
  const store = async (months: number) => storeRows(await next(), await cachedMonths(rows, months, say), months, say);
  const storedOnce = (months = 1) => {
    const made = stored.get(months) ?? store(months);
    stored.set(months, made);
    return made;
  };
  return { rows, folder: next, bills, stored: storedOnce, say };
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}
