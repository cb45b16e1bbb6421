import { newId } from "@finops/kernel/id";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Tx } from "../db/database.ts";
import { toJsonColumn } from "../db/json-column.ts";
import { ensureUser, setMember } from "../identity/users.ts";
import { createTenant } from "../tenancy/tenants.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { applyAttributes } from "./apply-attributes.ts";
import { delegationsMax } from "./effective-access.ts";
import { findMemberAccess } from "./list-access.ts";
import { limitedPermissions } from "./permissions.ts";
import type { RowFilter } from "./row-filter.ts";
import { type Charge, evaluate } from "./testing/evaluate-filter.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const accounts = ["1", "2", "3"];
const teams = ["web", "data"];
const charges: Charge[] = accounts.flatMap((account) => teams.map((team) => ({ account, team })));
const catalog = ["costs:read", "exports:write", "views:write", "imports:write", "keys:write"];
const roleGives = {
  viewer: ["costs:read"],
  finance: ["costs:read", "exports:write", "views:write"],
  admin: catalog,
} as const;

/** Everything by its number: people, units, groups. Parents of units have smaller numbers. */
interface World {
  units: { parent: number | null; accounts: string[] }[];
  own: string[];
  people: { role: RoleKey; scope: RowFilter | null; unit: number | null; groups: number[]; claims: string[] }[];
  grants: Grant[];
  rules: { claim: string; gives: Omit<Gift, "from" | "until"> | { group: number } }[];
}
type RoleKey = keyof typeof roleGives | "own";
interface Gift {
  role: RoleKey;
  unit: number | null;
  scope: RowFilter | null;
  from: number;
  until: number | null;
}
type Grant = Gift &
  ({ to: "person"; at: number; delegatedBy: number | null } | { to: "group" | "unit"; at: number; delegatedBy: null });

const [personCount, unitCount, groupCount] = [3, 4, 2];
const number = (count: number) => fc.nat(count - 1);
const role = fc.constantFrom<RoleKey>("viewer", "finance", "admin", "own");
const scope = fc.option(
  fc.oneof(
    fc.constantFrom(...teams).map((is) => ({ dimension: "tag:team", is })),
    fc.constantFrom(...accounts).map((is) => ({ dimension: "subAccountId", is })),
  ),
);
const claims = ["buyers", "all"];
const gift = {
  role,
  scope,
  unit: fc.option(number(unitCount)),
};
const time = { from: fc.nat(10), until: fc.option(fc.integer({ min: 11, max: 20 })) };
const grant: fc.Arbitrary<Grant> = fc.oneof(
  fc.record({
    ...gift,
    ...time,
    to: fc.constant("person" as const),
    at: number(personCount),
    delegatedBy: fc.option(number(personCount)),
  }),
  fc.record({
    ...gift,
    ...time,
    to: fc.constantFrom("group" as const, "unit" as const),
    at: number(groupCount),
    delegatedBy: fc.constant(null),
  }),
);
const world: fc.Arbitrary<World> = fc.record({
  units: fc
    .tuple(
      fc.array(fc.option(number(unitCount)), { minLength: unitCount, maxLength: unitCount }),
      fc.array(fc.option(number(unitCount)), { minLength: accounts.length, maxLength: accounts.length }),
    )
    .map(([parents, owners]) =>
      parents.map((parent, index) => ({
        parent: parent !== null && parent < index ? parent : null,
        accounts: accounts.filter((_, account) => owners[account] === index),
      })),
    ),
  own: fc.subarray(catalog),
  people: fc.array(
    fc.record({
      role,
      scope,
      unit: fc.option(number(unitCount)),
      groups: fc.subarray([0, 1]),
      claims: fc.subarray(claims),
    }),
    { minLength: personCount, maxLength: personCount },
  ),
  grants: fc.array(grant, { maxLength: 6 }),
  rules: fc.array(
    fc.record({
      claim: fc.constantFrom(...claims),
      gives: fc.oneof(fc.record(gift), fc.record({ group: number(groupCount) })),
    }),
    { maxLength: 3 },
  ),
});

/** The plain question, of one person, one permission and one charge, or any: does any way lead there? */
function naive(all: World, now: number, person: number, permission: string, charge: Charge | null): boolean {
  const isBelow = (unit: number | null, above: number): boolean =>
    unit !== null && (unit === above || isBelow(all.units[unit]!.parent, above));
  const ownerOf = (account: string) => {
    const found = all.units.findIndex((unit) => unit.accounts.includes(account));
    return found === -1 ? null : found;
  };
  const fitting = (who: number) => all.rules.filter((rule) => all.people[who]!.claims.includes(rule.claim));
  const isIn = (who: number, group: number) =>
    all.people[who]!.groups.includes(group) ||
    fitting(who).some(({ gives }) => "group" in gives && gives.group === group);
  const gives = (one: Pick<Gift, "role" | "unit" | "scope">) => {
    const allowed: readonly string[] = one.role === "own" ? all.own : roleGives[one.role];
    const isLimited = one.unit !== null || one.scope !== null;
    if (!allowed.includes(permission) || (isLimited && !limitedPermissions.has(permission))) return false;
    if (charge === null) return true;
    return (
      (one.unit === null || isBelow(ownerOf(charge.account), one.unit)) &&
      (one.scope === null || evaluate(one.scope, charge))
    );
  };
  const may = (who: number, stepsLeft: number): boolean => {
    const { role: own, scope: limit, unit } = all.people[who]!;
    const hasGrant = ({ to, at }: Grant) =>
      to === "person" ? at === who : to === "group" ? isIn(who, at) : isBelow(unit, at);
    return (
      gives({ role: own, scope: limit, unit: null }) ||
      fitting(who).some((rule) => !("group" in rule.gives) && gives(rule.gives)) ||
      all.grants.some(
        (one) =>
          hasGrant(one) &&
          one.from <= now &&
          (one.until === null || now < one.until) &&
          gives(one) &&
          (one.delegatedBy === null || (stepsLeft > 0 && may(one.delegatedBy, stepsLeft - 1))),
      )
    );
  };
  return may(person, delegationsMax);
}

const startMs = Date.parse("2026-11-22T12:00:00Z");
const instant = (hour: number) => new Date(startMs + hour * 3_600_000);

/** Stores a world in a company of its own, and gives the ids of its people. */
async function store(all: World): Promise<{ tenantId: string; people: string[] }> {
  const { id: tenantId } = await createTenant(test.db, { slug: `c${newId().replaceAll("-", "")}`, name: "Company" });
  const people: string[] = [];
  for (let made = 0; made < personCount; made += 1)
    people.push(await ensureUser(test.db, { email: `${newId()}@acme.example`, name: "" }));
  for (const id of people) await setMember(test.db, tenantId, id, "viewer");
  await test.db.inTenant(tenantId, async (tx) => {
    const roles = await storeRoles(tx, all.own);
    const units: string[] = [];
    for (const unit of all.units) {
      const parentId = unit.parent === null ? null : units[unit.parent]!;
      const { id } = await tx.unit.create({ data: { kind: "team", name: "Unit", parentId } });
      units.push(id);
      await tx.unitAccount.createMany({ data: unit.accounts.map((account) => ({ account, unitId: id })) });
    }
    const groups: string[] = [];
    for (let made = 0; made < groupCount; made += 1)
      groups.push((await tx.group.create({ data: { name: `Group ${made}` } })).id);
    const limits = (one: { scope: RowFilter | null; unit: number | null }) => ({
      unitId: one.unit === null ? null : units[one.unit]!,
      ...(one.scope === null ? {} : { scope: toJsonColumn(one.scope) }),
    });
    for (const [index, one] of all.people.entries()) {
      const userId = people[index]!;
      await tx.membership.updateMany({ where: { userId }, data: { roleId: roles.get(one.role)!, ...limits(one) } });
      await tx.groupMember.createMany({ data: one.groups.map((group) => ({ userId, groupId: groups[group]! })) });
    }
    const by = { grantedById: "x", grantedByName: "X" };
    for (const one of all.grants)
      await tx.grant.create({
        data: {
          ...by,
          ...limits(one),
          roleId: roles.get(one.role)!,
          validFrom: instant(one.from),
          validUntil: one.until === null ? null : instant(one.until),
          ...(one.to === "person"
            ? { userId: people[one.at]!, delegatedBy: one.delegatedBy === null ? null : people[one.delegatedBy]! }
            : one.to === "group"
              ? { groupId: groups[one.at]! }
              : { memberUnitId: units[one.at]! }),
        },
      });
    for (const { claim, gives } of all.rules)
      await tx.accessRule.create({
        data: {
          name: claim,
          attribute: "groups",
          value: claim,
          createdById: "x",
          createdByName: "X",
          ...("group" in gives
            ? { groupId: groups[gives.group]! }
            : { roleId: roles.get(gives.role)!, ...limits(gives) }),
        },
      });
  });
  const clock = { now: () => instant(0), today: () => "2026-11-22" };
  for (const [index, { claims: groups }] of all.people.entries())
    await applyAttributes(test.db, clock, tenantId, people[index]!, { groups });
  return { tenantId, people };
}

async function storeRoles(tx: Tx, own: readonly string[]): Promise<Map<string, string>> {
  const { id } = await tx.role.create({ data: { key: "own", name: "Own" } });
  await tx.permission.createMany({ data: own.map((key) => ({ roleId: id, key })) });
  return new Map((await tx.role.findMany()).map((one) => [one.key, one.id]));
}

it("answers what the naive model answers, for any tree, people, groups, grants, delegations and rules that are stored", async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.nat(20), async (all, now) => {
      const { tenantId, people } = await store(all);
      for (const [index, id] of people.entries()) {
        const found = (await test.db.inTenant(tenantId, (tx) => findMemberAccess(tx, instant(now), id)))!;
        for (const permission of catalog) {
          const has = found.permissions.has(permission);
          expect(has, permission).toBe(naive(all, now, index, permission, null));
          const filter = found.rowFilters.get(permission);
          for (const charge of charges)
            expect(
              has && (filter === undefined || evaluate(filter, charge)),
              `${permission} ${charge.account} ${charge.team}`,
            ).toBe(naive(all, now, index, permission, charge));
        }
      }
    }),
    { numRuns: 60 },
  );
});

it("gives nothing to who is deactivated, whatever they were given, and gives it back", async () => {
  const { id: tenantId } = await createTenant(test.db, {
    slug: `d${newId().replaceAll("-", "")}`,
    name: "Deactivates",
  });
  const userId = await ensureUser(test.db, { email: `${newId()}@deactivates.example`, name: "Away" });
  await setMember(test.db, tenantId, userId, "admin");
  const find = () => test.db.inTenant(tenantId, (tx) => findMemberAccess(tx, instant(0), userId));
  const setDeactivated = (deactivatedAt: Date | null) =>
    test.db.inTenant(tenantId, (tx) => tx.membership.updateMany({ where: { userId }, data: { deactivatedAt } }));
  await setDeactivated(instant(0));
  expect(await find()).toBeNull();
  await setDeactivated(null);
  expect((await find())?.permissions.has("members:write")).toBe(true);
});
