import { DocumentPerson } from "@finops/platform/documents/sharing";
import { pageQuery } from "@finops/platform/http/page";
import { CostFilter } from "@finops/warehouse/query/cost-query";
import * as z from "zod";

const Amount = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,8})?$/, "Write an amount as 1200.00: digits, with a point before the cents.")
  .meta({ example: "1200.00" });
const Percent = z
  .string()
  .regex(/^\d{1,4}(\.\d{1,4})?$/, "Write a percentage as 90 or 12.5.")
  .meta({ example: "90" });
const Name = z.string().trim().min(1, "Give it a name.").max(120);
const Version = z.int().min(1).max(2_000_000_000);
const Id = z.string().max(60);

export const severities = ["info", "warning", "critical"] as const;
export const Severity = z.enum(severities);
export type Severity = z.infer<typeof Severity>;

/** What costs can be told apart by, each value with an alert of its own. */
export const alertDimensions = ["serviceName", "subAccountId", "regionId", "providerName"] as const;
export type AlertDimension = (typeof alertDimensions)[number];

const costs = {
  /** The charges that count; null is all of the company's. */
  filter: z.union([CostFilter, z.null()]).default(null),
  measure: z.enum(["effectiveCost", "billedCost"]).default("effectiveCost"),
  currency: z.string().regex(/^[A-Z][A-Z0-9_-]{1,19}$/, "Use an ISO 4217 code such as USD."),
};
/** Each value of it is looked at by itself; null looks at all together. */
const by = z.union([z.enum(alertDimensions), z.null()]).default(null);
/** What it has to come below again to be over; null is the threshold itself. */
const clearAt = {
  amount: z.union([Amount, z.null()]).default(null),
  percent: z.union([Percent, z.null()]).default(null),
};

/** Capabilities that tell of what holds for a time, such as a change that waits for an approval. */
export const eventSources = ["approvals", "bills", "unit-metrics"] as const;
export type EventSource = (typeof eventSources)[number];

/** One of the things that a rule looks at. */
export const Condition = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("budget"),
    /** Null is every budget, each with an alert of its own. */
    budgetId: z.union([Id, z.null()]).default(null),
    figure: z.enum(["actual", "expected"]),
    /** Of the limit. */
    above: Percent,
    clearAt: clearAt.percent,
  }),
  z.strictObject({
    kind: z.literal("budget-pace"),
    budgetId: z.union([Id, z.null()]).default(null),
    /** Over what would have been spent by now, were it spent evenly. */
    above: Percent,
    clearAt: clearAt.percent,
  }),
  z.strictObject({
    kind: z.literal("cost-above"),
    ...costs,
    by,
    /** The last whole day, the last seven, or the month so far. */
    window: z.enum(["day", "week", "month"]),
    above: Amount,
    clearAt: clearAt.amount,
  }),
  z.strictObject({
    kind: z.literal("cost-change"),
    ...costs,
    by,
    /** So many days are held against as many before them. */
    days: z.int().min(1).max(31).default(7),
    direction: z.enum(["rise", "fall"]).default("rise"),
    above: Percent,
    clearAt: clearAt.percent,
    /** A change of less money than this is none. */
    leastAmount: Amount.default("0"),
  }),
  z.strictObject({
    kind: z.literal("new-value"),
    ...costs,
    dimension: z.enum(alertDimensions),
    leastAmount: Amount.default("0"),
  }),
  z.strictObject({
    kind: z.literal("no-data"),
    filter: costs.filter,
    days: z.int().min(1).max(60),
  }),
  z.strictObject({ kind: z.literal("missing-days"), filter: costs.filter }),
  z.strictObject({ kind: z.literal("failed-import") }),
  /** Other work than imports: budgets, schedules, exports. */
  z.strictObject({ kind: z.literal("failed-job") }),
  /** An API key that ends within so many days. */
  z.strictObject({ kind: z.literal("credential-expiring"), days: z.int().min(1).max(90).default(14) }),
  /** What another capability tells of, once it has held for so many days. */
  z.strictObject({
    kind: z.literal("event"),
    source: z.enum(eventSources),
    days: z.int().min(0).max(90).default(0),
  }),
  z.strictObject({
    kind: z.literal("anomaly"),
    ...costs,
    by,
    sensitivity: z.enum(["low", "medium", "high"]).default("medium"),
    leastAmount: Amount.default("0"),
  }),
]);
export type Condition = z.infer<typeof Condition>;
export type ConditionKind = Condition["kind"];

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Write a time of day as 22:00.");

/** When nobody is told. What happens then is told when they are over. */
export const QuietHours = z.strictObject({
  from: TimeOfDay.meta({ example: "22:00" }),
  /** On the next day where it is not after `from`. */
  to: TimeOfDay.meta({ example: "07:00" }),
  timeZone: z.string().min(1).max(60).meta({ example: "Europe/Berlin" }),
  /** All of Saturday and Sunday there as well. */
  weekends: z.boolean().default(false),
});
export type QuietHours = z.infer<typeof QuietHours>;

const rule = {
  severity: Severity.default("warning"),
  /** `any`: each thing that some condition holds for has an alert. `all`: one alert, while all of them hold. */
  match: z.enum(["any", "all"]).default("any"),
  conditions: z.array(Condition).min(1, "Add a condition.").max(10),
  /** On so many days in a row it has to hold before it is an alert. */
  holdDays: z.int().min(1).max(31).default(1),
  /** So long after it was over it is not told again. */
  coolDownHours: z.int().min(0).max(720).default(0),
  quietHours: z.union([QuietHours, z.null()]).default(null),
  channelIds: z.array(Id).max(20).default([]),
  /** The chain that an alert climbs until somebody looks after it; null is none. */
  escalationId: z.union([Id, z.null()]).default(null),
  isOn: z.boolean().default(true),
};

export const AlertRuleInput = z.strictObject({ name: Name, ...rule });
export type AlertRuleInput = z.input<typeof AlertRuleInput>;

/** The whole rule as it is to be. `version` is the one that the change was made on. */
export const AlertRuleChange = z.strictObject({ name: Name, ...rule, version: Version });
export type AlertRuleChange = z.input<typeof AlertRuleChange>;

export const AlertRuleDefinition = z.object(rule);
export type AlertRuleDefinition = z.infer<typeof AlertRuleDefinition>;

export const AlertRule = AlertRuleDefinition.extend({
  id: z.string(),
  name: z.string(),
  version: z.number(),
  /** Alerts of it that are not over. */
  openAlerts: z.number(),
  /** The day that it was looked at for last; null before the first time. */
  evaluatedDay: z.string().nullable(),
  /** Why it cannot be worked out, or not wholly. */
  problem: z.string().nullable(),
  changedBy: DocumentPerson,
  changedAt: z.string(),
  mayChange: z.boolean(),
});
export type AlertRule = z.infer<typeof AlertRule>;
export const AlertRuleList = z.object({ rules: z.array(AlertRule) });

/** What a rule would have done on each of the last days, on the costs as they are published now. */
export const AlertPreviewInput = z.strictObject({
  match: rule.match,
  conditions: rule.conditions,
  holdDays: rule.holdDays,
  coolDownHours: rule.coolDownHours,
  days: z.int().min(1).max(366).default(90),
});
export type AlertPreviewInput = z.input<typeof AlertPreviewInput>;
export const AlertPreview = z.object({
  sentence: z.string(),
  count: z.number(),
  /** The newest first. */
  firings: z.array(z.object({ day: z.string(), subject: z.string(), title: z.string(), message: z.string() })),
  /** Conditions that cannot be told of earlier days, each with the reason. */
  notTold: z.array(z.string()),
  position: z.string(),
});
export type AlertPreview = z.infer<typeof AlertPreview>;

export const alertStates = ["firing", "acknowledged", "snoozed", "resolved"] as const;
export const AlertState = z.enum(alertStates);
export type AlertState = z.infer<typeof AlertState>;

export const Alert = z.object({
  id: z.string(),
  /** Null where the platform itself raised it. */
  rule: z.union([z.object({ id: z.string(), name: z.string() }), z.null()]),
  severity: Severity,
  state: AlertState,
  /** What it is about: with the rule, what makes it one alert and not two. */
  subject: z.string(),
  title: z.string(),
  message: z.string(),
  /** How often it has fired. */
  times: z.number(),
  firedAt: z.string(),
  changedAt: z.string(),
  snoozedUntil: z.string().nullable(),
  mayChange: z.boolean(),
});
export type Alert = z.infer<typeof Alert>;

export const AlertsParameters = pageQuery({ usual: 100, max: 500 }).extend({
  state: z.enum(["open", ...alertStates]).optional(),
});
export type AlertsParameters = z.infer<typeof AlertsParameters>;
export const AlertPage = z.object({ alerts: z.array(Alert), nextCursor: z.string().nullable() });
export type AlertPage = z.infer<typeof AlertPage>;

export const alertHappenings = [
  "fired",
  "reopened",
  "woken",
  "escalated",
  "passed-over",
  "acknowledged",
  "snoozed",
  "resolved",
] as const;
export const AlertHappening = z.enum(alertHappenings);
export type AlertHappening = z.infer<typeof AlertHappening>;

export const AlertEvent = z.object({
  what: AlertHappening,
  message: z.string(),
  /** Null where no person did it. */
  by: z.union([DocumentPerson, z.null()]),
  at: z.string(),
});
export type AlertEvent = z.infer<typeof AlertEvent>;

export const AlertContributor = z.object({
  value: z.string().nullable(),
  now: z.string(),
  before: z.string(),
  change: z.string(),
});
/** What of the costs that it is about changed most, in the days that it looks at against as many before. */
export const AlertCause = z.object({
  dimension: z.string(),
  currency: z.string(),
  measure: z.string(),
  period: z.object({ start: z.string(), end: z.string() }),
  before: z.object({ start: z.string(), end: z.string() }),
  filter: z.union([CostFilter, z.null()]),
  contributors: z.array(AlertContributor),
});
export type AlertCause = z.infer<typeof AlertCause>;

export const AlertDetail = Alert.extend({
  /** The newest first. */
  events: z.array(AlertEvent),
  /** Where a budget made it. */
  budgetId: z.string().nullable(),
});
export type AlertDetail = z.infer<typeof AlertDetail>;
export const AlertCauseAnswer = z.object({ cause: z.union([AlertCause, z.null()]) });
export type AlertCauseAnswer = z.infer<typeof AlertCauseAnswer>;

export const SnoozeInput = z.strictObject({ hours: z.int().min(1).max(720).meta({ example: 24 }) });
export type SnoozeInput = z.infer<typeof SnoozeInput>;

const Url = z.string().min(1, "Give it an address.").max(2000).meta({ example: "https://hooks.example/alerts" });

/** Where alerts go. It holds secrets, so what was given is never told again. */
export const ChannelTarget = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("email"), to: z.array(z.email().max(254)).min(1).max(20) }),
  z.strictObject({
    kind: z.literal("webhook"),
    url: Url,
    /** Signs what is sent, so that the receiver knows who sent it. */
    secret: z.string().min(16, "Take at least 16 characters.").max(200).meta({ example: "a-secret-of-ours-2026" }),
  }),
  z.strictObject({ kind: z.literal("slack"), url: Url }),
  z.strictObject({ kind: z.literal("teams"), url: Url }),
  z.strictObject({
    kind: z.literal("pagerduty"),
    routingKey: z
      .string()
      .regex(/^[0-9a-zA-Z]{32}$/, "The integration key of an Events API v2 integration has 32 letters and digits.")
      .meta({ example: "0123456789abcdef0123456789abcdef" }),
  }),
]);
export type ChannelTarget = z.infer<typeof ChannelTarget>;
export type ChannelKind = ChannelTarget["kind"];

/** A channel that tells what happened once a day or a week, as one message. */
export const Digest = z.strictObject({
  every: z.enum(["day", "week"]),
  /** Of weeks: 1 is Monday. */
  weekday: z.int().min(1).max(7).default(1),
  at: TimeOfDay.meta({ example: "08:00" }),
  timeZone: z.string().min(1).max(60).meta({ example: "Europe/Berlin" }),
  /** Whether it also says that nothing happened. */
  alsoQuiet: z.boolean().default(false),
});
export type Digest = z.infer<typeof Digest>;

const channel = {
  name: Name,
  /** Null tells each thing at once. */
  digest: z.union([Digest, z.null()]).default(null),
  isOn: z.boolean().default(true),
  /** More wait for the next minute. */
  perMinuteMax: z.int().min(1).max(600).default(30),
};
export const ChannelInput = z.strictObject({ ...channel, target: ChannelTarget });
export type ChannelInput = z.input<typeof ChannelInput>;
export const ChannelChange = z.strictObject({
  ...channel,
  /** Null leaves it as it is. */
  target: z.union([ChannelTarget, z.null()]).default(null),
  version: Version,
});
export type ChannelChange = z.input<typeof ChannelChange>;

export const Channel = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(["email", "webhook", "slack", "slack-app", "teams", "pagerduty"]),
  /** As much of where it goes as is no secret. */
  address: z.string(),
  isOn: z.boolean(),
  perMinuteMax: z.number(),
  version: z.number(),
  owner: DocumentPerson,
  digest: z.union([Digest, z.null()]),
  /** Attempts to deliver that failed in a row. */
  failures: z.number(),
  /** Why the last of them failed; null where the last one arrived. */
  problem: z.string().nullable(),
  changedAt: z.string(),
});
export type Channel = z.infer<typeof Channel>;
export const ChannelList = z.object({ channels: z.array(Channel) });

/** Where Slack's app is to tell: a channel of the workspace, by #name or id. */
export const SlackInstallInput = z.strictObject({
  name: Name,
  place: z
    .string()
    .trim()
    .regex(/^(#?[\p{L}\p{N}_-]{1,80}|[CGD][A-Z0-9]{6,20})$/u, "Name a channel of the workspace, as #finops.")
    .meta({ example: "#finops" }),
});
export type SlackInstallInput = z.infer<typeof SlackInstallInput>;
/** Where the browser goes to install it; null where the operator made no app, with what there is to do. */
export const SlackInstall = z.object({ location: z.string() });
export const SlackSetup = z.object({ isReady: z.boolean(), todo: z.string().nullable() });
export type SlackSetup = z.infer<typeof SlackSetup>;

/** `held` waits for its channel's digest, and was told there once it is `digested`. */
export const deliveryStates = ["queued", "sent", "dead", "held", "digested"] as const;
export const Delivery = z.object({
  /** What a receiver knows it by when it comes twice. */
  id: z.string(),
  /** Null where a person is written to. */
  channel: z.union([z.object({ id: z.string(), name: z.string() }), z.null()]),
  /** Who was called by a chain; null where a channel tells. */
  person: z.union([DocumentPerson, z.null()]),
  /** `dead` is given up, and can be sent again. */
  state: z.enum(deliveryStates),
  title: z.string(),
  attempts: z.number(),
  /** Of the last attempt. */
  problem: z.string().nullable(),
  createdAt: z.string(),
  sentAt: z.string().nullable(),
  nextAt: z.string().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;
export const DeliveriesParameters = pageQuery({ usual: 100, max: 500 }).extend({
  state: z.enum(deliveryStates).optional(),
});
export const DeliveryPage = z.object({ deliveries: z.array(Delivery), nextCursor: z.string().nullable() });
export type DeliveryPage = z.infer<typeof DeliveryPage>;

/** Whom a step of a chain tells. */
export const EscalationTarget = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("person"), personId: Id }),
  z.strictObject({ kind: z.literal("on-call"), scheduleId: Id }),
  z.strictObject({ kind: z.literal("channel"), channelId: Id }),
]);
export type EscalationTarget = z.infer<typeof EscalationTarget>;

/** Longer than a week nobody waits for help. */
const Minutes = z.int().max(10_080);
const escalation = {
  steps: z
    .array(
      z.strictObject({
        /** Since the alert fired, or since the round began, with nobody who looks after it. */
        afterMinutes: Minutes.min(0),
        to: EscalationTarget,
      }),
    )
    .min(1, "Add a step: a chain tells somebody.")
    .max(20),
  /** How often all of it is told once more. */
  repeats: z.int().min(0).max(10).default(0),
  /** Between the last step and the next round. */
  repeatAfterMinutes: Minutes.min(1).default(30),
};
export const EscalationDefinition = z.object(escalation);
export type EscalationDefinition = z.infer<typeof EscalationDefinition>;
export const EscalationInput = z.strictObject({ name: Name, ...escalation });
export type EscalationInput = z.input<typeof EscalationInput>;
/** The whole chain as it is to be. `version` is the one that the change was made on. */
export const EscalationChange = z.strictObject({ name: Name, ...escalation, version: Version });
export type EscalationChange = z.input<typeof EscalationChange>;

export const Escalation = EscalationDefinition.extend({
  id: z.string(),
  name: z.string(),
  /** What each step tells, by name, and null where it is gone. */
  told: z.array(z.string().nullable()),
  /** The rules that name it. */
  usedBy: z.array(z.object({ id: z.string(), name: z.string() })),
  version: z.number(),
  changedBy: DocumentPerson,
  changedAt: z.string(),
});
export type Escalation = z.infer<typeof Escalation>;
export const EscalationList = z.object({ escalations: z.array(Escalation) });

export const NoiseParameters = z.object({ days: z.coerce.number().int().min(1).max(90).default(30) });
export type NoiseParameters = z.infer<typeof NoiseParameters>;

/** How often a rule rang, and what came of it. */
export const RuleNoise = z.object({
  rule: z.object({ id: z.string(), name: z.string() }),
  fired: z.number(),
  acknowledged: z.number(),
  /** Over by itself within an hour, and within a day (which counts those of an hour too). */
  resolvedWithinHour: z.number(),
  resolvedWithinDay: z.number(),
  medianMinutesToAcknowledge: z.number().nullable(),
  /** Nobody acknowledged, snoozed or resolved it. */
  withoutAction: z.number(),
  /** What would make it ring less for nothing; null where nothing would. */
  suggestion: z.string().nullable(),
});
export type RuleNoise = z.infer<typeof RuleNoise>;
export const NoiseReport = z.object({
  days: z.number(),
  since: z.string(),
  sentence: z.string(),
  /** The ones that ring most for nothing first; who never rang stands at the end. */
  rules: z.array(RuleNoise),
  /** False where so much happened that the first of it is left out. */
  isWhole: z.boolean(),
});
export type NoiseReport = z.infer<typeof NoiseReport>;
