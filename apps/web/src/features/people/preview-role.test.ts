import type { AccessReason, RoleList, Scope, WhatCan } from "@finops/capabilities/people/contract";
import { expect, it } from "vitest";
import { previewRole } from "./preview-role.ts";

const web: Scope = { dimension: "tag:team", is: "web" };
const data: Scope = { dimension: "tag:team", is: "data" };

const catalog: RoleList["permissions"] = [
  { key: "costs:read", about: "See costs", canBeLimited: true },
  { key: "sources:read", about: "See bills", canBeLimited: false },
  { key: "imports:write", about: "Import", canBeLimited: false },
];
const reason = (role: string, more: Partial<AccessReason> = {}): AccessReason => ({
  grantId: null,
  role,
  group: null,
  memberUnitId: null,
  ruleId: null,
  delegatedBy: null,
  unitId: null,
  scope: null,
  validUntil: null,
  ...more,
});
const can = (permissions: Record<string, AccessReason[]>): WhatCan["permissions"] =>
  Object.entries(permissions).map(([permission, through]) => ({ permission, about: "", scope: null, through }));
const changes = (...input: Parameters<typeof previewRole>) =>
  Object.fromEntries(previewRole(...input).map((line) => [line.permission, line.change]));

it("says what a person gains and loses by a role in place of the one in the company", () => {
  const now = can({ "costs:read": [reason("viewer")], "sources:read": [reason("viewer")] });
  expect(
    changes({ key: "importer", permissions: ["costs:read", "imports:write"] }, { scope: null }, now, catalog),
  ).toEqual({ "costs:read": "stays", "sources:read": "lost", "imports:write": "gained" });
});

it("keeps what other grants give", () => {
  const now = can({ "sources:read": [reason("viewer"), reason("finops", { grantId: "1" })] });
  expect(changes({ key: "importer", permissions: [] }, { scope: null }, now, catalog)).toEqual({
    "sources:read": "stays",
  });
});

it("follows the role into the grants of it, with their own costs", () => {
  const now = can({ "costs:read": [reason("importer", { grantId: "1", scope: data })] });
  expect(changes({ key: "importer", permissions: [] }, { scope: null }, now, catalog)).toEqual({
    "costs:read": "lost",
  });
  expect(previewRole({ key: "importer", permissions: ["costs:read"] }, { scope: web }, now, catalog)).toEqual([
    { permission: "costs:read", about: "See costs", change: "other-costs", scopes: [web, data] },
  ]);
});

it("gives by a limited role only what can be limited", () => {
  expect(
    previewRole({ key: "importer", permissions: ["costs:read", "imports:write"] }, { scope: web }, [], catalog),
  ).toEqual([{ permission: "costs:read", about: "See costs", change: "gained", scopes: [web] }]);
});
