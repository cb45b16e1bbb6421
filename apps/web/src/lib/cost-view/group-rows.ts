import type { CostRow, CostQueryInput } from "@finops/capabilities/costs/contract";
import { type CostView, type GroupKey, keysOf, namedBy } from "@finops/capabilities/views/contract";
import { type Decimal, decimal, parseDecimal, sumTexts } from "@finops/kernel/decimal";
import type { Part } from "@finops/ui/charts/part";
import { otherColour, type Series, seriesColours } from "@finops/ui/charts/series";
import { compareFigures } from "@finops/ui/table/arrange-rows";
import { valueLabel } from "../cost-words.ts";

/** A group of the table: its figures, and the keys of all levels down to it. */
export interface GroupRow {
  row: CostRow;
  path: readonly GroupKey[];
}

type Measure = CostView["measures"][number];

/** Names a group the same in the chart, its legend and the table, so that they share a colour. */
export function groupId(by: string | undefined, row: Pick<CostRow, "key" | "isOther">): string {
  if (by === undefined) return "(all)";
  return row.isOther ? "(other)" : `${by}=${row.key[by] ?? ""}`;
}

/** What a group is called: its name where it has one, else its value. */
export function groupLabel(by: string | undefined, row: Pick<CostRow, "key" | "isOther">): string {
  if (by === undefined) return "All charges";
  if (row.isOther) return "Other";
  const name = namedBy[by] === undefined ? null : row.key[namedBy[by]];
  const value = valueLabel(by, row.key[by] ?? null);
  return name != null && name !== "" && name !== value ? name : value;
}

/** What all charges of a group have in common; the units that an answer adds are told, and not asked for. */
export function groupKey(by: string | undefined, row: CostRow): GroupKey {
  if (by === undefined) return {};
  return Object.fromEntries(keysOf(by).map((name) => [name, row.key[name] ?? null]));
}

/**
 * Rows with their path. Where more rows come after those of the call before, only these are looked at, and the others stay the same
 * objects, so that the table knows them again.
 */
export function keepGroups() {
  let kept: { rows: readonly CostRow[]; currency: string; by: string | undefined; groups: readonly GroupRow[] } | null =
    null;
  return (rows: readonly CostRow[], currency: string, by: string | undefined): readonly GroupRow[] => {
    const before =
      kept !== null && kept.currency === currency && kept.by === by && startsWith(rows, kept.rows) ? kept : null;
    const more = rows
      .slice(before?.rows.length ?? 0)
      .filter((row) => row.currency === currency)
      .map((row): GroupRow => ({ row, path: by === undefined ? [] : [groupKey(by, row)] }));
    kept = { rows, currency, by, groups: before === null ? more : [...before.groups, ...more] };
    return kept.groups;
  };
}

/** Pages follow each other, so the ends say it of all. */
function startsWith(rows: readonly CostRow[], start: readonly CostRow[]): boolean {
  return start.length > 0 && rows[0] === start[0] && rows[start.length - 1] === start.at(-1);
}

/** The unit that a quantity is in, where the answer says one. */
export function unitOf(measure: Measure, row: CostRow): string | null {
  if (measure === "consumedQuantity") return row.key["consumedUnit"] ?? null;
  return measure === "pricingQuantity" ? (row.key["pricingUnit"] ?? null) : null;
}

export function changeOf(row: CostRow, measure: Measure): string | null {
  const [now, before] = [row.values[measure]?.value ?? null, row.comparison?.[measure]?.value ?? null];
  if (now === null && before === null) return null;
  return decimal(now ?? "0")
    .minus(decimal(before ?? "0"))
    .toString();
}

export function changeRatioOf(row: CostRow, measure: Measure): string | null {
  const [change, before] = [changeOf(row, measure), row.comparison?.[measure]?.value ?? null];
  if (change === null || before === null || parseDecimal(before).isZero()) return null;
  return parseDecimal(change).dividedBy(parseDecimal(before).abs()).toDecimalPlaces(12).toString();
}

/** The parts of a trend, biggest first and "other" last, each with a value for every bucket. */
export function trendSeries(
  rows: readonly CostRow[],
  asked: CostQueryInput,
  by: string | undefined,
  buckets: readonly string[],
): Series[] {
  const [measure] = asked.measures;
  const place = new Map(buckets.map((bucket, index) => [bucket, index]));
  const found = new Map<string, { label: string; isOther: boolean; values: (string | null)[]; total: Decimal }>();
  for (const row of rows) {
    const figures = asked.runningTotal === true ? (row.runningTotal ?? row.values) : row.values;
    const value = figures[measure!]?.value ?? null;
    const index = row.time === null ? undefined : place.get(row.time);
    if (index === undefined || value === null) continue;
    const id = groupId(by, row);
    const part = found.get(id) ?? {
      label: groupLabel(by, row),
      isOther: row.isOther,
      values: buckets.map(() => null),
      total: decimal("0"),
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

/** The group with the largest share, in one pass: there may be 100,000 of them. The first of equals; null when none has one. */
export function biggestShare(
  rows: readonly CostRow[],
  measure: Measure,
  currency: string,
): { row: CostRow; share: string } | null {
  let biggest: { row: CostRow; share: string } | null = null;
  for (const row of rows) {
    const share = row.share?.[measure]?.value ?? null;
    if (share === null || row.currency !== currency) continue;
    if (biggest === null || compareFigures(share, biggest.share) > 0) biggest = { row, share };
  }
  return biggest;
}

/** The biggest groups as parts of a whole; the others together, or left out. */
export function partsOf(
  rows: readonly CostRow[],
  by: string | undefined,
  measure: Measure,
  top: CostView["top"],
  isAdditive: boolean,
): Part[] {
  const amount = (row: CostRow) => row.values[measure]!.value!;
  const known = rows.filter((row) => row.values[measure]?.value != null);
  const shown = biggest(known, amount, top.count);
  const colours = seriesColours(shown.map((row) => groupId(by, row)));
  const parts = shown.map((row): Part => {
    const id = groupId(by, row);
    return {
      id,
      label: groupLabel(by, row),
      value: row.values[measure]!.value,
      before: row.comparison?.[measure]?.value ?? null,
      colour: colours.get(id) ?? otherColour,
    };
  });
  if (!top.other || !isAdditive || shown.length === known.length) return parts;
  const value = sumTexts(known.map(amount))
    .minus(sumTexts(shown.map(amount)))
    .toString();
  return [...parts, { id: "(other)", label: `${known.length - shown.length} others`, value, isOther: true }];
}

/** The biggest few, biggest first and of equals the first: one pass, where sorting 100,000 groups took half a second. */
function biggest(rows: readonly CostRow[], amount: (row: CostRow) => string, count: number): CostRow[] {
  const found: { row: CostRow; text: string; key: number }[] = [];
  for (const row of rows) {
    const text = amount(row);
    const key = Number(text);
    const last = found[count - 1];
    if (last !== undefined && (key < last.key || compareFigures(text, last.text) <= 0)) continue;
    const place = found.findIndex((one) => key > one.key || compareFigures(text, one.text) > 0);
    found.splice(place === -1 ? found.length : place, 0, { row, text, key });
    found.length = Math.min(found.length, count);
  }
  return found.map((one) => one.row);
}
