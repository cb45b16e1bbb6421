import type { Decimal } from "@finops/kernel/decimal";
import { type ExactAmount, fromExactAmount } from "@finops/kernel/exact-amount";
import { addMonths, type Day, type Period } from "@finops/kernel/period";
import { baseAmounts } from "./amounts.ts";
import type { ChildrenIn, EvaluatedBudget } from "./children.ts";
import type { BudgetPreview, BudgetStanding } from "./contract.ts";
import { allocationOf } from "./hierarchy.ts";
import { unitsIn } from "./metric-amount.ts";
import { firstPeriods, periodsUntil } from "./periods.ts";
import { type RolledPeriod, rollOverTold, type UntoldPeriod } from "./rollover.ts";
import { burnDown, dailyAllowance, daysLeft, evenTo, percentOf, phaseOf, stateOf, varianceOf } from "./standing.ts";
import type { ScopeCosts } from "./scope-costs.ts";
import { sumTold, toldOrNull } from "./told-amount.ts";

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

/** How a budget stands: data in, figures out. Null where it has no period at all. */
export function evaluate(
  budget: EvaluatedBudget,
  costs: ScopeCosts,
  moment: Moment,
  childrenIn: ChildrenIn,
  before: EarlierLook | null,
): Evaluation | null {
  const period = currentPeriod(budget, moment);
  if (period === null) return null;
  const { today } = moment;
  const rolled = rollPeriods(budget, period, moment, childrenIn, costs);
  const allowed = rolled.at(-1)!.rolled;
  const limit = "missing" in allowed ? null : allowed.limit;
  const inPeriod = costs.spentIn(period);
  const hasData = inPeriod !== null;
  const spent = fromExactAmount(inPeriod ?? 0n);
  const actual = hasData ? spent : null;
  const found = costs.expectedAtEnd(period, today);
  const isKnown = hasData && !("missing" in found);
  const expected = isKnown ? found.expected : null;
  const dataEnd = "missing" in found ? costs.lastDay() : found.dataEnd;
  const left = daysLeft(period, today);
  const until = dataEnd === null || dataEnd > today ? today : dataEnd;
  const settledTo = (day: Day) =>
    fromExactAmount(costs.spentIn({ start: period.start, end: day < period.end ? day : period.end }) ?? 0n);
  const state = stateOf(limit, actual, expected);
  const children = limit === null ? null : allocationOf(limit, childrenIn(budget, period));
  const standing: BudgetStanding = {
    period,
    phase: phaseOf(period, today),
    state,
    ...allowedTexts(allowed),
    units: unitsIn(budget.definition.amount, period),
    actual: actual?.toString() ?? null,
    expected: expected?.toString() ?? null,
    expectedMissing: isKnown ? null : "missing" in found ? found.missing : "There is no data of this period yet.",
    committed: isKnown ? found.feesToCome.toString() : null,
    variance: actual === null || limit === null ? null : gap(actual, limit),
    expectedVariance: expected === null || limit === null ? null : gap(expected, limit),
    usedPercent: actual === null || limit === null ? null : (percentOf(actual, limit)?.toString() ?? null),
    evenToDate: limit === null ? null : evenTo(limit, period, today).toString(),
    daysLeft: left,
    dailyAllowance: limit === null ? null : (dailyAllowance(limit, spent, left)?.toString() ?? null),
    dataEnd,
    settled: { until, amount: settledTo(until).toString() },
    change: changeSince(before, period, spent, settledTo),
    children:
      children === null
        ? null
        : {
            count: children.count,
            untold: children.untold,
            allocated: children.allocated.toString(),
            unallocated: children.unallocated.toString(),
            isOverAllocated: children.isOverAllocated,
          },
    otherCurrencies: [...costs.otherCurrencies],
  };
  return {
    standing,
    burnDown: () =>
      limit === null
        ? []
        : burnDown({ limit, period, dataEnd }, toDecimals(costs.byDay()), isKnown ? found.toCome : new Map()),
    periods: rolled.map((one) => ({
      period: one.period,
      ...allowedTexts(one.rolled),
      spent: one.hasData ? one.spent.toString() : null,
    })),
  };
}

interface RolledOf {
  period: Period;
  rolled: RolledPeriod | UntoldPeriod;
  spent: Decimal;
  hasData: boolean;
}

/** The periods up to the current one, each with what the one before left it. Without rollover the current one stands alone. */
function rollPeriods(
  budget: EvaluatedBudget,
  current: Period,
  { fiscalYearStart }: Moment,
  childrenIn: ChildrenIn,
  costs: ScopeCosts,
): RolledOf[] {
  const { periods, amount, rollover } = budget.definition;
  const all = periodsUntil(periods, fiscalYearStart, current.start);
  const bases = baseAmounts(amount, all, (period) => sumTold(childrenIn(budget, period)));
  const from = rollover.kind === "none" ? all.length - 1 : 0;
  const shown = all.slice(from).map((period, index) => {
    const spent = costs.spentIn(period);
    return { period, base: bases[from + index]!, spent: fromExactAmount(spent ?? 0n), hasData: spent !== null };
  });
  const rolled = rollOverTold(shown, rollover);
  return shown.map(({ period, spent, hasData }, index) => ({ period, spent, hasData, rolled: rolled[index]! }));
}

/** What a period may cost, as it is told. */
function allowedTexts(rolled: RolledOf["rolled"]) {
  if ("missing" in rolled) {
    const base = toldOrNull(rolled.base)?.toString() ?? null;
    return { limit: null, limitMissing: rolled.missing, base, carriedIn: null };
  }
  const { limit, base, carriedIn } = rolled;
  return { limit: limit.toString(), limitMissing: null, base: base.toString(), carriedIn: carriedIn.toString() };
}

function toDecimals(byDay: ReadonlyMap<Day, ExactAmount>): Map<Day, Decimal> {
  return new Map([...byDay].map(([day, amount]) => [day, fromExactAmount(amount)]));
}

function gap(amount: Decimal, limit: Decimal) {
  const { amount: over, percent } = varianceOf(amount, limit);
  return { amount: over.toString(), percent: percent?.toString() ?? null };
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
