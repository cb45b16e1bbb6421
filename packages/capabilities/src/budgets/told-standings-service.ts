import type { Day } from "@finops/kernel/period";
import type { Tx } from "@finops/platform/db/database";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { childrenOf } from "./children.ts";
import { BudgetStanding } from "./contract.ts";
import { evaluate, windowOf } from "./evaluate.ts";
import { type Ask, readBudgetCosts } from "./read-costs.ts";
import { ScopeCosts } from "./scope-costs.ts";
import { type KeptBudget, listKept, listStandings } from "./store.ts";

/** A budget as it stands, for who makes something of that. */
export interface ToldStanding {
  id: string;
  name: string;
  filter: CostFilter | null;
  currency: string;
  standing: BudgetStanding;
}

/** How each budget stands as it was worked out last; what was worked out of an earlier version of it is left out. */
export async function listToldStandings(tx: Tx): Promise<ToldStanding[]> {
  const budgets = new Map((await listKept(tx)).map((budget) => [budget.id, budget]));
  return (await listStandings(tx)).flatMap((row) => {
    const budget = budgets.get(row.budgetId);
    return budget === undefined || budget.version !== row.version
      ? []
      : [toTold(budget, BudgetStanding.parse(row.standing))];
  });
}

/**
 * How budgets would have stood on each of some days, on the costs as they are published now: on each, what was charged on the days
 * before it. One look at the costs for all of them.
 */
export async function readStandingsOn(
  ask: Ask,
  { budgets, all }: { budgets: readonly KeptBudget[]; all: readonly KeptBudget[] },
  days: readonly Day[],
  fiscalYearStart: number,
): Promise<ReadonlyMap<Day, ToldStanding[]>> {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const asked = budgets.flatMap((budget) => {
    const [at, until] = [first, last].map((today) => windowOf(budget, { today, fiscalYearStart }));
    if (at == null || until == null) return [];
    const { filter, measure, currency } = budget.definition;
    return [{ id: budget.id, filter, measure, currency, window: { start: at.start, end: until.end } }];
  });
  const sums = await readBudgetCosts(ask, asked);
  const childrenIn = childrenOf(all, fiscalYearStart);
  const scopes = [...new Set(sums.values())].map((one) => ({ sums: one, costs: new ScopeCosts(one.toCosts()) }));
  const found = new Map<Day, ToldStanding[]>();
  for (const today of days) {
    // Months of days take a second, in which a server answers others as well.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const known = new Map(scopes.map(({ sums: ofScope, costs }) => [ofScope, costs.before(today)]));
    const told = budgets.flatMap((budget) => {
      const ofScope = sums.get(budget.id);
      const costs = ofScope === undefined ? undefined : known.get(ofScope);
      if (costs === undefined) return [];
      const standing = evaluate(budget, costs, { today, fiscalYearStart }, childrenIn, null)?.standing;
      return standing === undefined ? [] : [toTold(budget, standing)];
    });
    found.set(today, told);
  }
  return found;
}

function toTold(budget: KeptBudget, standing: BudgetStanding): ToldStanding {
  const { id, name, definition } = budget;
  return { id, name, filter: definition.filter, currency: definition.currency, standing };
}
