import { measureIds } from "@finops/warehouse/model/measures";
import { CostFilter, CostQuery, Figure } from "@finops/warehouse/query/cost-query";
import * as z from "zod";

export { formatFilterText } from "@finops/warehouse/query/format-filter-text";

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "Write a day as 2026-11-22.");

/**
 * One figure, as every page can point at it: one measure over the charges of a filter and a half-open period, in one currency.
 * A group of a table is its filter narrowed to the group's keys, a bucket of a chart its period narrowed to the bucket.
 */
export const FigureRequest = z.strictObject({
  measure: z.enum(measureIds),
  period: z.strictObject({ start: day, end: day }),
  basis: z.enum(["charge", "billing"]).default("charge"),
  filter: CostFilter.optional(),
  currency: z.string().min(1).max(20),
  asOf: day.optional(),
});
export type FigureRequest = z.infer<typeof FigureRequest>;
export type FigureRequestInput = z.input<typeof FigureRequest>;

/** A bill file as it came, with what of the figure it holds. `value` is null where parts of the measure do not add up. */
export const ProvenFile = z.object({
  name: z.string(),
  role: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  rows: z.number(),
  value: z.string().nullable(),
});
export type ProvenFile = z.infer<typeof ProvenFile>;

/** One source's rows of one billing period, with what of the figure it holds. */
export const ProvenVersion = z.object({
  id: z.string(),
  source: z.string(),
  sourceName: z.string(),
  billingPeriod: z.string(),
  number: z.number(),
  publishedAt: z.string().nullable(),
  rows: z.number(),
  value: z.string().nullable(),
  files: z.array(ProvenFile),
});
export type ProvenVersion = z.infer<typeof ProvenVersion>;

/** Two ways to the same amount, exact decimals as text. `holds` is false where they differ, and `difference` says by what. */
export const ReconciliationStep = z.object({
  claim: z.string(),
  /** What the step is about, such as a source; null for the figure itself. */
  subject: z.string().nullable(),
  left: z.object({ label: z.string(), value: z.string() }),
  right: z.object({ label: z.string(), value: z.string() }),
  difference: z.string(),
  holds: z.boolean(),
});
export type ReconciliationStep = z.infer<typeof ReconciliationStep>;

export const FigureProof = z.object({
  figure: Figure.extend({
    measure: z.enum(measureIds),
    label: z.string(),
    unit: z.enum(["money", "percent", "quantity", "count"]),
    about: z.string(),
    currency: z.string(),
    additive: z.boolean(),
  }),
  /** Other measures of the same charges that explain this one, such as the list cost behind a rate. */
  related: z.array(Figure.extend({ measure: z.string(), label: z.string(), unit: z.string() })),
  rows: z.number(),
  request: CostQuery,
  statement: z.object({
    sql: z.string(),
    tables: z.array(z.string()),
    rowsRead: z.number(),
    position: z.string(),
    freshAt: z.string().nullable(),
  }),
  versions: z.array(ProvenVersion),
  reconciliation: z.array(ReconciliationStep),
  /** True when the person sees a part of the company's costs only: then no total of a whole bill is told. */
  isScoped: z.boolean(),
});
export type FigureProof = z.infer<typeof FigureProof>;
