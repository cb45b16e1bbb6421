import { AppError } from "@finops/kernel/app-error";
import * as z from "zod";
import { measureIds } from "../model/measures.ts";
import { filterProblem } from "./filter-limits.ts";

/** A request for costs, as the API, the CLI, saved views and budgets write it. Pure data; the browser imports this file. */

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "Write a day as 2026-11-22.");

/** A dimension's name: a FOCUS column (`serviceName`), a calculated one (`month`), a tag (`tag:team`) or `x_…`. */
export const DimensionName = z.string().min(1).max(300);

/** Tests on a dimension, all of which hold. Text is compared as it stands; `contains` and `startsWith` without case. */
const FilterTest = z.object({
  dimension: DimensionName,
  is: z.string().nullable().optional(),
  in: z.array(z.string().nullable()).min(1).max(5000).optional(),
  contains: z.string().min(1).optional(),
  startsWith: z.string().min(1).optional(),
  isNull: z.boolean().optional(),
  /** Range over text or days: from is in, to is out. */
  from: z.string().optional(),
  to: z.string().optional(),
});

export type CostFilter =
  | z.infer<typeof FilterTest>
  | { and: CostFilter[] }
  | { or: CostFilter[] }
  | { not: CostFilter };

const FilterNode: z.ZodType<CostFilter> = z
  .lazy(() =>
    z.union([
      z.strictObject({ and: z.array(FilterNode).max(200) }),
      z.strictObject({ or: z.array(FilterNode).min(1).max(200) }),
      z.strictObject({ not: FilterNode }),
      FilterTest.strict(),
    ]),
  )
  .meta({ id: "CostFilter" });

/** A filter within `filterLimits`: its shape is read by recursion, so how deep and long it is is looked at before. */
export const CostFilter: z.ZodType<CostFilter> = z.preprocess((input, ctx) => {
  const problem = filterProblem(input);
  if (problem === null) return input;
  ctx.addIssue({ code: "custom", message: problem });
  return z.NEVER;
}, FilterNode);

export const Grain = z.enum(["hour", "day", "week", "month", "quarter", "year"]);

export const CostQuery = z.strictObject({
  measures: z.array(z.enum(measureIds)).min(1).max(20),
  groupBy: z.array(DimensionName).max(10).default([]),
  filter: CostFilter.optional(),
  /** Half open, in UTC. `basis` says by what: the day of the charge, or the billing period that it is invoiced in. */
  period: z.strictObject({ start: day, end: day }),
  basis: z.enum(["charge", "billing"]).default("charge"),
  grain: Grain.optional(),
  /** What to hold each figure against: a period by its name, or by its days, such as "October at this day". */
  compare: z.union([z.enum(["previous-period", "previous-year"]), z.strictObject({ start: day, end: day })]).optional(),
  /** Keep the `count` groups that are biggest by the first measure; the others become one group per currency, `isOther`. */
  top: z.strictObject({ count: z.number().int().min(1).max(1000), other: z.boolean().default(true) }).optional(),
  /** By a measure or group of the query, or by `time`. With a grain, time comes first. */
  orderBy: z.strictObject({ by: z.string(), direction: z.enum(["asc", "desc"]).default("desc") }).optional(),
  /** Adds, for each measure that can be added up, its running total over the grain. */
  runningTotal: z.boolean().default(false),
  /** Adds, for each measure that can be added up, its share of the currency's total. */
  share: z.boolean().default(false),
  limit: z.number().int().min(1).max(100_000).default(1000),
  cursor: z.string().max(500).optional(),
  /** The end of that day: what was published by then. */
  asOf: day.optional(),
});
export type CostQuery = z.infer<typeof CostQuery>;
export type CostQueryInput = z.input<typeof CostQuery>;

export const CostRowsQuery = z.strictObject({
  filter: CostFilter.optional(),
  period: z.strictObject({ start: day, end: day }),
  basis: z.enum(["charge", "billing"]).default("charge"),
  /** Columns to return; all of FOCUS when left out. */
  columns: z.array(DimensionName).max(120).optional(),
  /** By any column, whether it is returned or not; what has no value comes last. Without it, in the order of the bills. */
  orderBy: z.strictObject({ by: DimensionName, direction: z.enum(["asc", "desc"]).default("desc") }).optional(),
  limit: z.number().int().min(1).max(10_000).default(100),
  cursor: z.string().max(500).optional(),
  asOf: day.optional(),
});
export type CostRowsQuery = z.infer<typeof CostRowsQuery>;
export type CostRowsQueryInput = z.input<typeof CostRowsQuery>;

/** Which values a dimension takes, such as for a list to choose a filter from. */
export const CostValuesQuery = z.strictObject({
  /** Any dimension, or `tagKey` for the keys of all tags. */
  dimension: DimensionName,
  /** A part of the value, in any case; without it all values, the missing one too. */
  search: z.string().max(300).optional(),
  period: z.strictObject({ start: day, end: day }),
  basis: z.enum(["charge", "billing"]).default("charge"),
  filter: CostFilter.optional(),
  /** The cost beside each value, by which the biggest come first. */
  measure: z.enum(["effectiveCost", "billedCost"]).default("effectiveCost"),
  limit: z.number().int().min(1).max(1000).default(50),
  cursor: z.string().max(500).optional(),
  asOf: day.optional(),
});
export type CostValuesQuery = z.infer<typeof CostValuesQuery>;
export type CostValuesQueryInput = z.input<typeof CostValuesQuery>;

/** A figure: an exact decimal as text, or null with the reason why there is none. */
export const Figure = z.object({ value: z.string().nullable(), missing: z.string().optional() });
export type Figure = z.infer<typeof Figure>;

const FigureMap = z.record(z.string(), Figure);

export const CostRow = z.object({
  /** Value of each dimension in `groupBy`; null where the bill says nothing. */
  key: z.record(z.string(), z.string().nullable()),
  isOther: z.boolean(),
  /** Start of the bucket of the grain: a day, or an instant for hours. */
  time: z.string().nullable(),
  currency: z.string(),
  values: FigureMap,
  comparison: FigureMap.optional(),
  runningTotal: FigureMap.optional(),
  share: FigureMap.optional(),
});
export type CostRow = z.infer<typeof CostRow>;

export const CostAnswer = z.object({
  rows: z.array(CostRow),
  /** One per currency, over all groups, not only those of this page. */
  totals: z.array(z.object({ currency: z.string(), values: FigureMap, comparison: FigureMap.optional() })),
  nextCursor: z.string().nullable(),
  period: z.object({ start: z.string(), end: z.string() }),
  comparisonPeriod: z.object({ start: z.string(), end: z.string() }).nullable(),
  meta: z.object({
    /** Which tables answered, and how many of their rows were read. */
    tables: z.array(z.string()),
    rowsRead: z.number(),
    /** Position in the publication log that the answer is pinned to. */
    position: z.string(),
    /** When the newest of the versions read was published; null without data. */
    freshAt: z.string().nullable(),
    versions: z.array(z.string()),
    sql: z.string(),
    /** True when the caller sees a part of the company's costs only: every figure, total and count is of that part. */
    isScoped: z.boolean().default(false),
    /** True when nothing was read: the same was asked before of the same data, or is being read for someone else. */
    fromCache: z.boolean(),
    durationMs: z.number(),
  }),
});
export type CostAnswer = z.infer<typeof CostAnswer>;

export const CostRowsAnswer = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.record(z.string(), z.string().nullable())),
  nextCursor: z.string().nullable(),
  meta: z.object({ position: z.string(), sql: z.string(), isScoped: z.boolean(), fromCache: z.boolean() }),
});
export type CostRowsAnswer = z.infer<typeof CostRowsAnswer>;

export const CostValuesAnswer = z.object({
  /** The dimension by its full name. */
  dimension: z.string(),
  /** Biggest cost in any one currency first, then by value; null is where the bill says nothing. */
  values: z.array(
    z.object({
      value: z.string().nullable(),
      /** Charge rows with this value, of all currencies. */
      rows: z.number(),
      /** One per currency. */
      costs: z.array(z.object({ currency: z.string(), cost: Figure })),
    }),
  ),
  /** How many values there are on all pages. */
  total: z.number(),
  nextCursor: z.string().nullable(),
  meta: z.object({
    tables: z.array(z.string()),
    rowsRead: z.number(),
    position: z.string(),
    sql: z.string(),
    isScoped: z.boolean(),
    fromCache: z.boolean(),
    durationMs: z.number(),
  }),
});
export type CostValuesAnswer = z.infer<typeof CostValuesAnswer>;

/** Reads a request; throws `invalid` with the first thing that is wrong and where. */
export function parseCostQuery(input: unknown): CostQuery {
  return parseWith(CostQuery, input);
}

export function parseCostRowsQuery(input: unknown): CostRowsQuery {
  return parseWith(CostRowsQuery, input);
}

export function parseCostValuesQuery(input: unknown): CostValuesQuery {
  return parseWith(CostValuesQuery, input);
}

function parseWith<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new AppError("invalid", `${issue.path.join(".") || "The request"}: ${issue.message}`, {
    facts: { path: issue.path.join(".") },
  });
}
