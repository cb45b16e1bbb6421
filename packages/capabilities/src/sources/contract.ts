import * as z from "zod";
import { ImportProgress, ImportReport, RestatedGroup } from "@finops/pipeline/import-report";

export { ImportProgress, ImportReport };

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const ImportOptions = z.strictObject({
  /** A format's id, where detection shall not decide. */
  format: z.string().max(60).optional(),
  /** A user's own column mapping, for a CSV of a vendor that is not known. */
  definition: z.record(z.string(), z.unknown()).optional(),
  /** Constants for columns that the bill lacks: `{ BillingCurrency: "USD" }`. */
  assume: z.record(z.string(), z.string().max(200)).default({}),
  sourceName: z.string().min(1).max(200).optional(),
  takesOver: z.strictObject({ source: z.string(), from: day }).optional(),
});
export type ImportOptions = z.infer<typeof ImportOptions>;

export const ImportState = z.enum(["open", "queued", "running", "done", "failed", "cancelled"]);

export const ImportJob = z.object({
  id: z.string(),
  state: ImportState,
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
  progress: ImportProgress.nullable(),
  reports: z.array(ImportReport),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
});
export type ImportJob = z.infer<typeof ImportJob>;

/** What a version changed against the one before it of the same source and period, those that moved most first. */
export const DatasetDifference = z.object({
  /** Null for the first version of its period. */
  previousVersion: z.string().nullable(),
  changes: z.array(RestatedGroup),
});
export type DatasetDifference = z.infer<typeof DatasetDifference>;

export const DatasetPeriod = z.object({
  billingPeriod: z.string(),
  position: z.string(),
  kind: z.string(),
  publishedAt: z.string(),
  actor: z.string(),
  note: z.string(),
  isCurrent: z.boolean(),
  versions: z.array(
    z.object({
      id: z.string(),
      source: z.string(),
      sourceName: z.string(),
      number: z.number(),
      rows: z.number(),
      totals: z.record(z.string(), z.object({ billedCost: z.string(), effectiveCost: z.string() })),
      createdAt: z.string(),
    }),
  ),
});
export type DatasetPeriod = z.infer<typeof DatasetPeriod>;
