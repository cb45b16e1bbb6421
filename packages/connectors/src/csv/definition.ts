import { focusColumns, type FocusColumnId } from "@finops/focus/columns";
import * as z from "zod";

const columnIds = focusColumns.map(({ id }) => id) as [FocusColumnId, ...FocusColumnId[]];
const name = z.string().trim().min(1).max(200);

/** A column of the file as the source of a FOCUS column. */
const FileColumn = z.strictObject({
  /** The file's column, or several names that it goes by, in order of preference. */
  column: z.union([name, z.array(name).min(1).max(10)]),
  /** How a date is written: a strptime format such as `%d.%m.%Y`, or `unix` for seconds since 1970. ISO 8601 without it. */
  format: z.string().min(1).max(60).optional(),
  /** True for an end date that is the last day itself, where FOCUS wants the first moment after. */
  inclusive: z.boolean().optional(),
  /** The file's words and what they are in FOCUS, compared exactly. */
  values: z.record(z.string(), z.string()).optional(),
  /** The value for words that `values` lacks, and for none; without it, they stay as they are. */
  otherwise: z.string().optional(),
  /** A file may lack the column; what follows without it is derived then. */
  optional: z.boolean().optional(),
});
export type FileColumn = z.output<typeof FileColumn>;

/** Where the value of a FOCUS column comes from. A plain text is short for `{ column: "…" }`. */
const ColumnSource = z.union([
  name.transform((column): FileColumn => ({ column })),
  FileColumn,
  z.strictObject({ value: z.string().min(1).max(500) }),
  /** Several columns as one JSON object, for Tags. */
  z.strictObject({ columns: z.array(name).min(1).max(100) }),
]);
export type ColumnSource = z.output<typeof ColumnSource>;

/** A user's own CSV, described as data. Only BilledCost and a date are needed; the rest is derived and said so. */
export const CsvDefinition = z
  .strictObject({
    name: z.string().trim().min(1).max(80),
    provider: z.string().trim().min(1).max(120),
    /** The currency of a file that does not name it. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, "A currency is three capital letters, such as USD.")
      .optional(),
    columns: z.partialRecord(z.enum(columnIds), ColumnSource),
    /** `1.234,50` is one thousand two hundred thirty-four and a half. */
    decimalComma: z.boolean().optional(),
    /** Columns by which a file is recognised; without it, all that `columns` names. */
    recognisedBy: z.array(name).min(2).max(20).optional(),
    /** Rows that are no charges, such as totals. `values` may hold the empty text. */
    skip: z
      .array(
        z.strictObject({
          rule: z.string().regex(/^[a-z0-9-]{1,60}$/),
          column: name,
          values: z.array(z.string()).min(1),
          because: z.string().min(1).max(300),
        }),
      )
      .max(20)
      .optional(),
    /** Sentences that the import report repeats. */
    notes: z.array(z.string().max(500)).max(20).optional(),
  })
  .refine((definition) => definition.columns.BilledCost !== undefined, "Say which column is BilledCost.")
  .refine(
    (definition) =>
      definition.columns.ChargePeriodStart !== undefined || definition.columns.BillingPeriodStart !== undefined,
    "Say which column is the date: ChargePeriodStart for days, BillingPeriodStart for months.",
  )
  .refine(
    (definition) => Object.entries(definition.columns).every(([id, source]) => !("columns" in source) || id === "Tags"),
    "Only Tags can be made of several columns.",
  );

export type CsvDefinition = z.output<typeof CsvDefinition>;
export type CsvDefinitionInput = z.input<typeof CsvDefinition>;
