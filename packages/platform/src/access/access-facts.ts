import type { AccessFacts, GivenRole, UnitNode } from "./effective-access.ts";
import { limitedPermissions } from "./permissions.ts";
import type { RowFilter } from "./row-filter.ts";

/** A role with how it came to somebody. */
export interface FoundRole extends GivenRole {
  /** The group that it was given to. */
  groupId: string | null;
  /** The unit to whose people it was given. */
  memberUnitId: string | null;
  /** The rule that gave it. */
  ruleId: string | null;
}

type FoundGrant = Omit<FoundRole, "grantId"> & { id: string };

/**
 * What `find_grants` of the migrations answers: grants that have not ended, the people who delegated some of them with theirs,
 * and the units that they are given in.
 */
export interface FoundGrants {
  grants: FoundGrant[];
  givers: (BaseRole & { id: string; grants: FoundGrant[] })[];
  units: UnitNode[];
}

/** What one has without a grant, for as long as one has it. */
export type BaseRole = Pick<GivenRole, "roleKey" | "permissions" | "scope">;

export function accessFacts(base: readonly BaseRole[], { grants, givers, units }: FoundGrants): AccessFacts<FoundRole> {
  return {
    given: rolesOf(base, grants),
    givers: new Map(givers.map(({ id, grants: theirs, ...own }) => [id, rolesOf([own], theirs)])),
    units,
  };
}

function rolesOf(base: readonly BaseRole[], grants: readonly FoundGrant[]): FoundRole[] {
  const always = { grantId: null, unitId: null, validFromMs: 0, validUntilMs: null, delegatedBy: null };
  const byNothing = { groupId: null, memberUnitId: null, ruleId: null };
  return [
    ...base.map((role) => ({ ...role, ...always, ...byNothing })),
    ...grants.map(({ id, ...grant }) => ({ grantId: id, ...grant })),
  ];
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
