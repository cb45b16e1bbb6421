import { describe, expect, it } from "vitest";
import { allPermissions, builtInRoles, computeRolePermissions } from "./permissions.ts";
import { requirePermission } from "./require-permission.ts";

const someone = (...permissions: string[]) => ({
  permissions: new Set(permissions),
  actor: { kind: "person" as const, id: "1", name: "Ann" },
});

describe("a permission", () => {
  it("lets through who has it", () => {
    expect(() => requirePermission(someone("imports:write"), "imports:write")).not.toThrow();
  });

  it("keeps out who does not, and says what is missing and whom to ask", () => {
    expect(() => requirePermission(someone("costs:read"), "imports:write")).toThrow(
      'You may not do this: it needs the permission "imports:write" (import, reprocess, roll back and remove bills). Ask an owner of your company for it.',
    );
  });
});

describe("a role", () => {
  it("of the built-in ones allows what its table says, whatever is stored", () => {
    expect(computeRolePermissions("viewer", ["keys:write"])).toEqual(new Set(builtInRoles.viewer.permissions));
    expect(computeRolePermissions("owner", [])).toEqual(new Set(allPermissions));
  });

  it("of a company's own allows what is stored", () => {
    expect(computeRolePermissions("importer", ["imports:write"])).toEqual(new Set(["imports:write"]));
    expect(computeRolePermissions("toString", [])).toEqual(new Set());
  });

  it("that only looks cannot change anything", () => {
    expect(builtInRoles.viewer.permissions.filter((permission) => permission.endsWith(":write"))).toEqual([]);
  });
});
