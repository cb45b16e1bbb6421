import type { Decimal } from "@finops/kernel/decimal";
import { fromExactAmount } from "@finops/kernel/exact-amount";
import { isWholeMonths, type Period } from "@finops/kernel/period";
import type { EvaluatedBudget } from "./children.ts";
import type { Moment } from "./evaluate.ts";
import { periodsOver } from "./performance.ts";
import { type Ask, type Asked, readBudgetCosts } from "./read-costs.ts";
import { ScopeCosts } from "./scope-costs.ts";

/** What a period cost; null without data. */
export type CostIn = (period: Period) => Decimal | null;

/** What the periods of budgets cost that are over, by one look at the costs for all of them. */
export function readFinishedCosts(
  ask: Ask,
  budgets: readonly EvaluatedBudget[],
  moment: Moment,
): Promise<ReadonlyMap<string, CostIn>> {
  return readCostsOf(
    ask,
    budgets.flatMap((budget) => {
      const over = periodsOver(budget, moment);
      const [first, last] = [over[0], over.at(-1)];
      return first === undefined || last === undefined ? [] : [toAsked(budget, { start: first.start, end: last.end })];
    }),
  );
}

/**
 * What budgets cost, by their ids: of any days within their windows, or of whole months where a window is whole months, which
 * take a thirtieth of the rows.
 */
export async function readCostsOf(ask: Ask, asked: readonly Asked[]): Promise<ReadonlyMap<string, CostIn>> {
  const isOfMonths = ({ window }: Asked) => isWholeMonths(window);
  const byMonth = await readBudgetCosts(ask, asked.filter(isOfMonths), "month");
  const byDay = await readBudgetCosts(
    ask,
    asked.filter((one) => !isOfMonths(one)),
  );
  return new Map([...byMonth, ...byDay].map(([id, one]) => [id, costIn(new ScopeCosts(one.toCosts()))]));
}

export function toAsked({ id, definition }: EvaluatedBudget, window: Period): Asked {
  const { filter, measure, currency } = definition;
  return { id, filter, measure, currency, window };
}

function costIn(costs: ScopeCosts): CostIn {
  return (period) => {
    const spent = costs.spentIn(period);
    return spent === null ? null : fromExactAmount(spent);
  };
}
