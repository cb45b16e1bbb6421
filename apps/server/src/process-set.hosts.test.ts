import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type ProcessSet, startProcessSet } from "./testing/process-set.ts";
import type { ServerProcess } from "./testing/server-process.ts";
import { createSetClient, type ImportState, largeBill, type SetClient } from "./testing/set-client.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let set: ProcessSet;
let apis: ServerProcess[];
let worker: ServerProcess;
let urls: string[];
let acme: SetClient;

beforeAll(async () => {
  set = await startProcessSet();
  // One may migrate; the others wait for it.
  apis = [
    set.start("api-1", { FINOPS_ROLE: "api" }),
    set.start("api-2", { FINOPS_ROLE: "api", FINOPS_DATABASE_OWNER_URL: set.postgres.ownerUrl }),
  ];
  worker = set.start("worker-1", { FINOPS_ROLE: "worker" });
  urls = await Promise.all(apis.map((api) => api.ready()));
  await worker.ready();
  acme = await createSetClient(set, urls);
});
afterAll(async () => {
  await acme?.db.close();
  await set?.stop();
});

it("takes a bill in by two processes, works it off in a third, and shows and tells it everywhere", async () => {
  const page = await acme.listen(1);
  const id = await acme.startImport(largeBill(3));
  await acme.imported(id);
  expect([await acme.billed(0), await acme.billed(1)]).toEqual(["3", "3"]);
  await expect.poll(() => page.topics).toEqual(expect.arrayContaining(["import", "published"]));
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
  worker = set.start("worker-2", { FINOPS_ROLE: "worker" });
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
  apis[0] = set.start("api-1", { FINOPS_ROLE: "api" });
  urls[0] = await apis[0].ready();
  expect(await acme.billed(0)).toBe("5");
});
