import type { CostCatalog } from "@finops/capabilities/costs/contract";
import { bucketEnd, bucketsOf, type Grain } from "@finops/kernel/buckets";
import { addDays, type Day, monthOf, type Period } from "@finops/kernel/period";
import { formatDay, formatPeriod } from "@finops/ui/text/format-day";

/** The words of costs, the same on every page. */

/** Money that adds up: only that can be stacked, ranked and shared out. */
export function isStackable(measure: CostCatalog["measures"][number]): boolean {
  return measure.unit === "money" && measure.additive;
}

/** Costs are good when they fall, savings and the use of commitments when they rise; of counts and quantities nobody can say. */
export function goodDirection(measure: string): "up" | "down" | "neither" {
  if (/savings|utilization|coverage/i.test(measure)) return "up";
  return /count$|quantity$/i.test(measure) ? "neither" : "down";
}

/** What people ask for first, in their own words. */
export const shortLabels: Record<string, string> = {
  serviceName: "Service",
  subAccountId: "Account",
  providerName: "Provider",
  regionId: "Region",
  serviceCategory: "Service category",
  chargeCategory: "Charge category",
  resourceId: "Resource",
  resourceType: "Resource type",
  skuId: "SKU",
  pricingCategory: "Pricing category",
  invoiceId: "Invoice",
};

export function dimensionLabel(name: string, catalog: Pick<CostCatalog, "dimensions">): string {
  if (name.startsWith("tag:")) return name.slice(4);
  return shortLabels[name] ?? catalog.dimensions.find((one) => one.name === name)?.label ?? name;
}

/** A value as people read it; what the bill leaves out is said so, never left blank. */
export function valueLabel(dimension: string, value: string | null): string {
  if (value !== null && value !== "")
    return dimension === "month" || dimension === "billingPeriod" ? formatDay(value, "month-short") : value;
  return dimension.startsWith("tag:") ? "not tagged" : "not stated";
}

export function bucketLabel(bucket: string, grain: Grain, form: "axis" | "full"): string {
  const day = bucket.slice(0, 10);
  switch (grain) {
    case "hour":
      return `${formatDay(day, "day")}, ${bucket.slice(11, 16)}${form === "full" ? " UTC" : ""}`;
    case "day":
      return form === "axis" ? formatDay(day, "day") : formatDay(day, "weekday");
    case "week":
      return form === "axis" ? formatDay(day, "day") : formatPeriod({ start: day, end: addDays(day, 7) });
    case "month":
      return form === "axis" ? formatDay(day, "month-short") : formatPeriod(monthOf(day));
    case "quarter":
      return `Q${Math.ceil(Number(day.slice(5, 7)) / 3)} ${day.slice(0, 4)}`;
    case "year":
      return day.slice(0, 4);
  }
}

/** The last bucket, when its end is not reached by the data yet. */
export function incompleteBucket(period: Period, grain: Grain, available: Period, today: Day): string | null {
  const last = bucketsOf(period, grain).at(-1);
  if (last === undefined) return null;
  const known = available.end < today ? available.end : today;
  return bucketEnd(last, grain) > known && last.slice(0, 10) <= known ? last : null;
}
