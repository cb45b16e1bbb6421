import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { openBenchHost } from "./bench-host.ts";
import { startBenchServer } from "./bench-server.ts";
import { dashboardQueries } from "./dashboard.ts";
import { measureEmbedded, resultsOf } from "./query-benches.ts";
import { type Result, result } from "./results.ts";
import { monthsOf, type StoredRows } from "./stored-rows.ts";
import { phaseResults, visitorsOf } from "./users-bench.ts";

const lastMonth = { start: "2026-10-01", end: "2026-11-01" };

/** A company that has been here for a while: what it took to bring its months in, and dashboards of one month and of all. */
export const monthsBench: Bench = {
  name: "months",
  about: "The rows in months of 10 million: import, memory, disk, and dashboards of the last month and of all",
  async run(bench) {
    const months = Math.max(2, monthsOf(bench.rows));
    const stored = await bench.stored(months);
    const results = [
      result(`months: import of ${months} months`, stored.rows / stored.seconds, "rows/s"),
      result("months: the same", stored.seconds, "s"),
      result("months: peak memory of all processes", stored.peakMb, "MB", { below: 4096 }),
      ...diskResults(stored),
    ];
    const periods = [
      ["the last month", lastMonth],
      [`all ${months} months`, stored.period],
    ] as const;
    const host = await openBenchHost(stored.dataDir);
    try {
      for (const [name, period] of periods) {
        bench.say(`Asking about ${name}, one query at a time`);
        results.push(...resultsOf(`months, ${name}`, await measureEmbedded(host, dashboardQueries(period), "any"), 50));
      }
      bench.say("Asking about the rows of the last month, one query at a time");
      const fromRows = await measureEmbedded(host, dashboardQueries(lastMonth), "facts");
      results.push(...resultsOf("months, rows of the last month", fromRows, 300));
    } finally {
      await host.embedded.close();
    }
    const server = await startBenchServer(stored.dataDir, { demoRows: 0 });
    try {
      for (const [name, period] of periods) {
        const visitors = await visitorsOf(bench, { key: stored.key, period }, server);
        const phases = [
          await visitors.cold(`months, ${name}, cold cache`),
          await visitors.warm(`months, ${name}, warm cache`),
        ];
        results.push(...phases.flatMap((phase) => phaseResults(phase, { below: 200 })));
      }
    } finally {
      await server.stop();
    }
    return results;
  },
};

function diskResults({ dataDir, rows }: StoredRows): Result[] {
  const bytes = { landing: 0, lake: 0, warehouse: 0 };
  for (const entry of readdirSync(dataDir, { recursive: true, encoding: "utf8" })) {
    const part = /^warehouse\/|\/(landing|lake)\//.exec(entry);
    const found = part === null ? null : statSync(join(dataDir, entry));
    if (found?.isFile() === true) bytes[(part![1] ?? "warehouse") as keyof typeof bytes] += found.size;
  }
  return [
    result("months: disk of the raw bills", bytes.landing / rows, "bytes a row"),
    result("months: disk of the lake", bytes.lake / rows, "bytes a row"),
    result("months: disk of the periods", bytes.warehouse / rows, "bytes a row"),
  ];
}
