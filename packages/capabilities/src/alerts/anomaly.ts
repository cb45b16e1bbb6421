import { type Decimal, zero } from "@finops/kernel/decimal";
import { addDays, type Day } from "@finops/kernel/period";
import type { Level } from "./life.ts";
import { daysUntil } from "./cost-series.ts";

/** So many days before the one that is looked at tell what is usual. */
export const learntDays = 91;
/** With fewer, nobody can tell. */
const daysMin = 28;
/** A series that hardly moves would find everything unusual. */
const scaleMin = 0.03;
const scores = { low: 8, medium: 5, high: 3.5 } as const;

export interface Unusual {
  level: Level;
  actual: Decimal;
  /** What the day usually costs. */
  expected: Decimal;
}

/**
 * Holds a day against the median of its weekday, and the first of a month against the firsts before it, on a robust scale (the
 * median absolute deviation of the log residuals). `covered` are the days that there is any data of: on others nobody knows.
 */
export function detectUnusual(
  series: ReadonlyMap<Day, Decimal>,
  covered: ReadonlySet<Day>,
  day: Day,
  { sensitivity, leastAmount }: { sensitivity: keyof typeof scores; leastAmount: Decimal },
): Unusual {
  const { known, weekdays } = learntBefore(day, covered);
  const of = (one: Day) => series.get(one) ?? zero;
  const actual = of(day);
  const ofWeekday = known.filter((_, index) => weekdays[index] === weekday(day));
  if (known.length < daysMin || ofWeekday.length < 4 || !covered.has(day))
    return { level: "unknown", actual, expected: zero };
  const expected = expectedOn(day, known, ofWeekday, of);
  const impact = actual.minus(expected);
  if (impact.abs().lessThanOrEqualTo(leastAmount)) return { level: "under", actual, expected };

  // The score is a ratio and no amount, so from here on numbers do. What is small against the usual is noise.
  const levels = known.map((one, index) => ({ weekday: weekdays[index]!, level: of(one).toNumber() }));
  const usual = medianOf(levels.map(({ level }) => Math.abs(level)));
  const floor = Math.max(usual / 10, 1e-9);
  const medians = Array.from({ length: 7 }, (_, index) =>
    medianOf(levels.filter((one) => one.weekday === index).map(({ level }) => level)),
  );
  const residual = (level: number, median: number) =>
    Math.log((Math.max(level, 0) + floor) / (Math.max(median, 0) + floor));
  const scale = Math.max(
    1.4826 * medianOf(levels.map((one) => Math.abs(residual(one.level, medians[one.weekday]!)))),
    scaleMin,
  );
  const score = Math.abs(residual(actual.toNumber(), expected.toNumber())) / scale;
  const bound = scores[sensitivity];
  return { level: score >= bound ? "over" : score >= bound / 2 ? "between" : "under", actual, expected };
}

interface LearntDays {
  day: Day;
  known: Day[];
  weekdays: number[];
}

/** A thousand series are held against the same days, one after the other. */
const learntOf = new WeakMap<ReadonlySet<Day>, LearntDays & { size: number }>();

/** The days before a day that tell what is usual, with their weekdays. */
function learntBefore(day: Day, covered: ReadonlySet<Day>): LearntDays {
  const kept = learntOf.get(covered);
  if (kept !== undefined && kept.day === day && kept.size === covered.size) return kept;
  const known = daysUntil(addDays(day, -1), learntDays).filter((one) => covered.has(one));
  const found = { day, known, weekdays: known.map(weekday), size: covered.size };
  learntOf.set(covered, found);
  return found;
}

/** Fees come on the first of a month: from the third on, the firsts before it tell what is usual. */
function expectedOn(day: Day, known: readonly Day[], ofWeekday: readonly Day[], of: (day: Day) => Decimal): Decimal {
  const usual = medianDecimal(ofWeekday.map(of));
  if (!day.endsWith("-01")) return usual;
  const firsts = known.filter((one) => one.endsWith("-01")).map(of);
  if (firsts.length < 2) return usual;
  const fee = medianDecimal(firsts);
  return fee.greaterThan(usual) ? fee : usual;
}

function weekday(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

function medianDecimal(values: readonly Decimal[]): Decimal {
  const sorted = values.toSorted((a, b) => a.comparedTo(b));
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return sorted[middle - 1]!.plus(sorted[middle]!).dividedBy(2);
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
