import type { Decimal } from "@finops/kernel/decimal";
import { addDays, type Day, daysIn } from "@finops/kernel/period";
import { type DailySeries, isDaily, patternAt, patternOf } from "./daily-pattern.ts";
import { absolute, toUnits } from "./units.ts";

/** What one series (a provider's service and kind of charge) cost on one day. Several of the same day are added. */
export interface DayCost {
  series: string;
  /** Whose bill it stands on: a provider whose data ends earlier than the others' is late, not cheaper. */
  provider: string;
  day: Day;
  amount: Decimal;
}

export interface LateSeries extends DailySeries {
  name: string;
  /** By how many days its whole data ends before the others'. */
  lateBy: number;
}

/** Bills come in within three days; what is missing for longer is gone. */
export const lateDaysMax = 3;
const providerLateDaysMax = 28;

/** The costs as a row of days each, from `first` to before `end`, and what of them has not come in yet. */
export function toSeries(
  costs: readonly DayCost[],
  { first, end, dataEnd, today }: { first: Day; end: Day; dataEnd: Day; today: Day },
): LateSeries[] {
  const length = Math.max(daysIn({ start: first, end }), 1);
  const lateBy = latenessOfProviders(costs, dataEnd, today);
  const monthEdges = edgesOf(first, length);
  const weekdayOffset = weekdayOf(first);
  const indexOf = indexer(first);
  const summed = new Map<string, { provider: string; days: Map<number, Decimal> }>();
  for (const { series, provider, day, amount } of costs) {
    const index = indexOf(day);
    if (index >= length) continue;
    const one = summed.get(series) ?? { provider, days: new Map<number, Decimal>() };
    one.days.set(index, one.days.get(index)?.plus(amount) ?? amount);
    summed.set(series, one);
  }
  const cut = Math.min(length, daysIn({ start: first, end: dataEnd }));
  return [...summed]
    .map(([name, { provider, days }]): LateSeries => {
      const amounts = Array.from({ length }, () => 0n);
      for (const [index, amount] of days) amounts[index] = toUnits(amount);
      return {
        name,
        amounts,
        firstSeen: Math.min(...days.keys()),
        weekdayOffset,
        monthEdges,
        excesses: new Map(),
        lateBy: lateBy.get(provider) ?? 0,
      };
    })
    .map((one) => ({ ...one, lateBy: latenessOf(one, cut) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * A series whose last days are less than half of its pattern is late: they have not come in whole. Where that is so for more
 * than three days, it has become less.
 */
function latenessOf(one: LateSeries, cut: number): number {
  for (let more = 0; more <= lateDaysMax; more++) {
    const index = cut - one.lateBy - more - 1;
    if (index < 28 || !isDaily(one, index)) return one.lateBy;
    const usual = absolute(patternAt(patternOf(one, index), index));
    if (usual === 0n || absolute(one.amounts[index]!) * 2n >= usual) return one.lateBy + more;
  }
  return one.lateBy;
}

/** By how many days each provider's data ends before the whole; today is never whole. One that is gone for four weeks is gone. */
function latenessOfProviders(costs: readonly DayCost[], dataEnd: Day, today: Day): Map<string, number> {
  const last = new Map<string, Day>();
  for (const { provider, day } of costs) if (day > (last.get(provider) ?? "")) last.set(provider, day);
  return new Map(
    [...last].map(([provider, day]) => {
      const days = daysIn({ start: day >= today ? today : addDays(day, 1), end: dataEnd });
      return [provider, days > providerLateDaysMax ? 0 : days];
    }),
  );
}

/** Days of a text are counted once each: there are fewer of them than costs. */
function indexer(first: Day): (day: Day) => number {
  const known = new Map<Day, number>();
  return (day) => {
    const index = known.get(day) ?? daysIn({ start: first, end: day });
    known.set(day, index);
    return index;
  };
}

function edgesOf(first: Day, length: number): readonly (0 | 1 | 2)[] {
  return Array.from({ length }, (_, index) => {
    const day = addDays(first, index);
    return day.endsWith("-01") ? 1 : addDays(day, 1).endsWith("-01") ? 2 : 0;
  });
}

/** 0 to 6 in a fixed order; which day is 0 does not matter. */
function weekdayOf(day: Day): number {
  return ((daysIn({ start: "1970-01-05", end: day }) % 7) + 7) % 7;
}
