import type { CostCatalog, CostFilter, CostQueryInput } from "@finops/capabilities/costs/contract";
import { addDays, addMonths, type Day, daysIn, monthOf, type Period } from "@finops/kernel/period";
import { comparisonPeriod, defaultGrain, type PresetId, resolvePreset } from "@finops/ui/period/presets";
import { dimensionLabel, isStackable } from "../../lib/cost-words.ts";
import type { OverviewSearch } from "./overview-search.ts";

export type Grain = "day" | "week" | "month";
export type MeasureName = CostQueryInput["measures"][number];
/** A dimension and the value that it must have; null where the bill states nothing. */
export type Condition = readonly [dimension: string, value: string | null];

/** The page's state with every default filled in: what the URL leaves out, the data decides. */
export interface OverviewView {
  period: Period;
  preset: PresetId | null;
  comparison: Period | null;
  measure: MeasureName;
  measureLabel: string;
  by: string;
  byLabel: string;
  grain: Grain;
  where: readonly Condition[];
  currency: string | null;
  /** The month that the period ends in: what is to come of it is expected. */
  month: Period;
  /** Tag key whose absence makes a cost nobody's; null where the bills have no tags. */
  tag: string | null;
}

const defaultMeasure = "effectiveCost";
const defaultBy = "serviceName";

export function resolveView(search: OverviewSearch, catalog: CostCatalog, available: Period, today: Day): OverviewView {
  const own =
    search.from !== undefined && search.to !== undefined && search.from < search.to
      ? { start: search.from, end: search.to }
      : null;
  const preset = own === null ? (search.preset ?? "month-to-date") : null;
  const period = own ?? resolvePreset(preset!, available, today);
  const stackable = catalog.measures.filter(isStackable);
  const measure =
    stackable.find(({ name }) => name === search.measure) ??
    stackable.find(({ name }) => name === defaultMeasure) ??
    stackable[0]!;
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
    where: search.where ?? [],
    currency: search.currency ?? null,
    month: monthOf(addDays(period.end, -1)),
    tag: search.tag ?? ownerTag(catalog.tagKeys),
  };
}

/** The tag by which companies most often say whose a cost is. */
function ownerTag(keys: readonly string[]): string | null {
  const plain = (key: string) => key.toLowerCase().replaceAll(/[^a-z]/g, "");
  for (const wanted of ["team", "owner", "costcenter", "costcentre", "department", "project", "application", "app"]) {
    const found = keys.find((key) => plain(key) === wanted);
    if (found !== undefined) return found;
  }
  return keys[0] ?? null;
}

/** An account is a number; its name comes along, so that people recognise it. */
export function groupByOf(by: string): string[] {
  return by === "subAccountId" ? ["subAccountId", "subAccountName"] : [by];
}

/** Where a drill leads: the next question that is not answered yet. */
export function nextDimension(view: Pick<OverviewView, "by" | "where">, added: readonly string[] = []): string {
  const asked = new Set([...view.where.map(([dimension]) => dimension), ...added]);
  if (!asked.has(view.by)) return view.by;
  return (
    ["serviceName", "subAccountId", "regionId", "resourceId", "chargeDescription"].find((name) => !asked.has(name)) ??
    "resourceId"
  );
}

export function filterOf(view: Pick<OverviewView, "where" | "currency">): CostFilter | undefined {
  const tests = view.where.map(testOf);
  if (view.currency !== null) tests.push({ dimension: "billingCurrency", is: view.currency });
  return tests.length === 0 ? undefined : { and: tests };
}

/** The view's filter and more; of a figure that its currency is named beside, without it. */
export function filterWith(view: Pick<OverviewView, "where">, ...more: readonly CostFilter[]): CostFilter | undefined {
  const tests = [...view.where.map(testOf), ...more];
  return tests.length === 0 ? undefined : { and: tests };
}

export function testOf([dimension, value]: Condition): CostFilter {
  return value === null ? { dimension, isNull: true } : { dimension, is: value };
}

/** What can carry a tag: usage. Taxes, credits, support and purchases cannot, so they are nobody's fault. */
export const taggable: CostFilter = { dimension: "chargeCategory", is: "Usage" };

/** At most this many of the last days are drawn as squares: more of them could not be told apart. */
const heatDaysMax = 62;

export function heatPeriod({ period }: Pick<OverviewView, "period">): Period {
  return daysIn(period) <= heatDaysMax ? period : { start: addDays(period.end, -heatDaysMax), end: period.end };
}

/** The whole months before the one that the period ends in, for what a month is held against. */
export function monthsBefore(month: Period, count: number): Period {
  return { start: addMonths(month.start, -count), end: month.start };
}
