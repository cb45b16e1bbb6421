import { AppError } from "@finops/kernel/app-error";
import { type Decimal, parseDecimal } from "@finops/kernel/decimal";
import { addMonths, monthsFrom } from "@finops/kernel/period";
import { pinPublished } from "@finops/pipeline/publish/pin-published";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import { type CostAnswer, type CostFilter, parseCostQuery } from "@finops/warehouse/query/cost-query";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import { isWithin } from "@finops/warehouse/query/filter-within";
import { accessOf } from "../costs/index.ts";
import { type UnitCosts, UnitCostsParameters } from "./contract.ts";
import { requireMetric } from "./service.ts";
import { listCurrentValues } from "./store.ts";
import { unitCostIn } from "./unit-cost.ts";

const monthsMax = 60;
const usualMonthsBack = 12;

/**
 * What one of a metric cost, month by month: the effective cost that its filter matches, divided by its quantity.
 * @throws forbidden for who sees a part of these costs alone: that part by the whole quantity would be no figure
 */
export async function getUnitCosts(
  ctx: Context,
  reader: CostReader,
  id: string,
  input: unknown = {},
  options: ReadOptions = {},
): Promise<UnitCosts> {
  requirePermission(ctx, "costs:read");
  const today = ctx.host.clock.today();
  const { last = today.slice(0, 7), first = addMonths(`${last}-01`, -usualMonthsBack).slice(0, 7) } =
    UnitCostsParameters.parse(input);
  const months = monthsFrom(first, last);
  if (months.length === 0) throw new AppError("invalid", "first: It comes after the last month.");
  if (months.length > monthsMax) throw new AppError("invalid", `first: Ask for at most ${monthsMax} months at once.`);
  const { company, metric, values } = await ctx.inTenant(async (tx) => ({
    company: await tx.tenant.findUniqueOrThrow({ where: { id: ctx.tenantId }, select: { currency: true } }),
    metric: await requireMetric(tx, id),
    values: (await listCurrentValues(tx, [id])).get(id)!,
  }));
  const filter = metric.filter as CostFilter | null;
  if (!isWithin(filter, accessOf(ctx).rowFilter ?? null))
    throw new AppError("forbidden", "The costs of this unit metric go beyond those that you may see.");
  const pinned = await pinPublished(ctx);
  const query = parseCostQuery({
    measures: ["effectiveCost"],
    ...(filter === null ? {} : { filter }),
    period: { start: `${first}-01`, end: addMonths(`${last}-01`, 1) },
    grain: "month",
    limit: 10_000,
  });
  const { rows } = await reader.query(accessOf(ctx), pinned, query, options);
  const written = new Map(values.map((value) => [value.month, value]));
  return {
    currencies: [...costsByCurrency(rows)]
      // The company's own comes first.
      .toSorted(([a], [b]) => Number(b === company.currency) - Number(a === company.currency) || (a < b ? -1 : 1))
      .map(([currency, costs]) => ({
        currency,
        months: months.map((month) =>
          unitCostIn(month, costs.get(month) ?? null, written.get(month), metric.unitMany, today),
        ),
      })),
    position: pinned.position,
  };
}

/** What each month cost, by currency. */
function costsByCurrency(rows: CostAnswer["rows"]): Map<string, Map<string, Decimal>> {
  const byCurrency = new Map<string, Map<string, Decimal>>();
  for (const { currency, time, values } of rows) {
    const value = values["effectiveCost"]?.value ?? null;
    if (value === null || time === null) continue;
    const costs = byCurrency.get(currency) ?? new Map<string, Decimal>();
    byCurrency.set(currency, costs.set(time.slice(0, 7), parseDecimal(value)));
  }
  return byCurrency;
}
