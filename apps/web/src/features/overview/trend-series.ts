import type { CostRow } from "@finops/capabilities/costs/contract";
import type { ExpectedCost } from "@finops/capabilities/forecasting/contract";
import { type Decimal, decimal, parseDecimal, zero } from "@finops/kernel/decimal";
import type { Day } from "@finops/kernel/period";
import { otherColour, type Series, seriesColours } from "@finops/ui/charts/series";
import { groupId, groupLabel } from "./figures.ts";

export const expectedId = "(expected)";

/** The parts of the trend, biggest first and "other" last, each with a value for every bucket. */
export function trendSeries(
  rows: readonly CostRow[],
  { by, measure }: { by: string; measure: string },
  buckets: readonly string[],
): Series[] {
  const place = new Map(buckets.map((bucket, index) => [bucket, index]));
  const found = new Map<string, { label: string; isOther: boolean; values: (string | null)[]; total: Decimal }>();
  for (const row of rows) {
    const index = row.time === null ? undefined : place.get(row.time.slice(0, 10));
    const value = row.values[measure]?.value ?? null;
    if (index === undefined || value === null) continue;
    const id = groupId(row, by);
    const part = found.get(id) ?? {
      label: groupLabel(row, by),
      isOther: row.isOther,
      values: buckets.map(() => null),
      total: zero,
    };
    // An account that changed its name has two rows in a bucket.
    part.values[index] = decimal(part.values[index] ?? "0")
      .plus(parseDecimal(value))
      .toString();
    part.total = part.total.plus(parseDecimal(value));
    found.set(id, part);
  }
  const ordered = [...found].toSorted(
    ([, a], [, b]) => Number(a.isOther) - Number(b.isOther) || b.total.comparedTo(a.total),
  );
  const colours = seriesColours(ordered.filter(([, part]) => !part.isOther).map(([id]) => id));
  return ordered.map(([id, part]) => ({
    id,
    label: part.label,
    colour: colours.get(id) ?? otherColour,
    values: part.values,
    isOther: part.isOther,
  }));
}

/** What is to come until the month ends, as one more part behind the buckets that have data. */
export function expectedSeries(expected: ExpectedCost, buckets: readonly Day[], from: Day): Series {
  const byDay = new Map(expected.days.filter(({ day }) => day >= from).map(({ day, amount }) => [day, amount]));
  return {
    id: expectedId,
    label: "Expected",
    colour: otherColour,
    values: buckets.map((bucket) => byDay.get(bucket) ?? null),
    isOther: true,
  };
}
