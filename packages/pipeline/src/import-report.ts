import * as z from "zod";

const ByCurrency = z.record(z.string(), z.string());

/**
 * What an import did, row by row and cent by cent. Always, per currency: rowsRead = rowsMapped + rowsRejected + rowsDropped,
 * rowsPublished = rowsMapped + rowsDerived, and rawCost + every rule of the bridge = billedCost + rejectedCost.
 */
export const ImportReport = z.object({
  source: z.string(),
  sourceName: z.string(),
  format: z.string(),
  because: z.string(),
  files: z.number(),
  rowsRead: z.number(),
  rowsMapped: z.number(),
  rowsRejected: z.number(),
  rowsDropped: z.number(),
  rowsDerived: z.number(),
  rowsPublished: z.number(),
  periods: z.array(z.string()),
  rawCost: ByCurrency,
  bridge: z.array(z.object({ rule: z.string(), rows: z.number(), cost: ByCurrency })),
  rejectedCost: ByCurrency,
  billedCost: ByCurrency,
  effectiveCost: ByCurrency,
  conformance: z.object({ version: z.string(), rules: z.number(), failed: z.number(), score: z.string() }).nullable(),
  /** True when the very same content is current already: nothing was changed. */
  unchanged: z.boolean(),
  notes: z.array(z.string()),
  ignored: z.array(z.object({ file: z.string(), because: z.string() })),
  rejects: z.array(z.object({ file: z.string(), line: z.number().nullable(), reason: z.string(), rows: z.number() })),
  durationMs: z.number(),
});
export type ImportReport = z.infer<typeof ImportReport>;

/** How far an import is; `share` from 0 to 1 over all of it. */
export const ImportProgress = z.object({
  stage: z.enum(["detect", "land", "normalize", "publish"]),
  label: z.string(),
  share: z.number(),
  rows: z.number(),
  rowsPerSecond: z.number(),
  secondsLeft: z.number().nullable(),
});
export type ImportProgress = z.infer<typeof ImportProgress>;
