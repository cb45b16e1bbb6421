import type {
  Alert,
  AlertHappening,
  AlertState,
  Channel,
  ConditionKind,
  Delivery,
  EventSource,
  Severity,
} from "@finops/capabilities/alerts/contract";

type Tone = "neutral" | "accent" | "good" | "warning" | "bad";

export const severityWords: Readonly<Record<Severity, { label: string; tone: Tone }>> = {
  info: { label: "Info", tone: "neutral" },
  warning: { label: "Warning", tone: "warning" },
  critical: { label: "Critical", tone: "bad" },
};

export const stateWords: Readonly<Record<AlertState, { label: string; tone: Tone; about: string }>> = {
  firing: { label: "Firing", tone: "bad", about: "It holds, and nobody looks after it yet" },
  acknowledged: { label: "Acknowledged", tone: "accent", about: "Somebody looks after it" },
  snoozed: { label: "Snoozed", tone: "neutral", about: "It is told again later, should it still hold" },
  resolved: { label: "Resolved", tone: "good", about: "It is over" },
};

export const happeningWords: Readonly<Record<AlertHappening, string>> = {
  fired: "It fired",
  reopened: "It fired again",
  woken: "The snooze was over",
  escalated: "Nobody looked after it",
  "passed-over": "Somebody was passed over",
  acknowledged: "acknowledged it",
  snoozed: "snoozed it",
  resolved: "It is over",
};

export const conditionWords: Readonly<Record<ConditionKind, string>> = {
  budget: "A budget is over a percentage",
  "budget-pace": "A budget is spent too fast",
  "cost-above": "Costs are over an amount",
  "cost-change": "Costs rise or fall",
  "new-value": "Something new costs money",
  anomaly: "A day is unusual",
  "no-data": "No data comes in",
  "missing-days": "Days are missing",
  "failed-import": "An import failed",
  "failed-job": "Other work failed",
  "credential-expiring": "An API key ends",
  event: "Something waits to be done",
};

export const eventWords: Readonly<Record<EventSource, string>> = {
  approvals: "A change waits for its approval",
  bills: "A source lacks days, or is late",
  "unit-metrics": "A unit metric has no value of last month",
};

export const channelWords: Readonly<Record<Channel["kind"], string>> = {
  email: "E-mail",
  webhook: "Webhook",
  slack: "Slack, by a webhook",
  "slack-app": "Slack, by its app",
  teams: "Microsoft Teams",
  pagerduty: "PagerDuty",
};

export const deliveryWords: Readonly<Record<Delivery["state"], { label: string; tone: Tone }>> = {
  queued: { label: "On its way", tone: "accent" },
  sent: { label: "Arrived", tone: "good" },
  dead: { label: "Given up", tone: "bad" },
  held: { label: "Waits for the digest", tone: "neutral" },
  digested: { label: "In a digest", tone: "good" },
};

/** What matters first: how many fire, and how many somebody looks after. */
export function inboxSentence(alerts: readonly Alert[]): string {
  const of = (state: AlertState) => alerts.filter((one) => one.state === state).length;
  const [firing, acknowledged, snoozed] = [of("firing"), of("acknowledged"), of("snoozed")];
  const parts = [
    firing === 0 ? "Nothing fires" : `${firing} ${firing === 1 ? "alert fires" : "alerts fire"}`,
    ...(acknowledged > 0 ? [`somebody looks after ${acknowledged}`] : []),
    ...(snoozed > 0 ? [`${snoozed} ${snoozed === 1 ? "is" : "are"} snoozed`] : []),
  ];
  return `${parts.join("; ")}.`;
}
