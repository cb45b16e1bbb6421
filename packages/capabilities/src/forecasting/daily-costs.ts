import type { ExactAmount } from "@finops/kernel/exact-amount";
import { addDays, type Day, daysIn, type Period } from "@finops/kernel/period";

/** What one series (a provider's service and kind of charge) cost on one day. Several of the same day are added. */
export interface DayCost {
  series: string;
  /** Whose bill it stands on: a provider whose data ends earlier than the others' is late, not cheaper. */
  provider: string;
  day: Day;
  amount: ExactAmount;
}

/** Costs of a series by day, from the first day of all of them on; a day without a charge is undefined. */
export interface SeriesCosts extends Pick<DayCost, "series" | "provider"> {
  amounts: readonly (ExactAmount | undefined)[];
}

/** Costs as a row of days for each series: thousands of budgets have millions of days. */
export interface DailyCosts {
  first: Day;
  series: readonly SeriesCosts[];
}

export function toDailyCosts(costs: readonly DayCost[]): DailyCosts {
  const first = costs.reduce((least, { day }) => (day < least ? day : least), costs[0]?.day ?? "1970-01-01");
  const bySeries = new Map<string, SeriesCosts & { amounts: (ExactAmount | undefined)[] }>();
  const places = new Map<Day, number>();
  for (const { series, provider, day, amount } of costs) {
    const place = places.get(day) ?? daysIn({ start: first, end: day });
    places.set(day, place);
    const one = bySeries.get(series) ?? { series, provider, amounts: [] };
    bySeries.set(series, one);
    while (one.amounts.length < place) one.amounts.push(undefined);
    one.amounts[place] = (one.amounts[place] ?? 0n) + amount;
  }
  return { first, series: [...bySeries.values()] };
}

/** What was charged on the days before one. */
export function costsBefore({ first, series }: DailyCosts, day: Day): DailyCosts {
  const length = Math.max(0, daysIn({ start: first, end: day }));
  return { first, series: series.map((one) => ({ ...one, amounts: one.amounts.slice(0, length) })) };
}

/** The first and the last day with a charge; null without any. */
export function chargedDays({ first, series }: DailyCosts): { first: Day; last: Day } | null {
  let [least, most] = [Infinity, -1];
  for (const { amounts } of series) {
    least = Math.min(least, firstCharged(amounts));
    most = Math.max(most, lastCharged(amounts));
  }
  return most === -1 ? null : { first: addDays(first, least), last: addDays(first, most) };
}

/** Place of the first charge; Infinity without any. */
export function firstCharged(amounts: SeriesCosts["amounts"]): number {
  const place = amounts.findIndex((amount) => amount !== undefined);
  return place === -1 ? Infinity : place;
}

/** Place of the last charge; -1 without any. */
export function lastCharged(amounts: SeriesCosts["amounts"]): number {
  return amounts.findLastIndex((amount) => amount !== undefined);
}

/** What all series cost on each day, from the first day on. */
export function addUp({ series }: DailyCosts): (ExactAmount | undefined)[] {
  const sums: (ExactAmount | undefined)[] = [];
  for (const { amounts } of series) {
    while (sums.length < amounts.length) sums.push(undefined);
    for (let place = 0; place < amounts.length; place += 1) {
      const amount = amounts[place];
      if (amount !== undefined) sums[place] = (sums[place] ?? 0n) + amount;
    }
  }
  return sums;
}

/** The amounts of a row of days from `first` on that lie in a period. */
export function within<T>(days: readonly T[], first: Day, { start, end }: Period): T[] {
  return days.slice(Math.max(0, daysIn({ start: first, end: start })), Math.max(0, daysIn({ start: first, end })));
}
