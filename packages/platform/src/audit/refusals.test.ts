import { fixedClock } from "@finops/kernel/clock";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Context, createContext } from "../tenancy/context.ts";
import { createTenant } from "../tenancy/tenants.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createTestHost } from "../testing/test-host.ts";
import { createRefusals } from "./refusals.ts";

let test: TestDatabase;
let tenantId: string;
let companies = 0;

beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  companies += 1;
  tenantId = (await createTenant(test.db, { slug: `company-${companies}`, name: "Company" })).id;
});
afterAll(() => test.drop());

const clock = fixedClock("2026-11-22T12:00:00Z");

function contextOf(id: string): Context {
  return createContext(createTestHost({ db: test.db, clock }), {
    tenantId,
    actor: { kind: "key", id, name: id },
    via: "key",
    address: "192.0.2.7",
    permissions: [],
  });
}

const entries = () =>
  test.db.inTenant(tenantId, (tx) =>
    tx.auditEntry.findMany({ orderBy: { sequence: "asc" }, select: { actorId: true, action: true, after: true } }),
  );

describe("refusals", () => {
  it("of one actor are two entries, however many there were: the first, and the count of the others", async () => {
    const refusals = createRefusals();
    const ann = contextOf("ann");
    for (let number = 0; number < 300; number += 1)
      await refusals.note(ann, "access.denied", { request: `GET /${number % 40}` });
    expect(await entries()).toEqual([{ actorId: "ann", action: "access.denied", after: { request: "GET /0" } }]);
    await refusals.flush();
    await refusals.flush();
    expect(await entries()).toMatchObject([
      { after: { request: "GET /0" } },
      { after: { count: 299, from: clock.now().toISOString(), to: clock.now().toISOString() } },
      { action: "security.denied-burst", after: { action: "access.denied", count: 299 } },
    ]);
    const counted = (await entries()).at(1)!.after;
    expect(counted).toHaveProperty("examples.length", 20);
    expect(counted).toHaveProperty("examples.0", { request: "GET /1" });
  });

  it("of others, and of other kinds, are entries of their own", async () => {
    const refusals = createRefusals();
    await refusals.note(contextOf("ann"), "access.denied", {});
    await refusals.note(contextOf("bob"), "access.denied", {});
    await refusals.note(contextOf("ann"), "sign-in.refused", {});
    await refusals.flush();
    expect((await entries()).map(({ actorId, action }) => `${actorId} ${action}`)).toEqual([
      "ann access.denied",
      "bob access.denied",
      "ann sign-in.refused",
    ]);
  });

  it("are counted by themselves when the window ends, and then begin anew", async () => {
    const refusals = createRefusals({ windowMs: 100 });
    const ann = contextOf("ann");
    await Promise.all([1, 2].map((turn) => refusals.note(ann, "access.denied", { turn })));
    await expect
      .poll(async () => (await entries()).map(({ after }) => after))
      .toMatchObject([{ turn: 1 }, { count: 1 }]);
    await refusals.note(ann, "access.denied", { turn: 3 });
    expect((await entries()).at(-1)).toMatchObject({ after: { turn: 3 } });
  });
});
