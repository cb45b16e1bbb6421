import { DocumentPerson } from "@finops/platform/documents/sharing";
import { pageQuery } from "@finops/platform/http/page";
import { CostFilter } from "@finops/warehouse/query/cost-query";
import * as z from "zod";
import { Aggregation, MetricValue } from "../unit-metrics/contract.ts";

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

/** What a period may cost that the budget says by itself. `children`: what the budgets below it come to, planned from the bottom up. */
const ownAmounts = [
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
] as const;
const unitAmount = { kind: z.literal("unit"), metricId: z.string().min(1).max(60), price: Amount };

/** What a period may cost. `unit`: a price for each that a unit metric counts in the period. */
export const BudgetAmount = z.discriminatedUnion("kind", [...ownAmounts, z.strictObject(unitAmount)]);
export type BudgetAmount = z.infer<typeof BudgetAmount>;

/** What a unit metric said when the budget last followed it: of the months of the budget's periods. */
const KeptMetric = z.object({
  name: z.string(),
  unitOne: z.string(),
  unitMany: z.string(),
  aggregation: Aggregation,
  values: z.array(MetricValue),
  /** It was deleted: the budget stays with what it had last. */
  isGone: z.boolean(),
});
export type KeptMetric = z.infer<typeof KeptMetric>;

/** The same with what the metric says. */
export const KeptAmount = z.discriminatedUnion("kind", [
  ...ownAmounts,
  z.object({ ...unitAmount, metric: KeptMetric }),
]);
export type KeptAmount = z.infer<typeof KeptAmount>;

/** What of a period goes on into the next one, at most `cap` of it either way. */
export const Rollover = z.strictObject({
  kind: z.enum(["none", "unused", "overspend", "both"]),
  cap: z.union([Amount, z.null()]).default(null),
});
export type Rollover = z.infer<typeof Rollover>;

const ScopeId = z.string().min(1).max(60);
/** Where a budget's costs are said: by its own filter, by a unit of the company with all below it, or by a view that is shared. */
export const BudgetScope = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("filter") }),
    z.strictObject({ kind: z.literal("unit"), id: ScopeId }),
    z.strictObject({ kind: z.literal("view"), id: ScopeId }),
  ])
  .default({ kind: "filter" });
export type BudgetScope = z.infer<typeof BudgetScope>;

/** The same with the name that the unit or view had when it was last there. */
const KeptScope = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("filter") }),
    z.object({ kind: z.enum(["unit", "view"]), id: z.string(), name: z.string() }),
  ])
  .default({ kind: "filter" });
export type KeptScope = z.infer<typeof KeptScope>;

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
  /** The charges that count; null is all of the company's. A unit or a view as the scope says it in its place. */
  filter: z.union([CostFilter, z.null()]).default(null),
  scope: BudgetScope,
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
  scope: fields.scope,
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
  scope: KeptScope,
  amount: KeptAmount,
  watchers: z.array(DocumentPerson),
  notes: fields.notes,
  links: fields.links,
});
export type BudgetDefinition = z.infer<typeof BudgetDefinition>;

/** From the best to the worst; `no-limit` and `no-data` are none of them, and never a share of 0 %. */
export const budgetStates = ["no-limit", "no-data", "on-track", "at-risk", "exceeded"] as const;
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
  /** What the period may cost: `base` and what earlier periods left. Null where nobody can tell, with the reason. */
  limit: z.string().nullable(),
  limitMissing: z.string().nullable().default(null),
  base: z.string().nullable(),
  carriedIn: z.string().nullable(),
  /** What a unit metric counts in the period; null where the limit follows none, or a month has no value. */
  units: z
    .union([z.object({ quantity: z.string(), kind: z.enum(["actual", "planned", "partly planned"]) }), z.null()])
    .default(null),
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
  /** What would have been spent by now, were it spent evenly; null without limit. */
  evenToDate: z.string().nullable(),
  daysLeft: z.number(),
  /** What each day that is left may cost; nothing where the limit is reached, null without limit or when the period is over. */
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
  /** What the budgets below it come to in this period; null where there are none, or without limit. */
  children: z.union([
    z.object({
      count: z.number(),
      /** Of them, those whose limits nobody can tell: they are in none of the sums. */
      untold: z.number().default(0),
      allocated: z.string(),
      unallocated: z.string(),
      isOverAllocated: z.boolean(),
    }),
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
  /** The unit or view that it followed is not there any more, or not shared: it stays with the costs that it had last. */
  isScopeGone: z.boolean(),
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
      base: z.string().nullable(),
      carriedIn: z.string().nullable(),
      limit: z.string().nullable(),
      limitMissing: z.string().nullable(),
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
export const BudgetCommentInput = z.strictObject({
  text: z.string().trim().min(1, "Write something.").max(4000),
  /** People who are told of it; they must be able to see the budget. */
  mentionIds: z.array(z.string().max(60)).max(20).default([]),
});
export type BudgetCommentInput = z.input<typeof BudgetCommentInput>;

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

/** How well what was planned was met in periods that are over. The ratios are of sums, and null where there is nothing to divide by. */
export const BudgetTally = z.object({
  /** Those with data. */
  periods: z.number(),
  over: z.number(),
  /** Without data, or without a limit that somebody could tell: are in no ratio. */
  noData: z.number(),
  /** How far they ended from their limits, either way, of the limits. */
  missPercent: z.string().nullable(),
  /** The same with its sign: over the limits where it is positive. */
  variancePercent: z.string().nullable(),
  /** How far they ended from what was planned for them first. */
  plannedMissPercent: z.string().nullable(),
  /** How far they ended from what was expected of them when they were last looked at while they ran. */
  forecastMissPercent: z.string().nullable(),
});
export type BudgetTally = z.infer<typeof BudgetTally>;

export const BudgetStreak = z.object({
  /** Periods in a row that ended alike, up to the last one with data; null where none has any. */
  current: z.union([z.object({ kind: z.enum(["within", "over"]), length: z.number(), since: z.string() }), z.null()]),
  longestOver: z.number(),
});
export type BudgetStreak = z.infer<typeof BudgetStreak>;

export const performanceGroupings = ["owner", "team"] as const;
const Named = z.object({ id: z.string(), name: z.string() });

/** Periods that ended within these days; left out, the fiscal quarter that runs and the four before it. */
export const BudgetPerformanceParameters = z.object({
  start: Day.optional(),
  end: Day.optional(),
  by: z.enum(performanceGroupings).default("owner").describe("`team`: the budget at the top of the tree"),
});

export const BudgetPerformance = z.object({
  range: Period,
  budgets: z.number(),
  /** Those that are over their limit in the period that runs. */
  overNow: z.number(),
  periods: z.number(),
  over: z.number(),
  noData: z.number(),
  /** By owner or team, fiscal quarter and currency: currencies are never added. */
  groups: z.array(BudgetTally.extend({ group: Named, quarter: Period, currency: z.string() })),
  /** What the budgets at the top of the trees came to, so that nothing is counted twice. Periods without data are left out. */
  totals: z.array(
    z.object({ quarter: Period, currency: z.string(), planned: z.string(), limit: z.string(), actual: z.string() }),
  ),
  /** Those that are over now first, then those that ended furthest from their limits. */
  ranking: z.array(
    BudgetTally.extend({
      budget: Named,
      owner: Named,
      team: Named,
      currency: z.string(),
      /** Now; null until it is worked out. */
      state: z.union([BudgetState, z.null()]),
      usedPercent: z.string().nullable(),
      streak: BudgetStreak,
    }),
  ),
  /** Periods that are over, the newest first. */
  history: z.array(
    z.object({
      budget: Named,
      owner: Named,
      team: Named,
      currency: z.string(),
      period: Period,
      /** Null where nobody could tell what it followed. */
      planned: z.string().nullable(),
      limit: z.string().nullable(),
      actual: z.string().nullable(),
      variance: z.union([Gap, z.null()]),
      forecast: z.union([z.object({ day: z.string(), expected: z.string() }), z.null()]),
    }),
  ),
  /** False where a list ends before everything is in it. */
  isWhole: z.boolean(),
  /** Where the publication log stood. */
  position: z.string(),
});
export type BudgetPerformance = z.infer<typeof BudgetPerformance>;

/** What the planner needs beside the budgets themselves. */
export const BudgetPlanner = z.object({
  today: Day,
  /** The month, 1 to 12, in which the company's years begin. */
  fiscalYearStart: z.number(),
  /** Whether the person sees all costs. Who does not may not see every budget below another one. */
  seesAll: z.boolean(),
  /** What the last period of each budget that is over has cost; those without any are left out. */
  lastPeriods: z.array(z.object({ budgetId: z.string(), period: Period, actual: z.string().nullable() })),
  position: z.string(),
});
export type BudgetPlanner = z.infer<typeof BudgetPlanner>;

export const copiesMax = 200;

/** Budgets that are made together, all or none: those of a copy, of a tree. */
export const NewBudgets = z.strictObject({
  budgets: z
    .array(
      z.strictObject({
        budget: BudgetInput,
        /** The place in this list, from 0 and before its own, of the one that it goes below; null: as `parentId` says. */
        below: z.union([z.int().min(0).max(copiesMax), z.null()]).default(null),
      }),
    )
    .min(1)
    .max(copiesMax, `At most ${copiesMax} budgets are made at once. Choose fewer.`),
});
export type NewBudgets = z.infer<typeof NewBudgets>;

/** Budgets for the fiscal year after: with the amounts as they are planned, or as the same time a year before has cost. */
export const CopyInput = z.strictObject({
  ids: z.array(z.string().max(60)).min(1).max(copiesMax),
  /** With all that stands below them. */
  withBelow: z.boolean().default(true),
  amounts: z.enum(["planned", "actual"]).default("planned"),
  /** What is put on top, or taken away. */
  percent: z
    .string()
    .regex(/^-?\d{1,3}(\.\d{1,4})?$/, "Write a percentage as 2.5.")
    .default("0"),
});
export type CopyInput = z.input<typeof CopyInput>;

export const BudgetCopy = z.object({
  from: DocumentPerson,
  name: z.string(),
  periods: BudgetPeriods,
  currency: z.string(),
  /** Of all its periods, or of the first year of them; null where the budgets below or a unit metric say it. */
  total: z.string().nullable(),
  /** The same of the year before, as it was planned. */
  totalBefore: z.string().nullable(),
  /** What one should know of it. */
  notes: z.array(z.string()),
  /** Why it cannot be made. */
  problem: z.string().nullable(),
});
export type BudgetCopy = z.infer<typeof BudgetCopy>;
export const BudgetCopies = z.object({ copies: z.array(BudgetCopy) });
export type BudgetCopies = z.infer<typeof BudgetCopies>;
export const MadeBudgets = z.object({ budgets: z.array(Budget) });
export type MadeBudgets = z.infer<typeof MadeBudgets>;

/** What a template says of the amount. `asked` is typed by who makes a budget of it; `last-year` is what each period cost a year before. */
const TemplateAmount = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("asked") }),
  z.object({ kind: z.literal("fixed"), amount: Amount }),
  z.object({ kind: z.literal("growing"), amount: Amount, percent: z.string() }),
  z.object({ kind: z.literal("plan"), amounts: z.array(Amount).max(120) }),
  z.object({ kind: z.literal("children") }),
  z.object(unitAmount),
  z.object({ kind: z.literal("last-year"), percent: z.string() }),
]);

/** What budgets that are made from a template have in common. It says nothing of whose costs they are about. */
export const TemplateShape = z.object({
  measure: fields.measure,
  /** Of its amounts; null is that of the company. */
  currency: z.string().nullable(),
  periods: z.discriminatedUnion("grain", [
    z.object({
      grain: z.enum(budgetGrains),
      /** In the period that runs, with the fiscal year that runs, or with the next one. */
      begins: z.enum(["now", "year", "next-year"]),
      /** Null is without end. */
      months: z.number().nullable(),
    }),
    z.object({ grain: z.literal("custom"), days: z.number() }),
  ]),
  amount: TemplateAmount,
  rollover: fields.rollover,
  notes: fields.notes,
  links: fields.links,
});
export type TemplateShape = z.infer<typeof TemplateShape>;

export const BudgetTemplate = z.object({
  id: z.string(),
  name: z.string(),
  about: z.string(),
  shape: TemplateShape,
  /** Null for those that every company has. */
  owner: z.union([DocumentPerson, z.null()]),
  mayDelete: z.boolean(),
});
export type BudgetTemplate = z.infer<typeof BudgetTemplate>;
export const BudgetTemplates = z.object({ templates: z.array(BudgetTemplate) });

/** Keeps the shape of a budget that there is. */
export const TemplateInput = z.strictObject({
  name: Name,
  about: z.string().trim().max(500).default(""),
  budgetId: z.string().max(60),
});
export type TemplateInput = z.input<typeof TemplateInput>;

/** Whose costs a budget of the template is to be about. */
export const TemplateUse = z.strictObject({ filter: fields.filter, scope: fields.scope, currency: fields.currency });
export type TemplateUse = z.input<typeof TemplateUse>;

/** A budget to go on with: what a template cannot know is null, and for a person to say. */
export const TemplateDraft = z.object({
  measure: fields.measure,
  currency: z.string(),
  periods: BudgetPeriods,
  amount: z.object({
    kind: z.enum(["fixed", "plan", "growing", "children", "unit"]),
    /** Of a unit metric, the price of one. */
    amount: z.string().nullable(),
    metricId: z.string().nullable(),
    percent: z.string().nullable(),
    plan: z.array(z.object({ start: z.string(), amount: z.string().nullable() })),
  }),
  rollover: fields.rollover,
  notes: z.string(),
  links: fields.links,
  /** Why something is for a person to say; null where nothing is. */
  missing: z.string().nullable(),
});
export type TemplateDraft = z.infer<typeof TemplateDraft>;

export const BudgetReaders = z.object({ people: z.array(DocumentPerson) });
