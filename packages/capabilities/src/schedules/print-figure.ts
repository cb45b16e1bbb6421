import { formatChange } from "@finops/kernel/format-change";
import { formatCount, formatMoney, formatMoneyShort, formatPercent } from "@finops/kernel/format-figure";
import { formatQuantity } from "@finops/kernel/format-quantity";
import type { Figure } from "@finops/warehouse/query/cost-query";
import { type Measure, measures } from "@finops/warehouse/model/measures";

type Unit = Measure["unit"];

export function unitOf(measure: string): Unit {
  return measureOf(measure).unit;
}

export function labelOf(measure: string): string {
  return measureOf(measure).label;
}

/** A figure as the screen prints it; null where it is missing. */
export function printFigure(measure: string, figure: Figure | undefined, currency: string): string | null {
  const value = figure?.value ?? null;
  return value === null ? null : printAmount(unitOf(measure), value, currency);
}

/** What it changed by against the comparison; null where that says nothing. */
export function printChange(measure: string, now: Figure | undefined, before: Figure | undefined, currency: string) {
  const [value, old] = [now?.value ?? null, before?.value ?? null];
  if (unitOf(measure) !== "money" || (value === null && old === null)) return null;
  // A group that is gone, or new, is compared with nothing spent.
  return formatChange(value ?? "0", old ?? "0", currency);
}

export function printAmount(unit: Unit, value: string, currency: string): string {
  if (unit === "money") return formatMoney(value, currency);
  if (unit === "percent") return formatPercent(value);
  return unit === "quantity" ? formatQuantity(value) : formatCount(value);
}

/** Short, for the marks of an axis. */
export function printMark(unit: Unit, value: number, currency: string): string {
  return unit === "money" ? formatMoneyShort(String(value), currency) : printAmount(unit, String(value), currency);
}

function measureOf(measure: string): Measure {
  return measures[measure as keyof typeof measures];
}
