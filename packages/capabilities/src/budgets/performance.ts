import { type Decimal, sum, zero } from "@finops/kernel/decimal";
import { addDays, type Day, type Period } from "@finops/kernel/period";
import { baseAmounts } from "./amounts.ts";
import { childrenOf, type ChildrenIn, type EvaluatedBudget } from "./children.ts";
import type { BudgetStreak, BudgetTally } from "./contract.ts";
import type { Moment } from "./evaluate.ts";
import { periodAt, periodsUntil } from "./periods.ts";
import { rollOverTold } from "./rollover.ts";
import { percentOf } from "./standing.ts";
import { sumTold, type ToldAmount, toldOrNull } from "./told-amount.ts";

/** A budget as it was from a day on. */
export interface AmountVersion extends Pick<EvaluatedBudget, "parentId" | "definition"> {
  /** That it was changed on, where the company is. */
  day: Day;
}

/** What budgets below one come to, as the tree was before a day. */
export type ChildrenBefore = (day: Day) => ChildrenIn;

export interface FinishedPeriod {
  period: Period;
  /** What the first version allowed that can tell the period; null where none can. */
  planned: Decimal | null;
  /** What it allowed when it ended, with what earlier periods left; null where nobody could tell. */
  limit: Decimal | null;
  /** Null without data. */
  actual: Decimal | null;
  /** What was expected of it when it was last looked at while it ran. */
  forecast: { day: Day; expected: Decimal } | null;
}

/** The periods of a budget that are over, oldest first: all of them, since what one leaves rolls over into the next. */
export function periodsOver(
  { definition: { periods } }: EvaluatedBudget,
  { today, fiscalYearStart }: Moment,
): Period[] {
  return periodsUntil(periods, fiscalYearStart, addDays(today, -1)).filter(({ end }) => end <= today);
}

/**
 * How the periods of a budget ended that are over. Each is held against what the budget allowed when it ended, so that raising
 * the amount afterwards makes no period better. What a budget allowed while it was about other costs counts for nothing.
 * @param versions oldest first
 * @param costIn null without data
 */
export function finishedPeriods(
  budget: EvaluatedBudget,
  versions: readonly AmountVersion[],
  moment: Moment,
  {
    childrenBefore,
    costIn,
    forecastOf,
  }: {
    childrenBefore: ChildrenBefore;
    costIn: (period: Period) => Decimal | null;
    forecastOf: (period: Period) => FinishedPeriod["forecast"];
  },
): FinishedPeriod[] {
  const alike = sinceLastTurn(versions).map((version) => ({
    day: version.day,
    amountIn: amountsOf(budget, version, moment, childrenBefore),
  }));
  const rows = periodsOver(budget, moment).map((period) => {
    const knowing = alike.filter(({ amountIn }) => amountIn(period, period.end) !== null);
    const [first] = knowing;
    const planned = knowing.flatMap(({ day, amountIn }) => toldOrNull(amountIn(period, addDays(day, 1))!) ?? [])[0];
    const inForce = knowing.findLast(({ day }) => day < period.end) ?? first;
    return {
      period,
      // No version at all allows nothing.
      planned: planned ?? (first === undefined ? zero : null),
      base: inForce?.amountIn(period, period.end) ?? zero,
      actual: costIn(period),
    };
  });
  const rolled = rollOverTold(
    rows.map(({ base, actual }) => ({ base, spent: actual ?? zero })),
    budget.definition.rollover,
  );
  return rows.map(({ period, planned, actual }, index) => {
    const allowed = rolled[index]!;
    return {
      period,
      planned,
      limit: "missing" in allowed ? null : allowed.limit,
      actual,
      forecast: forecastOf(period),
    };
  });
}

/** The versions since it was last made to be about other costs, or in another currency. */
function sinceLastTurn(versions: readonly AmountVersion[]): AmountVersion[] {
  const subject = ({ definition: { filter, measure, currency } }: AmountVersion) =>
    JSON.stringify([filter, measure, currency]);
  const last = versions.at(-1);
  const turn = versions.findLastIndex((version) => subject(version) !== subject(last!));
  return versions.slice(turn + 1);
}

/** What a version allowed in a period, as the tree was before a day; null where it has no such period. */
function amountsOf(
  budget: EvaluatedBudget,
  { definition: { periods, amount } }: AmountVersion,
  { today, fiscalYearStart }: Moment,
  childrenBefore: ChildrenBefore,
): (period: Period, day: Day) => ToldAmount | null {
  const known = periodsUntil(periods, fiscalYearStart, today);
  if (amount.kind === "children") {
    const keys = new Set(known.map(keyOf));
    return (period, day) => (keys.has(keyOf(period)) ? sumTold(childrenBefore(day)(budget, period)) : null);
  }
  const bases = baseAmounts(amount, known, () => zero);
  const byKey = new Map(known.map((period, index) => [keyOf(period), bases[index]!]));
  return (period) => byKey.get(keyOf(period)) ?? null;
}

/** Trees as they were. A budget that was not made yet stands in them as it was made, since its periods may begin before that. */
export function treesBefore(
  budgets: readonly { id: string; versions: readonly AmountVersion[] }[],
  fiscalYearStart: number,
): ChildrenBefore {
  const trees = new Map<Day, ChildrenIn>();
  return (day) => {
    const known = trees.get(day);
    if (known !== undefined) return known;
    const then = budgets.flatMap(({ id, versions }) => {
      const version = versions.findLast((one) => one.day < day) ?? versions[0];
      return version === undefined ? [] : [{ id, parentId: version.parentId, definition: version.definition }];
    });
    const tree = childrenOf(then, fiscalYearStart);
    trees.set(day, tree);
    return tree;
  };
}

function keyOf({ start, end }: Period): string {
  return `${start} ${end}`;
}

/** The fiscal quarter that a period counts for: the one that it ends in. */
export function quarterOf({ end }: Period, fiscalYearStart: number): Period {
  return periodAt("quarter", addDays(end, -1), fiscalYearStart);
}

/**
 * How well amounts of one currency were met: ratios of sums, never averages of ratios. Periods without data or limit are
 * counted apart and in no ratio.
 */
export function tally(periods: readonly FinishedPeriod[]): BudgetTally {
  const known = periods.flatMap(({ actual, limit, ...one }) =>
    actual === null || limit === null ? [] : [{ ...one, actual, limit }],
  );
  const planned = known.flatMap((one) => (one.planned === null ? [] : [{ ...one, planned: one.planned }]));
  const foretold = known.flatMap((one) => (one.forecast === null ? [] : [{ ...one, forecast: one.forecast }]));
  const limits = sum(known.map(({ limit }) => limit));
  const off = known.map(({ actual, limit }) => actual.minus(limit));
  return {
    periods: known.length,
    over: off.filter((one) => one.greaterThan(zero)).length,
    noData: periods.length - known.length,
    missPercent: text(percentOf(sum(off.map((one) => one.abs())), limits)),
    variancePercent: text(percentOf(sum(off), limits)),
    plannedMissPercent: text(
      percentOf(sum(planned.map((one) => one.actual.minus(one.planned).abs())), sum(planned.map((one) => one.planned))),
    ),
    forecastMissPercent: text(
      percentOf(
        sum(foretold.map(({ actual, forecast }) => actual.minus(forecast.expected).abs())),
        sum(foretold.map(({ forecast }) => forecast.expected)),
      ),
    ),
  };
}

function text(value: Decimal | null): string | null {
  return value?.toString() ?? null;
}

/**
 * How many of the last periods in a row ended alike, within or over, and the longest row of those over. Periods without data
 * or limit are passed over: nobody can tell how they ended.
 * @param periods oldest first
 */
export function streakOf(periods: readonly FinishedPeriod[]): BudgetStreak {
  const rows: NonNullable<BudgetStreak["current"]>[] = [];
  for (const { period, actual, limit } of periods) {
    if (actual === null || limit === null) continue;
    const kind = actual.greaterThan(limit) ? "over" : "within";
    const row = rows.at(-1);
    if (row?.kind === kind) row.length += 1;
    else rows.push({ kind, length: 1, since: period.start });
  }
  const over = rows.filter(({ kind }) => kind === "over").map(({ length }) => length);
  return { current: rows.at(-1) ?? null, longestOver: Math.max(0, ...over) };
}

/** The budget at the top of each one's tree, of those that are given. */
export function teamsOf<B extends { id: string; parentId: string | null }>(budgets: readonly B[]): Map<string, B> {
  const byId = new Map(budgets.map((one) => [one.id, one]));
  const teams = new Map<string, B>();
  for (const budget of budgets) {
    const path = [budget];
    let top = budget;
    for (let above = parentOf(top, byId); above !== undefined && !path.includes(above); above = parentOf(top, byId)) {
      top = above;
      path.push(top);
    }
    teams.set(budget.id, top);
  }
  return teams;
}

function parentOf<B extends { parentId: string | null }>({ parentId }: B, byId: ReadonlyMap<string, B>): B | undefined {
  return parentId === null ? undefined : byId.get(parentId);
}
