import { type Decimal, decimal, zero } from "@finops/kernel/decimal";
import type { MeasureId } from "../model/measures.ts";
import type { CostAnswer, CostQuery, CostRow, Figure } from "./cost-query.ts";
import { isAdditive } from "./group-order.ts";

/** Adds up each group's figures from the first bucket on, in the order of time whatever order the rows come in. */
export function addRunningTotals(rows: readonly CostRow[], query: CostQuery): CostRow[] {
  const running = new Map<string, Decimal>();
  const totals = new Map<CostRow, Record<string, Figure>>();
  for (const row of rows.toSorted((a, b) => ((a.time ?? "") < (b.time ?? "") ? -1 : 1))) {
    const figures = additive(query).map((id) => {
      const group = JSON.stringify([Object.values(row.key), row.isOther, row.currency, id]);
      const total = (running.get(group) ?? zero).plus(decimal(row.values[id]!.value ?? "0"));
      running.set(group, total);
      return [id, { value: total.toString() }] as const;
    });
    totals.set(row, Object.fromEntries(figures));
  }
  return rows.map((row) => ({ ...row, runningTotal: totals.get(row)! }));
}

/** Adds each figure's share of its currency's total. */
export function addShares(rows: readonly CostRow[], totals: CostAnswer["totals"], query: CostQuery): CostRow[] {
  const whole = new Map(totals.map((total) => [total.currency, total.values]));
  return rows.map((row) => ({
    ...row,
    share: Object.fromEntries(
      additive(query).map((id) => [id, shareOf(row.values[id]!, whole.get(row.currency)![id]!)]),
    ),
  }));
}

function shareOf(figure: Figure, total: Figure): Figure {
  if (figure.value === null) return figure;
  if (total.value === null) return total;
  if (decimal(total.value).isZero()) return { value: null, missing: "The total is 0." };
  return { value: decimal(figure.value).dividedBy(decimal(total.value)).toDecimalPlaces(12).toString() };
}

function additive(query: CostQuery): MeasureId[] {
  return query.measures.filter(isAdditive);
}
