import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { requeueExpired } from "@finops/platform/jobs/work-items";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type FaultySet, startFaultySet } from "./testing/faulty-set.ts";
import type { ServerProcess } from "./testing/server-process.ts";
import { createSetClient, largeBill, type SetClient, smallBill } from "./testing/set-client.ts";
import { attemptsOf, findItem, hold, isLanding, isLoading, versionsNow, withClock } from "./testing/set-faults.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let set: FaultySet;
let worker: ServerProcess;
let urls: string[];
let acme: SetClient;

/** How long S3 may be silent. */
const silentSeconds = 5;

/** Of a month that nothing else is told of. */
const otherMonth = focusBill([
  {
    BillingPeriodStart: "2026-03-01T00:00:00Z",
    BillingPeriodEnd: "2026-04-01T00:00:00Z",
    ChargePeriodStart: "2026-03-02T00:00:00Z",
    ChargePeriodEnd: "2026-03-03T00:00:00Z",
  },
]);

beforeAll(async () => {
  set = await startFaultySet();
  const env = { FINOPS_S3_SILENT_SECONDS: String(silentSeconds) };
  const api = set.start("api", { ...env, FINOPS_ROLE: "api", FINOPS_DATABASE_OWNER_URL: set.postgres.ownerUrl });
  worker = set.start("worker", { ...env, FINOPS_ROLE: "worker" });
  const [url] = await Promise.all([api.ready(), worker.ready()]);
  urls = [url, url];
  acme = await createSetClient(set, urls);
});
afterAll(async () => {
  await acme?.db.close();
  await set?.stop();
});
afterEach(() => {
  for (const way of [set.s3, set.clickHouseWay, set.network]) way.heal();
});

const imported = async (bill: string) => acme.imported(await acme.startImport(bill));

it("fails an import with a sentence while S3 is away, keeps what was, and takes the bill in once S3 is back", async () => {
  await imported(smallBill(3));
  let isAway = false;
  set.s3.fail({ times: Infinity, of: (...asked) => (isAway ||= isLanding(...asked)), by: "away" });
  const told = await acme.failed(await acme.startImport(smallBill(5)));
  const refused = await acme.ask(0, "/api/v1/imports", { method: "POST" });
  expect([told, refused.status, await refused.text()]).toEqual([
    expect.stringMatching(/^The file store cannot be reached\. Try again in a minute/),
    502,
    expect.stringContaining("Try again in a minute"),
  ]);
  expect(await acme.billed(0)).toBe("3");
  set.s3.heal();
  await imported(smallBill(5));
  expect(await acme.billed(0)).toBe("5");
});

it("fails an import in bounded time over an S3 that takes requests and never answers, and what a page asks too", async () => {
  await imported(smallBill(3));
  let isSilent = false;
  set.s3.fail({ times: Infinity, of: (...asked) => (isSilent ||= isLanding(...asked)), by: "silent" });
  const id = await acme.startImport(smallBill(7));
  const startedAt = performance.now();
  const told = await acme.failed(id);
  const failedAt = performance.now();
  const refused = await acme.ask(0, "/api/v1/imports", { method: "POST" });
  const refusedAt = performance.now();
  const sentence = /The file store does not answer\. Try again in a minute/;
  expect([told, refused.status, await refused.text(), await acme.billed(0)]).toEqual([
    expect.stringMatching(sentence),
    502,
    expect.stringMatching(sentence),
    "3",
  ]);
  // Two silences of what failed, one for each thing that is tidied up afterwards; a page waits for two.
  expect(failedAt - startedAt).toBeLessThan(6 * silentSeconds * 1000);
  expect(refusedAt - failedAt).toBeLessThan(3 * silentSeconds * 1000);
  set.s3.heal();
  await imported(smallBill(7));
  expect([await acme.billed(0), await versionsNow(acme)]).toEqual(["7", 1]);
});

it("takes a bill in by itself over an S3 that is silent now and then, and one whose answers are lost", async () => {
  set.s3.fail(
    { times: 1, of: (method, url) => method === "GET" && url.includes("may.csv"), by: "stuck-answer" },
    { times: 1, of: isLanding, by: "silent" },
    { times: 1, of: (method, url) => method === "PUT" && url.includes("/lake/"), by: "lost-answer" },
  );
  const id = await acme.startImport(largeBill(9));
  await acme.imported(id);
  expect([await acme.billed(0), await attemptsOf(acme, id), await versionsNow(acme)]).toEqual(["9", 1, 1]);
});

it("takes a bill in by itself over an S3 that is slow, fails now and then and cuts its answers", async () => {
  const isPut = (method: string) => method === "PUT";
  const isBill = (method: string, url: string) => method === "GET" && url.includes("may.csv");
  set.s3.fail(
    { times: 2, of: isBill, by: "cut-answer" },
    { times: 1, of: isBill, by: "slow-down" },
    { times: 2, of: isPut, by: "fail" },
    { times: 2, of: isPut, by: "slow" },
  );
  await imported(largeBill(7));
  expect(await acme.billed(0)).toBe("7");
});

it("shows nothing of a period whose ClickHouse was killed in the middle of its publication", async () => {
  await imported(smallBill(11));
  let inserts = 0;
  set.clickHouseWay.fail({
    times: 1,
    // The second table: the rows are there, their combinations are not.
    of: (...asked) => isLoading(...asked) && (inserts += 1) === 2,
    by: () => set.clickHouse.kill(),
  });
  const told = await acme.failed(await acme.startImport(smallBill(13)));
  const sentence = "ClickHouse does not answer. Try again in a moment.";
  expect([told, await askUntil(28)]).toEqual([sentence, [502, sentence]]);
  await set.clickHouse.restart();
  expect(await acme.billed(0)).toBe("11");
  await imported(smallBill(13));
  expect(await acme.billed(0)).toBe("13");
});

it("answers each query rightly or with a word to try again when ClickHouse is killed among many", async () => {
  await imported(smallBill(17));
  let asked = 0;
  set.clickHouseWay.fail({ times: 1, of: () => (asked += 1) === 6, by: () => set.clickHouse.kill() });
  const days = Array.from({ length: 12 }, (_, index) => index + 10);
  const told = await Promise.all(days.map(askUntil));
  await set.clickHouse.restart();
  for (const [status, said] of told)
    expect(said).toBe(status === 200 ? "17" : "ClickHouse does not answer. Try again in a moment.");
  expect(await Promise.all(days.map(askUntil))).toEqual(days.map(() => [200, "17"]));
  expect([told.some(([status]) => status === 502), await acme.billed(0)]).toEqual([true, "17"]);
});

it("says to try again when the network to PostgreSQL is silent or cut in the middle of an import, and goes on afterwards", async () => {
  // S3 would be given up sooner than a silent database.
  const held = hold(set.clickHouseWay, isLoading);
  const id = await acme.startImport(smallBill(19));
  await held.reached;
  set.network.stall();
  const startedAt = performance.now();
  const [ready, refused] = await Promise.all([fetch(`${urls[0]}/readyz`), acme.ask(0, "/api/v1/datasets")]);
  expect([ready.status, refused.ok, await refused.text()]).toEqual([
    503,
    false,
    expect.stringContaining("Try again in a moment."),
  ]);
  expect(performance.now() - startedAt).toBeLessThan(25_000);
  set.network.heal();
  held.go();
  await acme.imported(id);
  expect([await acme.billed(0), await attemptsOf(acme, id), await versionsNow(acme)]).toEqual(["19", 1, 1]);
  // What was sent before is there to be started after it.
  const next = await acme.upload(smallBill(23));
  const start = () => acme.ask(0, `/api/v1/imports/${next}/start`, { method: "POST", body: "{}" });
  set.network.cut();
  const cut = await start();
  expect([cut.status, await cut.text()]).toEqual([502, expect.stringContaining("Try again in a moment.")]);
  set.network.heal();
  expect((await start()).status).toBe(202);
  await acme.imported(next);
  expect([await acme.billed(0), await versionsNow(acme)]).toEqual(["23", 1]);
});

describe("with a second worker whose clock is two days ahead", () => {
  let ahead: ServerProcess;
  beforeAll(async () => {
    ahead = set.start("worker-ahead", { FINOPS_ROLE: "worker", NODE_OPTIONS: withClock(2 * 86_400_000) });
    await ahead.ready();
  });
  afterAll(async () => {
    ahead.child.kill("SIGKILL");
    await ahead.ended;
  });

  it("takes nothing from a worker that is at it", async () => {
    const held = hold(set.s3, isLanding);
    const id = await acme.startImport(smallBill(29));
    await held.reached;
    // The other one looks for what was left behind before it takes anything.
    await imported(otherMonth);
    held.go();
    await acme.imported(id);
    expect([await acme.billed(0), await attemptsOf(acme, id), await versionsNow(acme)]).toEqual(["29", 1, 2]);
  });

  it("counts an import once that both hold at the same time", async () => {
    const held = hold(set.s3, isLanding);
    const id = await acme.startImport(smallBill(31));
    await held.reached;
    await lapse(id);
    await acme.imported(id);
    held.go();
    await imported(otherMonth);
    expect([await acme.billed(0), await attemptsOf(acme, id), await versionsNow(acme)]).toEqual(["31", 2, 2]);
  });
});

it("fails an import on a full disk with a sentence, and takes the bill in once there is room", async () => {
  await imported(smallBill(41));
  limitFiles("100");
  const told = await acme.failed(await acme.startImport(smallBill(43)));
  expect([told, await acme.billed(0)]).toEqual([
    "The disk is full. Free some space and try again; nothing was changed.",
    "41",
  ]);
  limitFiles("unlimited");
  await imported(smallBill(43));
  expect(await acme.billed(0)).toBe("43");
});

/** What the month stands at until a day, or what is said instead: a query that no cache has. */
async function askUntil(day: number): Promise<[number, string | undefined]> {
  const period = { start: "2026-05-01", end: `2026-05-${day}` };
  const query = { measures: ["billedCost"], period, groupBy: ["serviceName"] };
  const answer = await acme.ask(0, "/api/v1/cost/query", { method: "POST", body: JSON.stringify(query) });
  const told = (await answer.json()) as { detail: string; totals?: { values: { billedCost: { value: string } } }[] };
  return [answer.status, told.totals?.[0]?.values.billedCost.value ?? told.detail];
}

/** As if the worker that holds the import had been silent for longer than its lease. */
async function lapse(importId: string): Promise<void> {
  const { id } = await findItem(acme, importId);
  await acme.db.inDirectory(async () => {
    await acme.db.inTenant(
      acme.tenantId,
      (tx) =>
        tx.$executeRaw`update work_item set lease_until = clock_timestamp() - interval '1 s' where id = ${id}::uuid`,
    );
    expect(await requeueExpired(acme.db)).toBe(1);
  });
}

/** Files of the worker and its engines may grow so far: what a write then fails with, it fails with on a full disk too. */
function limitFiles(bytes: string): void {
  const pids = [worker.child.pid!, ...childrenOf(worker.child.pid!)];
  for (const pid of pids) execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);
}

function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => parentOf(other) === pid);
}

/** Null for a process that ended meanwhile. */
function parentOf(pid: number): number | null {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]);
  } catch {
    return null;
  }
}
