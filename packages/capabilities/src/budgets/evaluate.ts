import { type Decimal, sum } from "@finops/kernel/decimal";
import { addMonths, type Day, type Period } from "@finops/kernel/period";
import { expectedPeriodEnd } from "../forecasting/index.ts";
import { baseAmounts } from "./amounts.ts";
import type { BudgetDefinition, BudgetPreview, BudgetStanding } from "./contract.ts";
import { allocationOf } from "./hierarchy.ts";
import { firstPeriods, periodsUntil } from "./periods.ts";
import { type RolledPeriod, rollOver } from "./rollover.ts";
import { burnDown, dailyAllowance, daysLeft, evenTo, percentOf, phaseOf, stateOf, varianceOf } from "./standing.ts";
import type { BudgetCosts } from "./read-costs.ts";

export interface EvaluatedBudget {
  id: string;
  parentId: string | null;
  definition: Pick<BudgetDefinition, "filter" | "measure" | "currency" | "periods" | "amount" | "rollover">;
}

export interface Moment {
  /** In the company's time zone. */
  today: Day;
  fiscalYearStart: number;
}

/** A look at the budget on an earlier day. */
export interface EarlierLook {
  day: Day;
  standing: BudgetStanding;
}

export interface Evaluation extends Pick<BudgetPreview, "periods"> {
  standing: BudgetStanding;
  /** For a page: it takes longer than all the rest. */
  burnDown: () => BudgetPreview["burnDown"];
}

/** Expectations learn from this many whole months. */
const historyMonths = 5;

/** The period that counts on a day: the one that runs, else the last that did, else the first to come; null without any. */
export function currentPeriod({ definition: { periods } }: EvaluatedBudget, moment: Moment): Period | null {
  return (
    periodsUntil(periods, moment.fiscalYearStart, moment.today).at(-1) ??
    firstPeriods(periods, moment.fiscalYearStart, 1)[0] ??
    null
  );
}

/** The days whose costs are needed: of the current period, of those that rolled over into it, and what expectations learn from. */
export function windowOf(budget: EvaluatedBudget, moment: Moment): Period | null {
  const current = currentPeriod(budget, moment);
  if (current === null) return null;
  const { periods, rollover } = budget.definition;
  const first =
    rollover.kind === "none" ? current : (periodsUntil(periods, moment.fiscalYearStart, moment.today)[0] ?? current);
  const monthAfter = addMonths(current.end, 1);
  const until = monthAfter < moment.today ? monthAfter : moment.today;
  const end = addMonths(`${until.slice(0, 7)}-01`, 1);
  const learnt = addMonths(end, -1 - historyMonths);
  return { start: first.start < learnt ? first.start : learnt, end };
}

/** What the budgets below a budget come to before rollover, in one of its periods. */
export type ChildrenIn = (budget: EvaluatedBudget, period: Period) => Decimal[];

/** The bases of children, and of their children where these are planned from the bottom up. */
export function childrenOf(all: readonly EvaluatedBudget[], fiscalYearStart: number): ChildrenIn {
  const byParent = new Map<string, EvaluatedBudget[]>();
  for (const one of all) {
    if (one.parentId === null) continue;
    const below = byParent.get(one.parentId);
    if (below === undefined) byParent.set(one.parentId, [one]);
    else below.push(one);
  }
  const baseIn = (budget: EvaluatedBudget, period: Period): Decimal => {
    const periods = periodsUntil(budget.definition.periods, fiscalYearStart, period.end).filter(
      ({ start }) => start < period.end,
    );
    const bases = baseAmounts(budget.definition.amount, periods, (one) => sum(childrenIn(budget, one)));
    return sum(bases.filter((_, index) => periods[index]!.start >= period.start));
  };
  const childrenIn: ChildrenIn = (budget, period) =>
    (byParent.get(budget.id) ?? []).map((child) => baseIn(child, period));
  return childrenIn;
}

/** How a budget stands: data in, figures out. Null where it has no period at all. */
export function evaluate(
  budget: EvaluatedBudget,
  { days, otherCurrencies }: BudgetCosts,
  moment: Moment,
  childrenIn: ChildrenIn,
  before: EarlierLook | null,
): Evaluation | null {
  const period = currentPeriod(budget, moment);
  if (period === null) return null;
  const { today } = moment;
  const byDay = new Map<Day, Decimal>();
  for (const { day, amount } of days) byDay.set(day, byDay.get(day)?.plus(amount) ?? amount);
  const costIn = ({ start, end }: Period) => [...byDay].filter(([day]) => day >= start && day < end);
  const rolled = rollPeriods(budget, period, moment, childrenIn, (one) => costIn(one).map(([, amount]) => amount));
  const { base, carriedIn, limit } = rolled.at(-1)!.rolled;
  const inPeriod = costIn(period);
  const hasData = inPeriod.length > 0;
  const spent = sum(inPeriod.map(([, amount]) => amount));
  const actual = hasData ? spent : null;
  const found = expectedPeriodEnd({ period, today, costs: days });
  const isKnown = hasData && !("missing" in found);
  const expected = isKnown ? found.expected : null;
  const dataEnd = "missing" in found ? lastOf(byDay) : found.dataEnd;
  const left = daysLeft(period, today);
  const until = dataEnd === null || dataEnd > today ? today : dataEnd;
  const settledTo = (day: Day) => sum(inPeriod.filter(([one]) => one < day).map(([, amount]) => amount));
  const state = stateOf(limit, actual, expected);
  const children = allocationOf(limit, childrenIn(budget, period));
  const standing: BudgetStanding = {
    period,
    phase: phaseOf(period, today),
    state,
    limit: limit.toString(),
    base: base.toString(),
    carriedIn: carriedIn.toString(),
    actual: actual?.toString() ?? null,
    expected: expected?.toString() ?? null,
    expectedMissing: isKnown ? null : "missing" in found ? found.missing : "There is no data of this period yet.",
    committed: isKnown ? found.feesToCome.toString() : null,
    variance: actual === null ? null : gap(actual, limit),
    expectedVariance: expected === null ? null : gap(expected, limit),
    usedPercent: actual === null ? null : (percentOf(actual, limit)?.toString() ?? null),
    evenToDate: evenTo(limit, period, today).toString(),
    daysLeft: left,
    dailyAllowance: dailyAllowance(limit, spent, left)?.toString() ?? null,
    dataEnd,
    settled: { until, amount: settledTo(until).toString() },
    change: changeSince(before, period, spent, settledTo),
    children:
      children === null
        ? null
        : {
            count: children.count,
            allocated: children.allocated.toString(),
            unallocated: children.unallocated.toString(),
            isOverAllocated: children.isOverAllocated,
          },
    otherCurrencies,
  };
  return {
    standing,
    burnDown: () => burnDown({ limit, period, dataEnd }, byDay, isKnown ? found.toCome : new Map()),
    periods: rolled.map((one) => ({
      period: one.period,
      base: one.rolled.base.toString(),
      carriedIn: one.rolled.carriedIn.toString(),
      limit: one.rolled.limit.toString(),
      spent: one.hasData ? one.spent.toString() : null,
    })),
  };
}

interface RolledOf {
  period: Period;
  rolled: RolledPeriod;
  spent: Decimal;
  hasData: boolean;
}

/** The periods up to the current one, each with what the one before left it. Without rollover the current one stands alone. */
function rollPeriods(
  budget: EvaluatedBudget,
  current: Period,
  { fiscalYearStart }: Moment,
  childrenIn: ChildrenIn,
  costsIn: (period: Period) => Decimal[],
): RolledOf[] {
  const { periods, amount, rollover } = budget.definition;
  const all = periodsUntil(periods, fiscalYearStart, current.start);
  const bases = baseAmounts(amount, all, (period) => sum(childrenIn(budget, period)));
  const from = rollover.kind === "none" ? all.length - 1 : 0;
  const shown = all.slice(from).map((period, index) => {
    const costs = costsIn(period);
    return { period, base: bases[from + index]!, spent: sum(costs), hasData: costs.length > 0 };
  });
  const rolled = rollOver(shown, rollover);
  return shown.map(({ period, spent, hasData }, index) => ({ period, spent, hasData, rolled: rolled[index]! }));
}

function gap(amount: Decimal, limit: Decimal) {
  const { amount: over, percent } = varianceOf(amount, limit);
  return { amount: over.toString(), percent: percent?.toString() ?? null };
}

function lastOf(byDay: ReadonlyMap<Day, Decimal>): Day | null {
  return [...byDay.keys()].toSorted().at(-1) ?? null;
}

/** What moved since a look on an earlier day of the same period: what came in, and what was restated of days that were whole. */
function changeSince(
  before: EarlierLook | null,
  period: Period,
  spent: Decimal,
  settledTo: (day: Day) => Decimal,
): BudgetStanding["change"] {
  if (before === null || before.standing.period.start !== period.start) return null;
  const { settled, actual, state } = before.standing;
  return {
    since: before.day,
    actual: spent.minus(actual ?? "0").toString(),
    restated: settledTo(settled.until).minus(settled.amount).toString(),
    stateBefore: state,
  };
}
