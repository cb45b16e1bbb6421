import { type Decimal, parseDecimal, zero } from "@finops/kernel/decimal";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import type { BudgetStanding } from "../budgets/contract.ts";
import type { Condition } from "./contract.ts";
import { type Finding, levelOf } from "./observe-costs.ts";
import { pictureOfBudget } from "./picture.ts";
import { amountWords, percentWords } from "./words.ts";

export type BudgetCondition = Extract<Condition, { kind: "budget" | "budget-pace" }>;

/** A budget as it stands on the day that is looked at. */
export interface BudgetFacts {
  id: string;
  name: string;
  filter: CostFilter | null;
  currency: string;
  standing: BudgetStanding;
}

/** What a condition finds among budgets. A new period is a new thing: what was told of the last one says nothing of it. */
export function observeBudgets(condition: BudgetCondition, budgets: readonly BudgetFacts[]): Finding[] {
  return budgets
    .filter(({ id }) => condition.budgetId === null || condition.budgetId === id)
    .map((budget) => {
      const { id, name, filter, standing } = budget;
      const percent = condition.kind === "budget" ? usedOf(budget, condition.figure) : paceOf(budget);
      return {
        subject: `${condition.kind} ${condition.kind === "budget" ? `${condition.figure} ` : ""}${id} ${standing.period.start}`,
        title: `Budget ${name}`,
        filter,
        budgetId: id,
        level: percent === null ? ("unknown" as const) : levelOf(percent, condition.above, condition.clearAt),
        message: `Budget ${name}: ${told(condition, budget, percent)}`,
        weight: percent ?? zero,
        cause: standing.period,
        picture: () => pictureOfBudget(standing, budget.currency),
      };
    });
}

function usedOf({ standing }: BudgetFacts, figure: "actual" | "expected"): Decimal | null {
  const amount = standing[figure];
  if (amount === null || standing.limit === null) return null;
  const limit = parseDecimal(standing.limit);
  if (!limit.greaterThan(zero)) return null;
  return parseDecimal(amount).times(100).dividedBy(limit);
}

/** How far it is ahead of an even pace; null before the first day is over, and when the period is. */
function paceOf({ standing }: BudgetFacts): Decimal | null {
  if (standing.actual === null || standing.evenToDate === null || standing.phase !== "running") return null;
  const even = parseDecimal(standing.evenToDate);
  if (!even.greaterThan(zero)) return null;
  return parseDecimal(standing.actual).minus(even).times(100).dividedBy(even);
}

function told(condition: BudgetCondition, { standing, currency }: BudgetFacts, percent: Decimal | null): string {
  const money = (amount: string | null) => amountWords(parseDecimal(amount!), currency);
  const { start } = standing.period;
  if (percent === null)
    return `nobody can tell how it stands in the period from ${start} on.${standing.limitMissing === null ? "" : ` ${standing.limitMissing}`}`;
  if (condition.kind === "budget-pace")
    return `${money(standing.actual)} is spent, ${percentWords(percent.abs())} ${percent.isNegative() ? "behind" : "ahead of"} an even pace of ${money(standing.evenToDate)}; the threshold is ${condition.above} %.`;
  const amount = standing[condition.figure];
  const verb = condition.figure === "actual" ? "is spent" : "is expected by the end";
  return `${money(amount)} ${verb}, ${percentWords(percent)} of its limit of ${money(standing.limit)} from ${start} on; the threshold is ${condition.above} %.`;
}
