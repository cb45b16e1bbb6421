import type { Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { type Permission } from "@finops/platform/access/permissions";
import type { ChangeKind } from "@finops/platform/approvals/change-kind";
import { findApiKey } from "@finops/platform/identity/api-keys";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { type Context, createContext, createSystemContext } from "@finops/platform/tenancy/context";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findWhoCan } from "../people/access-audit.ts";
import { decideChangeRequest } from "../approvals/service.ts";
import { setPolicies } from "../approvals/policies.ts";
import { giveGrant, listGrants, revokeGrant } from "../people/grants.ts";
import { makePerson } from "../people/testing/people.ts";
import { createKey as askForKey, keyChange, keyPolicies, listKeys, revokeKey, takeKey } from "./keys.ts";
import {
  changeServiceAccount,
  createServiceAccount,
  listServiceAccounts,
  serviceAccountChange,
} from "./service-accounts.ts";

let test: TestDatabase;
let now: Date;
const clock: Clock = { now: () => now, today: () => now.toISOString().slice(0, 10) };
let [acme, beta]: Context[] = [];

const web = { dimension: "tag:team", is: "web" };
const data = { dimension: "tag:team", is: "data" };

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  now = new Date("2026-11-22T12:00:00Z");
  [acme, beta] = [await company(), await company()];
});

async function company(): Promise<Context> {
  const { id } = await createTenant(test.db, { slug: `c${newId().replaceAll("-", "")}`, name: "Company" });
  return createSystemContext(createTestHost({ db: test.db, clock }), id, "test");
}

/** A member who may make keys and little else, with some more. */
async function keyMaker(of: Context, permissions: Permission[], filter: typeof web | null = null): Promise<Context> {
  const key = `r${newId().replaceAll("-", "")}`;
  const all: Permission[] = ["keys:write", ...permissions];
  await of.inTenant((tx) =>
    tx.role.create({ data: { key, name: key, permissions: { create: all.map((one) => ({ key: one })) } } }),
  );
  const id = await ensureUser(test.db, { email: `${newId()}@acme.example`, name: "Ann" });
  await setMember(test.db, of.tenantId, id, key);
  return createContext(of.host, {
    tenantId: of.tenantId,
    actor: { kind: "person", id, name: "Ann" },
    via: "page",
    permissions: all,
    rowFilters: new Map(filter === null ? [] : [["costs:read", filter]]),
  });
}

/** One that nobody has to approve. */
async function createKey(ctx: Context, input: unknown) {
  const made = await askForKey(ctx, input);
  if (!made.isApplied) throw new Error("It waits for somebody's approval.");
  return made.result;
}

const holder = (key: string) => findApiKey(test.db, clock, key);

describe("a key", () => {
  it("is shown once, works with what it was given, and is listed without what would let anybody use it", async () => {
    const made = await createKey(acme!, { name: "CI", permissions: ["costs:read"], scope: web, ratePerMinute: 30 });
    expect(made.key).toMatch(/^finops_[\w-]{43}$/);
    expect(await holder(made.key)).toMatchObject({
      permissions: new Set(["costs:read"]),
      rowFilters: new Map([["costs:read", web]]),
      ratePerMinute: 30,
    });
    const listed = await listKeys(acme!);
    expect(listed.keys).toMatchObject([{ id: made.id, scope: web, lastUsedAt: now.toISOString(), revokedAt: null }]);
    expect(JSON.stringify(listed)).not.toContain(made.key);
    const entries = await acme!.inTenant((tx) => tx.auditEntry.findMany({ omit: { sequence: true } }));
    expect(entries).toMatchObject([{ action: "api-key.created", after: { scope: web, ratePerMinute: 30 } }]);
    expect(JSON.stringify(entries)).not.toContain(made.key);
  });

  it("ends when it is revoked, and at its time", async () => {
    const [one, other] = [
      await createKey(acme!, { name: "One", permissions: [] }),
      await createKey(acme!, { name: "Other", permissions: [], expiresAt: "2026-11-23T12:00:00Z" }),
    ];
    await revokeKey(acme!, one.id);
    expect([await holder(one.key), await holder(other.key)]).toMatchObject([null, { keyId: other.id }]);
    now = new Date("2026-11-23T12:00:00Z");
    expect(await holder(other.key)).toBeNull();
    await expect(revokeKey(acme!, one.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(
      createKey(acme!, { name: "Late", permissions: [], expiresAt: "2026-11-01T00:00:00Z" }),
    ).rejects.toMatchObject({
      code: "invalid",
    });
  });

  it("can do no more than its maker, of the costs that they see, and for no longer", async () => {
    const ann = await keyMaker(acme!, ["costs:read"]);
    await expect(createKey(ann, { name: "CI", permissions: ["exports:write"] })).rejects.toMatchObject({
      code: "forbidden",
    });
    await giveGrant(acme!, {
      subject: { kind: "person", id: ann.actor.id },
      role: "finance",
      validUntil: "2026-12-01T00:00:00Z",
    });
    const now = { ...ann, permissions: new Set([...ann.permissions, "exports:write"]) };
    await expect(createKey(now, { name: "CI", permissions: ["exports:write"] })).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("nor for longer"),
    });
    const short = { name: "CI", permissions: ["exports:write" as const], expiresAt: "2026-11-30T00:00:00Z" };
    expect(await createKey(now, short)).toMatchObject({ permissions: ["exports:write"] });
  });

  it("of somebody who sees a part of the costs sees no more, whatever scope is asked for", async () => {
    const ann = await keyMaker(acme!, ["costs:read"]);
    await acme!.inTenant((tx) => tx.membership.updateMany({ where: { userId: ann.actor.id }, data: { scope: web } }));
    const limited = await giveKeysTo(ann);
    const { key } = await createKey(limited, { name: "CI", permissions: ["costs:read"], scope: data });
    expect((await holder(key))!.rowFilters.get("costs:read")).toEqual({ and: [data, web] });
  });

  it("is made, listed and revoked by who may, in their company alone", async () => {
    const made = await createKey(acme!, { name: "CI", permissions: [] });
    const nobody = { ...acme!, permissions: new Set<string>() };
    for (const work of [
      createKey(nobody, { name: "CI", permissions: [] }),
      listKeys(nobody),
      revokeKey(nobody, made.id),
    ])
      await expect(work).rejects.toMatchObject({ code: "forbidden" });
    await expect(revokeKey(beta!, made.id)).rejects.toMatchObject({ code: "not_found" });
    expect(await listKeys(beta!)).toEqual({ keys: [] });
  });

  /** A role that is limited gives nothing but costs, so the permission to make keys comes by a grant. */
  async function giveKeysTo(ann: Context): Promise<Context> {
    const key = `k${newId().replaceAll("-", "")}`;
    await acme!.inTenant((tx) =>
      tx.role.create({ data: { key, name: key, permissions: { create: [{ key: "keys:write" }] } } }),
    );
    await giveGrant(acme!, { subject: { kind: "person", id: ann.actor.id }, role: key });
    return { ...ann, rowFilters: new Map([["costs:read", web]]), rowFilter: web };
  }
});

describe("a service account", () => {
  const make = (ctx = acme!, role = "engineer", more = {}) =>
    createServiceAccount(ctx, { name: `Pipeline ${newId()}`, role, ...more });

  it("owns keys that can do what its role allows, as it is at the moment", async () => {
    const account = await make(acme, "engineer", { scope: web });
    const { key, id } = await createKey(acme!, {
      name: "night",
      permissions: ["sources:read"],
      serviceAccountId: account.id,
    });
    expect(await holder(key)).toMatchObject({
      name: `${account.name}: night`,
      permissions: new Set(["sources:read", "costs:read", "alerts:read", "exports:write", "alerts:write"]),
      rowFilters: new Map([
        ["costs:read", web],
        ["alerts:read", web],
        ["exports:write", web],
        ["alerts:write", web],
      ]),
    });
    const { subjects } = (await findWhoCan(acme!, "exports:write")) as never as { subjects: { id: string }[] };
    expect(subjects.map((subject) => subject.id)).toContain(id);
    await changeServiceAccount(acme!, account.id, { role: "viewer", scope: null });
    expect((await holder(key))!.permissions).toEqual(
      new Set(["costs:read", "alerts:read", "sources:read", "members:read"]),
    );
    expect((await listServiceAccounts(acme!)).accounts).toMatchObject([{ role: { key: "viewer" }, keyCount: 1 }]);
  });

  it("that is disabled lets none of its keys in, and gets no new one, until it is enabled again", async () => {
    const account = await make();
    const { key } = await createKey(acme!, { name: "night", permissions: [], serviceAccountId: account.id });
    await changeServiceAccount(acme!, account.id, { isDisabled: true });
    expect(await holder(key)).toBeNull();
    await expect(
      createKey(acme!, { name: "more", permissions: [], serviceAccountId: account.id }),
    ).rejects.toMatchObject({
      code: "conflict",
    });
    await changeServiceAccount(acme!, account.id, { isDisabled: false });
    expect(await holder(key)).not.toBeNull();
  });

  it("has no role beyond that of who makes it, changes it, or makes a key of it", async () => {
    const ann = await keyMaker(acme!, ["costs:read"]);
    const strong = await make();
    const beyond = { code: "forbidden", message: expect.stringContaining("exports:write") };
    await expect(make(ann)).rejects.toMatchObject(beyond);
    await expect(createKey(ann, { name: "x", permissions: [], serviceAccountId: strong.id })).rejects.toMatchObject(
      beyond,
    );
    await expect(changeServiceAccount(ann, strong.id, { role: "viewer" })).rejects.toMatchObject(beyond);
    await changeServiceAccount(acme!, strong.id, { isDisabled: true });
    await expect(changeServiceAccount(ann, strong.id, { isDisabled: false })).rejects.toMatchObject(beyond);
    // To stop one is open to everybody who may revoke keys.
    expect(await changeServiceAccount(ann, strong.id, { isDisabled: true })).toMatchObject({ result: { keyCount: 0 } });
  });

  it("has a name of its own in its company, and is nobody's elsewhere", async () => {
    const account = await make();
    await expect(createServiceAccount(acme!, { name: account.name, role: "viewer" })).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await createServiceAccount(beta!, { name: account.name, role: "viewer" })).toMatchObject({
      name: account.name,
    });
    const unknown = { code: "not_found", message: "There is no such service account." };
    await expect(changeServiceAccount(beta!, account.id, { name: "Mine" })).rejects.toMatchObject(unknown);
    await expect(changeServiceAccount(beta!, newId(), { name: "Mine" })).rejects.toMatchObject(unknown);
    await expect(createKey(beta!, { name: "x", permissions: [], serviceAccountId: account.id })).rejects.toMatchObject(
      unknown,
    );
    for (const work of [
      make({ ...acme!, permissions: new Set() }),
      listServiceAccounts({ ...acme!, permissions: new Set() }),
    ])
      await expect(work).rejects.toMatchObject({ code: "forbidden" });
  });

  it("has what it was given beside its role, in each of its keys, until it is taken back or ends", async () => {
    const account = await make(acme, "viewer", { scope: web });
    const { key, id } = await createKey(acme!, { name: "night", permissions: [], serviceAccountId: account.id });
    const unit = await acme!.inTenant((tx) =>
      tx.unit.create({ data: { name: "Cart", kind: "team", accounts: { create: { account: "111" } } } }),
    );
    const subject = { kind: "service-account", id: account.id };
    const validUntil = "2026-11-23T00:00:00Z";
    const grant = await giveGrant(acme!, { subject, role: "engineer", unitId: unit.id, validUntil });
    expect(grant.subject).toEqual({ ...subject, name: account.name });
    const cart = { dimension: "subAccountId", in: ["111"] };
    expect((await holder(key))!.rowFilters.get("exports:write")).toEqual(cart);
    expect((await holder(key))!.rowFilters.get("costs:read")).toEqual({ or: [cart, web] });
    const { subjects } = (await findWhoCan(acme!, "exports:write")) as never as { subjects: { id: string }[] };
    expect(subjects.map((one) => one.id)).toContain(id);
    expect((await listGrants(acme!, { subject: account.id })).grants).toMatchObject([{ id: grant.id }]);
    // Another account's key has nothing of it.
    const other = await make(acme, "viewer");
    const others = await createKey(acme!, { name: "x", permissions: [], serviceAccountId: other.id });
    expect((await holder(others.key))!.permissions.has("exports:write")).toBe(false);
    await revokeGrant(acme!, grant.id);
    expect((await holder(key))!.permissions.has("exports:write")).toBe(false);
    await giveGrant(acme!, { subject, role: "engineer", validUntil });
    now = new Date(validUntil);
    expect((await holder(key))!.permissions.has("exports:write")).toBe(false);
  });

  it("lets nobody make a key of it who lacks what it was given", async () => {
    const ann = await keyMaker(acme!, ["costs:read", "alerts:read", "sources:read", "members:read"]);
    const account = await make(acme, "viewer");
    const wish = { name: "x", permissions: [], serviceAccountId: account.id };
    await createKey(ann, wish);
    await giveGrant(acme!, { subject: { kind: "service-account", id: account.id }, role: "engineer" });
    const beyond = { code: "forbidden", message: expect.stringContaining("exports:write") };
    await expect(createKey(ann, wish)).rejects.toMatchObject(beyond);
    await expect(changeServiceAccount(ann, account.id, { role: "viewer" })).rejects.toMatchObject(beyond);
  });
});

describe("a key that somebody else approves", () => {
  const kinds = [keyChange, serviceAccountChange] as unknown as ChangeKind[];
  const approve = async (by: Awaited<ReturnType<typeof makePerson>>, id: string) =>
    decideChangeRequest(await by.be(), kinds, id, { decision: "approve" });

  it("lets nobody in before it is approved and taken, by who asked for it and once", async () => {
    const [ann, bob] = [await makePerson(acme!, "admin"), await makePerson(acme!, "admin")];
    await setPolicies(acme!, keyPolicies, { policies: { keys: { permission: "keys:write", people: 1 } } });
    const asked = await askForKey(await ann.be(), { name: "CI", permissions: ["costs:read"] });
    if (asked.isApplied) throw new Error("It was made at once.");
    expect(asked.request.summary).toBe(
      'Make the API key "CI", which allows costs:read, for the whole company, for good.',
    );
    expect((await listKeys(acme!)).keys).toEqual([]);
    expect(await approve(bob, asked.request.id)).toMatchObject({ state: "applied" });
    const [waiting] = (await listKeys(acme!)).keys;
    expect(waiting).toMatchObject({ name: "CI", isTaken: false, prefix: "", createdBy: ann.name });
    await expect(takeKey(await bob.be(), waiting!.id)).rejects.toMatchObject({ code: "not_found" });
    const { key } = await takeKey(await ann.be(), waiting!.id);
    expect((await holder(key))!.permissions).toEqual(new Set(["costs:read"]));
    await expect(takeKey(await ann.be(), waiting!.id)).rejects.toMatchObject({ code: "not_found" });
    const stored = JSON.stringify(await acme!.inTenant((tx) => tx.changeRequest.findMany()));
    expect(stored).not.toContain(key);
  });

  it("is not to be had after it was revoked", async () => {
    const [ann, bob] = [await makePerson(acme!, "admin"), await makePerson(acme!, "admin")];
    await setPolicies(acme!, keyPolicies, { policies: { keys: { permission: "keys:write", people: 1 } } });
    const asked = await askForKey(await ann.be(), { name: "CI", permissions: [] });
    if (!asked.isApplied) await approve(bob, asked.request.id);
    const [waiting] = (await listKeys(acme!)).keys;
    await revokeKey(await bob.be(), waiting!.id);
    await expect(takeKey(await ann.be(), waiting!.id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("is not gone round by another role of its service account", async () => {
    const ann = await makePerson(acme!, "admin");
    await makePerson(acme!, "admin");
    const account = await createServiceAccount(acme!, { name: "Pipeline", role: "viewer" });
    await setPolicies(acme!, keyPolicies, { policies: { keys: { permission: "keys:write", people: 1 } } });
    const changed = await changeServiceAccount(await ann.be(), account.id, { role: "engineer" });
    expect(changed).toMatchObject({
      isApplied: false,
      request: { summary: 'Let the service account "Pipeline" have the role engineer, for the whole company.' },
    });
    // To stop one, or to call it otherwise, asks nobody.
    expect(await changeServiceAccount(await ann.be(), account.id, { isDisabled: true })).toMatchObject({
      isApplied: true,
    });
  });
});
