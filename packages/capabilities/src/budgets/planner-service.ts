import { pinStore } from "@finops/pipeline/publish/publication-log";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import type { BudgetPlanner } from "./contract.ts";
import { askOf } from "./evaluation-service.ts";
import { periodsOver } from "./performance.ts";
import { readCostsOf, toAsked } from "./read-finished-costs.ts";
import { readScopesOf } from "./scope-service.ts";
import { maySee } from "./seen-budget-service.ts";
import { listKept, readMoment } from "./store.ts";

/** What the last finished periods cost of the budgets that the person may see, and what the company reckons by. */
export async function getBudgetPlanner(
  ctx: Context,
  reader: CostReader,
  options: ReadOptions = {},
): Promise<BudgetPlanner> {
  requirePermission(ctx, "budgets:write");
  requirePermission(ctx, "costs:read");
  const { moment, pinned, seen } = await ctx.inTenant(async (tx) => {
    const kept = await listKept(tx);
    const find = await readScopesOf(tx, kept);
    return {
      moment: await readMoment(tx, ctx.tenantId, ctx.host.clock.now()),
      pinned: await pinStore(tx, ctx.tenantId),
      seen: kept.filter((budget) => maySee(ctx, { ...budget, find })),
    };
  });
  const last = seen.flatMap((budget) => {
    const period = periodsOver(budget, moment).at(-1);
    return period === undefined ? [] : [{ budget, period }];
  });
  const costs = await readCostsOf(
    askOf(ctx, reader, pinned, options),
    last.map(({ budget, period }) => toAsked(budget, period)),
  );
  return {
    ...moment,
    seesAll: ctx.rowFilter === null,
    lastPeriods: last.map(({ budget: { id }, period }) => ({
      budgetId: id,
      period,
      actual: costs.get(id)?.(period)?.toString() ?? null,
    })),
    position: pinned.position,
  };
}
