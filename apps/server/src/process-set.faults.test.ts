import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type ProcessSet, startProcessSet } from "./testing/process-set.ts";
import type { ServerProcess } from "./testing/server-process.ts";
import { createSetClient, largeBill, type SetClient } from "./testing/set-client.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let set: ProcessSet;
let workers: ServerProcess[];
let urls: string[];
let acme: SetClient;

const startWorker = (name: string) => set.start(name, { FINOPS_ROLE: "worker" });
const readiness = async () => Promise.all(urls.map(async (url) => (await fetch(`${url}/readyz`)).status));

beforeAll(async () => {
  set = await startProcessSet();
  const env = { FINOPS_ROLE: "api", FINOPS_DATABASE_OWNER_URL: set.postgres.ownerUrl };
  const apis = ["api-1", "api-2"].map((name) => set.start(name, env));
  workers = [startWorker("worker-1")];
  urls = await Promise.all([...apis, ...workers].map((one) => one.ready()));
  acme = await createSetClient(set, urls);
});
afterAll(async () => {
  await acme?.db.close();
  await set?.stop();
});

const versionsNow = () =>
  acme.db.inTenant(acme.tenantId, (tx) => tx.datasetVersion.count({ where: { state: "published" } }));

it("comes back by itself when PostgreSQL was away, and says meanwhile that it is not ready", async () => {
  await acme.imported(await acme.startImport(largeBill(3)));
  await set.stopPostgres();
  await expect.poll(readiness).toEqual([503, 503, 503]);
  const refused = await acme.ask(0, "/api/v1/datasets");
  expect([refused.status, await refused.text()]).toEqual([502, expect.stringContaining("Try again in a moment.")]);
  await set.startPostgres();
  await expect.poll(readiness).toEqual([200, 200, 200]);
  expect([await acme.billed(0), await acme.billed(1)]).toEqual(["3", "3"]);
  await acme.imported(await acme.startImport(largeBill(5)));
  expect(await acme.billed(1)).toBe("5");
});

it("goes on without Redis, and with one that forgot everything", async () => {
  await set.redis.kill();
  const page = await acme.listen(1);
  await acme.imported(await acme.startImport(largeBill(7)));
  await expect.poll(() => page.topics).toEqual(expect.arrayContaining(["published"]));
  await set.redis.restart();
  expect([await acme.billed(0), await acme.billed(1), await readiness()]).toEqual(["7", "7", [200, 200, 200]]);
});

it("counts an import once whose worker slept past its lease and woke up again", async () => {
  const [sleeper] = workers;
  const id = await acme.startImport(largeBill(11));
  await expect.poll(() => acme.stateOf(0, id), { interval: 20, timeout: 20_000 }).toBe("running");
  await sleep(300);
  sleeper!.child.kill("SIGSTOP");
  expect(await acme.stateOf(0, id)).toBe("running");
  const other = startWorker("worker-2");
  await acme.imported(id);
  sleeper!.child.kill("SIGCONT");
  await expect.poll(readiness).toEqual([200, 200, 200]);
  await sleep(5_000);
  expect([await acme.billed(0), await acme.stateOf(1, id), await versionsNow()]).toEqual(["11", "done", 1]);
  // Both work on.
  other.child.kill("SIGTERM");
  expect(await other.ended).toBe(0);
  await acme.imported(await acme.startImport(largeBill(13)));
  expect(await acme.billed(1)).toBe("13");
});
