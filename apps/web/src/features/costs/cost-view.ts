import type { CostCatalog, CostFilter, CostQueryInput } from "@finops/capabilities/costs/contract";
import { bucketsOf } from "@finops/kernel/buckets";
import type { Day, Period } from "@finops/kernel/period";
import { comparisonPeriod, defaultGrain, type PresetId, resolvePreset } from "@finops/ui/period/presets";
import {
  bucketLabel,
  dimensionLabel,
  goodDirection,
  incompleteBucket as incompleteBucketOf,
  isStackable,
  shortLabels,
  valueLabel,
} from "../../lib/cost-words.ts";
import type { CostsSearch } from "./costs-search.ts";

export { bucketLabel, bucketsOf, dimensionLabel, goodDirection, isStackable, shortLabels, valueLabel };

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

/** The last bucket, when its end is not reached by the data yet. */
export function incompleteBucket(view: CostView, available: Period, today: Day): string | null {
  return incompleteBucketOf(view.period, view.grain, available, today);
}
