import { type Decimal, decimal, sum, zero } from "@finops/kernel/decimal";
import type { Day } from "@finops/kernel/period";
import { medianOfMonths } from "./monthly-fees.ts";

/** What a series cost on each day, counted from the first day that there is data for. */
export interface DailySeries {
  amounts: Decimal[];
  firstSeen: number;
  /** Weekday of index 0. */
  weekdayOffset: number;
  /** 1 on the first day of a month, 2 on its last. */
  monthEdges: readonly (0 | 1 | 2)[];
  /** What was found by `edgeExcess`, by index: it does not change with what is known later. */
  excesses: Map<number, Decimal>;
}

export interface DailyPattern {
  /** Mean of each weekday. */
  means: readonly Decimal[];
  /** What the last two weeks are, in proportion to those means. */
  level: Decimal;
  weekdayOffset: number;
}

const meanDays = 42;
const levelDays = 14;
const newDaysMin = 7;
const presenceDays = 28;

/** True where a series is there on at least half of its recent days: it has a pattern. What is there less often is a fee. */
export function isDaily(series: DailySeries, end: number): boolean {
  const start = Math.max(0, end - presenceDays, Math.min(series.firstSeen, end - newDaysMin));
  let present = 0;
  for (let index = start; index < end; index++) if (!series.amounts[index]!.isZero()) present += 1;
  return present * 2 >= end - start && end > start;
}

/**
 * The weekday pattern of a series, from the days before `end`:
 *
 *   mean(d)  = mean of the weekday d over six weeks
 *   level    = sum of w x min(amount, 2 x mean) / sum of w x mean, over the last 14 days, w from 14 (newest) to 1
 *   expected = mean(weekday of the day) x level
 *
 * A day of more than twice its weekday's mean counts as twice: a spike does not make the month, a step still shows within
 * days. The first and last day of a month carry charges of the month and are left out. A series that is new is judged by
 * the days since it came, a week at least.
 */
export function patternOf(series: DailySeries, end: number): DailyPattern {
  const days = recentDays(series, end);
  const sums = Array.from({ length: 7 }, () => zero);
  const counts = Array.from({ length: 7 }, () => 0);
  for (const index of days) {
    const weekday = (index + series.weekdayOffset) % 7;
    sums[weekday] = sums[weekday]!.plus(series.amounts[index]!);
    counts[weekday] = counts[weekday]! + 1;
  }
  const whole = days.length === 0 ? zero : divide(sum(sums), decimal(days.length));
  const means = sums.map((one, weekday) => (counts[weekday] === 0 ? whole : divide(one, decimal(counts[weekday]!))));
  let above = zero;
  let below = zero;
  for (const [at, index] of days.slice(0, levelDays).entries()) {
    const weight = levelDays - at;
    const mean = means[(index + series.weekdayOffset) % 7]!;
    above = above.plus(capped(series.amounts[index]!, mean.times(2)).times(weight));
    below = below.plus(mean.times(weight));
  }
  return { means, level: below.isZero() ? zero : divide(above, below), weekdayOffset: series.weekdayOffset };
}

export function patternAt(pattern: DailyPattern, index: number): Decimal {
  return pattern.means[(index + pattern.weekdayOffset) % 7]!.times(pattern.level);
}

/**
 * What the first or the last day of a month costs beside the pattern (fees and discounts that are booked on that day as
 * usage): the median of the last three such days.
 */
export function edgeExcess(series: DailySeries, first: Day, index: number, known: number): Decimal {
  const edge = series.monthEdges[index];
  if (edge !== 1 && edge !== 2) return zero;
  const found: Decimal[] = [];
  for (let at = known - 1; at >= presenceDays && found.length < 3; at--)
    if (series.monthEdges[at] === edge && isDaily(series, at)) found.push(excessOn(series, at));
  return medianOfMonths(found);
}

function excessOn(series: DailySeries, index: number): Decimal {
  const known = series.excesses.get(index);
  if (known !== undefined) return known;
  const excess = series.amounts[index]!.minus(patternAt(patternOf(series, index), index));
  series.excesses.set(index, excess);
  return excess;
}

/** Newest first. */
function recentDays(series: DailySeries, end: number): number[] {
  const start = Math.max(0, Math.min(series.firstSeen, end - newDaysMin));
  const days: number[] = [];
  for (let index = end - 1; index >= start && days.length < meanDays; index--)
    if (series.monthEdges[index] === 0) days.push(index);
  return days;
}

function capped(amount: Decimal, cap: Decimal): Decimal {
  return amount.isNegative() === cap.isNegative() && amount.abs().greaterThan(cap.abs()) ? cap : amount;
}

/** An estimate is no more exact than this; 200 digits of a division would only make it slow. */
function divide(value: Decimal, by: Decimal): Decimal {
  return value.dividedBy(by).toDecimalPlaces(12);
}
