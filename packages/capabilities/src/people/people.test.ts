import type { Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { createApiKey, findApiKey } from "@finops/platform/identity/api-keys";
import { createSession, findSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { createOutbox, type Outbox } from "@finops/platform/mail/outbox";
import { type Context, createContext, createSystemContext } from "@finops/platform/tenancy/context";
import { createTenant, deleteTenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findWhatCan, findWhoCan } from "./access-audit.ts";
import type { Scope } from "./contract.ts";
import { giveGrant, listGrants, revokeGrant } from "./grants.ts";
import {
  addGroupMember,
  changeGroup,
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  removeGroupMember,
} from "./groups.ts";
import { changeMember, listMembers, removeMember } from "./members.ts";
import { changeOwnProfile } from "./own-name.ts";
import { changeRole, createRole, deleteRole, listRoles } from "./roles.ts";
import { changeUnit, createUnit, deleteUnit, listUnits, setUnitAccounts } from "./units.ts";

let test: TestDatabase;
let now = new Date("2026-11-22T12:00:00Z");
const clock: Clock = { now: () => now, today: () => now.toISOString().slice(0, 10) };
let outbox: Outbox;
/** Two companies with the same shapes. */
let [acme, beta]: Context[] = [];

const web = { dimension: "tag:team", is: "web" };
const data = { dimension: "tag:team", is: "data" };

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  now = new Date("2026-11-22T12:00:00Z");
  outbox = createOutbox({ clock, print: () => {} });
  [acme, beta] = [await company(), await company()];
});

async function company(): Promise<Context> {
  const { id } = await createTenant(test.db, { slug: `c${newId().replaceAll("-", "")}`, name: "Company" });
  return createSystemContext({ ...createTestHost({ db: test.db, clock }), mail: outbox }, id, "test");
}

/** A member, and a way to be them as the next request would find them. */
async function person(of: Context, role: string, scope: Scope = null) {
  const name = `${role} ${newId().slice(-6)}`;
  const id = await ensureUser(test.db, { email: `${newId()}@acme.example`, name });
  await setMember(test.db, of.tenantId, id, role);
  if (scope !== null) await changeMember(of, id, { scope });
  const { token } = await createSession(test.db, clock, {
    tenantId: of.tenantId,
    userId: id,
    method: "link",
    isRemembered: true,
  });
  const be = async () => {
    const who = await findSession(test.db, clock, token);
    if (who === null) throw new Error(`${name} is not signed in`);
    const { permissions, rowFilters } = who;
    return createContext(of.host, {
      tenantId: of.tenantId,
      actor: { kind: "person", id, name },
      via: "page",
      permissions,
      rowFilters,
    });
  };
  return { id, name, token, be };
}

const actions = (of: Context) =>
  of.inTenant(async (tx) => (await tx.auditEntry.findMany({ orderBy: { at: "asc" } })).map((entry) => entry.action));

it("lets people say what they are called themselves, everywhere, and nobody else", async () => {
  const ann = await person(acme!, "viewer");
  await setMember(test.db, beta!.tenantId, ann.id, "viewer");
  expect(await changeOwnProfile(await ann.be(), { name: "  Ann Other " })).toMatchObject({ name: "Ann Other" });
  for (const company of [acme!, beta!])
    expect((await listMembers(company)).members.map(({ name }) => name)).toContain("Ann Other");
  await expect(changeOwnProfile(await ann.be(), { name: " " })).rejects.toThrow("Give it a name.");
  await expect(changeOwnProfile(acme!, { name: "Ann" })).rejects.toMatchObject({ code: "forbidden" });
});

describe("a member", () => {
  it("is called what the company calls them, until they accept and tell their own name", async () => {
    const id = await ensureUser(test.db, { email: "eve@acme.example", name: "Eve of another company" });
    await acme!.inTenant(async (tx) => {
      const role = await tx.role.findFirstOrThrow({ where: { key: "viewer" } });
      await tx.membership.create({ data: { userId: id, roleId: role.id, name: "Evelyn", createdAt: now } });
    });
    const [invited] = (await listMembers(acme!)).members;
    expect(invited).toMatchObject({ name: "Evelyn", acceptedAt: null });
    await createSession(test.db, clock, { tenantId: acme!.tenantId, userId: id, method: "link" });
    expect(await changeMember(acme!, id, { unitId: null })).toMatchObject({
      name: "Eve of another company",
      acceptedAt: now.toISOString(),
    });
  });

  it("has another role, and fewer costs, with the next request", async () => {
    const bob = await person(acme!, "analyst");
    expect((await bob.be()).permissions.has("imports:write")).toBe(true);
    await changeMember(acme!, bob.id, { role: "viewer", scope: web });
    const after = await bob.be();
    expect([[...after.permissions].toSorted(), after.rowFilter]).toEqual([["alerts:read", "costs:read"], web]);
    expect(await actions(acme!)).toEqual(["member.changed"]);
  });

  it("is listed page by page", async () => {
    for (const name of ["c", "a", "b"])
      await setMember(
        test.db,
        acme!.tenantId,
        await ensureUser(test.db, { email: `${name}@x.example`, name }),
        "viewer",
      );
    const first = await listMembers(acme!, { limit: 2 });
    const second = await listMembers(acme!, { limit: 2, cursor: first.nextCursor! });
    expect([...first.members, ...second.members].map((member) => member.email[0])).toEqual(["a", "b", "c"]);
    expect(second.nextCursor).toBeNull();
  });

  it("who is removed is out at once, with groups and grants, and does not get them back", async () => {
    const bob = await person(acme!, "viewer");
    const group = await createGroup(acme!, { name: "Buyers" });
    await addGroupMember(acme!, group.id, bob.id);
    await giveGrant(acme!, { subject: { kind: "person", id: bob.id }, role: "finance" });
    await removeMember(acme!, bob.id);
    expect(await findSession(test.db, clock, bob.token)).toBeNull();
    expect((await getGroup(acme!, group.id)).members).toEqual([]);
    await setMember(test.db, acme!.tenantId, bob.id, "viewer");
    expect(await findSession(test.db, clock, bob.token)).toBeNull();
    expect((await listGrants(acme!, { state: "all" })).grants).toEqual([]);
  });

  it("who is the last owner stays one", async () => {
    const [ann, bob] = [await person(acme!, "owner"), await person(acme!, "owner")];
    await expect(changeMember(acme!, ann.id, { scope: web })).rejects.toMatchObject({ code: "invalid" });
    await changeMember(await bob.be(), bob.id, { role: "viewer" });
    for (const lower of [() => changeMember(acme!, ann.id, { role: "admin" }), () => removeMember(acme!, ann.id)])
      await expect(lower()).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("last owner") });
  });

  it("stays an owner when both try to leave at the same moment, one of them", async () => {
    const [ann, bob] = [await person(acme!, "owner"), await person(acme!, "owner")];
    const both = await Promise.allSettled([removeMember(acme!, ann.id), removeMember(acme!, bob.id)]);
    expect(both.map((one) => one.status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("what one gives to others", () => {
  it("is no permission that one lacks", async () => {
    const admin = await (await person(acme!, "admin")).be();
    const owner = await person(acme!, "owner");
    await person(acme!, "owner");
    const bob = await person(acme!, "viewer");
    for (const beyond of [
      () => changeMember(admin, bob.id, { role: "owner" }),
      () => changeMember(admin, owner.id, { role: "viewer" }),
      () => removeMember(admin, owner.id),
      () => createRole(admin, { key: "king", name: "King", permissions: ["owners:write"] }),
    ])
      await expect(beyond()).rejects.toMatchObject({
        code: "forbidden",
        facts: { permissions: expect.arrayContaining(["owners:write"]) },
      });
  });

  it("is no more of the costs than one sees", async () => {
    await createRole(acme!, {
      key: "lead",
      name: "Lead",
      permissions: ["members:write", "access:write", "keys:write"],
    });
    const lead = await person(acme!, "lead");
    await giveGrant(acme!, { subject: { kind: "person", id: lead.id }, role: "viewer", scope: web });
    const ctx = await lead.be();
    const bob = await person(acme!, "lead");
    const give = (scope: Scope) => giveGrant(ctx, { subject: { kind: "person", id: bob.id }, role: "viewer", scope });
    for (const wider of [null, data, { or: [web, data] }])
      await expect(give(wider)).rejects.toMatchObject({ code: "forbidden" });
    await give({ and: [web, { dimension: "serviceName", is: "Mail" }] });
    await give(web);
    expect((await bob.be()).rowFilters.get("costs:read")).toMatchObject({ or: expect.arrayContaining([web]) });

    const group = await createGroup(ctx, { name: "All" });
    await giveGrant(acme!, { subject: { kind: "group", id: group.id }, role: "viewer" });
    await expect(addGroupMember(ctx, group.id, bob.id)).rejects.toMatchObject({ code: "forbidden" });

    const unit = await createUnit(ctx, { name: "Web", kind: "team" });
    await expect(setUnitAccounts(ctx, unit.id, { accounts: ["1"] })).rejects.toMatchObject({ code: "forbidden" });

    const { key } = await createApiKey(ctx, { name: "CI", permissions: ["costs:read", "access:write"] });
    const holder = await findApiKey(test.db, clock, key);
    expect([holder!.rowFilters.get("costs:read"), holder!.permissions.has("access:write")]).toEqual([web, true]);
  });

  it("is nothing to oneself", async () => {
    const ann = await person(acme!, "admin");
    const ctx = await ann.be();
    const group = await createGroup(ctx, { name: "Auditors" });
    await giveGrant(ctx, { subject: { kind: "group", id: group.id }, role: "auditor" });
    for (const own of [
      () => giveGrant(ctx, { subject: { kind: "person", id: ann.id }, role: "auditor" }),
      () => addGroupMember(ctx, group.id, ann.id),
    ])
      await expect(own()).rejects.toMatchObject({ code: "forbidden", message: expect.stringContaining("themselves") });
  });

  it("lasts no longer than one has it oneself", async () => {
    await createRole(acme!, { key: "giver", name: "Giver", permissions: ["access:write", "members:write"] });
    const ann = await person(acme!, "giver");
    const end = "2026-12-01T00:00:00Z";
    await giveGrant(acme!, { subject: { kind: "person", id: ann.id }, role: "viewer", validUntil: end });
    const ctx = await ann.be();
    const bob = await person(acme!, "giver");
    const give = (validUntil: string | null) =>
      giveGrant(ctx, { subject: { kind: "person", id: bob.id }, role: "viewer", validUntil });
    await expect(give(null)).rejects.toMatchObject({ code: "forbidden" });
    await expect(give("2026-12-01T00:00:01Z")).rejects.toMatchObject({ code: "forbidden" });
    await give(end);
    await expect(changeMember(ctx, bob.id, { role: "viewer" })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("needs the permission to give", async () => {
    const viewer = await (await person(acme!, "viewer")).be();
    const id = newId();
    for (const refused of [
      () => createGroup(viewer, { name: "G" }),
      () => createRole(viewer, { key: "r", name: "R", permissions: [] }),
      () => giveGrant(viewer, { subject: { kind: "person", id }, role: "viewer" }),
      () => listGrants(viewer),
      () => revokeGrant(viewer, id),
      () => createUnit(viewer, { name: "U", kind: "team" }),
      () => findWhoCan(viewer, "costs:read"),
      () => findWhatCan(viewer, id),
    ])
      await expect(refused()).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("a grant", () => {
  it("gives from the next request on, and nothing after it was revoked", async () => {
    const bob = await person(acme!, "viewer");
    const may = async () => (await bob.be()).permissions.has("imports:write");
    const grant = await giveGrant(acme!, { subject: { kind: "person", id: bob.id }, role: "finops", reason: "Cover" });
    expect([grant.isInForce, await may()]).toEqual([true, true]);
    await revokeGrant(acme!, grant.id);
    expect(await may()).toBe(false);
    await expect(revokeGrant(acme!, grant.id)).rejects.toMatchObject({ code: "not_found" });
    expect((await listGrants(acme!)).grants).toEqual([]);
    const [kept] = (await listGrants(acme!, { state: "all", subject: bob.id })).grants;
    expect(kept).toMatchObject({ id: grant.id, revokedBy: "test", reason: "Cover", isInForce: false });
    expect(await actions(acme!)).toEqual(["grant.given", "grant.revoked"]);
  });

  it("begins and ends by itself", async () => {
    const bob = await person(acme!, "viewer");
    const may = async (at: string) => {
      now = new Date(at);
      return (await bob.be()).permissions.has("exports:write");
    };
    await giveGrant(acme!, {
      subject: { kind: "person", id: bob.id },
      role: "finance",
      validFrom: "2026-11-23T00:00:00Z",
      validUntil: "2026-11-24T00:00:00Z",
    });
    expect(await may("2026-11-22T23:59:59Z")).toBe(false);
    expect(await may("2026-11-23T00:00:00Z")).toBe(true);
    expect(await may("2026-11-23T23:59:59Z")).toBe(true);
    expect(await may("2026-11-24T00:00:00Z")).toBe(false);
  });

  it("to a group is had by those who are in it, for as long as they are", async () => {
    const bob = await person(acme!, "viewer", web);
    const group = await createGroup(acme!, { name: "Data" });
    await giveGrant(acme!, { subject: { kind: "group", id: group.id }, role: "viewer", scope: data });
    await addGroupMember(acme!, group.id, bob.id);
    expect((await bob.be()).rowFilter).toEqual({ or: [data, web] });
    await removeGroupMember(acme!, group.id, bob.id);
    expect((await bob.be()).rowFilter).toEqual(web);
    await addGroupMember(acme!, group.id, bob.id);
    await deleteGroup(acme!, group.id);
    expect((await bob.be()).rowFilter).toEqual(web);
  });

  it("to a key is had by the key", async () => {
    const { key, apiKey } = await createApiKey(acme!, { name: "CI", permissions: [] });
    await giveGrant(acme!, { subject: { kind: "key", id: apiKey.id }, role: "viewer", scope: web });
    const holder = await findApiKey(test.db, clock, key);
    expect([[...holder!.permissions].toSorted(), holder!.rowFilters.get("costs:read")]).toEqual([
      ["alerts:read", "costs:read"],
      web,
    ]);
  });

  it("in a unit reaches the accounts of that unit and of all below it, also of those that join later", async () => {
    const bob = await person(acme!, "viewer", web);
    const department = await createUnit(acme!, { name: "Shop", kind: "department" });
    const team = await createUnit(acme!, { name: "Cart", kind: "team", parentId: department.id });
    const other = await createUnit(acme!, { name: "Legal", kind: "cost-center" });
    await setUnitAccounts(acme!, team.id, { accounts: ["2", "1"] });
    await setUnitAccounts(acme!, other.id, { accounts: ["3"] });
    await giveGrant(acme!, { subject: { kind: "person", id: bob.id }, role: "viewer", unitId: department.id });
    const ofUnit = (...accounts: string[]) => ({ or: [{ dimension: "subAccountId", in: accounts }, web] });
    expect((await bob.be()).rowFilter).toEqual(ofUnit("1", "2"));
    await changeUnit(acme!, other.id, { parentId: team.id });
    expect((await bob.be()).rowFilter).toEqual(ofUnit("1", "2", "3"));
  });

  it.each([
    ["a scope that tests nothing", { scope: { and: [] } }],
    ["a scope on what does not exist", { scope: { dimension: "servic", is: "x" } }],
    ["an end before the beginning", { validFrom: "2027-01-02T00:00:00Z", validUntil: "2027-01-01T00:00:00Z" }],
    ["an end that has passed", { validUntil: "2026-11-22T11:00:00Z" }],
    ["the role of an owner", { role: "owner" }],
  ])("is refused for %s", async (_, wish) => {
    const { id } = await person(acme!, "viewer");
    const give = giveGrant(acme!, { subject: { kind: "person", id }, role: "viewer", ...wish });
    await expect(give).rejects.toMatchObject({ code: "invalid" });
  });
});

describe("a role", () => {
  it("of the company's own says what its people may do, from the next request on", async () => {
    await createRole(acme!, { key: "buyer", name: "Procurement", permissions: ["costs:read"] });
    const bob = await person(acme!, "buyer");
    await changeRole(acme!, "buyer", { permissions: ["costs:read", "exports:write"] });
    expect([...(await bob.be()).permissions].toSorted()).toEqual(["costs:read", "exports:write"]);
    await expect(deleteRole(acme!, "buyer")).rejects.toMatchObject({ code: "conflict" });
    await changeMember(acme!, bob.id, { role: "viewer" });
    await deleteRole(acme!, "buyer");
    expect((await listRoles(acme!)).roles.map((role) => role.key)).toEqual([
      "owner",
      "admin",
      "finops",
      "finance",
      "engineer",
      "viewer",
      "auditor",
    ]);
  });

  it("that is built in stays as it is", async () => {
    for (const change of [() => changeRole(acme!, "viewer", { permissions: [] }), () => deleteRole(acme!, "viewer")])
      await expect(change()).rejects.toMatchObject({ code: "conflict" });
    for (const key of ["viewer", "analyst"])
      await expect(createRole(acme!, { key, name: "Mine", permissions: [] })).rejects.toMatchObject({
        code: "conflict",
      });
  });
});

describe("a unit", () => {
  it("is moved with all below it, and never below itself", async () => {
    const top = await createUnit(acme!, { name: "Top", kind: "department" });
    const below = await createUnit(acme!, { name: "Below", kind: "team", parentId: top.id });
    for (const parentId of [top.id, below.id])
      await expect(changeUnit(acme!, top.id, { parentId })).rejects.toMatchObject({ code: "conflict" });
    expect(await changeUnit(acme!, below.id, { parentId: null, name: "Beside" })).toMatchObject({
      parentId: null,
      name: "Beside",
    });
  });

  it("is deleted when it is empty, and says what it still has", async () => {
    const unit = await createUnit(acme!, { name: "Web", kind: "team" });
    const bob = await person(acme!, "viewer");
    await changeMember(acme!, bob.id, { unitId: unit.id });
    await setUnitAccounts(acme!, unit.id, { accounts: ["1"] });
    const grant = await giveGrant(acme!, { subject: { kind: "person", id: bob.id }, role: "viewer", unitId: unit.id });
    await expect(deleteUnit(acme!, unit.id)).rejects.toMatchObject({
      message: '"Web" still has people, accounts, roles that are given in it. Move or end them first.',
    });
    await changeMember(acme!, bob.id, { unitId: null });
    await setUnitAccounts(acme!, unit.id, { accounts: [] });
    await revokeGrant(acme!, grant.id);
    await deleteUnit(acme!, unit.id);
    expect(await listUnits(acme!)).toEqual([]);
  });

  it("shares no account with another", async () => {
    const [a, b] = [
      await createUnit(acme!, { name: "A", kind: "team" }),
      await createUnit(acme!, { name: "B", kind: "team" }),
    ];
    await setUnitAccounts(acme!, a.id, { accounts: ["1"] });
    await expect(setUnitAccounts(acme!, b.id, { accounts: ["1", "2"] })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining('belongs to "A"'),
    });
  });
});

describe("the permission audit", () => {
  it("says who may do something, through what, and for which costs", async () => {
    const ann = await person(acme!, "finops");
    const bob = await person(acme!, "viewer", web);
    const group = await createGroup(acme!, { name: "Data" });
    await addGroupMember(acme!, group.id, bob.id);
    const grant = await giveGrant(acme!, {
      subject: { kind: "group", id: group.id },
      role: "finance",
      scope: data,
      validUntil: "2027-01-01T00:00:00Z",
    });
    const { apiKey } = await createApiKey(acme!, { name: "CI", permissions: ["exports:write"] });
    const { subjects } = await findWhoCan(acme!, "exports:write");
    const byNothing = { memberUnitId: null, ruleId: null, delegatedBy: null };
    const whole = { grantId: null, group: null, unitId: null, scope: null, validUntil: null, ...byNothing };
    expect(new Map(subjects.map((one) => [one.id, [one.kind, one.scope, one.through]]))).toEqual(
      new Map<string, unknown>([
        [ann.id, ["person", null, [{ ...whole, role: "finops" }]]],
        [
          bob.id,
          [
            "person",
            data,
            [
              {
                grantId: grant.id,
                role: "finance",
                group: { id: group.id, name: "Data" },
                unitId: null,
                ...byNothing,
                scope: data,
                validUntil: "2027-01-01T00:00:00.000Z",
              },
            ],
          ],
        ],
        [apiKey.id, ["key", null, [{ ...whole, role: null }]]],
      ]),
    );
  });

  it("says of a person what their next request may do", async () => {
    const bob = await person(acme!, "viewer", web);
    const group = await createGroup(acme!, { name: "Data" });
    await addGroupMember(acme!, group.id, bob.id);
    await giveGrant(acme!, { subject: { kind: "group", id: group.id }, role: "finance", scope: data });
    await giveGrant(acme!, { subject: { kind: "person", id: bob.id }, role: "auditor" });
    const ctx = await bob.be();
    const told = await findWhatCan(ctx, bob.id);
    expect(told.permissions.map(({ permission }) => permission).toSorted()).toEqual([...ctx.permissions].toSorted());
    for (const { permission, scope } of told.permissions) expect(scope).toEqual(ctx.rowFilters.get(permission) ?? null);
  });
});

describe("two companies with the same shapes", () => {
  it("never see nor touch each other's people, groups, roles, grants and units", async () => {
    const make = async (of: Context) => {
      const member = await person(of, "viewer");
      const group = await createGroup(of, { name: "Group" });
      const role = await createRole(of, { key: "own", name: "Own", permissions: ["costs:read"] });
      const unit = await createUnit(of, { name: "Unit", kind: "team" });
      await setUnitAccounts(of, unit.id, { accounts: ["1"] });
      await addGroupMember(of, group.id, member.id);
      const grant = await giveGrant(of, { subject: { kind: "group", id: group.id }, role: "own", unitId: unit.id });
      return { member, group, role, unit, grant };
    };
    const [own, foreign] = [await make(acme!), await make(beta!)];
    const told = JSON.stringify([
      await listMembers(acme!),
      await listGroups(acme!),
      await listRoles(acme!),
      await listGrants(acme!, { state: "all" }),
      await listUnits(acme!),
      await findWhoCan(acme!, "costs:read"),
    ]);
    for (const { id } of [foreign.member, foreign.group, foreign.unit, foreign.grant]) expect(told).not.toContain(id);
    for (const { id } of [own.member, own.group, own.unit, own.grant]) expect(told).toContain(id);

    const subject = { kind: "person" as const, id: own.member.id };
    for (const reach of [
      () => changeMember(acme!, foreign.member.id, { role: "admin" }),
      () => changeMember(acme!, own.member.id, { unitId: foreign.unit.id }),
      () => removeMember(acme!, foreign.member.id),
      () => getGroup(acme!, foreign.group.id),
      () => changeGroup(acme!, foreign.group.id, { name: "Mine" }),
      () => deleteGroup(acme!, foreign.group.id),
      () => addGroupMember(acme!, foreign.group.id, own.member.id),
      () => addGroupMember(acme!, own.group.id, foreign.member.id),
      () => removeGroupMember(acme!, own.group.id, foreign.member.id),
      () => giveGrant(acme!, { subject: { kind: "group", id: foreign.group.id }, role: "own" }),
      () => giveGrant(acme!, { subject, role: "own", unitId: foreign.unit.id }),
      () => revokeGrant(acme!, foreign.grant.id),
      () => changeUnit(acme!, foreign.unit.id, { name: "Mine" }),
      () => changeUnit(acme!, own.unit.id, { parentId: foreign.unit.id }),
      () => setUnitAccounts(acme!, foreign.unit.id, { accounts: [] }),
      () => deleteUnit(acme!, foreign.unit.id),
      () => findWhatCan(acme!, foreign.member.id),
    ])
      await expect(reach(), reach.toString()).rejects.toMatchObject({ code: "not_found" });
  });

  it("give one person of both what each of them gives, and no more", async () => {
    const bob = await person(acme!, "viewer", web);
    await setMember(test.db, beta!.tenantId, bob.id, "admin");
    await giveGrant(beta!, { subject: { kind: "person", id: bob.id }, role: "auditor" });
    const ctx = await bob.be();
    expect([[...ctx.permissions].toSorted(), ctx.rowFilter]).toEqual([["alerts:read", "costs:read"], web]);
  });

  it("leave nothing behind when they are deleted", async () => {
    const bob = await person(beta!, "viewer");
    const unit = await createUnit(beta!, { name: "Unit", kind: "team" });
    await setUnitAccounts(beta!, unit.id, { accounts: ["1"] });
    await giveGrant(beta!, { subject: { kind: "person", id: bob.id }, role: "viewer", unitId: unit.id });
    expect(await deleteTenant(test.db, beta!.tenantId)).toBe(true);
    expect(await findSession(test.db, clock, bob.token)).toBeNull();
  });
});
