import { type Decimal, sum, zero } from "@finops/kernel/decimal";
import { addDays, type Day } from "@finops/kernel/period";

/** What each value of a dimension cost on each day; under null, all together. A day without a charge is not in it. */
export type CostSeries = ReadonlyMap<string | null, ReadonlyMap<Day, Decimal>>;

/** Costs of `days` days up to a day, that one among them. */
export function costUntil(series: ReadonlyMap<Day, Decimal>, last: Day, days: number): Decimal {
  return sum(daysUntil(last, days).map((day) => series.get(day) ?? zero));
}

/** The days up to a day, the oldest first. */
export function daysUntil(last: Day, days: number): Day[] {
  return Array.from({ length: days }, (_, index) => addDays(last, index - days + 1));
}

/** The last of the days that lies before `today`: that one is not over, so its costs are not whole. Null without any. */
export function lastWholeDay(covered: ReadonlySet<Day>, today: Day): Day | null {
  let last: Day | null = null;
  for (const day of covered) if (day < today && (last === null || day > last)) last = day;
  return last;
}
