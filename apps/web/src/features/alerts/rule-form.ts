import type {
  AlertPreviewInput,
  AlertRule,
  AlertRuleInput,
  Condition,
  ConditionKind,
  EventSource,
  Severity,
} from "@finops/capabilities/alerts/contract";
import { AlertRuleInput as Input } from "@finops/capabilities/alerts/contract";
import type { CostFilter } from "@finops/capabilities/costs/contract";

/** A condition as it is typed: of all kinds at once, so that changing the kind loses nothing. */
export interface ConditionForm {
  kind: ConditionKind;
  budgetId: string;
  figure: "actual" | "expected";
  above: string;
  clearAt: string;
  filter: CostFilter | null;
  measure: "effectiveCost" | "billedCost";
  currency: string;
  by: string;
  window: "day" | "week" | "month";
  days: string;
  direction: "rise" | "fall";
  leastAmount: string;
  sensitivity: "low" | "medium" | "high";
  source: EventSource;
}

export interface RuleForm {
  name: string;
  severity: Severity;
  match: "any" | "all";
  conditions: ConditionForm[];
  holdDays: string;
  coolDownHours: string;
  hasQuietHours: boolean;
  quietFrom: string;
  quietTo: string;
  quietWeekends: boolean;
  timeZone: string;
  channelIds: string[];
  /** Empty for none. */
  escalationId: string;
  isOn: boolean;
}

export function newCondition(currency: string): ConditionForm {
  return {
    kind: "cost-above",
    budgetId: "",
    figure: "actual",
    above: "",
    clearAt: "",
    filter: null,
    measure: "effectiveCost",
    currency,
    by: "",
    window: "day",
    days: "7",
    direction: "rise",
    leastAmount: "",
    sensitivity: "medium",
    source: "approvals",
  };
}

export function newRule(currency: string, timeZone: string): RuleForm {
  return {
    name: "",
    severity: "warning",
    match: "any",
    conditions: [newCondition(currency)],
    holdDays: "1",
    coolDownHours: "0",
    hasQuietHours: false,
    quietFrom: "22:00",
    quietTo: "07:00",
    quietWeekends: false,
    timeZone,
    channelIds: [],
    escalationId: "",
    isOn: true,
  };
}

export function ruleFormOf(rule: AlertRule, currency: string, timeZone: string): RuleForm {
  const { quietHours } = rule;
  return {
    ...newRule(currency, timeZone),
    name: rule.name,
    severity: rule.severity,
    match: rule.match,
    conditions: rule.conditions.map((condition) => conditionFormOf(condition, currency)),
    holdDays: String(rule.holdDays),
    coolDownHours: String(rule.coolDownHours),
    channelIds: rule.channelIds,
    escalationId: rule.escalationId ?? "",
    isOn: rule.isOn,
    ...(quietHours === null
      ? {}
      : {
          hasQuietHours: true,
          quietFrom: quietHours.from,
          quietTo: quietHours.to,
          quietWeekends: quietHours.weekends,
          timeZone: quietHours.timeZone,
        }),
  };
}

function conditionFormOf(condition: Condition, currency: string): ConditionForm {
  const form = newCondition(currency);
  const typed = Object.fromEntries(
    Object.entries(condition).map(([key, value]) => [
      key === "dimension" ? "by" : key,
      value === null && key !== "filter" ? "" : typeof value === "number" ? String(value) : value,
    ]),
  );
  return { ...form, ...typed };
}

/** The rule as it would be kept, or the first thing that is wrong with it. */
export function readRule(form: RuleForm): { input: AlertRuleInput; problem: null } | { input: null; problem: string } {
  const parsed = Input.safeParse({
    name: form.name,
    severity: form.severity,
    match: form.match,
    conditions: form.conditions.map(toCondition),
    holdDays: Number(form.holdDays),
    coolDownHours: Number(form.coolDownHours),
    quietHours: form.hasQuietHours
      ? { from: form.quietFrom, to: form.quietTo, timeZone: form.timeZone.trim(), weekends: form.quietWeekends }
      : null,
    channelIds: form.channelIds,
    escalationId: form.escalationId === "" ? null : form.escalationId,
    isOn: form.isOn,
  });
  if (parsed.success) return { input: parsed.data, problem: null };
  return { input: null, problem: parsed.error.issues[0]!.message };
}

/** What of it a preview needs; it needs no name. */
export function previewOf(form: RuleForm): AlertPreviewInput | null {
  const { input } = readRule({ ...form, name: "x" });
  if (input === null) return null;
  const { match, conditions, holdDays, coolDownHours } = input;
  return { match, conditions, holdDays, coolDownHours, days: 90 };
}

function toCondition(form: ConditionForm): unknown {
  const { kind, filter, measure, figure, direction, sensitivity, source, window } = form;
  const above = form.above.trim();
  const clearAt = form.clearAt.trim() === "" ? null : form.clearAt.trim();
  const costs = { filter, measure, currency: form.currency.trim() };
  const by = form.by === "" ? null : form.by;
  const leastAmount = form.leastAmount.trim() === "" ? "0" : form.leastAmount.trim();
  const budgetId = form.budgetId === "" ? null : form.budgetId;
  switch (kind) {
    case "budget":
      return { kind, budgetId, figure, above, clearAt };
    case "budget-pace":
      return { kind, budgetId, above, clearAt };
    case "cost-above":
      return { kind, ...costs, by, window, above, clearAt };
    case "cost-change":
      return { kind, ...costs, by, days: Number(form.days), direction, above, clearAt, leastAmount };
    case "new-value":
      return { kind, ...costs, dimension: by ?? "serviceName", leastAmount };
    case "anomaly":
      return { kind, ...costs, by, sensitivity, leastAmount };
    case "no-data":
      return { kind, filter, days: Number(form.days) };
    case "missing-days":
      return { kind, filter };
    case "failed-import":
    case "failed-job":
      return { kind };
    case "event":
      return { kind, source, days: Number(form.days) };
    case "credential-expiring":
      return { kind, days: Number(form.days) };
  }
}
