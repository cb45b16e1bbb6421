import { addDays, addMonths, type Day, daysIn, monthOf } from "@finops/kernel/period";
import { type DailyCosts, firstCharged, lastCharged } from "./daily-costs.ts";
import { type DailySeries, isDaily, patternAt, patternOf } from "./daily-pattern.ts";
import { irregularRate } from "./irregular-rate.ts";
import { absolute, toUnits, type Units } from "./units.ts";

export interface LateSeries extends DailySeries {
  name: string;
  /** By how many days its whole data ends before the others'. */
  lateBy: number;
}

/** Bills come in within three days; what is missing for longer is gone. */
export const lateDaysMax = 3;
const providerLateDaysMax = 28;

/** The costs in units, from `first` to before `end`, and what of them has not come in yet. */
export function toSeries(
  costs: DailyCosts,
  { first, end, dataEnd, today }: { first: Day; end: Day; dataEnd: Day; today: Day },
): LateSeries[] {
  const length = Math.max(daysIn({ start: first, end }), 1);
  const lateBy = latenessOfProviders(costs, dataEnd, today);
  const monthEdges = edgesOf(first, length);
  const weekdayOffset = weekdayOf(first);
  // Where the days of the costs stand in those of the series.
  const moved = daysIn({ start: first, end: costs.first });
  const cut = Math.min(length, daysIn({ start: first, end: dataEnd }));
  const found: LateSeries[] = [];
  for (const { series: name, provider, amounts: charged } of costs.series) {
    const firstSeen = firstCharged(charged) + moved;
    if (firstSeen >= length) continue;
    const amounts = Array<Units>(length).fill(0n);
    for (let place = firstSeen - moved; place < charged.length && place + moved < length; place += 1) {
      const amount = charged[place];
      if (amount !== undefined) amounts[place + moved] = toUnits(amount);
    }
    const one: LateSeries = {
      name,
      amounts,
      firstSeen,
      weekdayOffset,
      monthEdges,
      excesses: new Map(),
      patterns: new Map(),
      rates: new Map(),
      lateBy: lateBy.get(provider) ?? 0,
    };
    one.lateBy = latenessOf(one, cut);
    found.push(one);
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * A series whose last days are less than half of its pattern is late: they have not come in whole. Where that is so for more
 * than three days, it has become less.
 */
function latenessOf(one: LateSeries, cut: number): number {
  if (irregularRate(one, cut) !== null) return one.lateBy;
  for (let more = 0; more <= lateDaysMax; more++) {
    const index = cut - one.lateBy - more - 1;
    if (index < 28 || !isDaily(one, index)) return one.lateBy;
    const usual = absolute(patternAt(patternOf(one, index), index));
    if (usual === 0n || absolute(one.amounts[index]!) * 2n >= usual) return one.lateBy + more;
  }
  return one.lateBy;
}

/** By how many days each provider's data ends before the whole; today is never whole. One that is gone for four weeks is gone. */
function latenessOfProviders({ first, series }: DailyCosts, dataEnd: Day, today: Day): Map<string, number> {
  const last = new Map<string, number>();
  for (const { provider, amounts } of series)
    last.set(provider, Math.max(last.get(provider) ?? -1, lastCharged(amounts)));
  return new Map(
    [...last].map(([provider, place]) => {
      const day = addDays(first, place);
      const days = daysIn({ start: day >= today ? today : addDays(day, 1), end: dataEnd });
      return [provider, days > providerLateDaysMax ? 0 : days];
    }),
  );
}

function edgesOf(first: Day, length: number): readonly (0 | 1 | 2)[] {
  const edges = Array.from({ length }, (): 0 | 1 | 2 => 0);
  for (let { start } = monthOf(first), index = 0; index <= length; start = addMonths(start, 1)) {
    index = daysIn({ start: first, end: start });
    if (index > 0 && index <= length) edges[index - 1] = 2;
    if (index >= 0 && index < length) edges[index] = 1;
  }
  return edges;
}

/** 0 to 6 in a fixed order; which day is 0 does not matter. */
function weekdayOf(day: Day): number {
  return ((daysIn({ start: "1970-01-05", end: day }) % 7) + 7) % 7;
}
