import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "@finops/platform/db/database";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { startTestPooler, type TestPooler } from "@finops/platform/testing/pooler";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type ProcessSet, startProcessSet } from "./testing/process-set.ts";
import type { ServerProcess } from "./testing/server-process.ts";
import { createSetClient, type ImportState, largeBill, type SetClient } from "./testing/set-client.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let set: ProcessSet;
let pooler: TestPooler;
let pooled: NodeJS.ProcessEnv;
let apis: ServerProcess[];
let worker: ServerProcess;
let urls: string[];
let acme: SetClient;

beforeAll(async () => {
  set = await startProcessSet();
  const { appUrl } = set.postgres;
  pooler = await startTestPooler(appUrl, 3);
  // Webhooks of this machine are told too.
  pooled = { DATABASE_URL: pooler.url, FINOPS_DATABASE_LISTEN_URL: appUrl, FINOPS_HTTP_ISSUERS: "1" };
  // One may migrate; the others wait for it, and reach PostgreSQL through a pooler.
  apis = [
    set.start("api-1", { FINOPS_ROLE: "api", ...pooled }),
    set.start("api-2", { FINOPS_ROLE: "api", FINOPS_DATABASE_OWNER_URL: set.postgres.ownerUrl }),
  ];
  worker = set.start("worker-1", { FINOPS_ROLE: "worker", ...pooled });
  urls = await Promise.all(apis.map((api) => api.ready()));
  await worker.ready();
  acme = await createSetClient(set, urls);
});
afterAll(async () => {
  await acme?.db.close();
  await set?.stop();
  await pooler?.stop();
});

it("takes a bill in by two processes, works it off in a third, and shows and tells it everywhere", async () => {
  const page = await acme.listen(1);
  const id = await acme.startImport(largeBill(3));
  await acme.imported(id);
  expect([await acme.billed(0), await acme.billed(1)]).toEqual(["3", "3"]);
  await expect.poll(() => page.topics).toEqual(expect.arrayContaining(["import", "published"]));
});

it("answers in one process what another has worked out, without reading costs again", async () => {
  const query = { measures: ["billedCost", "rowCount"], period: { start: "2026-05-01", end: "2026-06-01" } };
  const ask = (api: number) =>
    acme.answer<{ totals: unknown; meta: { fromCache: boolean } }>(api, "/api/v1/cost/query", {
      method: "POST",
      body: JSON.stringify(query),
    });
  const first = await ask(0);
  // It is kept beside the answer.
  await expect.poll(() => set.redis.call("EVAL", "return #redis.call('keys', '*:answer:*')", "0")).toBeGreaterThan(0);
  await expect.poll(async () => (await ask(1)).meta.fromCache).toBe(true);
  expect((await ask(1)).totals).toEqual(first.totals);
  expect(first.meta.fromCache).toBe(false);
});

it("keeps companies apart that share the three connections of a pooler", async () => {
  const db = openDatabase({ appUrl: pooler.url, connectionsMax: 30 });
  const ids = await Promise.all(
    ["ash", "elm", "fir", "oak", "yew"].map(async (slug) => (await createTenant(db, { slug, name: slug })).id),
  );
  const seen = await Promise.all(
    Array.from({ length: 60 }, (_, index) => {
      const id = ids[index % ids.length]!;
      return db.inTenant(id, async (tx) => [
        id,
        (await tx.tenant.findMany({ select: { id: true } })).map((one) => one.id),
      ]);
    }),
  );
  await db.close();
  for (const [id, companies] of seen) expect(companies).toEqual([id]);
});

it("serves nothing but its health from a worker", async () => {
  const url = await worker.ready();
  const paths = ["/healthz", "/readyz", "/api/v1/datasets", "/"];
  expect(await Promise.all(paths.map(async (path) => (await fetch(`${url}${path}`)).status))).toEqual([
    200, 200, 404, 404,
  ]);
});

it("finishes an import once whose worker is killed in the middle of it", async () => {
  const id = await acme.startImport(largeBill(5));
  await expect.poll(() => acme.stateOf(0, id), { interval: 20, timeout: 20_000 }).toBe("running");
  await sleep(300);
  expect(await acme.stateOf(0, id)).toBe("running");
  worker.child.kill("SIGKILL");
  await worker.ended;
  expect(await acme.billed(1)).toBe("3");
  worker = set.start("worker-2", { FINOPS_ROLE: "worker", ...pooled });
  await acme.imported(id);
  expect([await acme.billed(0), await acme.billed(1)]).toEqual(["5", "5"]);
  const [item] = await acme.db.inTenant(acme.tenantId, (tx) =>
    tx.workItem.findMany({ orderBy: { id: "desc" }, take: 1 }),
  );
  const current = await acme.db.inTenant(acme.tenantId, (tx) =>
    tx.datasetVersion.count({ where: { state: "published" } }),
  );
  expect([item!.attempts, current]).toEqual([2, 1]);
});

it("delivers what was committed, by one key, whichever process is killed before it is sent or before that is known", async () => {
  const keys: unknown[] = [];
  const answers: ((answer: ServerResponse) => void)[] = [];
  const receiver = createServer((request, answer) => {
    keys.push(request.headers["idempotency-key"]);
    (answers.shift() ?? ((one) => one.end()))(answer);
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const channel = { name: "Operations", target: { kind: "webhook", url, secret: "a-secret-of-this-test" } };
  const post = (api: number, path: string, body: object = {}) =>
    acme.answer<{ id: string }>(api, `/api/v1/alerts/${path}`, { method: "POST", body: JSON.stringify(body) });
  const restartWorker = async (name: string) => {
    worker.child.kill("SIGKILL");
    await worker.ended;
    return () => (worker = set.start(name, { FINOPS_ROLE: "worker", ...pooled }));
  };
  try {
    const { id: channelId } = await post(0, "channels", channel);
    // Committed and acknowledged, and every process that could send it is dead.
    const start = await restartWorker("worker-3");
    const first = await post(0, `channels/${channelId}/test`);
    apis[0]!.child.kill("SIGKILL");
    await apis[0]!.ended;
    expect(keys).toEqual([]);
    // It arrives, and its sender is killed before the answer.
    answers.push(() => {});
    start();
    await expect.poll(() => keys, { timeout: 40_000 }).toEqual([first.id]);
    (await restartWorker("worker-4"))();
    const stateOf = async () => {
      const { state, attempts } = await acme.answer<{ state: string; attempts: number }>(
        1,
        `/api/v1/alerts/deliveries/${first.id}`,
      );
      return [state, attempts];
    };
    expect(await stateOf()).toEqual(["queued", 1]);
    // The two minutes pass that its sender had for it.
    await acme.db.inTenant(acme.tenantId, (tx) =>
      tx.alertDelivery.updateMany({ where: { id: first.id }, data: { nextAt: new Date() } }),
    );
    await expect.poll(stateOf, { timeout: 40_000 }).toEqual(["sent", 2]);
    expect(keys).toEqual([first.id, first.id]);
  } finally {
    receiver.closeAllConnections();
    receiver.close();
    apis[0] = set.start("api-1", { FINOPS_ROLE: "api", ...pooled });
    urls[0] = await apis[0].ready();
  }
});

it("ends a session everywhere that was ended on one", async () => {
  const page = await acme.listen(1);
  expect((await acme.ask(1, "/api/v1/datasets")).status).toBe(200);
  expect((await acme.ask(0, "/sign-out", { method: "POST" })).status).toBe(204);
  expect((await acme.ask(1, "/api/v1/datasets")).status).toBe(401);
  expect(await page.ended).toBeGreaterThanOrEqual(4000);
  await acme.signIn();
});

it("ends in order when it is told to: first it is not ready, then it takes no more requests", async () => {
  const [first] = apis;
  const { id } = await acme.answer<ImportState>(0, "/api/v1/imports", { method: "POST" });
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const sender = writable.getWriter();
  const slow = acme.ask(0, `/api/v1/imports/${id}/file?name=slow.csv`, {
    method: "PUT",
    body: readable,
    duplex: "half",
    headers: { "content-type": "application/octet-stream" },
  });
  await sender.write(new Uint8Array([1]));
  first!.child.kill("SIGTERM");
  await expect.poll(async () => (await fetch(`${urls[0]}/readyz`)).status).toBe(503);
  // Who sends requests learns of it a moment later; until then they are answered.
  expect([(await fetch(`${urls[0]}/healthz`)).status, await acme.billed(0), await acme.billed(1)]).toEqual([
    200,
    "5",
    "5",
  ]);
  const isRefused = () =>
    fetch(`${urls[0]}/healthz`).then(
      () => false,
      () => true,
    );
  await expect.poll(isRefused, { timeout: 15_000 }).toBe(true);
  // What was under way ends as if nothing were.
  await sender.write(new Uint8Array([2]));
  await sender.close();
  expect([(await slow).status, await first!.ended]).toEqual([200, 0]);
  apis[0] = set.start("api-1", { FINOPS_ROLE: "api", ...pooled });
  urls[0] = await apis[0].ready();
  expect(await acme.billed(0)).toBe("5");
});
