import { AppError } from "@finops/kernel/app-error";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { silentLog } from "../observe/log.ts";
import { createTenant, type Tenant } from "../tenancy/tenants.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { claimNext, enqueue, getWorkItem, requestCancel, requeueExpired } from "./work-items.ts";
import { type Job, type JobHandler, startWorker, type Worker, type WorkerOptions } from "./worker.ts";

let test: TestDatabase;
let acme: Tenant;
const workers: Worker[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  acme = await createTenant(test.db, { slug: "acme", name: "Acme" });
});

afterAll(() => test.drop());

beforeEach(() => test.db.inTenant(acme.id, (tx) => tx.workItem.deleteMany()));

afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop({ graceMs: 0 });
});

// The poll is slow on purpose: what these tests see quickly came by a notice.
async function start(handler: JobHandler, more: Partial<WorkerOptions> = {}): Promise<Worker> {
  const worker = await startWorker({
    db: test.db,
    log: silentLog,
    name: "w1",
    pool: "imports",
    handlers: { work: handler },
    pollMs: 60_000,
    heartbeatMs: 20,
    ...more,
  });
  workers.push(worker);
  return worker;
}

const add = (kind = "work") => test.db.inTenant(acme.id, (tx) => enqueue(tx, { kind, pool: "imports", payload: {} }));
const read = (id: string) => test.db.inTenant(acme.id, (tx) => getWorkItem(tx, id));
const stateOf = async (id: string) => (await read(id)).state;

const untilAborted: JobHandler = ({ signal }: Job) =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });

it("takes away what the work was given once its result is stored, and not what somebody else still needs", async () => {
  const tidied: string[] = [];
  const tidyAfter =
    (work: JobHandler): JobHandler =>
    async (job) => {
      job.afterwards(async () => void tidied.push(await stateOf(job.claim.id)));
      return work(job);
    };
  await start(tidyAfter(async () => ({})));
  const { id: done } = await add();
  await expect.poll(() => tidied).toEqual(["done"]);
  expect(await stateOf(done)).toBe("done");

  await start(
    tidyAfter(() => Promise.reject(new AppError("invalid", "No."))),
    { pool: "failing" },
  );
  await start(
    tidyAfter(async () => {
      await requeueExpired(test.db, { evenIfLeased: true });
      return {};
    }),
    { pool: "lost", heartbeatMs: 60_000 },
  );
  const others = ["failing", "lost"].map((pool) =>
    test.db.inTenant(acme.id, (tx) => enqueue(tx, { kind: "work", pool, payload: {} })),
  );
  const [failed, lost] = await Promise.all(others);
  await expect.poll(() => stateOf(failed!.id)).toBe("failed");
  await expect.poll(async () => (await read(lost!.id)).fencingToken).not.toBe(lost!.fencingToken);
  for (const worker of workers.splice(0)) await worker.stop({ graceMs: 1000 });
  expect(tidied).toEqual(["done"]);
});

it("does what is queued while it waits, and keeps result and last progress", async () => {
  await start(async ({ reportProgress }) => {
    reportProgress({ rows: 10 });
    return { rows: 10 };
  });
  const { id } = await add();
  await expect.poll(() => read(id)).toMatchObject({ state: "done", result: { rows: 10 }, progress: { rows: 10 } });
});

it("does what was queued before it started, several at a time", async () => {
  const ids = [(await add()).id, (await add()).id];
  let together = 0;
  let most = 0;
  await start(
    async ({ signal }) => {
      most = Math.max(most, ++together);
      await expect.poll(() => most === 2 || signal.aborted).toBe(true);
      together--;
      return {};
    },
    { concurrency: 2 },
  );
  await expect.poll(() => Promise.all(ids.map(stateOf))).toEqual(["done", "done"]);
  expect(most).toBe(2);
});

it("tells the sentence of an error that was meant for people", async () => {
  await start(async () => {
    throw new AppError("invalid", "The bill has no column BilledCost.", { facts: { columns: ["BilledCost"] } });
  });
  const { id } = await add();
  await expect
    .poll(() => read(id))
    .toMatchObject({
      state: "failed",
      error: { code: "invalid", message: "The bill has no column BilledCost.", facts: { columns: ["BilledCost"] } },
    });
});

it("keeps the inside of a defect to the log", async () => {
  await start(async () => {
    throw new Error("secret at 0x7f");
  });
  const { id } = await add();
  await expect.poll(() => stateOf(id)).toBe("failed");
  expect(JSON.stringify((await read(id)).error)).not.toContain("secret");
});

it("fails work that it does not know", async () => {
  await start(async () => ({}));
  const { id } = await add("toString");
  await expect
    .poll(() => read(id))
    .toMatchObject({ state: "failed", error: { message: expect.stringContaining('"toString"') } });
});

it("stops work that was cancelled", async () => {
  await start(untilAborted);
  const { id } = await add();
  await expect.poll(() => stateOf(id)).toBe("running");
  await test.db.inTenant(acme.id, (tx) => requestCancel(tx, id));
  await expect.poll(() => stateOf(id)).toBe("cancelled");
});

it("lets go of work that somebody else took over", async () => {
  let reason: unknown;
  await start((job) =>
    untilAborted(job).catch((error: unknown) => {
      reason = error;
      throw error;
    }),
  );
  const { id } = await add();
  await expect.poll(() => stateOf(id)).toBe("running");
  // What is held by a heartbeat at that moment is left for the next time.
  const takeOver = async () => {
    await requeueExpired(test.db, { evenIfLeased: true });
    return (reason as Error | undefined)?.message;
  };
  await expect.poll(takeOver).toBe("The work was taken over by another worker.");
});

it("waits for what runs when it stops", async () => {
  let finish!: () => void;
  const worker = await start(() => new Promise((resolve) => (finish = () => resolve({ rows: 1 }))));
  const { id } = await add();
  await expect.poll(() => stateOf(id)).toBe("running");
  const stopped = worker.stop({ graceMs: 10_000 });
  finish();
  await stopped;
  expect(await stateOf(id)).toBe("done");
});

it("gives back what does not finish in time, for the next start", async () => {
  const worker = await start(untilAborted);
  const { id } = await add();
  await expect.poll(() => stateOf(id)).toBe("running");
  await worker.stop({ graceMs: 10 });
  expect(await read(id)).toMatchObject({ state: "queued", attempts: 0 });
});

it("takes no more work once it stops", async () => {
  const worker = await start(async () => ({}));
  await worker.stop();
  const { id } = await add();
  expect(await stateOf(id)).toBe("queued");
});

it("takes up what a dead worker left, by its poll", async () => {
  const { id } = await add();
  await claimNext(test.db, { pool: "imports", worker: "dead", leaseMs: 1 });
  await start(async () => ({ by: "w1" }), { pollMs: 30 });
  await expect.poll(() => read(id)).toMatchObject({ state: "done", result: { by: "w1" }, attempts: 2 });
});
