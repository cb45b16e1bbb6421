/** Names of the rules that a bridge lists, for people. The mappings say in their `about` what each does. */
const ruleNames: Readonly<Record<string, string>> = {
  "billing-period-end": "End of the billing period corrected",
  "commitment-purchase-effective-cost": "Effective cost of a commitment's purchase set to 0",
  "commitment-share": "Share of a commitment's fee, beside the fee",
  "covered-by-commitment": "Usage paid with a commitment's purchase",
  "covered-usage-stated-by-amortized": "Covered usage, stated by the amortized export",
  "credit-row": "Credits as rows of their own",
  "credits-folded-in": "Credits that lower the usage they belong to",
  "day-without-cost": "Days without a cost",
  "grand-total": "Total lines",
  "not-in-actual": "Charges that the actual export lacks",
  "project-is-sub-account": "Project as the sub account",
  "reservation-covered-usage": "Usage covered by a reservation",
  "savings-plan-covered-usage": "Usage covered by a savings plan",
  "savings-plan-negation": "Savings plan negations",
  "spelling-repaired": "Spelling repaired",
  "split-cost-allocation": "Shares of pods and tasks in an instance",
  "stated-by-amortized": "Charges that the amortized export states too",
  "total-of-charges": "Totals of charges",
  "unused-commitment": "Unused part of a commitment",
  "zero-is-no-price": "Prices written as 0 that are unknown",
};

/** A rule's name; one of a person's own mapping is told by its id, as words. */
export function ruleName(rule: string): string {
  if (Object.hasOwn(ruleNames, rule)) return ruleNames[rule]!;
  const words = rule.replaceAll(/[-_]/g, " ");
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
