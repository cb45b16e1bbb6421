import { addDays, addMonths, type Day, daysIn, monthOf } from "@finops/kernel/period";
import { lateDaysMax, type LateSeries } from "./cost-series.ts";
import { edgeExcess, isDaily, patternAt, patternOf } from "./daily-pattern.ts";
import { irregularRate } from "./irregular-rate.ts";
import { feeMonths, monthlyFee, type MonthDays } from "./monthly-fees.ts";
import { total, type Units } from "./units.ts";

export interface Projection {
  actual: Units;
  toCome: Units;
  /** Index of the first day of `days`. */
  from: number;
  /** What is to come, day by day; none where the month is over and its data is in. */
  days: Units[];
  fees: { series: string; amount: Units; due: Day; toCome: Units }[];
}

/** A month, as days counted from the first one, expected from what is known before the day `cut`. */
export function projectMonth(series: readonly LateSeries[], first: Day, month: MonthDays, cut: number): Projection {
  const from = Math.max(month.start, Math.min(cut, ...series.map(({ lateBy }) => cut - lateBy)));
  const days = Array.from({ length: Math.max(0, month.end - from) }, () => 0n);
  const earlier = monthsBefore(first, addDays(first, month.start));
  const fees: Projection["fees"] = [];
  let actual = 0n;
  const add = (index: number, amount: Units) => (days[index - from] = days[index - from]! + amount);
  for (const one of series) {
    for (let index = month.start; index < Math.min(cut, month.end); index++) actual += one.amounts[index]!;
    const known = cut - one.lateBy;
    if (known >= month.end) continue;
    const rate = irregularRate(one, known);
    if (rate !== null) {
      for (let index = Math.max(month.start, known); index < month.end; index++)
        add(index, index < cut ? remaining(rate, one.amounts[index]!) : rate);
      continue;
    }
    if (isDaily(one, known)) {
      const pattern = patternOf(one, known);
      for (let index = Math.max(month.start, known); index < month.end; index++) {
        const usual = patternAt(pattern, index) + edgeExcess(one, index, known);
        add(index, index < cut ? remaining(usual, one.amounts[index]!) : usual);
      }
      continue;
    }
    const fee = monthlyFee(one, earlier, month, cut);
    if (fee === null) continue;
    // What has been due for longer than a bill is late by does not come any more.
    const toCome = fee.dueIndex + lateDaysMax < cut ? 0n : remaining(fee.amount, fee.seen);
    fees.push({ series: one.name, amount: fee.amount, due: addDays(first, fee.dueIndex), toCome });
    if (toCome !== 0n) add(Math.max(from, fee.dueIndex), toCome);
  }
  return { actual, toCome: total(days), from, days, fees };
}

/** The whole months right before, the nearest first, as far as there is data. */
function monthsBefore(first: Day, start: Day): MonthDays[] {
  return Array.from({ length: feeMonths }, (_, back) => monthOf(addMonths(start, -back - 1)))
    .filter((past) => past.start >= first)
    .map((past) => ({
      start: daysIn({ start: first, end: past.start }),
      end: daysIn({ start: first, end: past.end }),
    }));
}

/** What is missing to the expected amount; nothing where more than that is in already. */
function remaining(expected: Units, seen: Units): Units {
  const rest = expected - seen;
  return rest < 0n === expected < 0n ? rest : 0n;
}
