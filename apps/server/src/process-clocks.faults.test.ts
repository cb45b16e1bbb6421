import { setTimeout as sleep } from "node:timers/promises";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type FaultySet, startFaultySet } from "./testing/faulty-set.ts";
import type { ServerProcess } from "./testing/server-process.ts";
import { createSetClient, type SetClient, smallBill } from "./testing/set-client.ts";
import { attemptsOf, hold, isLanding, versionsNow, withClock } from "./testing/set-faults.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const hourMs = 3_600_000;
let set: FaultySet;
let jumping: ServerProcess;
let acme: SetClient;

const monthOf = (month: string) =>
  focusBill([
    {
      BillingPeriodStart: `2026-0${month}-01T00:00:00Z`,
      BillingPeriodEnd: `2026-0${Number(month) + 1}-01T00:00:00Z`,
      ChargePeriodStart: `2026-0${month}-02T00:00:00Z`,
      ChargePeriodEnd: `2026-0${month}-03T00:00:00Z`,
    },
  ]);
const startWorker = (name: string, ...aheadMs: number[]) =>
  set.start(name, { FINOPS_ROLE: "worker", NODE_OPTIONS: withClock(...aheadMs) });

beforeAll(async () => {
  set = await startFaultySet();
  const api = set.start("api", { FINOPS_ROLE: "api", FINOPS_DATABASE_OWNER_URL: set.postgres.ownerUrl });
  jumping = startWorker("jumping", 0, hourMs, -hourMs);
  const [url] = await Promise.all([api.ready(), jumping.ready()]);
  acme = await createSetClient(set, [url, url]);
});
afterAll(async () => {
  await acme?.db.close();
  await set?.stop();
});

it("keeps an import with its worker, whose clock jumps an hour ahead and then an hour behind, beside others that are behind and ahead", async () => {
  const held = hold(set.s3, isLanding);
  const id = await acme.startImport(smallBill(3));
  await held.reached;
  jumping.child.kill("SIGUSR2");
  const others = [startWorker("behind", -hourMs), startWorker("ahead", hourMs)];
  await Promise.all(others.map((other) => other.ready()));
  // They looked for what was left behind, and work.
  await acme.imported(await acme.startImport(monthOf("3")));
  jumping.child.kill("SIGUSR2");
  // A few beats by the other clock.
  await sleep(3_000);
  await acme.imported(await acme.startImport(monthOf("4")));
  held.go();
  await acme.imported(id);
  expect([await acme.billed(0), await attemptsOf(acme, id), await versionsNow(acme)]).toEqual(["3", 1, 3]);
});

it("hands an import over after its lease alone when its worker is killed an hour behind, and counts it once", async () => {
  const held = hold(set.s3, isLanding);
  const id = await acme.startImport(smallBill(5));
  await held.reached;
  const { worker } = await acme.db.inTenant(acme.tenantId, (tx) =>
    tx.workItem.findFirstOrThrow({ where: { state: "running", kind: "import" } }),
  );
  const killedAt = performance.now();
  process.kill(Number(worker!.split(" ").at(-1)), "SIGKILL");
  held.go();
  await acme.imported(id);
  const takenMs = performance.now() - killedAt;
  expect([await acme.billed(0), await attemptsOf(acme, id), await versionsNow(acme)]).toEqual(["5", 2, 3]);
  // The lease is 30 s from its last beat.
  expect(takenMs).toBeGreaterThan(25_000);
});
