import { medianOfMonths } from "./monthly-fees.ts";
import { ascending, bounded, total, type Units } from "./units.ts";

/** What a series cost on each day, counted from the first day that there is data for. */
export interface DailySeries {
  amounts: Units[];
  firstSeen: number;
  /** Weekday of index 0. */
  weekdayOffset: number;
  /** 1 on the first day of a month, 2 on its last. */
  monthEdges: readonly (0 | 1 | 2)[];
  /** What was found by `edgeExcess`, by index, and by `patternOf`, by end: neither changes with what is known later. */
  excesses: Map<number, Units>;
  patterns: Map<number, DailyPattern>;
  /** What was found by `irregularRate`, by end. */
  rates: Map<number, Units | null>;
}

export interface DailyPattern {
  /** What each weekday usually is. */
  usual: readonly Units[];
  /** What the last two weeks are, in proportion to that: `is / usually`. */
  level: { is: Units; usually: Units };
  weekdayOffset: number;
}

const usualDays = 42;
const levelDays = 14;
const newDaysMin = 7;
const presenceDays = 28;

/** True where a series is there on at least half of its recent days: it has a pattern. What is there less often is a fee. */
export function isDaily(series: DailySeries, end: number): boolean {
  const start = Math.max(0, end - presenceDays, Math.min(series.firstSeen, end - newDaysMin));
  let present = 0;
  for (let index = start; index < end; index++) if (series.amounts[index] !== 0n) present += 1;
  return present * 2 >= end - start && end > start;
}

/**
 * The weekday pattern of a series, from the days before `end`:
 *
 *   usual(d) = mean over six weeks of the weekday d, no day of it counted for more than 3 x the weekday's median
 *   level    = sum of w x min(amount, 2 x usual) / sum of w x usual, over the last 14 days, w from 14 (newest) to 1
 *   expected = usual(weekday of the day) x level
 *
 * The two bounds keep a spike from making the month, and a step still shows within days. The first and last day of a month
 * carry charges of the month and are left out. A series that is new is judged by the days since it came, a week at least.
 */
export function patternOf(series: DailySeries, end: number): DailyPattern {
  const known = series.patterns.get(end);
  if (known !== undefined) return known;
  const pattern = findPattern(series, end);
  series.patterns.set(end, pattern);
  return pattern;
}

function findPattern(series: DailySeries, end: number): DailyPattern {
  const days = recentDays(series, end);
  const weekdayAt = (index: number) => (index + series.weekdayOffset) % 7;
  const byWeekday = Array.from({ length: 7 }, (): Units[] => []);
  for (const index of days) byWeekday[weekdayAt(index)]!.push(series.amounts[index]!);
  // Sorting all days takes longer than all the rest, and is for the youngest series alone.
  const any = byWeekday.some((amounts) => amounts.length === 0) ? boundedMean(byWeekday.flat()) : 0n;
  const usual = byWeekday.map((amounts) => (amounts.length === 0 ? any : boundedMean(amounts)));
  let is = 0n;
  let usually = 0n;
  for (const [at, index] of days.slice(0, levelDays).entries()) {
    const weight = BigInt(levelDays - at);
    const here = usual[weekdayAt(index)]!;
    is += bounded(series.amounts[index]!, here * 2n) * weight;
    usually += here * weight;
  }
  return { usual, level: { is, usually }, weekdayOffset: series.weekdayOffset };
}

export function patternAt({ usual, level, weekdayOffset }: DailyPattern, index: number): Units {
  return level.usually === 0n ? 0n : (usual[(index + weekdayOffset) % 7]! * level.is) / level.usually;
}

/**
 * What the first or the last day of a month costs beside the pattern (fees and discounts that are booked on that day as
 * usage): the median of the last three such days.
 */
export function edgeExcess(series: DailySeries, index: number, known: number): Units {
  const edge = series.monthEdges[index];
  if (edge !== 1 && edge !== 2) return 0n;
  const found: Units[] = [];
  for (let at = known - 1; at >= presenceDays && found.length < 3; at--)
    if (series.monthEdges[at] === edge && isDaily(series, at)) found.push(excessOn(series, at));
  return medianOfMonths(found);
}

function excessOn(series: DailySeries, index: number): Units {
  const known = series.excesses.get(index);
  if (known !== undefined) return known;
  const excess = series.amounts[index]! - patternAt(patternOf(series, index), index);
  series.excesses.set(index, excess);
  return excess;
}

/** Newest first. */
function recentDays(series: DailySeries, end: number): number[] {
  const start = Math.max(0, Math.min(series.firstSeen, end - newDaysMin));
  const days: number[] = [];
  for (let index = end - 1; index >= start && days.length < usualDays; index--)
    if (series.monthEdges[index] === 0) days.push(index);
  return days;
}

function boundedMean(amounts: readonly Units[]): Units {
  if (amounts.length === 0) return 0n;
  const median = amounts.toSorted(ascending)[amounts.length >> 1]!;
  // A median of nothing bounds nothing: the weekday is there now and then.
  const counted = median === 0n ? amounts : amounts.map((amount) => bounded(amount, median * 3n));
  return total(counted) / BigInt(amounts.length);
}
