import type { DailySeries } from "./daily-pattern.ts";
import { medianOfMonths } from "./monthly-fees.ts";
import { absolute, ascending, bounded, total, type Units } from "./units.ts";

const windowDays = 30;
const windowsMin = 2;
const windowsMax = 3;
const feeDaysMax = 3;
const sparseDaysMax = 15;
const largestDays = 3;
const silentDaysMax = 28;

interface Window {
  sum: Units;
  /** Days with a charge. */
  charged: number;
  /** True where the three largest days, month ends aside, are more than a third of what all of them are. */
  isLumpy: boolean;
}

/**
 * What a series costs per day that comes now and then or in lumps, such as batch jobs and training runs: no weekday tells
 * when. Null for what has a pattern, for fees (charged on at most three days of thirty, or on the same dates as the month
 * before), and for what has stopped.
 *
 *   rate = sum over the last three windows of 30 days of min(window, 2 x median window) / days
 *
 * The bound keeps a purchase made once from being expected again.
 */
export function irregularRate(series: DailySeries, end: number): Units | null {
  const known = series.rates.get(end);
  if (known !== undefined) return known;
  const rate = findRate(series, end);
  series.rates.set(end, rate);
  return rate;
}

function findRate(series: DailySeries, end: number): Units | null {
  const windows = Math.min(Math.floor((end - series.firstSeen) / windowDays), windowsMax);
  if (windows < windowsMin) return null;
  const found = Array.from({ length: windows }, (_, back) => windowOf(series, end - (back + 1) * windowDays));
  const charged = middle(found.map(({ charged: days }) => days));
  const isLumpy = found.filter((window) => window.isLumpy).length * 2 > windows;
  if (charged <= feeDaysMax || (!isLumpy && charged > sparseDaysMax)) return null;
  if (isSilent(series, end) || (charged <= sparseDaysMax && isByDate(series, end))) return null;
  const sums = found.map(({ sum }) => sum);
  const usual = medianOfMonths(sums);
  return total(sums.map((sum) => bounded(sum, usual * 2n))) / BigInt(windowDays * windows);
}

function windowOf({ amounts, monthEdges }: DailySeries, start: number): Window {
  let sum = 0n;
  let charged = 0;
  const sizes: Units[] = [];
  for (let index = start; index < start + windowDays; index++) {
    const amount = amounts[index]!;
    if (amount === 0n) continue;
    sum += amount;
    charged += 1;
    if (monthEdges[index] === 0) sizes.push(absolute(amount));
  }
  const largest = total(sizes.toSorted(ascending).slice(-largestDays));
  return { sum, charged, isLumpy: largest * 3n > total(sizes) };
}

function isSilent({ amounts }: DailySeries, end: number): boolean {
  for (let index = end - 1; index >= end - silentDaysMax; index--) if (amounts[index] !== 0n) return false;
  return true;
}

/** True where four of five charges of the last thirty days were there on the same date of the month before. */
function isByDate({ amounts, monthEdges }: DailySeries, end: number): boolean {
  const startOf = (index: number) => monthEdges.lastIndexOf(1, index);
  let charged = 0;
  let matched = 0;
  for (let index = end - windowDays; index < end; index++) {
    if (amounts[index] === 0n) continue;
    charged += 1;
    const start = startOf(index);
    const before = startOf(start - 1) + index - start;
    if (amounts[Math.min(before, start - 1)] !== 0n) matched += 1;
  }
  return matched * 5 >= charged * 4;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
