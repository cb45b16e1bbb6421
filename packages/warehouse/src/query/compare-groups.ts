import {
  addDays,
  addMonths,
  daysIn,
  monthOf,
  parsePeriod,
  type Period,
  previousPeriod,
  samePeriodLastYear,
} from "@finops/kernel/period";
import type { Dimension } from "../model/dimensions.ts";
import type { CostAnswer, CostQuery, CostRow, Figure } from "./cost-query.ts";
import type { Plan } from "./plan.ts";
import type { Groups } from "./read-groups.ts";

export function comparisonPeriodOf({ compare, period }: CostQuery): Period | null {
  if (compare === undefined) return null;
  if (compare === "previous-period") return previousPeriod(period);
  if (compare === "previous-year") return samePeriodLastYear(period);
  return parsePeriod(compare.start, compare.end);
}

/**
 * Puts each group's figures of the comparison period beside its own. The first day, week or month stands beside the first
 * one, and so on; what has no counterpart is kept, with the reason in place of the figure that is missing.
 */
export function joinComparison(
  now: Groups,
  then: Groups,
  query: CostQuery,
  from: Period,
): Pick<CostAnswer, "rows" | "totals"> {
  const move = (row: CostRow): CostRow => ({
    ...row,
    time: row.time === null ? null : moveBucket(row.time, now.plan.grain!, from, query.period),
    key: Object.fromEntries(
      now.plan.keys.map((key) => [key.name, moveKey(row.key[key.name]!, key, from, query.period)]),
    ),
  });
  const idOf = (row: CostRow) => JSON.stringify([Object.values(row.key), row.isOther, row.time, row.currency]);
  const rows = joinBy(now.rows, then.rows.map(move), idOf, query);
  return { rows, totals: joinBy(now.totals, then.totals, (total) => total.currency, query) };
}

type Figures = Record<string, Figure>;

function joinBy<T extends { values: Figures; comparison?: Figures | undefined }>(
  now: readonly T[],
  then: readonly T[],
  idOf: (one: T) => string,
  query: CostQuery,
): T[] {
  const left = new Map(then.map((one) => [idOf(one), one]));
  const missing = (reason: string): Figures =>
    Object.fromEntries(query.measures.map((id) => [id, { value: null, missing: reason }]));
  const joined = now.map((one) => {
    const match = left.get(idOf(one));
    left.delete(idOf(one));
    return { ...one, comparison: match?.values ?? missing("No cost in the comparison period.") };
  });
  const gone = [...left.values()].map((one) => ({
    ...one,
    values: missing("No cost in this period."),
    comparison: one.values,
  }));
  return [...joined, ...gone];
}

/** A group by month is a time too: last year's January stands beside this year's. */
function moveKey(value: string | null, key: Dimension, from: Period, to: Period): string | null {
  if (value === null) return null;
  if (key.source === "time") return moveBucket(value, key.part, from, to);
  return key.source === "column" && key.column === "BillingPeriodStart" ? moveBucket(value, "month", from, to) : value;
}

/** The bucket of `to` that is as many buckets after its first as `time` is after the first of `from`. */
function moveBucket(time: string, grain: NonNullable<Plan["grain"]>, from: Period, to: Period): string {
  const day = time.slice(0, 10);
  const [first, target] = [bucketStart(from.start, grain), bucketStart(to.start, grain)];
  if (grain === "hour" || grain === "day" || grain === "week")
    return addDays(target, daysIn({ start: first, end: day })) + time.slice(10);
  return addMonths(target, monthsBetween(first, day));
}

function bucketStart(day: string, grain: NonNullable<Plan["grain"]>): string {
  if (grain === "hour" || grain === "day") return day;
  // 2024-01-01 was a Monday.
  if (grain === "week") return addDays(day, -(((daysIn({ start: "2024-01-01", end: day }) % 7) + 7) % 7));
  const month = monthOf(day).start;
  if (grain === "month") return month;
  return addMonths(month, grain === "quarter" ? -((Number(month.slice(5, 7)) - 1) % 3) : 1 - Number(month.slice(5, 7)));
}

function monthsBetween(start: string, end: string): number {
  const monthsOf = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return monthsOf(end) - monthsOf(start);
}
