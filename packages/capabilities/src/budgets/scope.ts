import { filterKey, noRows } from "@finops/platform/access/row-filter";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { isWithin } from "@finops/warehouse/query/filter-within";
import type { BudgetScope, KeptScope } from "./contract.ts";

/** What a unit or a view says now of the costs that are its own. */
export interface FoundScope {
  name: string;
  filter: CostFilter | null;
}

/** What a scope is now; null for a unit or view that is not there any more, or not shared. */
export type FindScope = (scope: BudgetScope | KeptScope) => FoundScope | null;

export interface Scoped {
  filter: CostFilter | null;
  scope: KeptScope;
}

/** A budget's costs as its scope says them now; those that it had last where nothing says them any more. */
export function resolveScope<D extends Scoped>(definition: D, find: FindScope): D {
  const { scope } = definition;
  if (scope.kind === "filter") return definition;
  const found = find(scope);
  return found === null ? definition : { ...definition, filter: found.filter, scope: { ...scope, name: found.name } };
}

export function isScopeGone({ scope }: Scoped, find: FindScope): boolean {
  return scope.kind !== "filter" && find(scope) === null;
}

/** Whether a budget is about other costs, or known by another name, than when it was kept. */
export function hasMoved(kept: Scoped, now: Scoped): boolean {
  return filterKey([kept.filter, kept.scope]) !== filterKey([now.filter, now.scope]);
}

/**
 * Whether a budget is about a part of the costs alone, both as its figures were worked out and as its scope says them now. What
 * has no costs, such as a unit without accounts, is nobody's part.
 */
export function isPartOf(kept: Scoped, find: FindScope, part: CostFilter | null): boolean {
  if (part === null) return true;
  return [kept.filter, resolveScope(kept, find).filter].every(
    (filter) => filterKey(filter) !== filterKey(noRows) && isWithin(filter, part),
  );
}
