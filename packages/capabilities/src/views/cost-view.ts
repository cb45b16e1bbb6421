import { presetIds } from "@finops/kernel/period-presets";
import { measureIds } from "@finops/warehouse/model/measures";
import { CostFilter, DimensionName, Grain } from "@finops/warehouse/query/cost-query";
import * as z from "zod";

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "Write a day as 2026-11-22.");
const days = z.strictObject({ start: day, end: day });

/** Ways to draw the groups of a view. `ranking` is bars from left to right; `none` leaves the table alone. */
export const chartKinds = ["area", "bars", "line", "ranking", "treemap", "donut", "heatmap", "none"] as const;
export const ChartKind = z.enum(chartKinds);
export type ChartKind = z.infer<typeof ChartKind>;

/** Days by a name that moves with time, or fixed ones; half open. */
export const ViewPeriod = z.union([z.strictObject({ preset: z.enum(presetIds) }), days]);
export type ViewPeriod = z.infer<typeof ViewPeriod>;

/** `before`: the same length right before, or the same days of the month before while a month still runs. */
export const ViewComparison = z.union([z.enum(["before", "last-year", "none"]), days]);
export type ViewComparison = z.infer<typeof ViewComparison>;

/** What the table sorts by: `name`, or a column of a measure. Without a measure, the first. */
export const ViewSort = z.strictObject({
  by: z.enum(["name", "value", "share", "before", "change", "percent"]),
  measure: z.enum(measureIds).optional(),
  direction: z.enum(["asc", "desc"]).default("desc"),
});
export type ViewSort = z.infer<typeof ViewSort>;

/** The charge rows behind a view: which columns (all of FOCUS that say something, where left out), in which order. */
const ViewRows = z.strictObject({
  columns: z.array(DimensionName).max(120).optional(),
  orderBy: z.strictObject({ by: DimensionName, direction: z.enum(["asc", "desc"]).default("desc") }).optional(),
});

export const measuresMax = 8;
export const levelsMax = 2;

/**
 * A question about costs as people keep it, with how it is shown: the explorer's whole state, and what a tile of a dashboard,
 * a report and a scheduled export are made of. What is left out is decided by the data when the view is opened.
 */
export const CostView = z
  .strictObject({
    version: z.literal(1).default(1),
    /** The first is what charts draw, and what groups are ranked by. */
    measures: z
      .array(z.enum(measureIds))
      .min(1)
      .max(measuresMax)
      .default(() => ["billedCost" as const]),
    /** One level of groups inside the other; none shows the totals alone. */
    groupBy: z
      .array(DimensionName)
      .max(levelsMax)
      .default(() => ["serviceName"]),
    filter: CostFilter.optional(),
    period: ViewPeriod.default(() => ({ preset: "month-to-date" as const })),
    basis: z.enum(["charge", "billing"]).default("charge"),
    comparison: ViewComparison.default("before"),
    /** Left out: days up to a quarter, then months. */
    grain: Grain.optional(),
    /** The end of that day: what was published by then. */
    asOf: day.optional(),
    chart: ChartKind.default("area"),
    /** How many groups the chart draws; the others are one, or left out. */
    top: z
      .strictObject({ count: z.number().int().min(1).max(50), other: z.boolean().default(true) })
      .default(() => ({ count: 8, other: true })),
    /** Currencies are never added. Left out: the one with the most charges. */
    currency: z.string().min(1).max(20).optional(),
    /** The chart adds up from bucket to bucket. */
    runningTotal: z.boolean().default(false),
    share: z.boolean().default(true),
    sort: ViewSort.default(() => ({ by: "value" as const, direction: "desc" as const })),
    shows: z.enum(["groups", "rows"]).default("groups"),
    rows: ViewRows.default(() => ({})),
  })
  .meta({ id: "CostView" });
export type CostView = z.infer<typeof CostView>;
export type CostViewInput = z.input<typeof CostView>;

/** The view of somebody who has chosen nothing yet. */
export const defaultView: CostView = CostView.parse({});

/**
 * A view from what was stored, sent or typed by anyone: what cannot be read is left at its default, so that a view of an
 * older program, or a damaged address, opens with the rest of it.
 */
export function repairView(input: unknown): CostView {
  const whole = CostView.safeParse(input);
  if (whole.success) return whole.data;
  const given = typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
  const fields = Object.entries(CostView.shape).flatMap(([name, field]) => {
    const read = field.safeParse(given[name]);
    return read.success && read.data !== undefined ? [[name, read.data] as const] : [];
  });
  return { ...defaultView, ...(Object.fromEntries(fields) as Partial<CostView>) };
}
