import type { AccessFacts, GivenRole, UnitNode } from "./effective-access.ts";
import { limitedPermissions } from "./permissions.ts";
import type { RowFilter } from "./row-filter.ts";

/** What `find_grants` of the migrations answers: grants that have not ended, and the units that they are given in. */
export interface FoundGrants {
  grants: {
    id: string;
    roleKey: string;
    permissions: string[];
    unitId: string | null;
    scope: RowFilter | null;
    validFromMs: number;
    validUntilMs: number | null;
  }[];
  units: UnitNode[];
}

/** What one has without a grant, for as long as one has it. */
export type BaseRole = Pick<GivenRole, "roleKey" | "permissions" | "scope">;

export function accessFacts(base: readonly BaseRole[], { grants, units }: FoundGrants): AccessFacts {
  const always = { grantId: null, unitId: null, validFromMs: 0, validUntilMs: null };
  return {
    given: [
      ...base.map((role) => ({ ...role, ...always })),
      ...grants.map(({ id, ...grant }) => ({ grantId: id, ...grant })),
    ],
    units,
  };
}

/** What a key has of itself: its permissions, of which its scope limits those that rows can limit. */
export function rolesOfKey(permissions: readonly string[], scope: RowFilter | null): BaseRole[] {
  const [limited, whole] = [true, false].map((isLimited) =>
    permissions.filter((permission) => limitedPermissions.has(permission) === isLimited),
  );
  return [
    { roleKey: "", permissions: limited!, scope },
    { roleKey: "", permissions: whole!, scope: null },
  ];
}
