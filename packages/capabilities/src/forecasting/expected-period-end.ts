import { type Decimal, sum } from "@finops/kernel/decimal";
import { fromExactAmount, sumExact } from "@finops/kernel/exact-amount";
import { addDays, addMonths, type Day, daysIn, monthOf, type Period } from "@finops/kernel/period";
import { type LateSeries, toSeries } from "./cost-series.ts";
import { addUp, chargedDays, costsBefore, type DailyCosts, within } from "./daily-costs.ts";
import { isDaily } from "./daily-pattern.ts";
import { irregularRate } from "./irregular-rate.ts";
import { projectMonth } from "./project-month.ts";
import { fromUnits, type Units } from "./units.ts";

export interface PeriodEndInput {
  /** Any days: a quarter, a fiscal year, a project. */
  period: Period;
  /** The day in progress: what it has cost so far is not the whole of it. */
  today: Day;
  costs: DailyCosts;
}

export interface ExpectedPeriodEnd {
  actualToDate: Decimal;
  expected: Decimal;
  /** What is still to come, by day. */
  toCome: Map<Day, Decimal>;
  /** Of it, what comes by the month. */
  feesToCome: Decimal;
  dataEnd: Day;
}

const weeksMin = 4;

/**
 * What a period of any length is expected to have cost when it is over: the months of it that are not in yet, each by
 * `projectMonth`, as `expectedMonthEnd` does for one. Of a month after the one that runs, the days follow the same pattern, and
 * each fee comes on the same day of it as in the first, since fees of months that have not been cannot be told by those.
 * For one calendar month it is what `expectedMonthEnd` says of it. There is no range: no past periods are held against it.
 */
export function expectedPeriodEnd({ period, today, costs }: PeriodEndInput): ExpectedPeriodEnd | { missing: string } {
  const known = costsBefore(costs, addDays(today, 1));
  const charged = chargedDays(known);
  if (charged === null) return { missing: "There are no costs to expect anything from." };
  const { first } = charged;
  const dataEnd = addDays(charged.last, 1);
  const actualToDate = fromExactAmount(sumExact(within(addUp(known), known.first, period)));
  if (dataEnd >= period.end && period.end <= today)
    return { actualToDate, expected: actualToDate, toCome: new Map(), feesToCome: sum([]), dataEnd };
  const weeks = Math.floor(daysIn({ start: first, end: dataEnd }) / 7);
  if (weeks < weeksMin)
    return { missing: `There are ${weeks} weeks of costs; it takes ${weeksMin} to know what a week looks like.` };
  const months = monthsOf(period, dataEnd);
  const end = months.at(-1)!.end;
  const series = toSeries(known, { first, end, dataEnd, today });
  const toCome = new Map<Day, Decimal>();
  let feesToCome: Decimal = sum([]);
  for (const { day, amount, isFee } of amountsToCome(series, first, months, dataEnd)) {
    if (!isIn(day, period) || amount === 0n) continue;
    const money = fromUnits(amount);
    toCome.set(day, toCome.get(day)?.plus(money) ?? money);
    if (isFee) feesToCome = feesToCome.plus(money);
  }
  return { actualToDate, expected: actualToDate.plus(sum(toCome.values())), toCome, feesToCome, dataEnd };
}

function isIn(day: Day, { start, end }: Period): boolean {
  return day >= start && day < end;
}

/** The calendar months that are not in whole: from that of the last day of data to the last that the period reaches into. */
function monthsOf(period: Period, dataEnd: Day): Period[] {
  const months: Period[] = [];
  let next = monthOf(addDays(dataEnd, -1));
  while (next.start < period.end) {
    months.push(next);
    next = monthOf(addMonths(next.start, 1));
  }
  return months.length === 0 ? [next] : months;
}

interface AmountToCome {
  day: Day;
  amount: Units;
  isFee: boolean;
}

function* amountsToCome(
  series: readonly LateSeries[],
  first: Day,
  months: readonly Period[],
  dataEnd: Day,
): Generator<AmountToCome> {
  const at = (day: Day) => daysIn({ start: first, end: day });
  const cut = at(dataEnd);
  const project = (some: readonly LateSeries[], month: Period) =>
    projectMonth(some, first, { start: Math.max(0, at(month.start)), end: at(month.end) }, cut);
  const running = monthOf(dataEnd);
  const later = months.filter(({ start }) => start > running.start);
  for (const month of months.filter(({ start }) => start <= running.start))
    for (const { due, toCome } of project(series, month).fees)
      yield { day: due < dataEnd ? addDays(dataEnd, -1) : due, amount: toCome, isFee: true };
  if (later.length > 0)
    for (const fee of project(series, running).fees)
      for (const month of later) {
        const due = addDays(month.start, daysIn({ start: running.start, end: fee.due }));
        yield { day: due < month.end ? due : addDays(month.end, -1), amount: fee.amount, isFee: true };
      }
  const byDay = series.filter((one) => {
    const known = cut - one.lateBy;
    return isDaily(one, known) || irregularRate(one, known) !== null;
  });
  for (const month of months) {
    const { from, days } = project(byDay, month);
    for (const [index, amount] of days.entries()) yield { day: addDays(first, from + index), amount, isFee: false };
  }
}
