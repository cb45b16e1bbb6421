import { computeRolePermissions, limitedPermissions } from "./permissions.ts";
import { allOf, anyOf, noRows, type RowFilter } from "./row-filter.ts";

/** A role that somebody has: by belonging to the company, or by a grant to them, to a group or to a unit that they belong to. */
export interface GivenRole {
  /** The grant's id; null for what one has without a grant. */
  grantId: string | null;
  roleKey: string;
  /** The permissions that are stored for a role of the company's own. */
  permissions: readonly string[];
  /** Limits the role to the costs of this unit and of those below it. */
  unitId: string | null;
  /** Limits the role to these costs. */
  scope: RowFilter | null;
  /** In milliseconds; the grant holds from the first instant, up to and without the second. */
  validFromMs: number;
  validUntilMs: number | null;
  /** The person who delegated it: it gives no more than they have at that moment. Null for what was not delegated. */
  delegatedBy: string | null;
}

/** A unit of the organisation tree, with the accounts whose costs are its own. */
export interface UnitNode {
  id: string;
  parentId: string | null;
  accounts: readonly string[];
}

/** All that decides what one person or key may do. */
export interface AccessFacts<R extends GivenRole = GivenRole> {
  given: readonly R[];
  /** At least the units that a role is given in, with all below them. */
  units: readonly UnitNode[];
  /** The roles of those who delegated something of this, by their ids. Who is not here has nothing to delegate. */
  givers?: ReadonlyMap<string, readonly GivenRole[]>;
}

/** How often what was delegated may be delegated on. What comes by a longer way gives nothing. */
export const delegationsMax = 3;

export interface EffectiveAccess {
  permissions: ReadonlySet<string>;
  /** What limits a permission to some rows of costs. A permission that is not here holds for the whole company. */
  rowFilters: ReadonlyMap<string, RowFilter>;
}

/** One reason why somebody has a permission. */
export interface AccessPath<R extends GivenRole = GivenRole> {
  given: R;
  /** The rows that it is limited to; null is the whole company. */
  rowFilter: RowFilter | null;
}

/**
 * What somebody may do at an instant: every permission of every role that they have then. A permission is limited to the rows
 * of all the roles that give it together, and not at all where one of them gives it without a limit. A role that is limited
 * gives only what rows can limit (`limitedPermissions`), for anything else would reach the whole company. What was delegated
 * gives what its giver has then, of the rows that they see.
 */
export function computeEffectiveAccess(facts: AccessFacts, now: Date): EffectiveAccess {
  return joinPaths(traceAccess(facts, now));
}

/** For each permission that somebody has at an instant, all the roles that give it. */
export function traceAccess<R extends GivenRole>(facts: AccessFacts<R>, now: Date): Map<string, AccessPath<R>[]> {
  const { given, units, givers = new Map<string, readonly GivenRole[]>() } = facts;
  // Many delegations may come by the same person. What comes back in a circle is within what there was, so it adds nothing.
  const known = new Map<string, EffectiveAccess>();
  return trace(given, delegationsMax);

  function trace<G extends GivenRole>(roles: readonly G[], stepsLeft: number): Map<string, AccessPath<G>[]> {
    const paths = new Map<string, AccessPath<G>[]>();
    for (const one of roles) {
      if (!isValid(one, now)) continue;
      const giver = one.delegatedBy === null ? null : accessOfGiver(one.delegatedBy, stepsLeft);
      const ownFilter = allOf([one.scope, one.unitId === null ? null : unitFilter(one.unitId, units)]);
      for (const permission of computeRolePermissions(one.roleKey, one.permissions)) {
        if (giver !== null && !giver.permissions.has(permission)) continue;
        const rowFilter = allOf([ownFilter, giver?.rowFilters.get(permission) ?? null]);
        if (rowFilter !== null && !limitedPermissions.has(permission)) continue;
        paths.set(permission, [...(paths.get(permission) ?? []), { given: one, rowFilter }]);
      }
    }
    return paths;
  }

  function accessOfGiver(id: string, stepsLeft: number): EffectiveAccess {
    const key = `${stepsLeft} ${id}`;
    const found = known.get(key) ?? joinPaths(stepsLeft === 0 ? new Map() : trace(givers.get(id) ?? [], stepsLeft - 1));
    known.set(key, found);
    return found;
  }
}

function joinPaths(paths: ReadonlyMap<string, readonly AccessPath[]>): EffectiveAccess {
  const rowFilters = new Map<string, RowFilter>();
  for (const [permission, ways] of paths) {
    const filters = ways.map((way) => way.rowFilter);
    if (!filters.includes(null)) rowFilters.set(permission, anyOf(filters.filter((filter) => filter !== null)));
  }
  return { permissions: new Set(paths.keys()), rowFilters };
}

export function isValid({ validFromMs, validUntilMs }: GivenRole, now: Date): boolean {
  return validFromMs <= now.getTime() && (validUntilMs === null || now.getTime() < validUntilMs);
}

/** The costs of a unit and of all below it, by their accounts. A unit without any has no costs. */
export function unitFilter(unitId: string, units: readonly UnitNode[]): RowFilter {
  const within = new Set([unitId]);
  // Units come in any order, so the tree is gone through until nothing joins.
  for (let before = 0; before < within.size;) {
    before = within.size;
    for (const unit of units) if (unit.parentId !== null && within.has(unit.parentId)) within.add(unit.id);
  }
  const accounts = units.filter((unit) => within.has(unit.id)).flatMap((unit) => unit.accounts);
  return accounts.length === 0 ? noRows : { dimension: "subAccountId", in: accounts.toSorted() };
}
