import { type Decimal, zero } from "@finops/kernel/decimal";
import { addDays, addMonths, type Day, daysIn, monthOf } from "@finops/kernel/period";

interface FeeSeries {
  amounts: readonly Decimal[];
}

interface MonthlyFee {
  amount: Decimal;
  seen: Decimal;
  /** Day, counted from the first, by which all of it has been there in earlier months. */
  dueIndex: number;
}

const monthsBack = 3;

/**
 * A charge that comes by the month: the median of what it was in the last three whole months, so that a purchase made once
 * is none. Null where the median is nothing, and before two earlier months are known.
 */
export function monthlyFee(
  series: FeeSeries,
  first: Day,
  month: { start: number; end: number },
  cut: number,
): MonthlyFee | null {
  const start = addDays(first, month.start);
  const sums: Decimal[] = [];
  let dueInMonth = 0;
  for (let back = 1; back <= monthsBack; back++) {
    const past = monthOf(addMonths(start, -back));
    if (past.start < first) break;
    const from = daysIn({ start: first, end: past.start });
    const to = from + daysIn(past);
    let whole = zero;
    for (let index = from; index < to; index++) {
      const amount = series.amounts[index]!;
      if (amount.isZero()) continue;
      whole = whole.plus(amount);
      // The last day of a month is the last day of any month, however long.
      dueInMonth = Math.max(dueInMonth, index === to - 1 ? 30 : index - from);
    }
    sums.push(whole);
  }
  const amount = medianOfMonths(sums);
  if (amount.isZero()) return null;
  let seen = zero;
  for (let index = month.start; index < Math.min(cut, month.end); index++) seen = seen.plus(series.amounts[index]!);
  return { amount, seen, dueIndex: Math.min(month.start + dueInMonth, month.end - 1) };
}

/** The middle of three; of two the one nearer to nothing; and nothing of one, which may have been the only one. */
export function medianOfMonths(values: readonly Decimal[]): Decimal {
  if (values.length < 2) return zero;
  if (values.length === 2) {
    const [a, b] = values as [Decimal, Decimal];
    if (a.isNegative() !== b.isNegative()) return zero;
    return a.abs().lessThan(b.abs()) ? a : b;
  }
  return values.toSorted((a, b) => a.comparedTo(b))[Math.floor(values.length / 2)]!;
}
