import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { inRequestScope } from "../observe/request-scope.ts";
import { createTenant, type Tenant } from "../tenancy/tenants.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import {
  type Claim,
  claimNext,
  complete,
  enqueue,
  fail,
  getWorkItem,
  heartbeat,
  markCancelled,
  release,
  requestCancel,
  requeueExpired,
  requireOwner,
} from "./work-items.ts";

let test: TestDatabase;
let acme: Tenant;
let beta: Tenant;

beforeAll(async () => {
  test = await createTestDatabase();
  acme = await createTenant(test.db, { slug: "acme", name: "Acme" });
  beta = await createTenant(test.db, { slug: "beta", name: "Beta" });
});

afterAll(() => test.drop());

beforeEach(async () => {
  for (const { id } of [acme, beta]) await test.db.inTenant(id, (tx) => tx.workItem.deleteMany());
});

const add = (tenant: Tenant, name: string, more: { priority?: number; pool?: string; attemptsMax?: number } = {}) =>
  test.db.inTenant(tenant.id, (tx) => enqueue(tx, { kind: "import", pool: "imports", payload: { name }, ...more }));

const claim = (more: { leaseMs?: number; tenantMax?: number; worker?: string } = {}) =>
  claimNext(test.db, { pool: "imports", worker: "w1", leaseMs: 30_000, ...more });

const nameOf = (claimed: Claim | null) => (claimed?.payload as { name: string } | undefined)?.name ?? null;

const inTenantOf = <T>(claimed: Claim, work: Parameters<typeof test.db.inTenant<T>>[1]) =>
  test.db.inTenant(claimed.tenantId, work);

const itemOf = (claimed: Claim) => inTenantOf(claimed, (tx) => getWorkItem(tx, claimed.id));

describe("claiming", () => {
  it("takes companies in turn, so that a long queue of one does not hold up another", async () => {
    for (const name of ["a1", "a2", "a3"]) await add(acme, name);
    for (const name of ["b1", "b2"]) await add(beta, name);
    const order: (string | null)[] = [];
    for (let turn = 0; turn < 6; turn++) order.push(nameOf(await claim({ tenantMax: 9 })));
    const firstOfEach = new Set(order.slice(0, 2).map((name) => name?.[0]));
    const secondOfEach = new Set(order.slice(2, 4).map((name) => name?.[0]));
    expect([firstOfEach, secondOfEach, order.slice(4)]).toEqual([new Set("ab"), new Set("ab"), ["a3", null]]);
  });

  it("keeps a company to its limit until something of it is done", async () => {
    for (const name of ["a1", "a2"]) await add(acme, name);
    const first = (await claim({ tenantMax: 1 }))!;
    expect(await claim({ tenantMax: 1 })).toBeNull();
    await inTenantOf(first, (tx) => complete(tx, first));
    expect(nameOf(await claim({ tenantMax: 1 }))).toBe("a2");
  });

  it("keeps the limit when many workers claim at the same moment", async () => {
    for (let i = 0; i < 8; i++) await add(acme, `a${i}`);
    const claims = await Promise.all(Array.from({ length: 8 }, (_, i) => claim({ tenantMax: 3, worker: `w${i}` })));
    const taken = claims.filter((claimed) => claimed !== null);
    expect(new Set(taken.map((claimed) => claimed.id)).size).toBe(3);
  });

  it("lets many small companies pass a huge one, whichever of several workers asks", async () => {
    const small = await Promise.all(
      Array.from({ length: 6 }, (_, at) => createTenant(test.db, { slug: `small-${at}`, name: "Small" })),
    );
    for (let at = 0; at < 12; at++) await add(acme, `a${at}`);
    for (const tenant of small) await add(tenant, tenant.slug);
    const begun: Claim[] = [];
    // Three workers, each of which takes the next item when it is done with one.
    const work = async (worker: string) => {
      for (;;) {
        const claimed = await claim({ worker });
        if (claimed === null) return;
        begun.push(claimed);
        await sleep(5);
        await inTenantOf(claimed, (tx) => complete(tx, claimed));
      }
    };
    await Promise.all(["w1", "w2", "w3"].map(work));
    expect(new Set(begun.map(({ id }) => id)).size).toBe(18);
    // One of the huge company's for each of a small one's, and what was begun while the last of them waited.
    const lastSmall = begun.findLastIndex(({ tenantId }) => tenantId !== acme.id);
    expect(begun.slice(0, lastSmall).filter(({ tenantId }) => tenantId === acme.id).length).toBeLessThanOrEqual(4);
  });

  it("takes the higher priority first, then the older", async () => {
    await add(acme, "old");
    await add(acme, "new");
    await add(acme, "urgent", { priority: 5 });
    const order = [
      nameOf(await claim({ tenantMax: 9 })),
      nameOf(await claim({ tenantMax: 9 })),
      nameOf(await claim({ tenantMax: 9 })),
    ];
    expect(order).toEqual(["urgent", "old", "new"]);
  });

  it("leaves the work of other pools alone", async () => {
    await add(acme, "quick", { pool: "interactive" });
    expect(await claim()).toBeNull();
  });

  it("says who asked for what, and counts the attempt", async () => {
    const item = await inRequestScope({ requestId: "request-1", route: "POST /imports" }, () => add(acme, "a1"));
    expect(await claim()).toEqual({
      id: item.id,
      tenantId: acme.id,
      kind: "import",
      payload: { name: "a1" },
      attempts: 1,
      fencingToken: expect.any(BigInt),
      cancelRequested: false,
      requestId: "request-1",
      traceparent: null,
    });
  });

  it("carries nobody's request where nobody asked", async () => {
    await inRequestScope({ requestId: "request-1", route: "POST /imports" }, () => add(acme, "a1"));
    await add(acme, "a2");
    expect([(await claim())?.requestId, (await claim())?.requestId]).toEqual(["request-1", null]);
  });
});

describe("the fence", () => {
  async function takenOver(): Promise<{ stale: Claim; current: Claim }> {
    await add(acme, "a1");
    const stale = (await claim({ leaseMs: 1 }))!;
    await sleep(10);
    expect(await requeueExpired(test.db)).toBe(1);
    const current = (await claim({ worker: "w2" }))!;
    return { stale, current };
  }

  it("gives every later holder a greater token", async () => {
    const { stale, current } = await takenOver();
    expect(current.id).toBe(stale.id);
    expect(current.fencingToken).toBeGreaterThan(stale.fencingToken);
  });

  it.each([
    ["complete", (tx, claimed) => complete(tx, claimed, { rows: 1 })],
    ["fail", (tx, claimed) => fail(tx, claimed, { message: "late" })],
    ["cancel", (tx, claimed) => markCancelled(tx, claimed)],
    ["give back", (tx, claimed) => release(tx, claimed)],
    ["hold", (tx, claimed) => requireOwner(tx, claimed)],
  ] satisfies [string, (tx: Parameters<typeof complete>[0], claimed: Claim) => Promise<void>][])(
    "does not let a late worker %s what somebody else works on",
    async (_, act) => {
      const { stale, current } = await takenOver();
      await expect(inTenantOf(stale, (tx) => act(tx, stale))).rejects.toMatchObject({ code: "conflict" });
      expect(await itemOf(current)).toMatchObject({
        state: "running",
        worker: "w2",
        result: null,
        error: null,
        fencingToken: current.fencingToken,
      });
    },
  );

  it("tells a late worker by its next heartbeat, and does not store its progress", async () => {
    const { stale, current } = await takenOver();
    expect(await heartbeat(test.db, stale, { leaseMs: 30_000, progress: { rows: 9 } })).toEqual({
      cancelRequested: false,
      stillOwner: false,
    });
    expect((await itemOf(current)).progress).toEqual({});
  });

  it("stops a silent worker even while its item waits in the queue", async () => {
    await add(acme, "a1");
    const stale = (await claim({ leaseMs: 1 }))!;
    await sleep(10);
    await requeueExpired(test.db);
    await expect(inTenantOf(stale, (tx) => complete(tx, stale))).rejects.toMatchObject({ code: "conflict" });
  });

  it("lets the holder write in the transaction that it holds the item in", async () => {
    await add(acme, "a1");
    const claimed = (await claim())!;
    await inTenantOf(claimed, async (tx) => {
      await requireOwner(tx, claimed);
      await complete(tx, claimed, { rows: 3 });
    });
    expect(await itemOf(claimed)).toMatchObject({
      state: "done",
      result: { rows: 3 },
      finishedAt: expect.any(Date),
      leaseUntil: null,
    });
  });

  it("does not finish what is finished", async () => {
    await add(acme, "a1");
    const claimed = (await claim())!;
    await inTenantOf(claimed, (tx) => complete(tx, claimed));
    await expect(inTenantOf(claimed, (tx) => fail(tx, claimed, {}))).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("leases", () => {
  it("keep an item as long as its worker is heard", async () => {
    await add(acme, "a1");
    const claimed = (await claim({ leaseMs: 1 }))!;
    expect(await heartbeat(test.db, claimed, { leaseMs: 30_000, progress: { rows: 5 } })).toEqual({
      cancelRequested: false,
      stillOwner: true,
    });
    expect(await requeueExpired(test.db)).toBe(0);
    expect((await itemOf(claimed)).progress).toEqual({ rows: 5 });
  });

  it("leave the last progress when a heartbeat brings none", async () => {
    await add(acme, "a1");
    const claimed = (await claim())!;
    await heartbeat(test.db, claimed, { leaseMs: 30_000, progress: { rows: 5 } });
    await heartbeat(test.db, claimed, { leaseMs: 30_000 });
    expect((await itemOf(claimed)).progress).toEqual({ rows: 5 });
  });

  it("are not waited for after a crash of the only process", async () => {
    await add(acme, "a1");
    await claim({ leaseMs: 3_600_000 });
    expect(await requeueExpired(test.db)).toBe(0);
    expect(await requeueExpired(test.db, { evenIfLeased: true })).toBe(1);
    expect(nameOf(await claim())).toBe("a1");
  });

  it("fail an item whose workers died too often, with a sentence", async () => {
    await add(acme, "deadly", { attemptsMax: 2 });
    for (let attempt = 0; attempt < 2; attempt++) {
      await claim();
      await requeueExpired(test.db, { evenIfLeased: true });
    }
    expect(await claim()).toBeNull();
    const [item] = await test.db.inTenant(acme.id, (tx) => tx.workItem.findMany());
    expect(item).toMatchObject({
      state: "failed",
      error: { code: "internal", message: expect.stringContaining("2 times") },
      finishedAt: expect.any(Date),
    });
  });

  it("do not count an attempt that was given back", async () => {
    await add(acme, "a1", { attemptsMax: 1 });
    const first = (await claim())!;
    await inTenantOf(first, (tx) => release(tx, first));
    expect(await claim()).toMatchObject({ id: first.id, attempts: 1 });
  });
});

describe("cancelling", () => {
  it("ends what is queued at once", async () => {
    const item = await add(acme, "a1");
    const cancelled = await test.db.inTenant(acme.id, (tx) => requestCancel(tx, item.id));
    expect(cancelled).toMatchObject({ state: "cancelled", finishedAt: expect.any(Date) });
    expect(await claim()).toBeNull();
  });

  it("asks the worker of what runs", async () => {
    await add(acme, "a1");
    const claimed = (await claim())!;
    expect(await inTenantOf(claimed, (tx) => requestCancel(tx, claimed.id))).toMatchObject({
      state: "running",
      cancelRequested: true,
      finishedAt: null,
    });
    expect(await heartbeat(test.db, claimed, { leaseMs: 30_000 })).toEqual({ cancelRequested: true, stillOwner: true });
  });

  it("leaves what is done", async () => {
    await add(acme, "a1");
    const claimed = (await claim())!;
    await inTenantOf(claimed, (tx) => complete(tx, claimed));
    expect(await inTenantOf(claimed, (tx) => requestCancel(tx, claimed.id))).toMatchObject({
      state: "done",
      cancelRequested: false,
    });
  });

  it("is not undone by the death of the worker", async () => {
    await add(acme, "a1");
    const claimed = (await claim())!;
    await inTenantOf(claimed, (tx) => requestCancel(tx, claimed.id));
    await requeueExpired(test.db, { evenIfLeased: true });
    expect(await itemOf(claimed)).toMatchObject({ state: "cancelled", finishedAt: expect.any(Date) });
  });

  it("does not reach another company's work", async () => {
    const item = await add(acme, "a1");
    await expect(test.db.inTenant(beta.id, (tx) => requestCancel(tx, item.id))).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

it("queues nothing when the transaction that asked for it fails", async () => {
  const asked = test.db.inTenant(acme.id, async (tx) => {
    await enqueue(tx, { kind: "import", pool: "imports", payload: {} });
    throw new Error("no");
  });
  await expect(asked).rejects.toThrow("no");
  expect(await claim()).toBeNull();
});
