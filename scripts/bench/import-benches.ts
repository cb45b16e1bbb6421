import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bench, BenchRun } from "./bench.ts";
import { type AwsKind, cachedTwice } from "./cached-bills.ts";
import { importFolder, openBenchHost } from "./bench-host.ts";
import { runProgram } from "./programs.ts";
import { type Result, result } from "./results.ts";
import { watchMemory } from "./watch-memory.ts";

const memoryGoal = { below: 4096 };

/** Land, normalize, check and publish one month, beside what DuckDB takes to copy the same files as they are. */
function importBench(name: string, kind: AwsKind, about: string): Bench {
  return {
    name,
    about,
    async run(bench) {
      const bills = await bench.bills(kind, bench.rows);
      const target = join(await bench.folder(), "copy.parquet");
      const copy = await runProgram<{ seconds: number; rows: number }>("copy-untransformed", [bills, target]);
      await rm(target, { force: true });
      const { rows, seconds, peakMb } = await measureOnce(bench, kind, bills);
      const perSecond = rows / seconds;
      const copyPerSecond = copy.rows / copy.seconds;
      return [
        result(`${name}: import`, perSecond, "rows/s"),
        result(`${name}: plain copy by DuckDB`, copyPerSecond, "rows/s"),
        result(`${name}: import to plain copy`, perSecond / copyPerSecond, "times", { atLeast: 0.5 }),
        result(`${name}: peak memory of all processes`, peakMb, "MB", memoryGoal),
      ];
    },
  };
}

interface Measured {
  rows: number;
  seconds: number;
  peakMb: number;
}

/** Of this run: two benches want the same import. */
const measured = new Map<AwsKind, Measured>();

async function measureOnce(bench: BenchRun, kind: AwsKind, bills: string): Promise<Measured> {
  const found = measured.get(kind) ?? (await measureImport(bench, bills));
  measured.set(kind, found);
  return found;
}

async function measureImport(bench: BenchRun, bills: string): Promise<Measured> {
  const dataDir = await bench.folder();
  const host = await openBenchHost(dataDir);
  const memory = watchMemory();
  try {
    bench.say(`Importing ${bills}`);
    const imported = await importFolder(host, bills);
    return { ...imported, peakMb: await memory.stop() };
  } finally {
    await memory.stop();
    await host.embedded.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

export const importCur2 = importBench("import-cur2-parquet", "aws-cur2", "Import of an AWS CUR 2.0 month in Parquet");

export const importCurLegacy = importBench(
  "import-cur-legacy-csvgz",
  "aws-cur-legacy",
  "Import of an AWS legacy CUR month in csv.gz",
);

/** Memory must not grow with the bill: the same import with once and with twice the rows. */
export const importMemory: Bench = {
  name: "import-memory",
  about: "Peak memory of an import, and of one twice as long",
  async run(bench) {
    const results: Result[] = [];
    for (const kind of ["aws-cur2", "aws-cur-legacy"] as const) {
      const once = await measureOnce(bench, kind, await bench.bills(kind, bench.rows));
      const twice = await measureImport(bench, await cachedTwice(kind, bench.rows, bench.say));
      results.push(
        result(`import-memory: ${kind}, ${once.rows} rows`, once.peakMb, "MB", memoryGoal),
        result(`import-memory: ${kind}, ${twice.rows} rows`, twice.peakMb, "MB", memoryGoal),
        result(`import-memory: ${kind}, ${twice.rows} rows, import`, twice.rows / twice.seconds, "rows/s"),
        result(`import-memory: ${kind}, twice the rows to once`, twice.peakMb / once.peakMb, "times", { atMost: 1.1 }),
      );
    }
    return results;
  },
};
