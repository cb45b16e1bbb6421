import type { CostRow } from "@finops/capabilities/costs/contract";
import { type Decimal, decimal, parseDecimal, zero } from "@finops/kernel/decimal";
import { otherColour, type Series, seriesColours } from "@finops/ui/charts/series";
import { type CostView, valueLabel } from "./cost-view.ts";

const otherId = "(other)";

/** The parts of the trend, biggest first and "other" last, each with a value for every bucket. */
export function trendSeries(rows: readonly CostRow[], view: CostView, buckets: readonly string[]): Series[] {
  const place = new Map(buckets.map((bucket, index) => [bucket, index]));
  const found = new Map<string, { label: string; isOther: boolean; values: (string | null)[]; total: Decimal }>();
  for (const row of rows) {
    const index = row.time === null ? undefined : place.get(row.time.slice(0, 10));
    const value = row.values[view.measure]?.value ?? null;
    if (index === undefined || value === null) continue;
    const id = groupId(row, view);
    const part = found.get(id) ?? {
      label: groupLabel(row, view),
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

/** Names a group the same in the chart, its legend and the table, so that they share a colour. */
export function groupId(row: CostRow, view: CostView): string {
  return row.isOther ? otherId : `${view.by}=${row.key[view.by] ?? ""}`;
}

export function groupLabel(row: CostRow, view: CostView): string {
  if (row.isOther) return "Other";
  const name = view.by === "subAccountId" ? row.key["subAccountName"] : null;
  const value = valueLabel(view.by, row.key[view.by] ?? null);
  return name != null && name !== "" && name !== value ? name : value;
}
