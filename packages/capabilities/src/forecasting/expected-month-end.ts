import { type Decimal, decimal } from "@finops/kernel/decimal";
import { fromExactAmount, sumExact } from "@finops/kernel/exact-amount";
import { addDays, addMonths, type Day, daysIn, monthOf, type Period } from "@finops/kernel/period";
import { type LateSeries, toSeries } from "./cost-series.ts";
import { addUp, chargedDays, costsBefore, type DailyCosts, within } from "./daily-costs.ts";
import { isDaily } from "./daily-pattern.ts";
import { projectMonth } from "./project-month.ts";
import { absolute, ascending, fromUnits, total, type Units } from "./units.ts";

export interface ExpectedInput {
  month: Period;
  /** The day in progress: what it has cost so far is not the whole of it. */
  today: Day;
  costs: DailyCosts;
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
const confidence = { inside: 8n, of: 10n };
const weeksMin = 4;
const scoredMonthsMax = 12;
// The smallest number of past errors of which one can be told that 80 % are not larger: 4, as ceil(5 x 0.8) = 4.
const scoredMonthsMin = 4;
// A month with less before it was expected from less than what is known now; it counts where there are too few others.
const historyMonths = 3;

/**
 * What a month is expected to have cost when it is over, in one currency:
 *
 *   expected = actual to date + sum over the days to come of pattern(series, day) + monthly fees that are still to come
 *
 * The pattern of a series is its mean per weekday over six weeks, moved to the level of its last two weeks (see
 * `patternOf`), plus what its last day of a month usually costs more (`edgeExcess`); a series that comes now and then or in
 * lumps has none, and is expected at its rate (`irregularRate`). A fee is what a series that is not there every day has
 * cost in the median of the last three months, as far as it is not in yet (`monthlyFee`); what came in one month only, a
 * one-off purchase, is in the actual and is not expected again. Days that are not whole (today, the days that a provider
 * or a series is late by) count as what the pattern says, never as less than what is in.
 *
 * The interval is conformal on the cumulated month: each of the last twelve months is expected from what would have been
 * known at this day of it, with the same series late by as many days; its error is (actual - expected) / what was to
 * come; and the interval is expected +/- q x what is to come, where q is the ceil((n + 1) x 0.8)-th smallest absolute
 * error of the n months. No normal distribution is assumed, and no daily intervals are added. Months of a company's first
 * three are scored only where there are fewer than four others.
 *
 * Measured over 11 months of the generator's company with 1, 10 and 20 days known (see the test): WAPE 2.0, 0.8 and 0.5 % of
 * effective cost, 2.1, 1.7 and 0.7 % of billed cost, 46 of 48 months inside the range; 5.4, 7.0 and 7.8 % where it comes
 * in lumps, 18 of 24 inside.
 *
 * @returns the figures, or the reason why there are none.
 */
export function expectedMonthEnd({ month, today, costs }: ExpectedInput): ExpectedMonthEnd | { missing: string } {
  const charged = chargedDays(costs);
  const first = charged !== null && charged.first < month.start ? charged.first : month.start;
  const known = costsBefore(costs, addDays(today, 1));
  const last = chargedDays(known)?.last;
  const dataEnd = last !== undefined && last >= first ? addDays(last, 1) : first;
  const weeks = Math.floor(daysIn({ start: first, end: dataEnd }) / 7);
  if (dataEnd <= first) return { missing: "There are no costs to expect anything from." };
  if (dataEnd < month.end && weeks < weeksMin)
    return { missing: `There are ${weeks} weeks of costs; it takes ${weeksMin} to know what a week looks like.` };
  const series = toSeries(known, { first, end: month.end, dataEnd, today });
  const at = (day: Day) => daysIn({ start: first, end: day });
  const cut = Math.min(at(dataEnd), at(month.end));
  const now = projectMonth(series, first, { start: at(month.start), end: at(month.end) }, cut);
  const scored = scoreMonths(series, first, month, Math.max(0, cut - at(month.start)));
  const isOver = now.days.length === 0;
  const width = isOver ? 0n : widthOf(scored, now.toCome);
  const actual = fromExactAmount(sumExact(within(addUp(known), known.first, month)));
  const expected = actual.plus(fromUnits(now.toCome));
  return {
    expected,
    ...rangeOf(scored, { actual, expected, width }),
    actualToDate: actual,
    days: now.days.map((amount, index) => ({ day: addDays(first, now.from + index), amount: fromUnits(amount) })),
    fees: now.fees.map((fee) => ({ ...fee, amount: fromUnits(fee.amount), toCome: fromUnits(fee.toCome) })),
    dataEnd,
    late: isOver ? [] : lateOnes(series, cut, dataEnd > today ? 1 : 0),
    monthsScored: scored.length,
    wape: wapeOf(scored),
  };
}

/** Series that are late by more than all of them are. */
function lateOnes(series: readonly LateSeries[], cut: number, all: number): string[] {
  return series.filter((one) => one.lateBy > all && isDaily(one, cut - one.lateBy)).map(({ name }) => name);
}

/** A past month as it would have been expected: what was missed, what it came to, and what was still to come. */
interface ScoredMonth {
  miss: Units;
  /** What did come after this day. */
  came: Units;
  actual: Units;
  toCome: Units;
}

function scoreMonths(series: readonly LateSeries[], first: Day, month: Period, daysKnown: number): ScoredMonth[] {
  const scored: ScoredMonth[] = [];
  const young: ScoredMonth[] = [];
  for (let back = 1; back <= scoredMonthsMax; back++) {
    const past = monthOf(addMonths(month.start, -back));
    // Fees are known by the months before, and the first of all may have begun in its middle.
    if (addMonths(past.start, -1) < first) break;
    const start = daysIn({ start: first, end: past.start });
    const end = start + daysIn(past);
    if (start + daysKnown < weeksMin * 7) break;
    const then = projectMonth(series, first, { start, end }, Math.min(start + daysKnown, end - 1));
    const actual = total(series.map(({ amounts }) => total(amounts.slice(start, end))));
    const into = addMonths(past.start, -historyMonths) < first ? young : scored;
    const came = actual - then.actual;
    into.push({ miss: came - then.toCome, came, actual, toCome: absolute(then.toCome) });
  }
  return scored.length < scoredMonthsMin ? [...scored, ...young] : scored;
}

/** Half the interval: the ceil((n + 1) x 0.8)-th smallest error, in proportion to what is to come now. */
function widthOf(scored: readonly ScoredMonth[], toCome: Units): Units | null {
  const widths = scored
    .filter((past) => past.toCome !== 0n)
    .map((past) => (absolute(past.miss) * absolute(toCome)) / past.toCome)
    .toSorted(ascending);
  if (widths.length < scoredMonthsMin) return null;
  const rank = (BigInt(widths.length + 1) * confidence.inside + confidence.of - 1n) / confidence.of;
  return widths[Math.min(Number(rank), widths.length) - 1]!;
}

/** Where no past month went down after this day, this one is not said to end below what is in already; nor above, the other way. */
function rangeOf(
  scored: readonly ScoredMonth[],
  { actual, expected, width }: { actual: Decimal; expected: Decimal; width: Units | null },
): Pick<ExpectedMonthEnd, "low" | "high"> {
  if (width === null) return { low: null, high: null };
  const low = expected.minus(fromUnits(width));
  const high = expected.plus(fromUnits(width));
  const onlyUp = scored.length > 0 && scored.every(({ came }) => came >= 0n) && actual.lessThan(expected);
  const onlyDown = scored.length > 0 && scored.every(({ came }) => came <= 0n) && actual.greaterThan(expected);
  return {
    low: onlyUp && low.lessThan(actual) ? actual : low,
    high: onlyDown && high.greaterThan(actual) ? actual : high,
  };
}

function wapeOf(scored: readonly ScoredMonth[]): Decimal | null {
  const whole = total(scored.map(({ actual }) => absolute(actual)));
  if (whole === 0n) return null;
  const missed = total(scored.map(({ miss }) => absolute(miss)));
  return decimal(missed).dividedBy(decimal(whole)).toDecimalPlaces(12);
}
