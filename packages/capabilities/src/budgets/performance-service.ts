import { AppError } from "@finops/kernel/app-error";
import { type Decimal, decimal, sum } from "@finops/kernel/decimal";
import { addDays, addMonths, parsePeriod, type Period } from "@finops/kernel/period";
import { pinStore } from "@finops/pipeline/publish/publication-log";
import { requirePermission } from "@finops/platform/access/require-permission";
import { columnToDay } from "@finops/platform/db/day-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import { BudgetDefinition, type BudgetPerformance, BudgetPerformanceParameters, BudgetStanding } from "./contract.ts";
import type { Moment } from "./evaluate.ts";
import { askOf } from "./evaluation-service.ts";
import {
  type AmountVersion,
  type FinishedPeriod,
  finishedPeriods,
  quarterOf,
  streakOf,
  tally,
  teamsOf,
  treesBefore,
} from "./performance.ts";
import { dayIn, periodAt } from "./periods.ts";
import { readFinishedCosts } from "./read-finished-costs.ts";
import { readScopesOf } from "./scope-service.ts";
import { maySee } from "./seen-budget-service.ts";
import { varianceOf } from "./standing.ts";
import { listAmountVersions, listLastLooks, listOwned, listStandings, type OwnedBudget, readMoment } from "./store.ts";

const yearsMax = 5;
const usualQuarters = 4;
const rowsMax = 1000;

interface Past {
  budget: OwnedBudget;
  team: { id: string; name: string };
  /** All that is over, oldest first. */
  all: FinishedPeriod[];
  /** Of it, what ended within the range. */
  inRange: FinishedPeriod[];
}

/** How the periods of the budgets that the person may see have ended, and who is over now. One look at the costs for all of them. */
export async function getBudgetPerformance(
  ctx: Context,
  reader: CostReader,
  input: unknown = {},
  options: ReadOptions = {},
): Promise<BudgetPerformance> {
  requirePermission(ctx, "costs:read");
  const parameters = BudgetPerformanceParameters.parse(input);
  const read = await ctx.inTenant(async (tx) => {
    const budgets = await listOwned(tx);
    const find = await readScopesOf(tx, budgets);
    return {
      moment: await readMoment(tx, ctx.tenantId, ctx.host.clock.now()),
      pinned: await pinStore(tx, ctx.tenantId),
      timeZone: (await tx.tenant.findUniqueOrThrow({ where: { id: ctx.tenantId } })).timeZone,
      all: budgets,
      seen: budgets.filter((budget) => maySee(ctx, { ...budget, find })),
      versions: await listAmountVersions(tx),
      looks: await listLastLooks(tx),
      standings: await listStandings(tx),
    };
  });
  const { moment, pinned, seen: budgets } = read;
  const range = rangeOf(parameters, moment);
  const costs = await readFinishedCosts(askOf(ctx, reader, pinned, options), budgets, moment);
  options.signal?.throwIfAborted();
  const teams = teamsOf(budgets);
  const looks = new Map(read.looks.map((look) => [`${look.budgetId} ${columnToDay(look.periodStart)}`, look]));
  const versions = versionsOf(read.versions, read.timeZone);
  const childrenBefore = treesBefore(
    read.all.map(({ id }) => ({ id, versions: versions.get(id) ?? [] })),
    moment.fiscalYearStart,
  );
  const pasts = budgets.map((budget): Past => {
    const { id, name } = teams.get(budget.id)!;
    const all = finishedPeriods(budget, versions.get(budget.id) ?? [], moment, {
      childrenBefore,
      costIn: (period) => costs.get(budget.id)?.(period) ?? null,
      forecastOf: ({ start }) => {
        const look = looks.get(`${budget.id} ${start}`);
        return look === undefined ? null : { day: columnToDay(look.day), expected: decimal(look.expected) };
      },
    });
    const inRange = all.filter(({ period }) => period.end > range.start && period.end <= range.end);
    return { budget, team: { id, name }, all, inRange };
  });
  const now = new Map(read.standings.map((row) => [row.budgetId, row]));
  const standingNow = ({ id, version }: OwnedBudget) => {
    const row = now.get(id);
    return row === undefined || row.version !== version ? null : BudgetStanding.parse(row.standing);
  };
  return { ...toPerformance(pasts, standingNow, parameters.by, moment), range, position: pinned.position };
}

function versionsOf(
  rows: Awaited<ReturnType<typeof listAmountVersions>>,
  timeZone: string,
): Map<string, AmountVersion[]> {
  const versions = rows.map(({ budgetId, parentId, definition, changedAt }) => ({
    budgetId,
    parentId,
    definition: BudgetDefinition.parse(definition),
    day: dayIn(timeZone, changedAt),
  }));
  return grouped(versions, ({ budgetId }) => budgetId);
}

function toPerformance(
  pasts: readonly Past[],
  standingNow: (budget: OwnedBudget) => BudgetStanding | null,
  by: "owner" | "team",
  { fiscalYearStart }: Moment,
): Omit<BudgetPerformance, "range" | "position"> {
  const periods = pasts.flatMap((past) => past.inRange.map((one) => ({ past, one })));
  const groups = grouped(periods, ({ past, one }) =>
    JSON.stringify([
      by === "owner" ? past.budget.owner : past.team,
      quarterOf(one.period, fiscalYearStart),
      currencyOf(past),
    ]),
  );
  const ranking = pasts.map((past) => {
    const { budget, team, all, inRange } = past;
    const standing = standingNow(budget);
    return {
      budget: named(budget),
      owner: budget.owner,
      team,
      currency: currencyOf(past),
      state: standing?.state ?? null,
      usedPercent: standing?.usedPercent ?? null,
      streak: streakOf(all),
      ...tally(inRange),
    };
  });
  const counted = tallyCounts(periods.map(({ one }) => one));
  return {
    budgets: pasts.length,
    overNow: ranking.filter(({ state }) => state === "exceeded").length,
    ...counted,
    groups: [...groups]
      .map(([key, found]) => {
        const [group, quarter, currency] = JSON.parse(key) as [Past["team"], Period, string];
        return { group, quarter, currency, ...tally(found.map(({ one }) => one)) };
      })
      .toSorted((a, b) => compare(a.group.name, b.group.name) || compare(a.quarter.start, b.quarter.start))
      .slice(0, rowsMax),
    totals: totalsOf(pasts, fiscalYearStart),
    ranking: ranking.toSorted(byNeed).slice(0, rowsMax),
    history: periods
      .toSorted(
        (a, b) => compare(b.one.period.end, a.one.period.end) || compare(a.past.budget.name, b.past.budget.name),
      )
      .slice(0, rowsMax)
      .map(({ past, one }) => toHistory(past, one)),
    isWhole: Math.max(periods.length, groups.size, ranking.length) <= rowsMax,
  };
}

function totalsOf(pasts: readonly Past[], fiscalYearStart: number): BudgetPerformance["totals"] {
  const known = pasts
    .filter(({ budget, team }) => budget.id === team.id)
    .flatMap((past) =>
      past.inRange.flatMap(({ period, planned, limit, actual }) =>
        actual === null || planned === null || limit === null
          ? []
          : [{ quarter: quarterOf(period, fiscalYearStart), currency: currencyOf(past), planned, limit, actual }],
      ),
    );
  return [...grouped(known, ({ quarter, currency }) => `${quarter.start} ${currency}`).values()]
    .map((rows) => ({
      quarter: rows[0]!.quarter,
      currency: rows[0]!.currency,
      planned: sum(rows.map(({ planned }) => planned)).toString(),
      limit: sum(rows.map(({ limit }) => limit)).toString(),
      actual: sum(rows.map(({ actual }) => actual)).toString(),
    }))
    .toSorted((a, b) => compare(a.quarter.start, b.quarter.start) || compare(a.currency, b.currency));
}

/** Counts may go over currencies; ratios may not. */
function tallyCounts(periods: readonly FinishedPeriod[]) {
  const { periods: known, over, noData } = tally(periods);
  return { periods: known, over, noData };
}

type Ranked = BudgetPerformance["ranking"][number];

function byNeed(a: Ranked, b: Ranked): number {
  const isOver = ({ state }: Ranked) => (state === "exceeded" ? 1 : 0);
  return (
    isOver(b) - isOver(a) ||
    missOf(b).comparedTo(missOf(a)) ||
    compare(a.budget.name, b.budget.name) ||
    compare(a.budget.id, b.budget.id)
  );
}

function missOf({ missPercent }: Ranked): Decimal {
  return missPercent === null ? decimal(-1) : decimal(missPercent);
}

function toHistory(past: Past, { period, planned, limit, actual, forecast }: FinishedPeriod) {
  const variance = actual === null || limit === null ? null : varianceOf(actual, limit);
  return {
    budget: named(past.budget),
    owner: past.budget.owner,
    team: past.team,
    currency: currencyOf(past),
    period,
    planned: planned?.toString() ?? null,
    limit: limit?.toString() ?? null,
    actual: actual?.toString() ?? null,
    variance:
      variance === null ? null : { amount: variance.amount.toString(), percent: variance.percent?.toString() ?? null },
    forecast: forecast === null ? null : { day: forecast.day, expected: forecast.expected.toString() },
  };
}

function named({ id, name }: OwnedBudget) {
  return { id, name };
}

function currencyOf({ budget }: Past): string {
  return budget.definition.currency;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rangeOf({ start, end }: { start?: string | undefined; end?: string | undefined }, moment: Moment): Period {
  const running = periodAt("quarter", moment.today, moment.fiscalYearStart);
  const range = parsePeriod(start ?? addMonths(running.start, -3 * usualQuarters), end ?? addDays(moment.today, 1));
  if (addMonths(range.start, 12 * yearsMax) < range.end)
    throw new AppError("invalid", `start: Ask for at most ${yearsMax} years at once.`);
  return range;
}
