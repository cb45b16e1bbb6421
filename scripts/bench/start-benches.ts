import { rm } from "node:fs/promises";
import { generateBills } from "@finops/bills/generate-bills";
import { askCosts } from "./ask-server.ts";
import type { Bench } from "./bench.ts";
import { startBenchServer } from "./bench-server.ts";
import { percentile } from "./percentiles.ts";
import { result } from "./results.ts";

const starts = 5;

export const start: Bench = {
  name: "start",
  about: "From the start of the process to the first answered query, with data in place",
  async run(bench) {
    const { dataDir, key, period } = await bench.stored();
    const seconds: number[] = [];
    for (let count = 0; count < starts; count++) {
      const server = await startBenchServer(dataDir, { demoRows: 0 });
      await askCosts(server.url, key, { measures: ["effectiveCost"], groupBy: ["serviceName"], period });
      seconds.push((performance.now() - server.startedAt) / 1000);
      await server.stop();
    }
    return [
      result(`start: slowest of ${starts} to the first answer`, percentile(seconds, 1), "s", { below: 3 }),
      result("start: median", percentile(seconds, 0.5), "s"),
    ];
  },
};

/** Goals of the issue, and so at its numbers of rows, whatever `--rows` says. */
const generatedRows = 1_000_000;
const demoRows = 300_000;

export const generate: Bench = {
  name: "generate",
  about: "Writing a million rows of demo bills in all formats",
  async run(bench) {
    const outDir = await bench.folder();
    bench.say(`Writing ${generatedRows.toLocaleString("en")} rows of bills`);
    const started = performance.now();
    await generateBills({ rows: generatedRows, seed: 7, outDir, endMonth: "2026-10" });
    const seconds = (performance.now() - started) / 1000;
    await rm(outDir, { recursive: true, force: true });
    return [result("generate: 1 million rows", seconds, "s", { below: 30 })];
  },
};

export const demoFirstStart: Bench = {
  name: "demo-first-start",
  about: "The first start: writing and importing the demo of 300,000 rows",
  async run(bench) {
    const dataDir = await bench.folder();
    bench.say("Starting for the first time, with the demo");
    const server = await startBenchServer(dataDir, { demoRows });
    const seconds = (performance.now() - server.startedAt) / 1000;
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
    return [result("demo-first-start: until ready", seconds, "s", { below: 60 })];
  },
};
