import type { Context } from "@finops/platform/tenancy/context";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDoor, type TestDoor } from "./testing/test-door.ts";

let door: TestDoor;
let acme: Context;
let beta: Context;
let ann: string;
let bob: string;
let companies = 0;

beforeAll(async () => {
  door = await createTestDoor();
});
beforeEach(async () => {
  companies += 1;
  acme = await door.makeCompany(`acme-${companies}`);
  beta = await door.makeCompany(`beta-${companies}`);
  ann = await door.makePerson(acme, `Ann${companies}`, "owner");
  bob = await door.makePerson(acme, `Bob${companies}`, "viewer");
});
afterAll(() => door.close());

interface Listed {
  id: string;
  isCurrent: boolean;
  userAgent: string;
  address: string;
  user: { id: string };
}

const isIn = async (cookie: string) => (await door.send("/api/v1/cost/catalog", { cookie })).status === 200;
const list = async (cookie: string, of = "me") =>
  (await door.send(`/api/v1/sessions?of=${of}`, { cookie })).json["sessions"] as Listed[];
const actions = async (of: Context) =>
  of.inTenant(async (tx) => (await tx.auditEntry.findMany({ orderBy: { sequence: "asc" } })).map((one) => one.action));

describe("a session", () => {
  it("says when it ends, moves on with what a person does, and not with what the page asks by itself", async () => {
    const cookie = await door.signIn(acme, ann);
    const first = (await door.send("/api/session", { cookie })).json;
    expect(first).toMatchObject({
      isRemembered: false,
      secondFactorAt: null,
      companyState: "active",
      expiresAt: expect.stringMatching(/Z$/),
    });
    door.pass(30);
    await door.send("/api/v1/cost/catalog", { cookie });
    await door.send("/api/v1/cost/query", {
      cookie,
      body: { measures: ["billedCost"], period: { start: "2026-01-01", end: "2026-02-01" } },
    });
    expect((await door.send("/api/session", { cookie })).json["idleUntil"]).toBe(first["idleUntil"]);
    const stayed = (await door.send("/api/session/stay", { cookie, method: "POST" })).json;
    expect(Date.parse(stayed["idleUntil"] as string) - Date.parse(first["idleUntil"] as string)).toBe(30 * 60_000);
    door.pass(45);
    // A change is no background request.
    expect((await door.send("/api/v1/views", { cookie, body: { name: "Mine", view: {} } })).status).toBe(201);
    door.pass(45);
    expect(await isIn(cookie)).toBe(true);
    door.pass(16);
    expect(await isIn(cookie)).toBe(false);
    expect((await door.send("/api/session/stay", { cookie, method: "POST" })).status).toBe(401);
  });

  it("ends in any case after the hours of the policy, however it is used", async () => {
    const cookie = await door.signIn(acme, ann);
    for (let hour = 0; hour < 14; hour += 1) {
      expect([hour, await isIn(cookie)]).toEqual([hour, hour < 12]);
      for (let third = 0; third < 3; third += 1) {
        await door.send("/api/session/stay", { cookie, method: "POST" });
        door.pass(20);
      }
    }
  });

  it("that is remembered lasts for the days of the policy without use, and its cookie outlives the browser", async () => {
    const cookie = await door.signIn(acme, ann, { remember: true });
    expect((await door.send("/api/session", { cookie })).json).toMatchObject({ isRemembered: true, idleUntil: null });
    door.pass(29 * 1440);
    expect(await isIn(cookie)).toBe(true);
    door.pass(1440);
    expect(await isIn(cookie)).toBe(false);
  });

  it("is listed to its person, and everybody's to who may remove people", async () => {
    const [here, there] = [
      await door.signIn(acme, ann, { headers: { "user-agent": "Laptop" }, address: "192.0.2.1" }),
      await door.signIn(acme, ann, { headers: { "user-agent": "Phone" }, address: "192.0.2.2" }),
    ];
    const viewer = await door.signIn(acme, bob);
    expect(await list(here)).toMatchObject([
      { userAgent: "Phone", address: "192.0.2.2", isCurrent: false },
      { userAgent: "Laptop", address: "192.0.2.1", isCurrent: true },
    ]);
    expect(await list(viewer)).toHaveLength(1);
    expect(await list(there, "everyone")).toHaveLength(3);
    expect((await door.send("/api/v1/sessions?of=everyone", { cookie: viewer })).status).toBe(403);
    expect((await door.send("/api/v1/sessions?of=everyone", { cookie: here })).text).not.toContain("tokenHash");
  });

  it("is ended by its person and by who may remove people, and by nobody else", async () => {
    const owner = await door.signIn(acme, ann);
    const phone = await door.signIn(acme, ann);
    const viewer = await door.signIn(acme, bob);
    const outsider = await door.signIn(beta, await door.makePerson(beta, `Cara${companies}`, "owner"));
    const [phoneId, ownerId] = (await list(owner)).map(({ id }) => id);
    const [viewerId] = (await list(viewer)).map(({ id }) => id);
    const end = async (cookie: string, id: string) =>
      (await door.send(`/api/v1/sessions/${id}`, { method: "DELETE", cookie })).status;
    expect([await end(viewer, ownerId!), await end(outsider, ownerId!), await end(viewer, "none")]).toEqual([
      404, 404, 404,
    ]);
    expect([await end(owner, phoneId!), await isIn(phone)]).toEqual([204, false]);
    expect([await end(owner, viewerId!), await isIn(viewer), await end(owner, viewerId!)]).toEqual([204, false, 404]);
    expect((await actions(acme)).filter((action) => action === "session.ended")).toHaveLength(2);
  });

  it("of a person is ended in this company alone by its administrator, and everywhere by the person", async () => {
    const owner = await door.signIn(acme, ann);
    await door.makePerson(beta, `Bob${companies}`, "viewer");
    const [inAcme, inBeta] = [await door.signIn(acme, bob), await door.signIn(beta, bob)];
    const path = (id: string) => `/api/v1/members/${id}/sessions`;
    expect((await door.send(path(ann), { method: "DELETE", cookie: inAcme })).status).toBe(403);
    expect((await door.send(path(bob), { method: "DELETE", cookie: owner })).json).toEqual({ ended: 1 });
    expect([await isIn(inAcme), await isIn(inBeta)]).toEqual([false, true]);
    const again = await door.signIn(acme, bob);
    expect((await door.send("/sign-out/everywhere", { method: "POST", cookie: again })).status).toBe(204);
    expect([await isIn(again), await isIn(inBeta), await isIn(owner)]).toEqual([false, false, true]);
    expect(await isIn(await door.signIn(acme, bob))).toBe(true);
  });

  it("of everybody is ended at once but for the one that asks, and none comes back by its row", async () => {
    const owner = await door.signIn(acme, ann);
    const viewer = await door.signIn(acme, bob);
    expect((await door.send("/api/v1/sessions/end-all", { method: "POST", cookie: viewer })).status).toBe(403);
    expect((await door.send("/api/v1/sessions/end-all", { method: "POST", cookie: owner })).json).toEqual({ ended: 1 });
    expect([await isIn(owner), await isIn(viewer)]).toEqual([true, false]);
    await acme.inTenant((tx) => tx.session.updateMany({ data: { endedAt: null } }));
    expect(await isIn(viewer)).toBe(false);
  });
});

describe("a policy of sessions", () => {
  const set = (cookie: string, body: unknown) => door.send("/api/v1/session-policy", { method: "PUT", cookie, body });

  it("holds for those that follow, and where it is shorter for those that run", async () => {
    const [owner, remembered] = [await door.signIn(acme, ann), await door.signIn(acme, ann, { remember: true })];
    const policy = { idleMinutes: 10, absoluteHours: 1, rememberedDays: 0 };
    expect((await set(owner, policy)).json).toEqual(policy);
    expect((await door.send("/api/v1/session-policy", { cookie: owner })).json).toEqual(policy);
    expect([await isIn(owner), await isIn(remembered)]).toEqual([true, false]);
    const asked = await door.signIn(acme, ann, { remember: true });
    expect((await door.send("/api/session", { cookie: asked })).json).toMatchObject({ isRemembered: false });
    door.pass(10);
    expect([await isIn(owner), await isIn(asked)]).toEqual([false, false]);
    expect(await actions(acme)).toContain("session-policy.changed");
  });

  it("is refused for what is none, and to who may not", async () => {
    const owner = await door.signIn(acme, ann);
    expect((await set(owner, { idleMinutes: 1, absoluteHours: 1, rememberedDays: 0 })).status).toBe(400);
    expect((await set(owner, { idleMinutes: 10 })).status).toBe(400);
    const viewer = await door.signIn(acme, bob);
    expect((await set(viewer, { idleMinutes: 10, absoluteHours: 1, rememberedDays: 0 })).status).toBe(403);
  });
});

describe("a request of another site", () => {
  const stay = (cookie: string, headers: Record<string, string>) =>
    door.send("http://localhost:3000/api/v1/sessions/end-all", { method: "POST", cookie, headers });

  it.each([
    ["sec-fetch-site", "cross-site"],
    ["sec-fetch-site", "same-site"],
    ["sec-fetch-site", "none"],
    ["origin", "https://evil.example"],
    ["origin", "http://other.localhost:3000"],
    ["origin", "null"],
  ])("that says %s: %s changes nothing, even with the header", async (name, value) => {
    const cookie = await door.signIn(acme, ann);
    const answer = await stay(cookie, { [name]: value });
    expect([answer.status, answer.json["detail"]]).toEqual([403, expect.stringContaining("another site")]);
  });

  it("of this host is let through", async () => {
    const cookie = await door.signIn(acme, ann);
    expect((await stay(cookie, { "sec-fetch-site": "same-origin", origin: "http://localhost:3000" })).status).toBe(200);
  });
});

describe("a device that nobody knows", () => {
  it("is told to the person and to the owners, once an hour, and the first one is no news", async () => {
    const from = (address: string, agent: string) => ({ address, headers: { "user-agent": agent } });
    await door.signIn(acme, bob, from("192.0.2.1", "Laptop"));
    await door.signIn(acme, bob, from("192.0.2.9", "Laptop"));
    await door.signIn(acme, bob, from("192.0.2.1", "Phone"));
    expect(await actions(acme)).not.toContain("security.new-device");
    await door.signIn(acme, bob, from("203.0.113.1", "Robot"));
    await door.signIn(acme, bob, from("203.0.113.2", "Other robot"));
    expect((await actions(acme)).filter((action) => action === "security.new-device")).toHaveLength(2);
    const told = door.outbox.list().filter(({ subject }) => subject.includes(`Bob${companies}`));
    expect(told.map(({ to }) => to).toSorted()).toEqual([`ann${companies}@example.com`, `bob${companies}@example.com`]);
    expect(told[0]!.text).toContain("From: 203.0.113.1");
  });
});

describe("a country that is new", () => {
  it("is told where a trusted proxy says it, and the first one that is known is no news", async () => {
    const behind = await createTestDoor({ trustedProxies: 1, countryHeader: "cf-ipcountry" }, "https://finops.example");
    try {
      const company = await behind.makeCompany("travels");
      const person = await behind.makePerson(company, "Tia", "viewer");
      const from = (country: string) => ({
        address: "192.0.2.1",
        headers: { "x-forwarded-proto": "https", "cf-ipcountry": country },
      });
      for (const country of ["XX", "NL", "nl", "T1"]) await behind.signIn(company, person, from(country));
      const told = () => behind.outbox.list().map(({ subject }) => subject);
      expect(told()).toEqual([]);
      await behind.signIn(company, person, from("KP"));
      expect(new Set(told())).toEqual(new Set([expect.stringContaining("a country that is new: KP")]));
    } finally {
      await behind.close();
    }
  });
});

describe("a company that is locked", () => {
  it("lets nobody in but its owners, and says so", async () => {
    const cookie = await door.signIn(acme, await door.makePerson(acme, "Vera", "viewer"));
    await acme.inTenant((tx) => tx.tenant.update({ where: { id: acme.tenantId }, data: { state: "locked" } }));
    const answer = await door.send("/api/v1/cost/catalog", { cookie });
    expect([answer.status, answer.json["detail"]]).toEqual([401, expect.stringContaining("locked")]);
  });
});
