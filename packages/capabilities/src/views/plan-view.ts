import { type Grain } from "@finops/kernel/buckets";
import type { Day, Period } from "@finops/kernel/period";
import { comparisonPeriod, defaultGrain, resolvePreset } from "@finops/kernel/period-presets";
import type { CostFilter, CostQueryInput, CostRowsQueryInput } from "@finops/warehouse/query/cost-query";
import type { CostView } from "./cost-view.ts";
import { isQuantity } from "./join-quantities.ts";

/** What a view is resolved against: the days that there is data for, and the day that it is. */
export interface ViewMoment {
  available: Period;
  today: Day;
}

/** A view at one moment, as the requests that answer it. All but `totals` ask for the same charges. */
export interface ViewPlan {
  period: Period;
  comparison: Period | null;
  grain: Grain;
  /** The view's own filter, narrowed to its currency. */
  filter: CostFilter | undefined;
  /** One total per currency that there is, whichever the view shows, with the count of rows. */
  totals: CostQueryInput;
  /** The groups of the first level with their comparison, the first thousand; `planLevel` has those inside. */
  groups: CostQueryInput;
  /**
   * The same groups with one quantity each, where there are other measures too: quantities of two units cannot share a row,
   * so they would tear the groups of the others apart. `joinQuantities` puts them back.
   */
  quantities: CostQueryInput[];
  /** The groups of all levels at once, as many as an answer holds: for an export or a tile. */
  table: CostQueryInput;
  /** The first measure over time, of the biggest groups; null where the view has no chart over time. */
  trend: CostQueryInput | null;
  /** What the trend is held against, without groups; null without a comparison or a trend. */
  trendBefore: CostQueryInput | null;
  /** The charge rows behind it. */
  rows: CostRowsQueryInput;
}

const overTime: ReadonlySet<CostView["chart"]> = new Set(["area", "bars", "line", "heatmap"]);
const answerMax = 100_000;

/** Turns a view into requests. Pure: the server asks them for a report, the browser for a page. */
export function planView(view: CostView, moment: ViewMoment): ViewPlan {
  const period = viewPeriod(view, moment);
  const comparison = typeof view.comparison === "string" ? comparisonPeriod(period, view.comparison) : view.comparison;
  const grain = view.grain ?? defaultGrain(period);
  const filter = allOf([
    view.filter,
    view.currency === undefined ? undefined : isValue("billingCurrency", view.currency),
  ]);
  const ask = (days: Period, test: CostFilter | undefined) => ({
    period: days,
    basis: view.basis,
    ...(test === undefined ? {} : { filter: test }),
    ...(view.asOf === undefined ? {} : { asOf: view.asOf }),
  });
  const compare = comparison === null ? {} : { compare: comparison };
  const [first, [by]] = [view.measures[0]!, view.groupBy];
  const hasTrend = overTime.has(view.chart);
  const table = {
    ...ask(period, filter),
    measures: view.measures,
    share: view.share,
    ...compare,
    ...orderOf(view, view.measures, by),
  };
  const [quantities, others] = [view.measures.filter(isQuantity), view.measures.filter((name) => !isQuantity(name))];
  const groupBy = by === undefined ? [] : keysOf(by);
  const isMixed = quantities.length > 0 && others.length > 0;
  return {
    period,
    comparison,
    grain,
    filter,
    totals: {
      ...ask(period, view.filter),
      measures: [...view.measures, "rowCount" as const].filter(isFirst),
      ...compare,
    },
    groups: {
      ...table,
      ...(isMixed ? { measures: others, ...orderOf(view, others, by) } : {}),
      groupBy,
      limit: 1000,
    },
    quantities: isMixed
      ? quantities.map((name) => ({ ...ask(period, filter), measures: [name], groupBy, ...compare, limit: answerMax }))
      : [],
    table: { ...table, groupBy: view.groupBy.flatMap(keysOf).filter(isFirst), limit: answerMax },
    trend: hasTrend
      ? {
          ...ask(period, filter),
          measures: [first],
          groupBy: by === undefined ? [] : keysOf(by),
          grain,
          ...(by === undefined ? {} : { top: view.top }),
          runningTotal: view.runningTotal,
          limit: answerMax,
        }
      : null,
    trendBefore:
      hasTrend && comparison !== null
        ? { ...ask(comparison, filter), measures: [first], grain, runningTotal: view.runningTotal, limit: answerMax }
        : null,
    rows: {
      ...ask(period, filter),
      ...(view.rows.columns === undefined ? {} : { columns: view.rows.columns }),
      ...(view.rows.orderBy === undefined ? {} : { orderBy: view.rows.orderBy }),
    },
  };
}

/** The days that a view means at a moment. */
export function viewPeriod(view: Pick<CostView, "period">, { available, today }: ViewMoment): Period {
  return "preset" in view.period ? resolvePreset(view.period.preset, available, today) : view.period;
}

/** What a group has in common: the value of each of its level's columns, as an answer's `key` states them. */
export type GroupKey = Readonly<Record<string, string | null>>;

/** The groups inside one group; `path` has the key of each level above. Null where there is no level below. */
export function planLevel(view: CostView, plan: ViewPlan, path: readonly GroupKey[]): CostQueryInput | null {
  const by = view.groupBy[path.length];
  if (by === undefined) return null;
  const filter = allOf([plan.filter, pathFilter(path)]);
  const { filter: _, orderBy: __, ...groups } = plan.groups;
  return {
    ...groups,
    groupBy: keysOf(by),
    ...orderOf(view, groups.measures, by),
    ...(filter === undefined ? {} : { filter }),
  };
}

/** The quantities of the groups that `planLevel` asks for. */
export function planLevelQuantities(plan: ViewPlan, level: CostQueryInput): CostQueryInput[] {
  return plan.quantities.map((asked) => ({
    ...asked,
    ...(level.groupBy === undefined ? {} : { groupBy: level.groupBy }),
    ...(level.filter === undefined ? {} : { filter: level.filter }),
  }));
}

/** The charges of one group: those that have its key on each level. */
export function pathFilter(path: readonly GroupKey[]): CostFilter | undefined {
  return allOf(path.flatMap((key) => Object.entries(key).map(([dimension, value]) => isValue(dimension, value))));
}

/** The columns that a dimension is grouped by: an account is a number, so its name comes along. */
export function keysOf(dimension: string): string[] {
  const name = namedBy[dimension];
  return name === undefined ? [dimension] : [dimension, name];
}

/** Dimensions that people know by another one. */
export const namedBy: Readonly<Record<string, string>> = {
  subAccountId: "subAccountName",
  billingAccountId: "billingAccountName",
  resourceId: "resourceName",
  commitmentDiscountId: "commitmentDiscountName",
};

/** Charges with that value of a dimension; null is what the bill leaves out. */
export function isValue(dimension: string, value: string | null): CostFilter {
  return value === null ? { dimension, isNull: true } : { dimension, is: value };
}

/** Filters that all hold, as one; undefined where there is none. */
export function allOf(filters: readonly (CostFilter | undefined)[]): CostFilter | undefined {
  const parts = filters.flatMap((filter) => (filter === undefined ? [] : "and" in filter ? filter.and : [filter]));
  return parts.length === 0 ? undefined : parts.length === 1 ? parts[0] : { and: parts };
}

/** The store orders by a measure or a name; by a share or a change, whoever has all groups does. */
function orderOf(
  { sort }: CostView,
  measures: CostQueryInput["measures"],
  by: string | undefined,
): Pick<CostQueryInput, "orderBy"> {
  const measure = measures.find((name) => name === sort.measure) ?? measures[0]!;
  if (sort.by === "name") return by === undefined ? {} : { orderBy: { by, direction: sort.direction } };
  return { orderBy: { by: measure, direction: sort.by === "value" ? sort.direction : "desc" } };
}

function isFirst<T>(value: T, index: number, all: readonly T[]): boolean {
  return all.indexOf(value) === index;
}
