import { AlertRuleDefinition, type AlertRule, type Condition } from "@finops/capabilities/alerts/contract";
import { describe, expect, it } from "vitest";
import { newCondition, newRule, previewOf, readRule, ruleFormOf } from "./rule-form.ts";

const conditions: object[] = [
  { kind: "budget", figure: "expected", above: "90", clearAt: "80" },
  { kind: "budget-pace", budgetId: "b1", above: "10" },
  {
    kind: "cost-above",
    currency: "USD",
    window: "week",
    above: "100",
    by: "serviceName",
    filter: { dimension: "regionId", is: "eu" },
  },
  { kind: "cost-change", currency: "EUR", days: 14, direction: "fall", above: "20", leastAmount: "5" },
  { kind: "new-value", currency: "USD", dimension: "regionId" },
  { kind: "anomaly", currency: "USD", sensitivity: "high" },
  { kind: "no-data", days: 3 },
  { kind: "missing-days" },
  { kind: "failed-import" },
  { kind: "failed-job" },
  { kind: "credential-expiring", days: 30 },
  { kind: "event", source: "unit-metrics", days: 5 },
];

describe("the form of a rule", () => {
  it.each([conditions.slice(0, 6), conditions.slice(6)])("keeps every kind of condition as it is", (...some) => {
    const quietHours = { from: "20:00", to: "08:00", timeZone: "Europe/Berlin", weekends: true };
    const definition = AlertRuleDefinition.parse({
      conditions: some,
      holdDays: 2,
      quietHours,
      channelIds: ["c1"],
      escalationId: "e1",
    });
    const rule = { ...definition, name: "All" } as AlertRule;
    const { input } = readRule(ruleFormOf(rule, "USD", "UTC"));
    expect(input).toEqual({ ...definition, name: "All" });
  });

  it("says the first thing that is wrong, and previews what has no name yet", () => {
    const form = newRule("USD", "UTC");
    expect(readRule(form).problem).toBe("Give it a name.");
    expect(previewOf(form)).toBeNull();
    const typed = { ...form, conditions: [{ ...newCondition("USD"), above: "1,200" }] };
    expect(readRule({ ...typed, name: "x" }).problem).toContain("1200.00");
    const whole = { ...form, conditions: [{ ...newCondition("USD"), above: "1200" }] };
    expect((previewOf(whole)!.conditions as Condition[])[0]).toMatchObject({ kind: "cost-above", above: "1200" });
  });
});
