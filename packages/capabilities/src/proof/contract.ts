import * as z from "zod";
import { CostFilter } from "@finops/warehouse/query/cost-query";
import { measureIds } from "@finops/warehouse/model/measures";

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
