import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CostFilter } from "@finops/capabilities/costs/contract";
import { readOrMakeLocalKey } from "@finops/platform/data-folder";
import { askCosts } from "./ask-server.ts";
import type { Bench, BenchRun } from "./bench.ts";
import { type BenchServer, startBenchServer } from "./bench-server.ts";
import { dashboardQueries, visitFilters } from "./dashboard.ts";
import { p95 } from "./percentiles.ts";
import { repository } from "./programs.ts";
import { type Result, result } from "./results.ts";
import type { StoredRows } from "./stored-rows.ts";

const users = 50;
const pauseMs = 10_000;
const besideSlug = "beside";

/** 50 people over HTTP, each opening a dashboard every 10 seconds, while the server watches its own event loop. */
export const usersBench: Bench = {
  name: "users",
  about: "50 concurrent users of the query API, alone and beside an import",
  async run(bench) {
    const stored = await bench.stored();
    const server = await startBenchServer(stored.dataDir, { demoRows: 0 });
    try {
      return await threePhases(bench, stored, server);
    } finally {
      await server.stop();
    }
  },
};

async function threePhases(bench: BenchRun, stored: StoredRows, server: BenchServer): Promise<Result[]> {
  const visitors = await visitorsOf(bench, stored, server);
  const cold = await visitors.cold("cold cache");
  const warm = await visitors.warm("warm cache");
  const imported = await importBeside(stored, server, await bench.bills("aws-cur2", bench.rows));
  const beside = await visitors.cold("cold cache, beside an import");
  bench.say(await imported.stop());
  return [
    ...[cold, warm].flatMap((one) => phaseResults(one, { below: 200 })),
    ...phaseResults(beside, { atMost: Math.round(2 * p95(cold.latenciesMs)) }),
  ];
}

/** 50 people who ask about a period: with filters that nobody asked before, and with those that the server knows. */
export async function visitorsOf(
  bench: BenchRun,
  stored: Pick<StoredRows, "key" | "period">,
  server: BenchServer,
): Promise<{ cold(name: string): Promise<Phase>; warm(name: string): Promise<Phase> }> {
  // A short run is for trying the bench out; the figures that are published come from a minute each.
  const visits = bench.rows >= 1_000_000 ? 6 : 2;
  const filters = await filtersFor(server, stored, (2 * visits + 1) * users);
  let asked = 0;
  const phase = async (name: string, filterOf: FilterOf) => {
    bench.say(`${users} users, ${name}, ${(visits * pauseMs) / 1000} s`);
    await server.loopDelay();
    const opened = await openDashboards(stored, server, visits, filterOf);
    return { name, ...opened, loop: await server.loopDelay() };
  };
  return {
    cold(name) {
      const from = asked * visits;
      asked += 1;
      return phase(name, (user, visit) => filters[(from + visit) * users + user]!);
    },
    async warm(name) {
      const own = (user: number) => filters[2 * visits * users + user]!;
      // One query after the other, so that none is refused and left out of the cache.
      for (const query of Array.from({ length: users }, (_, user) => dashboardQueries(stored.period, own(user))).flat())
        await askCosts(server.url, stored.key, query);
      return phase(name, own);
    },
  };
}

type Phase = Opened & { name: string; loop: { longestMs: number } };

type FilterOf = (user: number, visit: number) => CostFilter;

interface Opened {
  latenciesMs: number[];
  errors: number;
}

/** Everybody's visits: users come evenly over the pause, and each asks its eight queries at once, as a browser does. */
async function openDashboards(
  { key, period }: Pick<StoredRows, "key" | "period">,
  server: BenchServer,
  visits: number,
  filterOf: FilterOf,
): Promise<Opened> {
  const latenciesMs: number[] = [];
  let errors = 0;
  const began = performance.now();
  const ask = async (query: ReturnType<typeof dashboardQueries>[number]) => {
    const asked = performance.now();
    try {
      await askCosts(server.url, key, query);
      // A refusal is quick, and must not make the answers look quick.
      latenciesMs.push(performance.now() - asked);
    } catch (error) {
      errors += 1;
      if (errors === 1) console.error(error);
    }
  };
  const visit = async (user: number) => {
    for (let count = 0; count < visits; count++) {
      const dueMs = (user / users + count) * pauseMs;
      await sleep(Math.max(0, began + dueMs - performance.now()));
      await Promise.all(dashboardQueries(period, filterOf(user, count)).map(ask));
    }
  };
  await Promise.all(Array.from({ length: users }, (_, user) => visit(user)));
  return { latenciesMs, errors };
}

async function filtersFor(
  server: BenchServer,
  { key, period }: Pick<StoredRows, "key" | "period">,
  count: number,
): Promise<CostFilter[]> {
  const valuesOf = async (dimension: string) => {
    const { rows } = await askCosts(server.url, key, { measures: ["effectiveCost"], groupBy: [dimension], period });
    return rows.map((row) => row.key[dimension]).filter((value) => typeof value === "string");
  };
  return visitFilters(await valuesOf("subAccountId"), await valuesOf("serviceName"), count);
}

interface ImportBeside {
  /** Ends it, and says how far it came. */
  stop(): Promise<string>;
}

/** Imports a bill into another company through the same server. Settles when the upload is done and the work has begun. */
async function importBeside({ dataDir }: StoredRows, server: BenchServer, bills: string): Promise<ImportBeside> {
  const program = [
    join(repository, "scripts/finops.mjs"),
    "import",
    bills,
    "--tenant",
    besideSlug,
    "--create-tenant",
    "--json",
  ];
  const child = spawn(process.execPath, program, {
    cwd: repository,
    stdio: "ignore",
    env: { ...process.env, FINOPS_DATA: dataDir },
  });
  const ended = once(child, "exit");
  await Promise.race([importIsRunning(server, readOrMakeLocalKey(dataDir)), ended]);
  return {
    async stop() {
      if (child.exitCode !== null) return `The import beside ended before the users did (exit ${child.exitCode}).`;
      child.kill("SIGINT");
      await ended;
      return "The import beside ran all the time and was then cancelled.";
    },
  };
}

async function importIsRunning({ url }: BenchServer, localKey: string): Promise<void> {
  const headers = { authorization: `Bearer ${localKey}`, "x-finops-tenant": besideSlug };
  for (;;) {
    const answer = await fetch(`${url}/api/v1/imports`, { headers });
    // Until the command line has made the company there is nobody to ask about.
    const { imports } = answer.ok ? ((await answer.json()) as { imports: { state: string }[] }) : { imports: [] };
    if (imports.some(({ state }) => state === "running")) return;
    await sleep(200);
  }
}

export function phaseResults(phase: Phase, goal: { below: number } | { atMost: number }): Result[] {
  return [
    result(`users, ${phase.name}: p95`, p95(phase.latenciesMs), "ms", goal),
    result(`users, ${phase.name}: errors`, phase.errors, "answers", { atMost: 0 }),
    result(`users, ${phase.name}: longest block of the event loop`, phase.loop.longestMs, "ms", { atMost: 50 }),
  ];
}
