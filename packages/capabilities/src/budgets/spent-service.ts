import type { Decimal } from "@finops/kernel/decimal";
import type { Day, Period } from "@finops/kernel/period";
import { pinPublished } from "@finops/pipeline/publish/pin-published";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import { askOf } from "./evaluation-service.ts";
import type { Asked } from "./read-costs.ts";
import { readCostsOf } from "./read-finished-costs.ts";

interface Planned extends Omit<Asked, "window"> {
  periods: readonly Period[];
}

/**
 * What the periods of budgets have cost, by one look at the costs for all of them; of each budget by its id. Null where a period
 * is not over, or has no data.
 */
export async function readSpent(
  ctx: Context,
  reader: CostReader,
  budgets: readonly Planned[],
  today: Day,
  options: ReadOptions = {},
): Promise<(id: string, period: Period) => Decimal | null> {
  const asked = budgets.flatMap(({ id, filter, measure, currency, periods }) => {
    const over = periods.filter(({ end }) => end <= today);
    const [first, last] = [over[0], over.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [{ id, filter, measure, currency, window: { start: first.start, end: last.end } }];
  });
  const costs = await readCostsOf(askOf(ctx, reader, await pinPublished(ctx), options), asked);
  return (id, period) => (period.end > today ? null : (costs.get(id)?.(period) ?? null));
}
