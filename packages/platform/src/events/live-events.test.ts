import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dayToColumn } from "../db/day-column.ts";
import { claimNext, complete, enqueue, heartbeat } from "../jobs/work-items.ts";
import { createTenant, type Tenant } from "../tenancy/tenants.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createDatabaseEvents } from "./database-events.ts";
import type { LiveEvents } from "./live-events.ts";
import { topicsFor } from "./topics.ts";

let test: TestDatabase;
let events: LiveEvents;
let acme: Tenant;
let beta: Tenant;
const all = topicsFor(new Set(["costs:read", "sources:read"]));

beforeAll(async () => {
  test = await createTestDatabase();
  acme = await createTenant(test.db, { slug: "acme", name: "Acme" });
  beta = await createTenant(test.db, { slug: "beta", name: "Beta" });
  events = createDatabaseEvents(test.db);
});
afterAll(() => test.drop());

const positionOf = async (tenant: Tenant) => (await events.read(tenant.id, null, all)).position;
const startImport = (tenant: Tenant, importId: string) =>
  test.db.inTenant(tenant.id, (tx) => enqueue(tx, { kind: "import", pool: "imports", payload: { importId } }));
const publish = (tenant: Tenant, billingPeriod: string) =>
  test.db.inTenant(tenant.id, (tx) =>
    tx.publication.create({
      data: { billingPeriod: dayToColumn(billingPeriod), kind: "publish", versionIds: [], actor: "test" },
    }),
  );

describe("what changed after a position", () => {
  it("is told once for each thing, as it stands now", async () => {
    const before = await positionOf(acme);
    await startImport(acme, "import-1");
    const claim = (await claimNext(test.db, { pool: "imports", worker: "w", leaseMs: 30_000 }))!;
    for (const share of [0.1, 0.2, 0.3]) await heartbeat(test.db, claim, { leaseMs: 30_000, progress: { share } });
    await publish(acme, "2026-08-01");
    await test.db.inTenant(acme.id, (tx) => complete(tx, claim));
    const { events: told, position } = await events.read(acme.id, before, all);
    expect(told.map(({ topic, key, body }) => ({ topic, key, ...body }))).toEqual([
      {
        topic: "published",
        key: "2026-08-01",
        billingPeriod: "2026-08-01",
        position: expect.any(String),
        kind: "publish",
      },
      {
        topic: "import",
        key: "import-1",
        kind: "import",
        state: "done",
        progress: { share: 0.3 },
        cancelRequested: false,
      },
    ]);
    expect(await events.read(acme.id, position, all)).toEqual({ events: [], position, isReset: false });
  });

  it("is nothing when what changed was taken back with its transaction", async () => {
    const before = await positionOf(acme);
    await test.db
      .inTenant(acme.id, async (tx) => {
        await enqueue(tx, { kind: "import", pool: "imports", payload: { importId: "never" } });
        throw new Error("no");
      })
      .catch(() => undefined);
    expect(await events.read(acme.id, before, all)).toMatchObject({ events: [], position: before });
  });

  it("is not told of a lease that was merely extended", async () => {
    await startImport(acme, "import-2");
    const claim = (await claimNext(test.db, { pool: "imports", worker: "w", leaseMs: 30_000 }))!;
    const before = await positionOf(acme);
    await heartbeat(test.db, claim, { leaseMs: 30_000 });
    expect(await positionOf(acme)).toBe(before);
  });

  it("leaves out what the reader may not read, and passes over it", async () => {
    const before = await positionOf(acme);
    await startImport(acme, "import-3");
    await publish(acme, "2026-09-01");
    const { events: told, position } = await events.read(acme.id, before, topicsFor(new Set(["costs:read"])));
    expect(told.map((event) => event.topic)).toEqual(["published"]);
    expect(position).toBe(await positionOf(acme));
  });

  it("is one company's own", async () => {
    const [ofAcme, ofBeta] = [await positionOf(acme), await positionOf(beta)];
    await startImport(beta, "import-of-beta");
    expect(await events.read(acme.id, ofAcme, all)).toMatchObject({ events: [] });
    expect((await events.read(beta.id, ofBeta, all)).events).toHaveLength(1);
  });

  it("cannot be told after a position that this company never had", async () => {
    const position = await positionOf(beta);
    expect(await events.read(beta.id, "999999999", all)).toEqual({ events: [], position, isReset: true });
  });

  it("leaves no gap and tells nothing twice when many write at the same time", async () => {
    const before = await positionOf(beta);
    const seen: string[] = [];
    let position = before;
    const writing = Promise.all(Array.from({ length: 30 }, (_, index) => startImport(beta, `many-${index}`)));
    const read = async () => {
      const batch = await events.read(beta.id, position, all);
      position = batch.position;
      for (const event of batch.events) seen.push(event.key);
    };
    let isWriting = true;
    void writing.finally(() => (isWriting = false));
    while (isWriting) await read();
    await writing;
    await read();
    expect([seen.length, new Set(seen).size]).toEqual([30, 30]);
  });
});

describe("a reader is woken", () => {
  it("by a change of its company alone, and no more after it left", async () => {
    const woken: string[] = [];
    const stop = await events.wake(acme.id, (because) => woken.push(because));
    const stopOther = await events.wake(beta.id, (because) => woken.push(`beta ${because}`));
    await publish(acme, "2026-10-01");
    await expect.poll(() => woken).toEqual(["changed"]);
    stop();
    await publish(acme, "2026-10-01");
    await publish(beta, "2026-10-01");
    await expect.poll(() => woken).toEqual(["changed", "beta changed"]);
    stopOther();
  });

  it("after the change can be read", async () => {
    let position = await positionOf(acme);
    const heard: string[] = [];
    const stop = await events.wake(acme.id, () => {
      void events.read(acme.id, position, all).then((batch) => {
        position = batch.position;
        heard.push(...batch.events.map((event) => event.key));
      });
    });
    await publish(acme, "2027-01-01");
    await expect.poll(() => heard).toEqual(["2027-01-01"]);
    stop();
  });
});
