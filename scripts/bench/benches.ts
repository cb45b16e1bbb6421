import { accessBench } from "./access-bench.ts";
import type { Bench } from "./bench.ts";
import { detectorBench } from "./detector-bench.ts";
import { budgetsBench } from "./budgets-bench.ts";
import { processesBench } from "./processes-bench.ts";
import { importCur2, importCurLegacy, importMemory } from "./import-benches.ts";
import { enginesBench } from "./engines-bench.ts";
import { monthsBench } from "./months-bench.ts";
import { queriesRollup, queriesRows } from "./query-benches.ts";
import { demoFirstStart, generate, start } from "./start-benches.ts";
import { usersBench } from "./users-bench.ts";
import { webBench } from "./web-bench.ts";

/** In the order of running: what the store holds is imported once, for those in the middle. */
export const benches: readonly Bench[] = [
  importCur2,
  importCurLegacy,
  importMemory,
  queriesRollup,
  queriesRows,
  enginesBench,
  usersBench,
  monthsBench,
  processesBench,
  webBench,
  budgetsBench,
  detectorBench,
  start,
  generate,
  demoFirstStart,
  accessBench,
];
