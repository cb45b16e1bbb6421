import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { CostQueryInput } from "@finops/capabilities/costs/contract";
import { openDatabase } from "@finops/platform/db/database";
import { startProcessSet } from "@finops/server/testing/process-set";
import type { ServerProcess } from "@finops/server/testing/server-process";
import type { Bench, BenchRun } from "./bench.ts";
import { dashboardQueries } from "./dashboard.ts";
import { p95 } from "./percentiles.ts";
import { type Result, result } from "./results.ts";
import { filtersOf, makeSetCompany, type SetCompany } from "./set-companies.ts";

const apisMax = 3;
const askers = 24;
const secondsEach = 15;
const smallCompanies = 20;
const smallRows = 2000;
const pauseMs = 1000;
const floodAtOnce = 60;
const hugeImports = 4;
const billedMonth = { start: "2026-10-01", end: "2026-11-01" };

/**
 * Several processes on PostgreSQL, ClickHouse's engine, Redis and an S3 emulator, all on this machine together with those who
 * ask: what is compared is one run's figures with each other, not with a cluster.
 */
export const processesBench: Bench = {
  name: "processes",
  about: "throughput of one, two and three API processes, and what twenty small companies notice of a huge one",
  async run(bench) {
    const set = await startProcessSet();
    const db = openDatabase({ appUrl: set.postgres.appUrl, connectionsMax: 3 });
    try {
      const apis = [set.start("api-1", { FINOPS_ROLE: "api", FINOPS_DATABASE_OWNER_URL: set.postgres.ownerUrl })];
      const first = await apis[0]!.ready();
      for (let more = 2; more <= apisMax; more += 1) apis.push(set.start(`api-${more}`, { FINOPS_ROLE: "api" }));
      const urls = [first, ...(await Promise.all(apis.slice(1).map((api) => api.ready())))];
      await set.start("worker-1", { FINOPS_ROLE: "worker" }).ready();
      const huge = await makeSetCompany(db, "huge");
      bench.say(`Importing ${bench.rows.toLocaleString("en")} rows for the huge company`);
      await (
        await huge.queueImport(first, await bench.bills("aws-cur2", bench.rows))
      )();
      const small: SetCompany[] = [];
      for (let made = 0; made < smallCompanies; made += 1) small.push(await makeSetCompany(db, `small-${made}`));
      return [
        ...(await throughput(bench, huge, apis, urls)),
        ...(await fairImports(bench, huge, small, first)),
        ...(await fairQueries(bench, huge, small, urls)),
      ];
    } finally {
      await db.close();
      await set.stop();
    }
  },
};

/** As many answers as there is time for: questions that no process has answered yet, and again those that each has. */
async function throughput(bench: BenchRun, huge: SetCompany, apis: ServerProcess[], urls: string[]): Promise<Result[]> {
  const results: Result[] = [];
  const filters = await filtersOf(huge, urls[0]!, billedMonth, 20_000);
  const questions = filters.flatMap((filter) => dashboardQueries(billedMonth, filter));
  let next = 0;
  const known = questions.splice(0, 40);
  for (const url of urls) for (const query of known) await huge.costs(url, query);
  for (let count = 1; count <= apisMax; count += 1) {
    for (const [name, question] of [
      ["asked before", (turn: number) => known[turn % known.length]!],
      ["new", () => questions[(next += 1) % questions.length]!],
    ] as const) {
      bench.say(`${count} API processes, ${askers} ask at once, questions ${name}, ${secondsEach} s`);
      const before = cpuSeconds(apis);
      const { latenciesMs, seconds } = await askFor(secondsEach, huge, urls.slice(0, count), question);
      const ofApis = cpuSeconds(apis) - before;
      const label = `${count} API process${count === 1 ? "" : "es"}, questions ${name}`;
      results.push(
        result(`processes, ${label}: answers`, latenciesMs.length / seconds, "a second"),
        result(`processes, ${label}: p95`, p95(latenciesMs), "ms"),
        result(`processes, ${label}: processor time of the API`, (1000 * ofApis) / latenciesMs.length, "ms an answer"),
      );
    }
  }
  return results;
}

async function askFor(
  seconds: number,
  company: SetCompany,
  urls: readonly string[],
  question: (turn: number) => CostQueryInput,
): Promise<{ latenciesMs: number[]; seconds: number }> {
  const latenciesMs: number[] = [];
  const began = performance.now();
  let turn = 0;
  const asker = async () => {
    while (performance.now() - began < seconds * 1000) {
      const asked = performance.now();
      turn += 1;
      await company.costs(urls[turn % urls.length]!, question(turn));
      latenciesMs.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: askers }, asker));
  return { latenciesMs, seconds: (performance.now() - began) / 1000 };
}

/** How long small companies wait for their imports, alone and behind those of a huge one that came first. One worker works. */
async function fairImports(bench: BenchRun, huge: SetCompany, small: SetCompany[], url: string): Promise<Result[]> {
  const bills = await bench.bills("aws-cur2", smallRows);
  const hugeBills = await bench.bills("aws-cur2", Math.min(bench.rows, 200_000));
  const importAll = async () => {
    const began = performance.now();
    const waits = await Promise.all(small.map((company) => company.queueImport(url, bills)));
    await Promise.all(waits.map((done) => done()));
    return (performance.now() - began) / 1000;
  };
  bench.say(`${small.length} small companies import ${smallRows} rows each, alone`);
  const alone = await importAll();
  bench.say(`The same behind ${hugeImports} imports of the huge company`);
  const began = performance.now();
  const waits = await Promise.all(Array.from({ length: hugeImports }, () => huge.queueImport(url, hugeBills)));
  let hugeSeconds = 0;
  const allHuge = Promise.all(waits.map((done) => done())).then(
    () => (hugeSeconds = (performance.now() - began) / 1000),
  );
  const behind = await importAll();
  await allHuge;
  return [
    result("fairness: twenty small imports, alone", alone, "s"),
    result("fairness: the same behind those of a huge company", behind, "s"),
    result("fairness: the imports of the huge company beside them", hugeSeconds, "s"),
  ];
}

/** What small companies wait for answers, alone and while a huge one keeps many questions waiting. */
async function fairQueries(bench: BenchRun, huge: SetCompany, small: SetCompany[], urls: string[]): Promise<Result[]> {
  const visits = 15;
  const filters = await Promise.all(small.map((company) => filtersOf(company, urls[0]!, billedMonth, 2 * visits)));
  const phase = async (from: number) => {
    const latenciesMs: number[] = [];
    const began = performance.now();
    const visitAll = async (company: SetCompany, index: number) => {
      for (let visit = 0; visit < visits; visit += 1) {
        const dueMs = (index / small.length + visit) * pauseMs;
        await sleep(Math.max(0, began + dueMs - performance.now()));
        const [query] = dashboardQueries(billedMonth, filters[index]![from + visit]).slice(visit % 8);
        const asked = performance.now();
        await company.costs(urls[index % urls.length]!, query!);
        latenciesMs.push(performance.now() - asked);
      }
    };
    await Promise.all(small.map(visitAll));
    return latenciesMs;
  };
  bench.say(`${small.length} small companies ask once a second each`);
  const alone = await phase(0);
  bench.say(`The same while the huge company has ${floodAtOnce} questions waiting all the time`);
  const flood = startFlood(huge, urls, await filtersOf(huge, urls[0]!, billedMonth, 40_000));
  const beside = await phase(visits);
  const answered = await flood.stop();
  return [
    result("fairness: p95 of small companies' answers, alone", p95(alone), "ms"),
    result("fairness: the same beside a huge company's questions", p95(beside), "ms"),
    result("fairness: times as long", p95(beside) / p95(alone), "times"),
    result("fairness: answers of the huge company meanwhile", answered, "answers"),
  ];
}

function startFlood(
  huge: SetCompany,
  urls: string[],
  filters: Awaited<ReturnType<typeof filtersOf>>,
): { stop(): Promise<number> } {
  let [isOver, answered, turn] = [false, 0, filters.length / 2];
  const ask = async () => {
    while (!isOver) {
      turn += 1;
      const [query] = dashboardQueries(billedMonth, filters[turn % filters.length]).slice(turn % 8);
      await huge.costs(urls[turn % urls.length]!, query!);
      answered += 1;
    }
  };
  const asking = Promise.all(Array.from({ length: floodAtOnce }, ask));
  return {
    async stop() {
      isOver = true;
      await asking;
      return answered;
    },
  };
}

/** Of the main threads and all others of the processes, so far. */
function cpuSeconds(processes: readonly ServerProcess[]): number {
  const ticksPerSecond = 100;
  return processes.reduce((sum, { child }) => {
    const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    return sum + (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }, 0);
}
