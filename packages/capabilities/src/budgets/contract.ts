import { DocumentPerson } from "@finops/platform/documents/sharing";
import { pageQuery } from "@finops/platform/http/page";
import { CostFilter } from "@finops/warehouse/query/cost-query";
import * as z from "zod";

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "Write a day as 2026-11-22.");
const Amount = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,8})?$/, "Write an amount as 1200.00: digits, with a point before the cents.")
  .meta({ example: "1200.00" });
const Period = z.object({ start: Day, end: Day });

export const budgetMeasures = ["effectiveCost", "billedCost"] as const;
export const budgetGrains = ["month", "quarter", "year"] as const;

/** Periods of the company's fiscal calendar from the one that `start` is in, or one period of chosen days. Half open. */
export const BudgetPeriods = z.discriminatedUnion("grain", [
  z.strictObject({
    grain: z.enum(budgetGrains),
    start: Day,
    /** No period begins on this day or later; null is without end. */
    end: z.union([Day, z.null()]).default(null),
  }),
  z.strictObject({ grain: z.literal("custom"), start: Day, end: Day }),
]);
export type BudgetPeriods = z.infer<typeof BudgetPeriods>;

export const PlannedAmount = z.strictObject({ start: Day, amount: Amount });
export type PlannedAmount = z.infer<typeof PlannedAmount>;

/** What a period may cost. `children`: what the budgets below it come to, planned from the bottom up. */
export const BudgetAmount = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fixed"), amount: Amount }),
  z.strictObject({ kind: z.literal("plan"), amounts: z.array(PlannedAmount).min(1).max(120) }),
  z.strictObject({
    kind: z.literal("growing"),
    amount: Amount,
    percent: z
      .string()
      .regex(/^-?\d{1,3}(\.\d{1,4})?$/, "Write a percentage as 2.5.")
      .meta({ example: "2.5" }),
  }),
  z.strictObject({ kind: z.literal("children") }),
]);
export type BudgetAmount = z.infer<typeof BudgetAmount>;

/** What of a period goes on into the next one, at most `cap` of it either way. */
export const Rollover = z.strictObject({
  kind: z.enum(["none", "unused", "overspend", "both"]),
  cap: z.union([Amount, z.null()]).default(null),
});
export type Rollover = z.infer<typeof Rollover>;

const Link = z.strictObject({
  title: z.string().trim().min(1).max(120),
  url: z
    .string()
    .max(1000)
    .regex(/^https:\/\/[^\s<>"']+$/, "A link begins with https://.")
    .meta({ example: "https://wiki.example/budget" }),
});

const Name = z.string().trim().min(1, "Give it a name.").max(120);
const Reason = z.string().trim().max(500);

const fields = {
  name: Name,
  /** The charges that count; null is all of the company's. */
  filter: z.union([CostFilter, z.null()]).default(null),
  measure: z.enum(budgetMeasures).default("effectiveCost"),
  currency: z.string().regex(/^[A-Z][A-Z0-9_-]{1,19}$/, "Use an ISO 4217 code such as USD."),
  periods: BudgetPeriods,
  amount: BudgetAmount,
  rollover: Rollover.default({ kind: "none", cap: null }),
  parentId: z.union([z.string().max(60), z.null()]).default(null),
  /** A person of the company; left out or null, who makes it. */
  ownerId: z.union([z.string().max(60), z.null()]).default(null),
  watcherIds: z.array(z.string().max(60)).max(50).default([]),
  notes: z.string().trim().max(4000).default(""),
  links: z.array(Link).max(20).default([]),
};

export const BudgetInput = z.strictObject({ ...fields, reason: Reason.default("") });
export type BudgetInput = z.input<typeof BudgetInput>;

/** The whole budget as it is to be. `version` is the one that the change was made on; another means that somebody was faster. */
export const BudgetChange = z.strictObject({
  ...fields,
  version: z.int().min(1).max(2_000_000_000),
  reason: z.string().trim().min(1, "Say why it changes.").max(500),
});
export type BudgetChange = z.input<typeof BudgetChange>;

/** What a budget's figures are made of. */
const reckoned = {
  filter: fields.filter,
  measure: fields.measure,
  currency: fields.currency,
  periods: BudgetPeriods,
  amount: BudgetAmount,
  rollover: fields.rollover,
};

/** What a preview needs of a budget. With the id of one that there is, what stands below that counts as its children. */
export const BudgetPreviewInput = z.strictObject({
  ...reckoned,
  id: z.union([z.string().max(60), z.null()]).default(null),
});
export type BudgetPreviewInput = z.input<typeof BudgetPreviewInput>;

/** What is kept of a budget beside its name and its place. */
export const BudgetDefinition = z.object({
  ...reckoned,
  watchers: z.array(DocumentPerson),
  notes: fields.notes,
  links: fields.links,
});
export type BudgetDefinition = z.infer<typeof BudgetDefinition>;

/** From the best to the worst; `no-data` is none of them, and never a share of 0 %. */
export const budgetStates = ["no-data", "on-track", "at-risk", "exceeded"] as const;
export const BudgetState = z.enum(budgetStates);
export type BudgetState = z.infer<typeof BudgetState>;

const Gap = z.object({
  /** Over the limit where it is positive. */
  amount: z.string(),
  /** Of the limit; null where that is nothing. */
  percent: z.string().nullable(),
});

/** How a budget stands in one of its periods. */
export const BudgetStanding = z.object({
  period: Period,
  phase: z.enum(["upcoming", "running", "over"]),
  state: BudgetState,
  /** What the period may cost: `base` and what earlier periods left. */
  limit: z.string(),
  base: z.string(),
  carriedIn: z.string(),
  /** Null without data. */
  actual: z.string().nullable(),
  /** What it will have cost when the period is over; null where nobody can tell, with the reason. */
  expected: z.string().nullable(),
  expectedMissing: z.string().nullable(),
  /** Of the actual: what comes by the month and is still to come in this period. */
  committed: z.string().nullable(),
  variance: z.union([Gap, z.null()]),
  expectedVariance: z.union([Gap, z.null()]),
  /** What of the limit is spent, in percent; null without data or limit. */
  usedPercent: z.string().nullable(),
  /** What would have been spent by now, were it spent evenly. */
  evenToDate: z.string(),
  daysLeft: z.number(),
  /** What each day that is left may cost; nothing where the limit is reached, null when the period is over. */
  dailyAllowance: z.string().nullable(),
  /** The first day that there is no data for. */
  dataEnd: z.string().nullable(),
  /** What counts for the comparison with a later day: the days that were whole, and what they cost. */
  settled: z.object({ until: z.string(), amount: z.string() }),
  /** Against the last look on an earlier day. */
  change: z.union([
    z.object({
      since: z.string(),
      actual: z.string(),
      /** From days that were already in: the bill says something else of them now. */
      restated: z.string(),
      stateBefore: BudgetState,
    }),
    z.null(),
  ]),
  /** What the budgets below it come to in this period; null where there are none. */
  children: z.union([
    z.object({ count: z.number(), allocated: z.string(), unallocated: z.string(), isOverAllocated: z.boolean() }),
    z.null(),
  ]),
  /** Charges in other currencies that its filter matches; they are not counted. */
  otherCurrencies: z.array(z.string()),
});
export type BudgetStanding = z.infer<typeof BudgetStanding>;

export const Budget = BudgetDefinition.extend({
  id: z.string(),
  name: z.string(),
  parentId: z.string().nullable(),
  version: z.number(),
  owner: DocumentPerson,
  createdAt: z.string(),
  changedBy: DocumentPerson,
  changedAt: z.string(),
  /** Null until it is worked out for the first time, moments after it is made. */
  standing: z.union([
    BudgetStanding.extend({
      /** Where the publication log stood: the data set that the figures are of. */
      position: z.string(),
      evaluatedAt: z.string(),
      /** The day that it was worked out for, in the company's time zone. */
      day: z.string(),
    }),
    z.null(),
  ]),
  mayChange: z.boolean(),
});
export type Budget = z.infer<typeof Budget>;

/** By name. Trees are made of `parentId`; a parent that one may not see is left out. */
export const BudgetsParameters = pageQuery({ usual: 200, max: 1000 }).extend({ state: BudgetState.optional() });
export type BudgetsParameters = z.infer<typeof BudgetsParameters>;
export const BudgetPage = z.object({ budgets: z.array(Budget), nextCursor: z.string().nullable() });
export type BudgetPage = z.infer<typeof BudgetPage>;

export const BurnDownPoint = z.object({
  day: z.string(),
  /** What is left of the limit at the end of the day; null where the data does not reach. */
  left: z.string().nullable(),
  /** The same where it is expected; null where it is known. */
  expectedLeft: z.string().nullable(),
  /** Were it spent evenly. */
  evenLeft: z.string(),
});
export type BurnDownPoint = z.infer<typeof BurnDownPoint>;

/** A budget as it would stand now, worked out from the costs as they are published. */
export const BudgetPreview = z.object({
  /** Null where it has no period today and none to come. */
  standing: z.union([BudgetStanding, z.null()]),
  burnDown: z.array(BurnDownPoint),
  /** The period that runs, those before and the next, with their limits. */
  periods: z.array(
    z.object({
      period: Period,
      base: z.string(),
      carriedIn: z.string(),
      limit: z.string(),
      spent: z.string().nullable(),
    }),
  ),
  position: z.string(),
});
export type BudgetPreview = z.infer<typeof BudgetPreview>;

export const BudgetVersion = z.object({
  version: z.number(),
  name: z.string(),
  parentId: z.string().nullable(),
  owner: DocumentPerson,
  definition: BudgetDefinition,
  reason: z.string(),
  changedBy: DocumentPerson,
  changedAt: z.string(),
});
export type BudgetVersion = z.infer<typeof BudgetVersion>;

export const BudgetComment = z.object({ id: z.string(), text: z.string(), by: DocumentPerson, at: z.string() });
export type BudgetComment = z.infer<typeof BudgetComment>;
export const BudgetCommentInput = z.strictObject({ text: z.string().trim().min(1, "Write something.").max(4000) });

export const BudgetStateChange = z.object({
  period: Period,
  /** Null for the first of a period. */
  stateBefore: z.union([BudgetState, z.null()]),
  state: BudgetState,
  day: z.string(),
  position: z.string(),
  at: z.string(),
});
export type BudgetStateChange = z.infer<typeof BudgetStateChange>;

export const BudgetHistory = z.object({
  versions: z.array(BudgetVersion),
  stateChanges: z.array(BudgetStateChange),
});
export type BudgetHistory = z.infer<typeof BudgetHistory>;

export const PlanInput = z.strictObject({ text: z.string().max(20_000), periods: BudgetPeriods });
/** A plan as it was pasted: its amounts, or what is wrong with which row. */
export const ParsedPlan = z.object({
  amounts: z.array(PlannedAmount),
  problems: z.array(z.object({ row: z.number(), reason: z.string() })),
});
export type ParsedPlan = z.infer<typeof ParsedPlan>;
