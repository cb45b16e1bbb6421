import * as z from "zod";
import { ImportProgress, ImportReport, RestatedGroup } from "@finops/pipeline/import-report";

export { ruleName } from "./rule-names.ts";
export { ImportProgress, ImportReport };

/** A report as the API tells it: formats are named for people. */
export const NamedReport = ImportReport.extend({ formatName: z.string() });
export type NamedReport = z.infer<typeof NamedReport>;

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
  reports: z.array(NamedReport),
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
      state: z.string(),
      format: z.string(),
      formatName: z.string(),
      /** Rows that its import refused, in all of its months. */
      rowsRejected: z.number(),
      rows: z.number(),
      totals: z.record(z.string(), z.object({ billedCost: z.string(), effectiveCost: z.string() })),
      createdAt: z.string(),
    }),
  ),
});
export type DatasetPeriod = z.infer<typeof DatasetPeriod>;

/** A file of an import that is not started, or how much of it is there. */
export const UploadedFile = z.object({
  name: z.string(),
  bytes: z.number(),
  /** Null until the sender says it with the next piece. */
  length: z.number().nullable(),
  isComplete: z.boolean(),
  sha256: z.string().nullable(),
});
export type UploadedFile = z.infer<typeof UploadedFile>;

const Totals = z.record(z.string(), z.object({ billedCost: z.string(), effectiveCost: z.string() }));

export const BillFormatName = z.object({ id: z.string(), name: z.string(), provider: z.string() });

/** What an import would do with some of its files, told before it is started. */
export const DetectedDelivery = z.object({
  label: z.string(),
  format: z.string(),
  formatName: z.string(),
  provider: z.string(),
  because: z.string(),
  /** Below 0.6 the columns could also be another's. */
  confidence: z.number(),
  bytes: z.number(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), role: z.string() })),
  ignored: z.array(z.object({ file: z.string(), because: z.string() })),
  columns: z.array(z.string()),
  firstRows: z.array(z.record(z.string(), z.string().nullable())),
  alsoReadAs: z.array(BillFormatName),
  /** Columns that it lacks; `assume` is the FOCUS column for which a value may be said instead. */
  missing: z.array(z.object({ column: z.string(), assume: z.string().nullable() })),
  /** Of the first rows of a file of each role: the whole may hold more. */
  sample: z
    .object({
      rows: z.number(),
      periods: z.array(z.string()),
      accounts: z.array(z.string()),
      billingAccounts: z.array(z.string()),
      currencies: z.array(z.string()),
      rejected: z.array(z.object({ reason: z.string(), rows: z.number() })),
      notes: z.array(z.string()),
    })
    .nullable(),
  /** Why its rows could not be read; null when they could. */
  problem: z.string().nullable(),
  /** The source that its costs will belong to, as far as the first rows tell. */
  source: z.object({ key: z.string(), name: z.string(), isNew: z.boolean() }).nullable(),
  /** The very same content is current already; null when that cannot be told before the import. */
  isCurrent: z.boolean().nullable(),
  /** Other sources that have costs of the same accounts in the same periods: only one of them can count. */
  conflicts: z.array(
    z.object({ source: z.string(), sourceName: z.string(), account: z.string(), periods: z.array(z.string()) }),
  ),
});
export type DetectedDelivery = z.infer<typeof DetectedDelivery>;

export const ImportDetection = z.object({
  deliveries: z.array(DetectedDelivery),
  /** What cannot be imported as it is; then nothing can be started. */
  problems: z.array(
    z.object({
      files: z.array(z.string()),
      message: z.string(),
      /** Of the first file, where it could be read: for a mapping of one's own. */
      columns: z.array(z.string()),
      firstRows: z.array(z.record(z.string(), z.string().nullable())),
    }),
  ),
  /** Every format that can be asked for. */
  formats: z.array(BillFormatName),
});
export type ImportDetection = z.infer<typeof ImportDetection>;

export const DatasetVersion = z.object({
  id: z.string(),
  source: z.string(),
  sourceName: z.string(),
  format: z.string(),
  formatName: z.string(),
  billingPeriod: z.string(),
  number: z.number(),
  state: z.string(),
  rows: z.number(),
  totals: Totals,
  createdAt: z.string(),
  publishedAt: z.string().nullable(),
  landedAt: z.string(),
  /** Rows of usage by the day (UTC) on which each began; null where its bill does not tell days. */
  days: z.record(day, z.number()).nullable(),
  /** The bill files behind it, unchanged since they came. */
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string(), role: z.string() })),
  /** Of the import that made it, all its periods together. */
  report: NamedReport.nullable(),
});
export type DatasetVersion = z.infer<typeof DatasetVersion>;

const ConformanceRule = z.object({
  ruleId: z.string(),
  keyword: z.string(),
  sentence: z.string(),
  rows: z.string(),
  examples: z.array(
    z.object({
      file: z.string().nullable(),
      row: z.string().nullable(),
      values: z.record(z.string(), z.string().nullable()),
    }),
  ),
});

/** How a version stands against FOCUS: what failed, by column, those that must hold first. */
export const VersionConformance = z.object({
  version: z.string(),
  ruleSet: z.string(),
  rowsChecked: z.string(),
  rules: z.number(),
  failed: z.number(),
  failedMust: z.number(),
  score: z.string(),
  columns: z.array(z.object({ column: z.string().nullable(), rules: z.array(ConformanceRule) })),
  passed: z.number(),
  notApplicable: z.number(),
  notCheckable: z.number(),
});
export type VersionConformance = z.infer<typeof VersionConformance>;

export const VersionRejects = z.object({
  total: z.number(),
  rows: z.array(
    z.object({
      file: z.string(),
      line: z.number().nullable(),
      reason: z.string(),
      cost: z.object({ amount: z.string(), currency: z.string() }).nullable(),
      text: z.string().nullable(),
    }),
  ),
  nextOffset: z.number().nullable(),
});
export type VersionRejects = z.infer<typeof VersionRejects>;

const PeriodState = z.object({
  rows: z.number(),
  totals: Totals,
  versions: z.array(z.object({ sourceName: z.string(), number: z.number() })),
});

/** What going back to an earlier state of a month would change: `before` is what is current. */
export const RollbackPreview = z.object({
  billingPeriod: z.string(),
  before: PeriodState,
  after: PeriodState,
  /** By service and account, those that move most first. */
  changes: z.array(RestatedGroup),
  changesTotal: z.number(),
});
export type RollbackPreview = z.infer<typeof RollbackPreview>;

export const ImportPage = z.object({ imports: z.array(ImportJob), nextCursor: z.string().nullable() });
export type ImportPage = z.infer<typeof ImportPage>;

export const DatasetPage = z.object({ periods: z.array(DatasetPeriod), nextCursor: z.string().nullable() });
export type DatasetPage = z.infer<typeof DatasetPage>;

/** What a source lacks. */
export const SourceCompleteness = z.object({
  source: z.string(),
  sourceName: z.string(),
  /** The first and the last day (UTC) with usage; null where its bills tell no days. */
  firstDay: day.nullable(),
  lastDay: day.nullable(),
  months: z.array(
    z.object({
      billingPeriod: day,
      /** Days between the source's first and last that lie in the month; null where its bill tells no days. */
      daysExpected: z.number().nullable(),
      missingDays: z.array(day),
    }),
  ),
  lastArrival: z.string().nullable(),
  /** The median of the intervals between its last deliveries; null where there were too few. */
  usualIntervalDays: z.number().nullable(),
  /** Since when nothing came for twice the usual interval. */
  lateSince: z.string().nullable(),
});
export type SourceCompleteness = z.infer<typeof SourceCompleteness>;

export const Completeness = z.object({ sources: z.array(SourceCompleteness) });
export type Completeness = z.infer<typeof Completeness>;

export const RollbackInput = z.strictObject({ position: z.string() });
export type RollbackInput = z.infer<typeof RollbackInput>;
