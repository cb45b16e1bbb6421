import { CostFilter } from "@finops/capabilities/costs/contract";
import { type Member, PermissionKey, type Role } from "@finops/capabilities/people/contract";
import { describe, expect, it } from "vitest";
import { filterMembers } from "./filter-members.ts";
import { freeName } from "./free-name.ts";
import { endOfDay, grantState } from "../../lib/access/grant-words.ts";
import { withChange } from "./people-changes.ts";
import { readGrantsSearch, readPeopleSearch, readRolesSearch } from "./people-search.ts";
import { groupPermissions, roleKeyOf } from "./permission-groups.ts";
import { reasonWords } from "./reason-words.ts";
import { scopeWords } from "../../lib/cost-filter/scope-words.ts";

const member = (id: string, more: Partial<Member> = {}): Member => ({
  id,
  email: `${id}@acme.example`,
  name: "",
  role: { key: "viewer", name: "Viewer" },
  scope: null,
  unitId: null,
  groups: [],
  joinedAt: "2026-11-01T00:00:00Z",
  acceptedAt: "2026-11-01T00:00:00Z",
  isActive: true,
  ...more,
});

describe("the costs that somebody sees", () => {
  it("are told in words", () => {
    expect(scopeWords(null)).toBe("All costs");
    expect(scopeWords(CostFilter.parse({ dimension: "tag:team", is: "web" }))).toBe("team web");
    expect(scopeWords(CostFilter.parse({ dimension: "subAccountId", in: ["1", "2", "3"] }))).toBe(
      "Account 1 and 2 more",
    );
  });

  it("are none for a unit without accounts", () => {
    expect(scopeWords({ not: { and: [] } })).toBe("No costs");
  });
});

it("says through what somebody may do something", () => {
  const by = { memberUnitId: null, ruleId: null, delegatedBy: null };
  const reason = { grantId: null, role: "viewer", group: null, unitId: null, scope: null, validUntil: null, ...by };
  const names = {
    roles: [{ key: "viewer", name: "Viewer" }],
    units: [{ id: "u", parentId: null, kind: "team" as const, name: "Web", accounts: [], memberCount: 0 }],
  };
  expect(reasonWords(reason, names)).toBe("Viewer, role in the company");
  expect(
    reasonWords(
      { ...reason, grantId: "1", group: { id: "g", name: "Cloud" }, unitId: "u", validUntil: "2026-12-01T12:00:00Z" },
      names,
    ),
  ).toBe("Viewer, given to the group Cloud, in Web, until 1 Dec 2026, 12:00 UTC");
  expect(reasonWords({ ...reason, grantId: "1", delegatedBy: "p" }, names)).toBe("Viewer, delegated");
  expect(reasonWords({ ...reason, grantId: "1", ruleId: "r" }, names)).toBe("Viewer, given by a rule");
  expect(reasonWords({ ...reason, role: null }, names)).toBe("What the key was made with");
});

describe("a grant", () => {
  const now = new Date("2026-11-28T12:00:00Z");
  const grant = { validFrom: "2026-11-01T00:00:00Z", validUntil: null, revokedAt: null, isInForce: true };
  it("is in force, about to end, to come, over or revoked", () => {
    expect(grantState(grant, now).label).toBe("In force");
    expect(grantState({ ...grant, validUntil: "2026-11-30T00:00:00Z" }, now).label).toBe("Ends soon");
    expect(grantState({ ...grant, validFrom: "2026-12-01T00:00:00Z", isInForce: false }, now).label).toBe("To come");
    expect(grantState({ ...grant, validUntil: "2026-11-28T12:00:00Z" }, now).label).toBe("Ended");
    expect(grantState({ ...grant, revokedAt: "2026-11-02T00:00:00Z", isInForce: false }, now).label).toBe("Revoked");
  });

  it("holds through its last day", () => {
    expect(endOfDay("2026-12-31")).toBe("2027-01-01T00:00:00.000Z");
  });
});

it("finds people by role, costs, unit and group together", () => {
  const people = [
    member("ann", { unitId: "u", groups: [{ id: "g", name: "Cloud" }] }),
    member("bob", { scope: { dimension: "tag:team", is: "web" }, unitId: "u" }),
    member("eve", { role: { key: "auditor", name: "Auditor" } }),
  ];
  const ids = (search: Parameters<typeof filterMembers>[1]) => filterMembers(people, search).map((one) => one.id);
  expect(ids({})).toEqual(["ann", "bob", "eve"]);
  expect(ids({ unit: "u", costs: "all" })).toEqual(["ann"]);
  expect(ids({ costs: "part" })).toEqual(["bob"]);
  expect(ids({ group: "g", role: "viewer" })).toEqual(["ann"]);
  expect(ids({ role: "auditor" })).toEqual(["eve"]);
});

it("shows a change of a person before the server has answered", () => {
  const roles = [{ key: "finops", name: "FinOps practitioner" }] as Role[];
  expect(withChange(member("ann"), { role: "finops", unitId: "u" }, roles)).toMatchObject({
    role: { key: "finops", name: "FinOps practitioner" },
    unitId: "u",
    scope: null,
  });
});

describe("a role", () => {
  it("has its permissions by what they are about, an unknown one at the end", () => {
    const info = (key: string) => ({ key, about: "", canBeLimited: false }) as never;
    const groups = groupPermissions([info("audit:read"), info("costs:read"), info("domains:write")]);
    expect(groups.map((group) => group.name)).toEqual(["Costs", "Audit", "Other"]);
  });

  it("has a group for every permission that there is", () => {
    const groups = groupPermissions(PermissionKey.options.map((key) => ({ key, about: "", canBeLimited: false })));
    expect(groups.map((group) => group.name)).toEqual(["Costs", "Bills", "People", "Company", "Audit"]);
  });

  it("gets a key of its name that the API takes and nobody else has", () => {
    expect(roleKeyOf("Bill importer", [])).toBe("bill-importer");
    expect(roleKeyOf("Bill importer", ["bill-importer", "bill-importer-2"])).toBe("bill-importer-3");
    expect(roleKeyOf("  4. Übersicht!", [])).toBe("u-bersicht");
    expect(roleKeyOf("дата", [])).toBe("role");
    expect(roleKeyOf("x".repeat(200), ["x".repeat(36)])).toMatch(/^[a-z][a-z0-9-]{0,39}$/);
  });
});

it("numbers what is made without a name", () => {
  expect(freeName(["New unit", "New unit 2"], "New unit")).toBe("New unit 3");
});

it("reads addresses that people have typed", () => {
  expect(readPeopleSearch({ find: 42, role: "viewer", costs: "none", other: 1 })).toEqual({
    find: "42",
    role: "viewer",
  });
  expect(readGrantsSearch({ state: "all", give: "person:1" })).toEqual({ state: "all", give: "person:1" });
  expect(readRolesSearch({ role: "+", from: ["x"] })).toEqual({ role: "+" });
});
