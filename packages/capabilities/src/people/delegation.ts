import { AppError } from "@finops/kernel/app-error";
import { computeEffectiveAccess, type EffectiveAccess, type GivenRole } from "@finops/platform/access/effective-access";
import { limitedPermissions } from "@finops/platform/access/permissions";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { isWithin } from "@finops/warehouse/query/filter-within";
import { dimensionsOf } from "@finops/warehouse/query/plan";
import type { Scope } from "./contract.ts";

/**
 * Nobody gives a permission that they do not have, nor for more of the costs than they see. A limited role gives only what can
 * be limited, so only that counts of it. Throws `forbidden` with what is too much.
 */
export function requireMayGive(own: EffectiveAccess, permissions: Iterable<string>, scope: Scope): void {
  const given = [...permissions].filter((permission) => scope === null || limitedPermissions.has(permission));
  const missing = given.filter((permission) => !own.permissions.has(permission));
  if (missing.length > 0)
    throw new AppError(
      "forbidden",
      `Nobody gives, changes or takes over more than they have themselves. You lack ${missing.join(", ")}. Ask an owner of your company.`,
      { facts: { permissions: missing } },
    );
  const tooWide = given.find((permission) => !isWithin(scope, ownFilter(own, permission)));
  if (tooWide !== undefined)
    throw new AppError(
      "forbidden",
      "You may do this for a part of the company's costs, and give it for that part only. Limit it by your own scope, which stands in the facts, joined by and.",
      { facts: { permission: tooWide, scope: ownFilter(own, tooWide) } },
    );
}

/** Throws `forbidden` for who sees a part of the costs only: which costs are whose decides what others see. */
export function requireWholeCosts(ctx: Context): void {
  if (ctx.permissions.has("costs:read") && ctx.rowFilter === null) return;
  throw new AppError(
    "forbidden",
    "Which costs belong to a unit is decided by those who see all of the company's costs. Ask an owner of your company.",
    { facts: { permission: "costs:read" } },
  );
}

/** Separation of duties: what one may give to others, one does not give to oneself. */
export function notToOneself(): AppError {
  return new AppError("forbidden", "Nobody gives access to themselves. Ask somebody else who may give it.");
}

/** What one role alone gives, whenever it holds. */
export function accessOfRole(role: Pick<GivenRole, "roleKey" | "permissions">, scope: Scope): EffectiveAccess {
  const always = { grantId: null, unitId: null, validFromMs: 0, validUntilMs: null, delegatedBy: null };
  return computeEffectiveAccess({ given: [{ ...role, ...always, scope }], units: [] }, new Date(0));
}

/** A scope as it may be kept. Throws `invalid` for one that tests nothing, or that no cost query could have as its filter. */
export function readScope(scope: Scope): Scope {
  if (scope === null) return null;
  if (hasEmptyPart(scope))
    throw new AppError(
      "invalid",
      "scope: A part of the filter tests nothing. Leave the scope out for the whole company.",
    );
  dimensionsOf(scope);
  return scope;
}

function hasEmptyPart(filter: CostFilter): boolean {
  if ("and" in filter) return filter.and.length === 0 || filter.and.some(hasEmptyPart);
  if ("or" in filter) return filter.or.some(hasEmptyPart);
  return "not" in filter && hasEmptyPart(filter.not);
}

function ownFilter(own: EffectiveAccess, permission: string): CostFilter | null {
  return (own.rowFilters.get(permission) ?? null) as CostFilter | null;
}
