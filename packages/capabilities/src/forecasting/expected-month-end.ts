import { type Decimal, decimal, roundHalfAway, sum, zero } from "@finops/kernel/decimal";
import { addDays, addMonths, type Day, daysIn, monthOf, type Period } from "@finops/kernel/period";
import { type DailySeries, edgeExcess, isDaily, patternAt, patternOf } from "./daily-pattern.ts";
import { monthlyFee } from "./monthly-fees.ts";

/** What one series (a provider's service and kind of charge) cost on one day. Several of the same day are added. */
export interface DayCost {
  series: string;
  /** Whose bill it stands on: a provider whose data ends earlier than the others' is late, not cheaper. */
  provider: string;
  day: Day;
  amount: Decimal;
}

export interface ExpectedInput {
  month: Period;
  /** The day in progress: what it has cost so far is not the whole of it. */
  today: Day;
  costs: readonly DayCost[];
}

/** A charge that comes once a month, such as support: what earlier months say it is, and what of it is in already. */
export interface KnownFee {
  series: string;
  amount: Decimal;
  due: Day;
  toCome: Decimal;
}

export interface ExpectedMonthEnd {
  expected: Decimal;
  /** Both null while too few past months can be held against what would have been expected of them. */
  low: Decimal | null;
  high: Decimal | null;
  actualToDate: Decimal;
  /** What is still to come, day by day from the first day whose data is not whole. */
  days: { day: Day; amount: Decimal }[];
  fees: KnownFee[];
  /** The first day that no provider has data for. */
  dataEnd: Day;
  /** Series whose last days have not come in yet; the pattern stands in for those days. */
  late: string[];
  monthsScored: number;
  /** Sum of the past months' absolute errors at this day / sum of their actuals; null without such months. */
  wape: Decimal | null;
}

/** Of 10 past months, 8 ended inside an interval that was made this way. */
export const confidence = "0.8";
export const weeksMin = 4;
const lateDaysMax = 3;
const scoredMonthsMax = 12;
// The smallest number of past errors of which one can be told that 80 % are not larger: 4, as ceil(5 x 0.8) = 4.
const scoredMonthsMin = 4;
const places = 8;

/**
 * What a month is expected to have cost when it is over, in one currency:
 *
 *   expected = actual to date + sum over the days to come of pattern(series, day) + monthly fees that are still to come
 *
 * The pattern of a series is its mean per weekday over six weeks, moved to the level of its last two weeks (see
 * `patternOf`), plus what its last day of a month usually costs more (`edgeExcess`). A fee is what a series that is not
 * there every day has cost in the median of the last three months, as far as it is not in yet (`monthlyFee`); what came
 * in one month only, a one-off purchase, is in the actual and is not expected again. Days that are not whole (today, the
 * days that a provider or a series is late by) count as what the pattern says, never as less than what is in.
 *
 * The interval is conformal on the cumulated month: each of the last twelve months is expected from what would have been
 * known at this day of it, with the same series late by as many days; its error is (actual - expected) / what was to
 * come; and the interval is expected +/- q x what is to come, where q is the ceil((n + 1) x 0.8)-th smallest absolute
 * error of the n months. No normal distribution is assumed, and no daily intervals are added.
 *
 * Measured on the generator's 14 months (at 10 days of each month): WAPE 0.9 % of effective cost, 1.3 % of billed cost.
 *
 * @returns the figures, or the reason why there are none.
 */
export function expectedMonthEnd({ month, today, costs }: ExpectedInput): ExpectedMonthEnd | { missing: string } {
  const first = costs.reduce((least, { day }) => (day < least ? day : least), month.start);
  const known = costs.filter(({ day }) => day <= today);
  const dataEnd = known.reduce((most, { day }) => (day >= most ? addDays(day, 1) : most), first);
  const weeks = Math.floor(daysIn({ start: first, end: dataEnd }) / 7);
  if (dataEnd <= first) return { missing: "There are no costs to expect anything from." };
  if (dataEnd < month.end && weeks < weeksMin)
    return { missing: `There are ${weeks} weeks of costs; it takes ${weeksMin} to know what a week looks like.` };
  const series = toSeries(known, first, month.end, lateness(known, dataEnd, today));
  const at = (day: Day) => daysIn({ start: first, end: day });
  const cut = Math.min(at(dataEnd), at(month.end));
  const now = project(series, first, { start: at(month.start), end: at(month.end) }, cut);
  const scored = scoreMonths(series, first, month, Math.max(0, cut - at(month.start)));
  const reach = now.isWhole ? zero : quantile(scored.map(({ error }) => error.abs()));
  const width = reach === null ? null : reach.times(now.toCome.abs());
  return {
    expected: roundHalfAway(now.expected, places),
    low: width === null ? null : roundHalfAway(now.expected.minus(width), places),
    high: width === null ? null : roundHalfAway(now.expected.plus(width), places),
    actualToDate: now.actual,
    days: now.days.map((amount, index) => ({
      day: addDays(first, now.from + index),
      amount: roundHalfAway(amount, places),
    })),
    fees: now.fees,
    dataEnd,
    late: now.isWhole ? [] : series.filter(({ lateBy }) => lateBy > (dataEnd > today ? 1 : 0)).map(({ name }) => name),
    monthsScored: scored.length,
    wape: scored.length === 0 ? null : wapeOf(scored),
  };
}

interface Projection {
  actual: Decimal;
  expected: Decimal;
  toCome: Decimal;
  /** Index of the first day of `days`. */
  from: number;
  days: Decimal[];
  fees: KnownFee[];
  /** Nothing is left to expect: the month is over and its data is in. */
  isWhole: boolean;
}

interface LateSeries extends DailySeries {
  name: string;
  /** By how many days its whole data ends before the others'. */
  lateBy: number;
}

/** A month, as days counted from the first one, expected from what is known before the day `cut`. */
function project(
  series: readonly LateSeries[],
  first: Day,
  month: { start: number; end: number },
  cut: number,
): Projection {
  const from = Math.max(month.start, Math.min(...series.map(({ lateBy }) => cut - lateBy), cut));
  const days = Array.from({ length: Math.max(0, month.end - from) }, () => zero);
  const fees: KnownFee[] = [];
  let actual = zero;
  const add = (index: number, amount: Decimal) => {
    days[index - from] = days[index - from]!.plus(amount);
  };
  for (const one of series) {
    for (let index = month.start; index < Math.min(cut, month.end); index++) actual = actual.plus(one.amounts[index]!);
    const known = cut - one.lateBy;
    if (known >= month.end) continue;
    if (!isDaily(one, known)) {
      const fee = monthlyFee(one, first, month, Math.max(cut, month.start));
      if (fee === null) continue;
      const toCome = fee.dueIndex + lateDaysMax < cut ? zero : remaining(fee.amount, fee.seen);
      fees.push({ series: one.name, amount: fee.amount, due: addDays(first, fee.dueIndex), toCome });
      if (!toCome.isZero()) add(Math.max(from, fee.dueIndex), toCome);
      continue;
    }
    const pattern = patternOf(one, known);
    for (let index = Math.max(month.start, known); index < month.end; index++) {
      const usual = patternAt(pattern, index).plus(edgeExcess(one, first, index, known));
      add(index, index < cut ? remaining(usual, one.amounts[index]!) : usual);
    }
  }
  const toCome = sum(days);
  return { actual, expected: actual.plus(toCome), toCome, from, days, fees, isWhole: days.length === 0 };
}

/** What is missing to the expected amount; nothing where more than that is in already. */
function remaining(expected: Decimal, seen: Decimal): Decimal {
  const rest = expected.minus(seen);
  return rest.isNegative() === expected.isNegative() ? rest : zero;
}

interface ScoredMonth {
  error: Decimal;
  miss: Decimal;
  actual: Decimal;
}

/** What would have been expected of past months with as many days known, against what they came to. */
function scoreMonths(series: readonly LateSeries[], first: Day, month: Period, daysKnown: number): ScoredMonth[] {
  const scored: ScoredMonth[] = [];
  for (let back = 1; back <= scoredMonthsMax; back++) {
    const past = monthOf(addMonths(month.start, -back));
    const start = daysIn({ start: first, end: past.start });
    const end = start + daysIn(past);
    // The months before need two of their own to know fees by, and the first of them may have begun in its middle.
    if (past.start < first || start + daysKnown < weeksMin * 7 || addMonths(past.start, -1) < first) break;
    const cut = Math.min(start + daysKnown, end - 1);
    const then = project(series, first, { start, end }, cut);
    const actual = sum(series.flatMap(({ amounts }) => amounts.slice(start, end)));
    const miss = actual.minus(then.expected);
    if (then.toCome.isZero()) continue;
    scored.push({ miss, actual, error: miss.dividedBy(then.toCome.abs()).toDecimalPlaces(12) });
  }
  return scored;
}

/** The ceil((n + 1) x confidence)-th smallest, which needs n to be large enough to have one. */
function quantile(errors: readonly Decimal[]): Decimal | null {
  if (errors.length < scoredMonthsMin) return null;
  const rank = decimal(errors.length + 1)
    .times(decimal(confidence))
    .ceil()
    .toNumber();
  return errors.toSorted((a, b) => a.comparedTo(b))[Math.min(rank, errors.length) - 1]!;
}

function wapeOf(scored: readonly ScoredMonth[]): Decimal | null {
  const whole = sum(scored.map(({ actual }) => actual.abs()));
  return whole.isZero()
    ? null
    : sum(scored.map(({ miss }) => miss.abs()))
        .dividedBy(whole)
        .toDecimalPlaces(12);
}

function toSeries(costs: readonly DayCost[], first: Day, end: Day, lateBy: ReadonlyMap<string, number>): LateSeries[] {
  const length = Math.max(daysIn({ start: first, end }), 1);
  const found = new Map<string, LateSeries>();
  const edges = monthEdges(first, length);
  const weekdayOffset = weekdayOf(first);
  const indexes = new Map<Day, number>();
  const indexOf = (day: Day) => {
    const index = indexes.get(day) ?? daysIn({ start: first, end: day });
    indexes.set(day, index);
    return index;
  };
  let cut = 0;
  for (const cost of costs) {
    let one = found.get(cost.series);
    if (one === undefined) {
      one = {
        name: cost.series,
        lateBy: lateBy.get(cost.provider) ?? 0,
        amounts: Array.from({ length }, () => zero),
        firstSeen: length,
        weekdayOffset,
        monthEdges: edges,
        excesses: new Map(),
      };
      found.set(cost.series, one);
    }
    const index = indexOf(cost.day);
    if (index >= length) continue;
    cut = Math.max(cut, index + 1);
    one.amounts[index] = one.amounts[index]!.plus(cost.amount);
    one.firstSeen = Math.min(one.firstSeen, index);
  }
  for (const one of found.values()) one.lateBy = lateBySeries(one, cut);
  return [...found.values()];
}

/** A series whose last days, three at most, are less than half of its pattern is late: those days have not come in whole. */
function lateBySeries(one: LateSeries, cut: number): number {
  let { lateBy } = one;
  while (lateBy < one.lateBy + lateDaysMax) {
    const index = cut - lateBy - 1;
    if (index < 28 || !isDaily(one, index)) break;
    const usual = patternAt(patternOf(one, index), index);
    if (usual.isZero() || one.amounts[index]!.times(2).abs().greaterThanOrEqualTo(usual.abs())) break;
    lateBy += 1;
  }
  return lateBy;
}

/** By how many days each provider's data ends before the whole; today is never whole. A provider that is gone for four weeks is gone. */
function lateness(costs: readonly DayCost[], dataEnd: Day, today: Day): Map<string, number> {
  const ends = new Map<string, Day>();
  for (const { provider, day } of costs) {
    const end = addDays(day, 1);
    if (end > (ends.get(provider) ?? "")) ends.set(provider, end);
  }
  return new Map(
    [...ends].map(([provider, end]) => {
      const days = daysIn({ start: end > today ? today : end, end: dataEnd });
      return [provider, days > 28 ? 0 : days];
    }),
  );
}

function monthEdges(first: Day, length: number): readonly (0 | 1 | 2)[] {
  return Array.from({ length }, (_, index) => {
    const day = addDays(first, index);
    return day.endsWith("-01") ? 1 : addDays(day, 1).endsWith("-01") ? 2 : 0;
  });
}

/** 0 to 6 in a fixed order; which day is 0 does not matter. */
function weekdayOf(day: Day): number {
  return ((daysIn({ start: "1970-01-05", end: day }) % 7) + 7) % 7;
}
