import { type Decimal, zero } from "@finops/kernel/decimal";
import { addDays, type Day, daysIn, type Period } from "@finops/kernel/period";
import type { BudgetState, BurnDownPoint } from "./contract.ts";

/** Places of amounts that come of a division. */
const places = 8;

/** Where a budget stands. More spent is never better; what nobody knows is no 0 %, and no limit is no limit of nothing. */
export function stateOf(limit: Decimal | null, actual: Decimal | null, expected: Decimal | null): BudgetState {
  if (limit === null) return "no-limit";
  if (actual === null) return "no-data";
  if (actual.greaterThan(limit)) return "exceeded";
  return expected?.greaterThan(limit) === true ? "at-risk" : "on-track";
}

/** How far an amount is over the limit, in money and of the limit; the percentage is null where the limit is nothing or less. */
export function varianceOf(amount: Decimal, limit: Decimal): { amount: Decimal; percent: Decimal | null } {
  const over = amount.minus(limit);
  return { amount: over, percent: percentOf(over, limit) };
}

export function percentOf(part: Decimal, whole: Decimal): Decimal | null {
  return whole.greaterThan(zero) ? part.times(100).dividedBy(whole).toDecimalPlaces(places) : null;
}

export function phaseOf(period: Period, today: Day): "upcoming" | "running" | "over" {
  if (today < period.start) return "upcoming";
  return today < period.end ? "running" : "over";
}

/** Days of the period from today on, today among them. */
export function daysLeft(period: Period, today: Day): number {
  if (today >= period.end) return 0;
  return daysIn({ start: today > period.start ? today : period.start, end: period.end });
}

/** What each day that is left may cost: nothing where the limit is reached, null where no day is left. */
export function dailyAllowance(limit: Decimal, actual: Decimal, left: number): Decimal | null {
  if (left === 0) return null;
  const rest = limit.minus(actual);
  return rest.isNegative() ? zero : rest.dividedBy(left).toDecimalPlaces(places);
}

/** What would have been spent before a day, were the limit spent evenly. */
export function evenTo(limit: Decimal, period: Period, day: Day): Decimal {
  const until = day < period.start ? period.start : day > period.end ? period.end : day;
  const whole = daysIn(period);
  const passed = until === period.start ? 0 : daysIn({ start: period.start, end: until });
  // The end is the limit itself, whatever the rounding of the days before.
  return passed === whole ? limit : limit.times(passed).dividedBy(whole).toDecimalPlaces(places);
}

/**
 * What is left of the limit at the end of each day: as it was until the data ends, and as it is expected from the last known day
 * on, so that the two lines meet.
 * @param costs what each day cost
 * @param toCome what each day is still expected to cost
 */
export function burnDown(
  { limit, period, dataEnd }: { limit: Decimal; period: Period; dataEnd: Day | null },
  costs: ReadonlyMap<Day, Decimal>,
  toCome: ReadonlyMap<Day, Decimal>,
): BurnDownPoint[] {
  const known = dataEnd === null ? 0 : daysKnown(period, dataEnd);
  let left = limit;
  let expectedLeft = limit;
  return Array.from({ length: daysIn(period) }, (_, index) => {
    const day = addDays(period.start, index);
    const cost = costs.get(day) ?? zero;
    left = left.minus(cost);
    expectedLeft = expectedLeft.minus(cost).minus(toCome.get(day) ?? zero);
    return {
      day,
      left: index < known ? left.toString() : null,
      expectedLeft: toCome.size > 0 && index >= known - 1 ? expectedLeft.toString() : null,
      evenLeft: limit.minus(evenTo(limit, period, addDays(day, 1))).toString(),
    };
  });
}

function daysKnown(period: Period, dataEnd: Day): number {
  if (dataEnd <= period.start) return 0;
  return daysIn({ start: period.start, end: dataEnd < period.end ? dataEnd : period.end });
}
