import { AppError } from "@finops/kernel/app-error";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { type FollowedMetric, listFollowedMetrics } from "../unit-metrics/index.ts";
import {
  type BudgetAmount,
  BudgetDefinition,
  type BudgetPeriods,
  type KeptAmount,
  type KeptMetric,
} from "./contract.ts";
import type { Moment } from "./evaluate.ts";
import { keepFollowed } from "./followed-service.ts";
import { changeWords } from "./metric-amount.ts";
import { firstPeriods, periodsUntil } from "./periods.ts";
import { listFollowingRows, lockBudgets, readMoment } from "./store.ts";

/**
 * A wished amount with what its unit metric says now. One that is gone stays as the budget has it already.
 * @throws invalid for a metric that there is not
 */
export async function findWishedAmount(
  tx: Tx,
  { amount, periods }: { amount: BudgetAmount; periods: BudgetPeriods },
  before: KeptAmount | null,
  moment: Moment,
): Promise<KeptAmount> {
  if (amount.kind !== "unit") return amount;
  const [found] = await listFollowedMetrics(tx, [amount.metricId]);
  if (found !== undefined) return { ...amount, metric: keptOf(found, periods, moment) };
  if (before?.kind === "unit" && before.metricId === amount.metricId)
    return { ...amount, metric: { ...before.metric, isGone: true } };
  throw new AppError("invalid", "amount.metricId: The company has no such unit metric. Choose another one.");
}

/** Budgets of metrics that changed have other limits from now on, which is a version of theirs. */
export async function followMetrics(tx: Tx, ctx: Context): Promise<void> {
  await lockBudgets(tx, ctx.tenantId);
  const rows = (await listFollowingRows(tx)).map((row) => ({
    row,
    definition: BudgetDefinition.parse(row.definition),
  }));
  if (rows.length === 0) return;
  const ids = rows.flatMap(({ definition: { amount } }) => (amount.kind === "unit" ? [amount.metricId] : []));
  const metrics = new Map((await listFollowedMetrics(tx, [...new Set(ids)])).map((metric) => [metric.id, metric]));
  const moment = await readMoment(tx, ctx.tenantId, ctx.host.clock.now());
  for (const { row, definition } of rows) {
    const { amount, periods } = definition;
    if (amount.kind !== "unit") continue;
    const found = metrics.get(amount.metricId);
    const metric = found === undefined ? { ...amount.metric, isGone: true } : keptOf(found, periods, moment);
    if (keyOf(metric) === keyOf(amount.metric)) continue;
    await keepFollowed(tx, ctx, row, {
      before: definition,
      now: { ...definition, amount: { ...amount, metric } },
      why: whyOf(amount.metric, metric),
      part: (one) => ({ amount: one.amount }),
    });
  }
}

/** What a metric says of the months of the budget's periods: of others it is nothing to it. */
function keptOf(
  { name, unitOne, unitMany, aggregation, values }: FollowedMetric,
  periods: BudgetPeriods,
  { fiscalYearStart }: Moment,
): KeptMetric {
  const start = firstPeriods(periods, fiscalYearStart, 1)[0]?.start ?? periods.start;
  // The last period may go on after the day that no period begins on any more.
  const end = periods.end === null ? null : periodsUntil(periods, fiscalYearStart, periods.end).at(-1)?.end;
  const within = values.filter(({ month }) => {
    const day = `${month}-01`;
    return day >= start && (end == null || day < end);
  });
  return { name, unitOne, unitMany, aggregation, values: within, isGone: false };
}

function keyOf({ name, unitOne, unitMany, aggregation, values, isGone }: KeptMetric): string {
  const months = values.map(({ month, quantity, kind }) => [month, quantity, kind]);
  return JSON.stringify([name, unitOne, unitMany, aggregation, isGone, months]);
}

function whyOf(before: KeptMetric, now: KeptMetric): string {
  if (now.isGone)
    return `The unit metric ${now.name} was deleted. The budget stays with the quantities that it had last.`;
  const words = changeWords(before, now);
  return `The unit metric ${now.name} was changed, and the budget follows it.${words === "" ? "" : ` ${words}.`}`;
}
