import { DocumentPerson } from "@finops/platform/documents/sharing";
import { CostFilter } from "@finops/warehouse/query/cost-query";
import * as z from "zod";

// The only file of this folder that the browser imports.

/** A calendar month in UTC, `2026-11`. */
export const Month = z
  .string()
  .regex(/^20\d{2}-(0[1-9]|1[0-2])$/, "Write a month as 2026-11.")
  .meta({ example: "2026-10" });

/** An exact decimal, nothing or more. */
const Quantity = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,8})?$/, "Write a quantity as 12000: digits, with a point before the fraction.")
  .meta({ example: "12000" });

export const valueKinds = ["actual", "planned"] as const;
export const ValueKind = z.enum(valueKinds);
export type ValueKind = z.infer<typeof ValueKind>;

/** What several months come to: the sum of a `total` such as orders, the mean of a `level` such as customers. */
export const aggregations = ["total", "level"] as const;
export const Aggregation = z.enum(aggregations);
export type Aggregation = z.infer<typeof Aggregation>;

const fields = {
  name: z.string().trim().min(1, "Give it a name.").max(120),
  about: z.string().trim().max(2000).default(""),
  /** What one of it is called, and what several are: "order" and "orders". */
  unitOne: z.string().trim().min(1, "Say what one of it is called, such as order.").max(40).meta({ example: "order" }),
  unitMany: z
    .string()
    .trim()
    .min(1, "Say what several of it are called, such as orders.")
    .max(40)
    .meta({ example: "orders" }),
  aggregation: Aggregation,
  /** The costs that are divided by it; null is all of the company's. */
  filter: z.union([CostFilter, z.null()]).default(null),
  /** A person of the company; left out or null, who makes it. */
  ownerId: z.union([z.string().max(60), z.null()]).default(null),
};
const Version = z.int().min(1).max(2_000_000_000);

export const UnitMetricInput = z.strictObject(fields);
export type UnitMetricInput = z.input<typeof UnitMetricInput>;

/** The whole metric as it is to be. `version` is the one that the change was made on; another means that somebody was faster. */
export const UnitMetricChange = z.strictObject({ ...fields, version: Version });
export type UnitMetricChange = z.input<typeof UnitMetricChange>;

export const MetricValue = z.strictObject({ month: Month, quantity: Quantity, kind: ValueKind });
export type MetricValue = z.infer<typeof MetricValue>;

/** Values to write; a quantity of null takes the month's value away. Other months stay as they are. */
export const ValuesChange = z.strictObject({
  version: Version,
  values: z
    .array(z.strictObject({ month: Month, quantity: z.union([Quantity, z.null()]), kind: ValueKind }))
    .min(1, "Write at least one month.")
    .max(240),
});
export type ValuesChange = z.input<typeof ValuesChange>;

/** `kind` is that of rows that do not say theirs. */
export const ValuesText = z.strictObject({ text: z.string().max(20_000), kind: ValueKind });
export type ValuesText = z.infer<typeof ValuesText>;
/** Values as they were pasted, or what is wrong with which row. */
export const ParsedValues = z.object({
  values: z.array(MetricValue),
  problems: z.array(z.object({ row: z.number(), reason: z.string() })),
});
export type ParsedValues = z.infer<typeof ParsedValues>;

export const UnitMetric = z.object({
  id: z.string(),
  name: z.string(),
  about: z.string(),
  unitOne: z.string(),
  unitMany: z.string(),
  aggregation: Aggregation,
  filter: fields.filter,
  version: z.number(),
  owner: DocumentPerson,
  createdAt: z.string(),
  changedBy: DocumentPerson,
  changedAt: z.string(),
  /** The last month with an actual value; null without any. */
  latest: z.union([MetricValue, z.null()]),
  /** How many months have a value. */
  months: z.number(),
  mayChange: z.boolean(),
});
export type UnitMetric = z.infer<typeof UnitMetric>;
export const UnitMetrics = z.object({ metrics: z.array(UnitMetric) });
export type UnitMetrics = z.infer<typeof UnitMetrics>;

const Written = { version: z.number(), by: DocumentPerson, at: z.string() };

/** Who wrote which value of which month; a quantity of null took it away. */
export const ValueEntry = z.object({ month: Month, quantity: z.string().nullable(), kind: ValueKind, ...Written });
export type ValueEntry = z.infer<typeof ValueEntry>;

export const MetricValues = z.object({
  /** Those that count, by month. A month that is not there has no value, which is not 0. */
  values: z.array(MetricValue.extend(Written)),
  /** The newest first. */
  history: z.array(ValueEntry),
});
export type MetricValues = z.infer<typeof MetricValues>;

/** The first and the last month; left out, the month that runs and the twelve before it. */
export const UnitCostsParameters = z.object({ first: Month.optional(), last: Month.optional() });

export const UnitCosts = z.object({
  /** Currencies are never added. Without any costs there is none. */
  currencies: z.array(
    z.object({
      currency: z.string(),
      months: z.array(
        z.object({
          month: Month,
          /** Effective cost; null without charges. */
          cost: z.string().nullable(),
          quantity: z.string().nullable(),
          kind: z.union([ValueKind, z.null()]),
          /** Cost divided by quantity; null where it cannot be told, with the reason. */
          perUnit: z.string().nullable(),
          missing: z.string().nullable(),
        }),
      ),
    }),
  ),
  /** Where the publication log stood. */
  position: z.string(),
});
export type UnitCosts = z.infer<typeof UnitCosts>;
