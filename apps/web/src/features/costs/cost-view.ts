import type { CostCatalog, CostFilter, CostQueryInput } from "@finops/capabilities/costs/contract";
import { addDays, addMonths, type Day, monthOf, type Period } from "@finops/kernel/period";
import { comparisonPeriod, defaultGrain, type PresetId, resolvePreset } from "@finops/ui/period/presets";
import { formatDay, formatPeriod } from "@finops/ui/text/format-day";
import type { CostsSearch } from "./costs-search.ts";

export type Grain = "day" | "week" | "month";
export type MeasureName = CostQueryInput["measures"][number];

/** The page's state with every default filled in: what the URL leaves out, the data decides. */
export interface CostView {
  period: Period;
  preset: PresetId | null;
  comparison: Period | null;
  measure: MeasureName;
  measureLabel: string;
  by: string;
  byLabel: string;
  grain: Grain;
  top: number;
  where: readonly (readonly [string, string | null])[];
  currency: string | null;
}

const defaultBy = "serviceName";
const defaultTop = 8;

export function resolveView(search: CostsSearch, catalog: CostCatalog, available: Period, today: Day): CostView {
  const own =
    search.from !== undefined && search.to !== undefined && search.from < search.to
      ? { start: search.from, end: search.to }
      : null;
  const preset = own === null ? (search.preset ?? "month-to-date") : null;
  const period = own ?? resolvePreset(preset!, available, today);
  const measure =
    catalog.measures.find((one) => one.name === search.measure && isStackable(one)) ??
    catalog.measures.find(isStackable)!;
  const by = search.by ?? defaultBy;
  return {
    period,
    preset,
    comparison: comparisonPeriod(period, search.compare ?? "before"),
    measure: measure.name as MeasureName,
    measureLabel: measure.label,
    by,
    byLabel: dimensionLabel(by, catalog),
    grain: search.grain ?? defaultGrain(period),
    top: search.top ?? defaultTop,
    where: search.where ?? [],
    currency: search.currency ?? null,
  };
}

/** Money that adds up: only that can be stacked, ranked and shared out. */
export function isStackable(measure: CostCatalog["measures"][number]): boolean {
  return measure.unit === "money" && measure.additive;
}

/** Costs are good when they fall, savings when they rise. */
export function goodDirection(measure: string): "up" | "down" {
  return /savings/i.test(measure) ? "up" : "down";
}

export function dimensionLabel(name: string, catalog: CostCatalog): string {
  if (name.startsWith("tag:")) return name.slice(4);
  return shortLabels[name] ?? catalog.dimensions.find((one) => one.name === name)?.label ?? name;
}

/** A value as people read it; what the bill leaves out is said so, never left blank. */
export function valueLabel(dimension: string, value: string | null): string {
  if (value !== null && value !== "")
    return dimension === "month" || dimension === "billingPeriod" ? formatDay(value, "month-short") : value;
  return dimension.startsWith("tag:") ? "not tagged" : "not stated";
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

/** An account is a number; its name comes along, so that people recognise it. */
export function groupByOf(by: string): string[] {
  return by === "subAccountId" ? ["subAccountId", "subAccountName"] : [by];
}

/** Where a drill leads: the next question that is not answered yet. */
export function nextDimension(view: CostView): string {
  const asked = new Set([view.by, ...view.where.map(([dimension]) => dimension)]);
  return (
    ["serviceName", "subAccountId", "regionId", "resourceId", "chargeDescription"].find((name) => !asked.has(name)) ??
    "resourceId"
  );
}

export function filterOf(view: CostView): CostFilter | undefined {
  const tests: CostFilter[] = view.where.map(([dimension, value]) =>
    value === null ? { dimension, isNull: true } : { dimension, is: value },
  );
  if (view.currency !== null) tests.push({ dimension: "billingCurrency", is: view.currency });
  return tests.length === 0 ? undefined : { and: tests };
}

/** Starts of the buckets of a period: every day has its place, also one without costs. */
export function bucketsOf(period: Period, grain: Grain): Day[] {
  const buckets: Day[] = [];
  for (let at = bucketStart(period.start, grain); at < period.end; at = bucketEnd(at, grain)) buckets.push(at);
  return buckets;
}

/** The last bucket, when its end is not reached by the data yet. */
export function incompleteBucket(view: CostView, available: Period, today: Day): Day | null {
  const last = bucketsOf(view.period, view.grain).at(-1);
  if (last === undefined) return null;
  const known = available.end < today ? available.end : today;
  return bucketEnd(last, view.grain) > known && last <= known ? last : null;
}

export function bucketLabel(bucket: Day, grain: Grain, form: "axis" | "full"): string {
  if (grain === "month") return form === "axis" ? formatDay(bucket, "month-short") : formatPeriod(monthOf(bucket));
  if (grain === "week")
    return form === "axis" ? formatDay(bucket, "day") : formatPeriod({ start: bucket, end: addDays(bucket, 7) });
  return form === "axis" ? formatDay(bucket, "day") : formatDay(bucket, "weekday");
}

function bucketStart(day: Day, grain: Grain): Day {
  if (grain === "month") return monthOf(day).start;
  if (grain === "day") return day;
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(day, -weekday);
}

function bucketEnd(bucket: Day, grain: Grain): Day {
  return grain === "month" ? addMonths(bucket, 1) : addDays(bucket, grain === "week" ? 7 : 1);
}
