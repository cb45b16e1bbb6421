import { CostFilter, CostQuery, CostRowsQuery } from "@finops/warehouse/query/cost-query";
import * as z from "zod";

/** What is written. Pages are no part of it: a file has all of them. */
const ExportContent = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("query").describe("The groups of a cost query, with its figures"),
    query: CostQuery.omit({ limit: true, cursor: true }),
  }),
  z.strictObject({
    kind: z.literal("rows").describe("The charge rows, in columns of your choice"),
    query: CostRowsQuery.omit({ limit: true, cursor: true }),
  }),
  z.strictObject({
    kind: z.literal("focus").describe("The charge rows as FOCUS 1.2, in its 57 columns"),
    query: z.strictObject({
      period: CostRowsQuery.shape.period,
      basis: CostRowsQuery.shape.basis,
      filter: CostFilter.optional(),
      asOf: CostRowsQuery.shape.asOf,
    }),
  }),
]);
export type ExportContent = z.infer<typeof ExportContent>;

export const exportFormats = ["csv", "xlsx", "parquet"] as const;

export const ExportRequest = z.strictObject({
  what: ExportContent,
  format: z.enum(exportFormats),
  /** Without its ending; made of what is written and its days when left out. */
  fileName: z.string().min(1).max(120).optional(),
  /** `safe`: a text that a sheet would run as a formula gets an apostrophe in front. `as-is`: for programs that read it back. */
  textCells: z.enum(["safe", "as-is"]).default("safe"),
});
export type ExportRequest = z.infer<typeof ExportRequest>;
export type ExportRequestInput = z.input<typeof ExportRequest>;
