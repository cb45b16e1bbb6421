import * as z from "zod";

const ByCurrency = z.record(z.string(), z.string());

/** What a restatement did to one service and account. Costs are exact decimals as text. */
export const RestatedGroup = z.object({
  serviceName: z.string().nullable(),
  account: z.string().nullable(),
  currency: z.string(),
  rowsAdded: z.number(),
  rowsRemoved: z.number(),
  /** Charges that are the same but for their cost. */
  rowsChanged: z.number(),
  billedBefore: z.string(),
  billedAfter: z.string(),
  effectiveBefore: z.string(),
  effectiveAfter: z.string(),
});
export type RestatedGroup = z.infer<typeof RestatedGroup>;

/** A period that the same source had stated before, otherwise. `groups` are those that moved most. */
export const Restatement = z.object({
  period: z.string(),
  rowsAdded: z.number(),
  rowsRemoved: z.number(),
  rowsChanged: z.number(),
  billedBefore: ByCurrency,
  billedAfter: ByCurrency,
  groups: z.array(RestatedGroup),
});
export type Restatement = z.infer<typeof Restatement>;

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
  /** Periods that this bill states otherwise than the one before it. */
  restated: z.array(Restatement).default([]),
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
