import { absolute, ascending, type Units } from "./units.ts";

interface FeeSeries {
  amounts: readonly Units[];
}

/** Days of a month, counted from the first day that there is data for; `end` is out. */
export interface MonthDays {
  start: number;
  end: number;
}

interface MonthlyFee {
  amount: Units;
  seen: Units;
  /** The day by which all of it has been there in earlier months. */
  dueIndex: number;
}

/** How many whole months back a fee is looked for. */
export const feeMonths = 3;

/**
 * A charge that comes by the month: the median of what it was in the last three whole months, so that a purchase made once
 * is none. Null where the median is nothing, before two earlier months are known, and for what was there every day last
 * month and no longer is: that was switched off.
 * @param earlier the whole months right before, the nearest first
 */
export function monthlyFee(
  series: FeeSeries,
  earlier: readonly MonthDays[],
  month: MonthDays,
  cut: number,
): MonthlyFee | null {
  let dueInMonth = 0;
  const present: number[] = [];
  const sums = earlier.map(({ start, end }) => {
    let whole = 0n;
    let days = 0;
    for (let index = start; index < end; index++) {
      const amount = series.amounts[index]!;
      if (amount === 0n) continue;
      whole += amount;
      days += 1;
      // The last day of a month is the last day of any month, however long.
      dueInMonth = Math.max(dueInMonth, index === end - 1 ? 30 : index - start);
    }
    present.push(days);
    return whole;
  });
  const amount = medianOfMonths(sums);
  if (amount === 0n || present[0]! > 15) return null;
  let seen = 0n;
  for (let index = month.start; index < Math.min(cut, month.end); index++) seen += series.amounts[index]!;
  return { amount, seen, dueIndex: Math.min(month.start + dueInMonth, month.end - 1) };
}

/** The middle of three; of two the one nearer to nothing; and nothing of one, which may have been the only one. */
export function medianOfMonths(values: readonly Units[]): Units {
  if (values.length < 2) return 0n;
  if (values.length === 2) {
    const [a, b] = values as [Units, Units];
    if (a < 0n !== b < 0n) return 0n;
    return absolute(a) < absolute(b) ? a : b;
  }
  return values.toSorted(ascending)[values.length >> 1]!;
}
