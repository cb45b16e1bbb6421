import type { Member, Role } from "@finops/capabilities/people/contract";
import { describe, expect, it } from "vitest";
import { scopeWords } from "../../lib/cost-filter/scope-words.ts";
import { readApprovalsSearch } from "./approvals-search.ts";
import { changeLines, type Names } from "./change-lines.ts";
import { approvalsGiven } from "./state-words.ts";

const names: Names = {
  roles: [
    { key: "viewer", name: "Viewer" },
    { key: "finops", name: "FinOps practitioner" },
  ],
  permissions: [
    { key: "costs:read", about: "See costs" },
    { key: "imports:write", about: "Import bills" },
  ],
  units: [{ id: "u", parentId: null, kind: "team", name: "Web", accounts: [], memberCount: 0 }],
  groups: [{ id: "g", name: "Cloud" }],
  scope: scopeWords,
};
const refusal = null;

describe("what a change sets", () => {
  const vera: Member = {
    id: "1",
    email: "vera@acme.example",
    name: "Vera",
    role: { key: "viewer", name: "Viewer" },
    scope: null,
    unitId: null,
    groups: [],
    joinedAt: "2026-11-01T00:00:00Z",
    acceptedAt: null,
    isActive: true,
  };

  it("is told where it is different from what is", () => {
    const after = { ...vera, role: { key: "finops", name: "FinOps practitioner" }, unitId: "u" };
    const change = { kind: "member.change", effect: { before: vera, after, refusal }, result: null };
    expect(changeLines(change, names)).toEqual([
      { label: "Role in the company", before: "Viewer", after: "FinOps practitioner" },
      { label: "Unit", before: "None", after: "Web" },
    ]);
  });

  it("is each permission that comes or goes", () => {
    const before: Role = {
      key: "closer",
      name: "Closer",
      isBuiltIn: false,
      permissions: ["costs:read"],
      memberCount: 0,
    };
    const after: Role = { ...before, permissions: ["imports:write"] };
    expect(changeLines({ kind: "role.change", effect: { before, after, refusal }, result: null }, names)).toEqual([
      { label: "See costs", before: "Allowed", after: null },
      { label: "Import bills", before: null, after: "Allowed" },
    ]);
  });

  it("is all of what is new, with its end and its part of the costs", () => {
    const grant = {
      subject: { kind: "group", id: "g", name: "Cloud" },
      role: "finops",
      unitId: "u",
      scope: { dimension: "tag:team", is: "web" },
      validUntil: "2026-12-01T00:00:00Z",
      reason: "",
    };
    const change = { kind: "grant.give", effect: { before: null, after: grant, refusal }, result: null };
    expect(changeLines(change, names).map(({ label, after }) => [label, after])).toEqual([
      ["To", "Cloud (group)"],
      ["Role", "FinOps practitioner"],
      ["Sees", "Of the costs of Web: team web"],
      ["Ends", "1 Dec 2026, 00:00 UTC"],
    ]);
  });

  it("is told of policies by who approves and how many", () => {
    const policies = (people: number) => ({
      policies: { grants: { permission: "access:write", people } },
      validDays: 7,
    });
    const change = {
      kind: "approval-policies.set",
      effect: { before: policies(1), after: policies(2), refusal },
      result: null,
    };
    expect(changeLines(change, names)).toEqual([
      { label: "Access beside roles", before: "one person with access:write", after: "2 people with access:write" },
    ]);
  });

  it("is what it came to once it is made, and nothing where it was rejected or its kind is unknown", () => {
    const made = { kind: "member.change", effect: null, result: vera };
    expect(changeLines(made, names)[0]).toEqual({ label: "Person", before: null, after: "Vera, vera@acme.example" });
    expect(changeLines({ ...made, result: null }, names)).toEqual([]);
    expect(changeLines({ ...made, kind: "toString" }, names)).toEqual([]);
  });
});

it("counts approvals, and no rejection", () => {
  const decision = { id: "1", name: "Bob", comment: "", decidedAt: "2026-11-22T12:00:00Z" };
  const decisions = [
    { ...decision, isApproval: true },
    { ...decision, isApproval: false },
  ];
  expect(approvalsGiven({ decisions, peopleNeeded: 2 })).toBe("1 of 2");
});

it("reads addresses that people have typed", () => {
  expect(readApprovalsSearch({ state: "all", request: "1" })).toEqual({ state: "all", request: "1" });
  expect(readApprovalsSearch({ state: "soon", request: ["x"] })).toEqual({});
});
