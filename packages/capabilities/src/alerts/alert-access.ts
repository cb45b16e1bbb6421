import { AppError } from "@finops/kernel/app-error";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { isWithin } from "@finops/warehouse/query/filter-within";
import { accessOf } from "../costs/index.ts";
import type { AlertRuleDefinition } from "./contract.ts";

export type AlertPermission = "alerts:read" | "alerts:write";

/** Whether the person may do that with all of the costs that something tells of. */
export function reaches(ctx: Context, permission: AlertPermission, filters: readonly (CostFilter | null)[]): boolean {
  if (!ctx.permissions.has(permission)) return false;
  const own = accessOf(ctx, [permission]).rowFilter ?? null;
  return filters.every((filter) => isWithin(filter, own));
}

/**
 * The costs that a rule tells of. What looks at every budget, or at the platform itself, tells of all; a budget that is gone tells nobody
 * anything.
 * @param budgets the filters of the company's budgets, by their ids
 */
export function filtersOf(
  { conditions }: Pick<AlertRuleDefinition, "conditions">,
  budgets: ReadonlyMap<string, CostFilter | null>,
): (CostFilter | null)[] {
  return conditions.map((condition) => {
    if (condition.kind === "budget" || condition.kind === "budget-pace")
      return condition.budgetId === null ? null : (budgets.get(condition.budgetId) ?? null);
    return "filter" in condition ? condition.filter : null;
  });
}

/** Channels are the whole company's, so who writes for a part of the costs alone does not make them. */
export function requireWhole(ctx: Context): void {
  if (reaches(ctx, "alerts:write", [null])) return;
  throw new AppError(
    "forbidden",
    'This is about alerts of the whole company, and your permission "alerts:write" is limited to a part of the costs. Ask an owner of your company.',
    { facts: { permission: "alerts:write" } },
  );
}
