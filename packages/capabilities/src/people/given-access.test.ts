import { applyAttributes } from "@finops/platform/access/apply-attributes";
import { createPermissionUses } from "@finops/platform/access/permission-uses";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { newId } from "@finops/kernel/id";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findWhatCan } from "./access-audit.ts";
import { createAccessRule, deleteAccessRule, listAccessRules } from "./access-rules.ts";
import { delegate, endDelegation, listDelegations } from "./delegations.ts";
import { giveGrant, listGrants, revokeGrant } from "./grants.ts";
import { addGroupMember, createGroup, getGroup } from "./groups.ts";
import { changeMember, removeMember } from "./members.ts";
import { makeCompany, makePerson, movedClock } from "./testing/people.ts";
import { changeUnit, createUnit } from "./units.ts";
import { findUnusedPermissions } from "./unused-permissions.ts";

let test: TestDatabase;
const clock = movedClock("2026-11-22T12:00:00Z");
let [acme, beta]: Context[] = [];
let [ann, bob]: Awaited<ReturnType<typeof makePerson>>[] = [];
const web = { dimension: "tag:team", is: "web" };
const soon = "2026-12-01T00:00:00Z";

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  clock.at = new Date("2026-11-22T12:00:00Z");
  [acme, beta] = [(await makeCompany(test, clock)).ctx, (await makeCompany(test, clock)).ctx];
  [ann, bob] = [await makePerson(acme, "finance"), await makePerson(acme, "viewer")];
});

const bobMay = async (permission = "views:write") => (await bob!.be()).permissions.has(permission);
const say = (attributes: Record<string, string[]>) =>
  applyAttributes(test.db, clock, acme!.tenantId, bob!.id, attributes);

describe("a delegation", () => {
  const give = async (wish = {}) =>
    delegate(await ann!.be(), { person: bob!.id, role: "finance", validUntil: soon, reason: "Holiday", ...wish });

  it("gives a colleague what one has, until it is ended", async () => {
    const { id, isDelegated } = await give();
    expect([isDelegated, await bobMay()]).toEqual([true, true]);
    expect(await listDelegations(await ann!.be())).toMatchObject({ given: [{ id }], received: [] });
    expect(await listDelegations(await bob!.be())).toMatchObject({ given: [], received: [{ id }] });
    await expect(endDelegation(await bob!.be(), id)).rejects.toMatchObject({ code: "not_found" });
    await endDelegation(await ann!.be(), id);
    expect(await bobMay()).toBe(false);
  });

  it("ends by itself, and with what its giver has", async () => {
    await give();
    clock.at = new Date(soon);
    expect(await bobMay()).toBe(false);
    clock.at = new Date("2026-11-22T12:00:00Z");
    await changeMember(acme!, ann!.id, { scope: web });
    expect((await bob!.be()).rowFilters.get("views:write")).toEqual(web);
    await changeMember(acme!, ann!.id, { role: "viewer" });
    expect(await bobMay()).toBe(false);
    await changeMember(acme!, ann!.id, { role: "finance", scope: null });
    expect(await bobMay()).toBe(true);
    await removeMember(acme!, ann!.id);
    expect(await bobMay()).toBe(false);
  });

  it("that goes on ends with the first of the chain, and no grant outlives it", async () => {
    const carl = await makePerson(acme!, "viewer");
    await acme!.inTenant(async (tx) => {
      const role = await tx.role.create({ data: { key: "giver", name: "Giver" } });
      await tx.permission.create({ data: { roleId: role.id, key: "access:write" } });
    });
    await giveGrant(acme!, { subject: { kind: "person", id: bob!.id }, role: "giver" });
    const first = await give();
    await delegate(await bob!.be(), { person: carl.id, role: "finance", validUntil: soon });
    const carlMay = async () => (await carl.be()).permissions.has("views:write");
    expect(await carlMay()).toBe(true);
    const asGrant = { subject: { kind: "person" as const, id: carl.id }, role: "finance", validUntil: soon };
    await expect(giveGrant(await bob!.be(), asGrant)).rejects.toMatchObject({ code: "forbidden" });
    await endDelegation(await ann!.be(), first.id);
    expect(await carlMay()).toBe(false);
  });

  it.each([
    ["what the giver lacks", { role: "auditor", role_: true }, "ok"],
    ["the role of an owner", { role: "owner" }, "invalid"],
    ["more than 90 days", { validUntil: "2027-03-01T00:00:00Z" }, "invalid"],
    ["an end that has passed", { validUntil: "2026-11-22T12:00:00Z" }, "invalid"],
    ["nobody", { person: newId() }, "not_found"],
  ])("is looked at when it is of %s", async (_, { role_, ...wish }: Record<string, unknown>, code) => {
    if (role_ === undefined) return expect(give(wish)).rejects.toMatchObject({ code });
    await give(wish);
    // Of the role they get what the giver has, and no more.
    expect([await bobMay("exports:write"), await bobMay("audit:read")]).toEqual([true, false]);
  });

  it("that gives nothing is refused, and so is one to oneself or to another company", async () => {
    await acme!.inTenant(async (tx) => {
      const role = await tx.role.create({ data: { key: "keys", name: "Keys" } });
      await tx.permission.create({ data: { roleId: role.id, key: "keys:write" } });
    });
    await expect(give({ role: "keys" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(give({ person: ann!.id })).rejects.toMatchObject({ code: "forbidden" });
    const theirs = await makePerson(beta!, "viewer");
    await expect(give({ person: theirs.id })).rejects.toMatchObject({ code: "not_found" });
    expect((await listDelegations(await ann!.be())).given).toEqual([]);
  });
});

describe("a rule by attribute", () => {
  const rule = (wish = {}) =>
    createAccessRule(acme!, {
      name: "Buyers",
      attribute: "groups",
      value: "buyers",
      gives: { role: "finance" },
      ...wish,
    });

  it("gives a role to those whose attribute has the value, for as long as it has", async () => {
    await say({ groups: ["buyers", "all"], department: ["Cart"] });
    const { id, memberCount } = await rule();
    expect([await bobMay(), memberCount]).toEqual([true, 1]);
    await say({ groups: ["all"] });
    expect([await bobMay(), (await listAccessRules(acme!))[0]!.memberCount]).toEqual([false, 0]);
    await say({ department: ["Web"] });
    await say({ groups: ["buyers"] });
    expect(await bobMay()).toBe(true);
    await say({ department: [] });
    expect(await bobMay()).toBe(true);
    await deleteAccessRule(acme!, id);
    expect([await bobMay(), await listAccessRules(acme!)]).toEqual([false, []]);
    expect((await listGrants(acme!, { state: "all" })).grants.map(({ revokedAt }) => revokedAt === null)).toEqual([
      false,
      false,
    ]);
  });

  it("limits the role as it says, and is told as the reason", async () => {
    const { id } = await rule({ gives: { role: "finance", scope: web } });
    await say({ groups: ["buyers"] });
    const ctx = await bob!.be();
    expect(ctx.rowFilters.get("views:write")).toEqual(web);
    const { permissions } = await findWhatCan(ctx, bob!.id);
    expect(permissions.find(({ permission }) => permission === "views:write")!.through).toMatchObject([{ ruleId: id }]);
  });

  it("puts people into a group, and leaves those whom somebody put there", async () => {
    const group = await createGroup(acme!, { name: "Data" });
    await giveGrant(acme!, { subject: { kind: "group", id: group.id }, role: "finance" });
    await rule({ gives: { groupId: group.id } });
    await say({ groups: ["buyers"] });
    expect([await bobMay(), (await listAccessRules(acme!))[0]!.memberCount]).toEqual([true, 1]);
    await say({ groups: [] });
    expect((await getGroup(acme!, group.id)).members).toEqual([]);
    await say({ groups: ["buyers"] });
    await addGroupMember(acme!, group.id, bob!.id);
    await say({ groups: [] });
    expect((await getGroup(acme!, group.id)).members.length).toBe(1);
  });

  it("gives no more than its maker has, nothing to its maker, and nobody the role of an owner", async () => {
    const admin = await makePerson(acme!, "admin");
    const make = async (wish: object) =>
      createAccessRule(await admin.be(), {
        name: "R",
        attribute: "groups",
        value: "buyers",
        gives: { role: "finance" },
        ...wish,
      });
    await expect(make({ gives: { role: "owner" } })).rejects.toMatchObject({ code: "invalid" });
    await applyAttributes(test.db, clock, acme!.tenantId, admin.id, { groups: ["buyers"] });
    await expect(make({})).rejects.toMatchObject({ code: "forbidden" });
    await changeMember(acme!, admin.id, { role: "viewer" });
    for (const refused of [() => make({}), async () => listAccessRules(await admin.be())])
      await expect(refused()).rejects.toMatchObject({ code: "forbidden" });
  });

  it("cannot be outdone by revoking what it gave", async () => {
    await rule();
    await say({ groups: ["buyers"] });
    const [grant] = (await listGrants(acme!)).grants;
    await expect(revokeGrant(acme!, grant!.id)).rejects.toMatchObject({ code: "conflict" });
  });

  it("is the company's own: attributes of another company, or of who is no member, give nothing", async () => {
    const { id } = await rule();
    await applyAttributes(test.db, clock, beta!.tenantId, bob!.id, { groups: ["buyers"] });
    expect(await bobMay()).toBe(false);
    await expect(deleteAccessRule(beta!, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(say({ groups: ["x".repeat(501)] })).rejects.toMatchObject({ code: "invalid" });
  });

  it("gives once, when somebody signs in twice at the same moment", async () => {
    await rule();
    await Promise.all([1, 2, 3].map(() => say({ groups: ["buyers"] })));
    expect((await listGrants(acme!)).grants.length).toBe(1);
  });
});

describe("a role that is given to a unit", () => {
  it("is had by its people and by those of the units below it, for as long as they are there", async () => {
    const shop = await createUnit(acme!, { name: "Shop", kind: "department" });
    const cart = await createUnit(acme!, { name: "Cart", kind: "team", parentId: shop.id });
    await giveGrant(acme!, { subject: { kind: "unit", id: shop.id }, role: "finance" });
    expect(await bobMay()).toBe(false);
    await changeMember(acme!, bob!.id, { unitId: cart.id });
    expect(await bobMay()).toBe(true);
    await changeUnit(acme!, cart.id, { parentId: null });
    expect(await bobMay()).toBe(false);
    await changeUnit(acme!, cart.id, { parentId: shop.id });
    expect(await bobMay()).toBe(true);
    await changeMember(acme!, bob!.id, { unitId: null });
    expect(await bobMay()).toBe(false);
  });

  it("is not come by through moving somebody, or oneself, without having it", async () => {
    const shop = await createUnit(acme!, { name: "Shop", kind: "department" });
    const team = await createUnit(acme!, { name: "Team", kind: "team" });
    await giveGrant(acme!, { subject: { kind: "unit", id: shop.id }, role: "auditor" });
    await acme!.inTenant(async (tx) => {
      const role = await tx.role.create({ data: { key: "mover", name: "Mover" } });
      for (const key of ["members:write", "costs:read"]) await tx.permission.create({ data: { roleId: role.id, key } });
    });
    const mover = await makePerson(acme!, "mover");
    await expect(changeMember(await mover.be(), bob!.id, { unitId: shop.id })).rejects.toMatchObject({
      code: "forbidden",
    });
    await changeMember(acme!, mover.id, { unitId: team.id });
    await expect(changeUnit(await mover.be(), team.id, { parentId: shop.id })).rejects.toMatchObject({
      code: "forbidden",
    });
    const admin = await makePerson(acme!, "admin");
    await expect(changeMember(await admin.be(), admin.id, { unitId: shop.id })).rejects.toMatchObject({
      message: expect.stringContaining("themselves"),
    });
    await changeMember(acme!, admin.id, { unitId: shop.id });
    const own = { subject: { kind: "unit" as const, id: shop.id }, role: "viewer" };
    await expect(giveGrant(await admin.be(), own)).rejects.toMatchObject({
      message: expect.stringContaining("themselves"),
    });
  });
});

describe("what is not used", () => {
  it("is what somebody may do and did not do in so many days", async () => {
    const uses = createPermissionUses();
    const noteUse = uses.noteFor(acme!.host, acme!.tenantId, { kind: "person", id: bob!.id, name: "" });
    const ctx = await bob!.be(noteUse);
    for (let times = 0; times < 3; times += 1) requirePermission(ctx, "costs:read");
    expect(() => requirePermission({ permissions: new Set(), actor: acme!.actor, noteUse }, "keys:write")).toThrow();
    await uses.flush();
    const unused = async (days?: number) => {
      const { subjects, notedSince } = await findUnusedPermissions(acme!, days === undefined ? {} : { days });
      return [notedSince, subjects.find(({ id }) => id === bob!.id)?.permissions.map(({ permission }) => permission)];
    };
    expect(await unused()).toEqual(["2026-11-22", ["alerts:read", "members:read", "sources:read"]]);
    clock.at = new Date("2027-02-21T12:00:00Z");
    expect(await unused()).toEqual(["2026-11-22", ["alerts:read", "costs:read", "members:read", "sources:read"]]);
    expect(await unused(120)).toEqual(["2026-11-22", ["alerts:read", "members:read", "sources:read"]]);
    requirePermission(ctx, "costs:read");
    await uses.flush();
    expect(await unused()).toEqual(["2026-11-22", ["alerts:read", "members:read", "sources:read"]]);
  });

  it("is for those who check access, of their own company", async () => {
    await expect(findUnusedPermissions(await bob!.be())).rejects.toMatchObject({ code: "forbidden" });
    const { subjects } = await findUnusedPermissions(beta!);
    expect(subjects).toEqual([]);
  });
});
