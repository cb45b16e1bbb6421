import { CostFilter, Figure } from "@finops/warehouse/query/cost-query";
import * as z from "zod";

/** Money that adds up over days and comes from bills: what can be expected of a month. */
export const expectableMeasures = ["effectiveCost", "billedCost", "listCost", "contractedCost"] as const;

export const ExpectedCostRequest = z.strictObject({
  measure: z.enum(expectableMeasures).default("effectiveCost"),
  filter: CostFilter.optional(),
  currency: z.string().min(1).max(20),
  /** The month, `2026-11`. */
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "Write a month as 2026-11."),
});
export type ExpectedCostRequest = z.infer<typeof ExpectedCostRequest>;
export type ExpectedCostRequestInput = z.input<typeof ExpectedCostRequest>;

/** A charge that comes once a month, known from earlier months. */
export const ExpectedFee = z.object({
  provider: z.string().nullable(),
  service: z.string().nullable(),
  category: z.string().nullable(),
  amount: z.string(),
  /** The day by which all of it has come in earlier months. */
  due: z.string(),
  /** What of it has not come in yet. */
  toCome: z.string(),
});
export type ExpectedFee = z.infer<typeof ExpectedFee>;

export const ExpectedCost = z.object({
  measure: z.string(),
  currency: z.string(),
  period: z.object({ start: z.string(), end: z.string() }),
  /** What the month is expected to have cost when it is over; null with the reason why nobody can tell. */
  expected: Figure,
  /** The range that 80 % of past months ended in, seen from this day of them. */
  low: Figure,
  high: Figure,
  actualToDate: Figure,
  /** The first day that there is no data for. */
  dataEnd: z.string().nullable(),
  /** What is still to come, day by day; the first of them may be partly in. */
  days: z.array(z.object({ day: z.string(), amount: z.string() })),
  /** Charges that come once a month, the largest first. */
  fees: z.array(ExpectedFee),
  feesToCome: z.string(),
  /** Services whose last days have not come in yet. */
  late: z.array(z.object({ provider: z.string().nullable(), service: z.string().nullable() })),
  /** How past months would have been expected at this day of them: how many, and by how much that was off. */
  pastMonths: z.object({ count: z.number(), wape: Figure }),
  method: z.string(),
  /** `isScoped`: the caller sees a part of the company's costs, and this is what is expected of that part. */
  meta: z.object({ position: z.string(), freshAt: z.string().nullable(), isScoped: z.boolean() }),
});
export type ExpectedCost = z.infer<typeof ExpectedCost>;
