import { zero } from "@finops/kernel/decimal";
import type { Day, Period } from "@finops/kernel/period";
import { baseAmounts } from "./amounts.ts";
import type { BudgetDefinition } from "./contract.ts";
import { periodsUntil } from "./periods.ts";
import { sumTold, type ToldAmount } from "./told-amount.ts";

export interface EvaluatedBudget {
  id: string;
  parentId: string | null;
  definition: Pick<BudgetDefinition, "filter" | "measure" | "currency" | "periods" | "amount" | "rollover">;
}

/** What the budgets below a budget come to before rollover, in one of its periods. */
export type ChildrenIn = (budget: EvaluatedBudget, period: Period) => ToldAmount[];

/** What budgets come to before rollover, within some days: each by itself, and those below each. */
export interface BudgetBases {
  baseIn: (budget: EvaluatedBudget, period: Period) => ToldAmount;
  childrenIn: ChildrenIn;
}

/** The bases of children, and of their children where these are planned from the bottom up. */
export function basesOf(all: readonly EvaluatedBudget[], fiscalYearStart: number): BudgetBases {
  const byParent = new Map<string, EvaluatedBudget[]>();
  for (const one of all) {
    if (one.parentId === null) continue;
    const below = byParent.get(one.parentId);
    if (below === undefined) byParent.set(one.parentId, [one]);
    else below.push(one);
  }
  // What grows takes a power for each of its periods, and is asked for one period after the other.
  const known = new Map<EvaluatedBudget, { until: Day; periods: Period[]; bases: ToldAmount[] }>();
  const ownOf = (budget: EvaluatedBudget, until: Day) => {
    const kept = known.get(budget);
    if (kept !== undefined && kept.until >= until) return kept;
    const periods = periodsUntil(budget.definition.periods, fiscalYearStart, until);
    const found = { until, periods, bases: baseAmounts(budget.definition.amount, periods, () => zero) };
    known.set(budget, found);
    return found;
  };
  const baseIn = (budget: EvaluatedBudget, period: Period): ToldAmount => {
    const isIn = ({ start }: Period) => start >= period.start && start < period.end;
    if (budget.definition.amount.kind === "children") {
      const periods = periodsUntil(budget.definition.periods, fiscalYearStart, period.end).filter(isIn);
      return sumTold(periods.flatMap((one) => childrenIn(budget, one)));
    }
    const { periods, bases } = ownOf(budget, period.end);
    return sumTold(bases.filter((_, index) => isIn(periods[index]!)));
  };
  const childrenIn: ChildrenIn = (budget, period) =>
    (byParent.get(budget.id) ?? []).map((child) => baseIn(child, period));
  return { baseIn, childrenIn };
}

export function childrenOf(all: readonly EvaluatedBudget[], fiscalYearStart: number): ChildrenIn {
  return basesOf(all, fiscalYearStart).childrenIn;
}
