import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AccessFacts,
  computeEffectiveAccess,
  type GivenRole,
  unitFilter,
  type UnitNode,
} from "./effective-access.ts";
import { limitedPermissions } from "./permissions.ts";
import { noRows, type RowFilter } from "./row-filter.ts";
import { type Charge, evaluate } from "./testing/evaluate-filter.ts";

const noon = new Date("2026-11-22T12:00:00Z");
const web: RowFilter = { dimension: "tag:team", is: "web" };
const data: RowFilter = { dimension: "tag:team", is: "data" };

const given = (roleKey: string, wish: Partial<GivenRole> = {}): GivenRole => ({
  grantId: "g",
  roleKey,
  permissions: [],
  unitId: null,
  scope: null,
  validFromMs: 0,
  validUntilMs: null,
  delegatedBy: null,
  ...wish,
});
const access = (roles: readonly GivenRole[], units: readonly UnitNode[] = [], now = noon) =>
  computeEffectiveAccess({ given: roles, units }, now);

describe("what somebody may do", () => {
  it("is what all their roles give together", () => {
    const { permissions, rowFilters } = access([
      given("viewer"),
      given("importer", { permissions: ["imports:write"] }),
    ]);
    expect([...permissions].toSorted()).toEqual([
      "alerts:read",
      "costs:read",
      "imports:write",
      "members:read",
      "sources:read",
    ]);
    expect(rowFilters.size).toBe(0);
  });

  it("is limited to the costs of all limited roles that give it", () => {
    const { permissions, rowFilters } = access([given("viewer", { scope: web }), given("finance", { scope: data })]);
    expect([...permissions].toSorted()).toEqual([
      "alerts:read",
      "alerts:write",
      "budgets:write",
      "costs:read",
      "exports:write",
      "views:write",
    ]);
    expect(rowFilters.get("costs:read")).toEqual({ or: [data, web] });
    expect(rowFilters.get("exports:write")).toEqual(data);
  });

  it("is not limited where one role gives it without a limit", () => {
    expect(access([given("viewer", { scope: web }), given("viewer")]).rowFilters.has("costs:read")).toBe(false);
  });

  it("never reaches the whole company by a role that is limited", () => {
    const { permissions } = access([given("owner", { scope: web })]);
    expect([...permissions].every((permission) => limitedPermissions.has(permission))).toBe(true);
  });

  it("is the same, and written the same, in whatever order the roles come", () => {
    const roles = [given("viewer", { scope: web }), given("viewer", { scope: data }), given("viewer", { scope: web })];
    expect(access(roles)).toEqual(access(roles.toReversed()));
  });

  it("begins and ends with the grant's time", () => {
    const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);
    const once = given("viewer", { validFromMs: at("12:00:00"), validUntilMs: at("13:00:00") });
    const may = (time: string) => access([once], [], new Date(at(time))).permissions.has("costs:read");
    expect([may("11:59:59"), may("12:00:00"), may("12:59:59"), may("13:00:00")]).toEqual([false, true, true, false]);
  });
});

describe("a role in a unit", () => {
  const units = [
    { id: "team", parentId: "department", accounts: ["3"] },
    { id: "department", parentId: "root", accounts: ["2", "1"] },
    { id: "root", parentId: null, accounts: [] },
    { id: "other", parentId: "root", accounts: ["4"] },
  ];
  it("reaches the accounts of that unit and of those below it", () => {
    expect(access([given("viewer", { unitId: "department" })], units).rowFilters.get("costs:read")).toEqual({
      dimension: "subAccountId",
      in: ["1", "2", "3"],
    });
  });

  it("reaches no costs while the unit has no accounts", () => {
    expect(unitFilter("empty", [{ id: "empty", parentId: null, accounts: [] }])).toEqual(noRows);
  });

  it("with a scope reaches what both let through", () => {
    const { rowFilters } = access([given("viewer", { unitId: "team", scope: web })], units);
    const ofTeam = { dimension: "subAccountId", in: ["3"] };
    expect(rowFilters.get("costs:read")).toEqual({ and: [ofTeam, web] });
  });
});

describe("what was delegated", () => {
  const delegated = given("finance", { delegatedBy: "ann" });
  const with_ = (anns: readonly GivenRole[], roles: readonly GivenRole[] = [delegated]) =>
    computeEffectiveAccess({ given: roles, units: [], givers: new Map([["ann", anns]]) }, noon);

  it("gives what its giver has, of the costs that they see, and nothing once they have nothing", () => {
    expect(with_([given("finance")])).toEqual(access([given("finance")]));
    expect([...with_([given("viewer")]).permissions].toSorted()).toEqual([
      "alerts:read",
      "costs:read",
      "members:read",
      "sources:read",
    ]);
    expect(with_([given("finance", { scope: web })]).rowFilters.get("costs:read")).toEqual(web);
    expect(with_([]).permissions.size).toBe(0);
    expect(access([delegated]).permissions.size).toBe(0);
  });

  it("is limited by both, by what was delegated and by what its giver has", () => {
    const anns = [given("viewer", { scope: web })];
    const { rowFilters } = with_(anns, [given("viewer", { scope: data, delegatedBy: "ann" })]);
    expect(rowFilters.get("costs:read")).toEqual({ and: [data, web] });
  });

  it("goes on three times at most, and in a circle gives nothing", () => {
    const chain = (length: number) =>
      new Map(
        Array.from({ length }, (_, place) => [
          `p${place}`,
          [given("viewer", { delegatedBy: place === 0 ? null : `p${place - 1}` })],
        ]),
      );
    const last = (length: number) =>
      computeEffectiveAccess(
        { given: [given("viewer", { delegatedBy: `p${length - 1}` })], units: [], givers: chain(length) },
        noon,
      ).permissions.size;
    expect([last(1), last(3), last(4)]).toEqual([4, 4, 0]);
    expect(with_([given("finance", { delegatedBy: "ann" })]).permissions.size).toBe(0);
  });
});

/**
 * The naive model: a world of a few charges, and for each of them, each permission and each instant the plain question whether
 * any role that somebody has then gives the permission for that charge.
 */
it("answers what the naive model answers, for any tree, roles, scopes and times", () => {
  const accounts = ["1", "2", "3", "4"];
  const teams = ["web", "data"];
  const charges = accounts.flatMap((account) => teams.map((team) => ({ account, team })));
  const catalog = ["costs:read", "exports:write", "views:write", "imports:write", "members:write"];

  const unitIds = ["u0", "u1", "u2", "u3", "u4"];
  const tree = fc
    .tuple(
      fc.array(fc.nat(4), { minLength: 5, maxLength: 5 }),
      fc.array(fc.option(fc.constantFrom(...unitIds)), { minLength: 4, maxLength: 4 }),
    )
    .map(([parents, owners]) =>
      unitIds.map((id, index): UnitNode => ({
        id,
        // A unit's parent has a smaller number, or there is none.
        parentId: parents[index]! < index ? unitIds[parents[index]!]! : null,
        accounts: accounts.filter((_, account) => owners[account] === id),
      })),
    );
  const role = fc.record<GivenRole>({
    grantId: fc.constant("g"),
    roleKey: fc.constantFrom("custom", "viewer", "owner"),
    permissions: fc.subarray(catalog),
    unitId: fc.option(fc.constantFrom(...unitIds)),
    scope: fc.option(
      fc.oneof(
        fc.constantFrom(...teams).map((is) => ({ dimension: "tag:team", is })),
        fc.constantFrom(...accounts).map((is) => ({ dimension: "subAccountId", is })),
        fc.constant({ or: [web, data] }),
      ),
    ),
    validFromMs: fc.nat(10),
    validUntilMs: fc.option(fc.nat(10)),
    delegatedBy: fc.constant(null),
  });

  const isBelow = (units: readonly UnitNode[], id: string, above: string): boolean => {
    if (id === above) return true;
    const parent = units.find((unit) => unit.id === id)?.parentId ?? null;
    return parent !== null && isBelow(units, parent, above);
  };
  const naive = ({ given: roles, units }: AccessFacts, now: number, permission: string, charge: Charge | null) =>
    roles.some((one) => {
      if (now < one.validFromMs || (one.validUntilMs !== null && now >= one.validUntilMs)) return false;
      const isLimited = one.unitId !== null || one.scope !== null;
      const gives = { custom: one.permissions, viewer: ["costs:read"], owner: catalog }[one.roleKey]!;
      if (!gives.includes(permission) || (isLimited && !limitedPermissions.has(permission))) return false;
      if (charge === null) return true;
      const owner = units.find((unit) => unit.accounts.includes(charge.account));
      const isInUnit = one.unitId === null || (owner !== undefined && isBelow(units, owner.id, one.unitId));
      return isInUnit && (one.scope === null || evaluate(one.scope, charge));
    });

  fc.assert(
    fc.property(fc.array(role, { maxLength: 6 }), tree, fc.nat(10), (roles, units, now) => {
      const facts = { given: roles, units };
      const found = computeEffectiveAccess(facts, new Date(now));
      for (const permission of catalog) {
        expect(found.permissions.has(permission)).toBe(naive(facts, now, permission, null));
        const filter = found.rowFilters.get(permission);
        for (const charge of charges) {
          const may = found.permissions.has(permission) && (filter === undefined || evaluate(filter, charge));
          expect(may).toBe(naive(facts, now, permission, charge));
        }
      }
    }),
    { numRuns: 1000 },
  );
});
