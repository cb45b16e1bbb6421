import type { RuleResult, RuleStatus } from "./conformance.ts";
import type { Rule } from "./rule.ts";

/** Answers the rules that follow from others, once those are answered. */
export function settleComposites(rules: readonly Rule[], results: Map<string, RuleResult>): void {
  const byId = new Map(rules.map((rule) => [rule.ruleId, rule]));
  const settling = new Set<string>();

  const statusOf = (ruleId: string): RuleStatus => {
    const rule = byId.get(ruleId);
    const known = results.get(ruleId);
    if (known !== undefined) return known.status;
    // A circle has no answer of its own; a rule that the model does not hold has none either.
    if (rule?.test.kind !== "composite" || settling.has(ruleId)) return "not-checkable";
    settling.add(ruleId);
    const status = compositeStatus(rule.test.mode, rule.test.items.map(statusOf));
    results.set(ruleId, {
      ruleId,
      column: rule.column,
      keyword: rule.keyword,
      status,
      rows: "0",
      examples: [],
      sentence: rule.sentence,
      composite: true,
    });
    return status;
  };

  for (const rule of rules) statusOf(rule.ruleId);
}

function compositeStatus(mode: "all" | "any", parts: readonly RuleStatus[]): RuleStatus {
  const answered = parts.filter((status) => status === "passed" || status === "failed");
  if (answered.length === 0)
    return parts.length > 0 && parts.every((status) => status === "not-applicable")
      ? "not-applicable"
      : "not-checkable";
  const passed = answered.filter((status) => status === "passed").length;
  return (mode === "all" ? passed === answered.length : passed > 0) ? "passed" : "failed";
}
