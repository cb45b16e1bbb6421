import { type Decimal, decimal, parseDecimal, sum, zero } from "@finops/kernel/decimal";
import type { Period } from "@finops/kernel/period";
import { basesOf } from "./children.ts";
import { type Allocation, allocationOf } from "./hierarchy.ts";
import {
  changed,
  draftedOf,
  type Plan,
  type PlannableBudget,
  plannedPeriods,
  type PlanMove,
  withoutDraft,
} from "./plan.ts";
import { isTold } from "./told-amount.ts";
import { scaled, setAmounts, shareWeights, spreadOver, type Target, toPlan } from "./plan-amounts.ts";

// What a page computes as its sliders move, and the server never: the browser loads this file beside the contract.

/** One period of a budget, before anything is rolled over: as it is, and as it is planned. */
export interface PlanCell {
  period: Period;
  before: Decimal;
  amount: Decimal;
  children: Allocation | null;
}

export interface PlanRow {
  /** Oldest first; none where there is nothing to plan, as `missing` says. */
  cells: readonly PlanCell[];
  missing: string | null;
  /** Of all of them. */
  before: Decimal;
  amount: Decimal;
}

export type SpreadWay = "evenly" | "by-last-actual" | "by-current-share";

/** How all levels stand with a draft: the same sums that the server makes of budgets. */
export function planRows(plan: Plan): Map<string, PlanRow> {
  const all = draftedOf(plan);
  const kept = basesOf(plan.budgets, plan.fiscalYearStart);
  const drafted = basesOf(all, plan.fiscalYearStart);
  return new Map(
    all.map((budget, index): [string, PlanRow] => {
      const none = { cells: [], before: zero, amount: zero };
      const cells: PlanCell[] = [];
      // The last one first: what is worked out for it holds for those before.
      for (const period of plannedPeriods(budget, plan).reverse()) {
        const [before, amount] = [kept.baseIn(plan.budgets[index]!, period), drafted.baseIn(budget, period)];
        if (!isTold(before)) return [budget.id, { ...none, missing: before.missing }];
        if (!isTold(amount)) return [budget.id, { ...none, missing: amount.missing }];
        cells.unshift({ period, before, amount, children: allocationOf(amount, drafted.childrenIn(budget, period)) });
      }
      if (cells.length === 0) return [budget.id, { ...none, missing: "It has no period in these months." }];
      const before = sum(cells.map((cell) => cell.before));
      return [budget.id, { cells, before, amount: sum(cells.map((cell) => cell.amount)), missing: null }];
    }),
  );
}

/**
 * Gives a budget so many percent more than it has, in all planned periods by the same factor: what each comes to is rounded to
 * the cents, or to the places that it is written with. What was moved in one period alone keeps its share.
 */
export function planPercent(plan: Plan, id: string, percent: Decimal): PlanMove {
  const found = findPlanned(plan, id);
  if ("refused" in found) return found;
  if (percent.lessThan(-100)) return { refused: "An amount is not less than nothing." };
  const row = planRows(plan).get(id)!;
  if (row.missing !== null) return { refused: row.missing };
  // Of nothing, no factor makes anything: then it is planned from what it was.
  if (row.amount.isZero() && !row.before.isZero()) return planPercent(withoutDraft(plan, id), id, percent);
  if (row.amount.isZero()) return { refused: "It has nothing to give more of. Type an amount." };
  const { budget } = found;
  const { amount } = budget.definition;
  const wished = percent.plus(100).dividedBy(100);
  const factor = row.amount.equals(row.before) ? wished : row.before.times(wished).dividedBy(row.amount);
  if (amount.kind === "fixed" || amount.kind === "growing")
    return changed(plan, budget, { ...amount, amount: scaled(parseDecimal(amount.amount), factor).toString() });
  return setAmounts(
    plan,
    budget,
    row.cells.map(({ period, amount: now }) => ({ within: period, total: scaled(now, factor) })),
  );
}

/** Gives a budget another amount in one period; what those below come to is spread over them by their shares as they are. */
export function planAmount(plan: Plan, id: string, period: Period, amount: Decimal): PlanMove {
  const found = findPlanned(plan, id);
  if ("refused" in found) return found;
  if (!found.periods.some(({ start }) => start === period.start)) return { refused: "This period is not planned." };
  return setAmounts(plan, found.budget, [{ within: period, total: amount }]);
}

/** The amount of a budget that is the same in each period, or the first amount and the percentage of one that grows. */
export function planEach(plan: Plan, id: string, next: { amount?: Decimal; percent?: Decimal }): PlanMove {
  const found = findPlanned(plan, id);
  if ("refused" in found) return found;
  const { amount } = found.budget.definition;
  if (next.amount?.isNegative() === true) return { refused: "An amount is not less than nothing." };
  if (next.percent?.lessThan(-100) === true) return { refused: "An amount cannot shrink by more than 100 %." };
  if (next.percent !== undefined && (next.percent.abs().greaterThanOrEqualTo(1000) || next.percent.decimalPlaces() > 4))
    return { refused: "A percentage has three digits before the point at most, and four after it." };
  const first = next.amount === undefined ? {} : { amount: next.amount.toString() };
  if (amount.kind === "fixed") return changed(plan, found.budget, { ...amount, ...first });
  if (amount.kind !== "growing") return { refused: `"${found.budget.name}" has an amount of its own for each period.` };
  const growth = next.percent === undefined ? {} : { percent: next.percent.toString() };
  return changed(plan, found.budget, { ...amount, ...first, ...growth });
}

/** Writes an amount that is the same, or grows, as one for each period: nothing else of it changes. */
export function planPeriods(plan: Plan, id: string): PlanMove {
  const found = findPlanned(plan, id);
  if ("refused" in found) return found;
  const { kind } = found.budget.definition.amount;
  if (kind !== "fixed" && kind !== "growing")
    return { refused: `"${found.budget.name}" is planned by periods already.` };
  return toPlan(plan, found.budget, []);
}

/** From the top down: gives all of a budget's amount to the budgets below it, in each planned period. */
export function planSpread(
  plan: Plan,
  id: string,
  way: SpreadWay,
  lastActualOf: (id: string) => Decimal | null,
): PlanMove {
  const budget = draftedOf(plan).find((one) => one.id === id);
  const { cells, missing } = planRows(plan).get(id) ?? { cells: [], missing: null };
  if (budget === undefined || cells.length === 0) return { refused: missing ?? "It has no period to plan." };
  const children = plan.budgets.filter(({ parentId }) => parentId === id);
  if (way === "by-last-actual" && children.every((one) => atLeastNothing(lastActualOf(one.id)).isZero()))
    return { refused: `No budget below "${budget.name}" has cost anything in its last period.` };
  const weightOf =
    way === "evenly"
      ? () => decimal(1)
      : way === "by-last-actual"
        ? (one: PlannableBudget) => atLeastNothing(lastActualOf(one.id))
        : shareWeights(plan);
  return spreadOver(plan, budget, cells.map(toTarget), weightOf);
}

/** From the bottom up: a budget becomes, in each planned period, what those below it come to. */
export function planSum(plan: Plan, id: string): PlanMove {
  const found = findPlanned(plan, id);
  if ("refused" in found) return found;
  const { cells, missing } = planRows(plan).get(id)!;
  if (missing !== null) return { refused: missing };
  const sums = cells.flatMap(({ period, children }) =>
    children === null ? [] : [{ within: period, total: children.allocated }],
  );
  if (sums.length === 0) return { refused: "There is no budget below it." };
  return setAmounts(plan, found.budget, sums);
}

/** The budgets that a move makes plans of, with an amount for each period: who moves is told before. */
export function turnedByMove(plan: Plan, move: PlanMove): PlannableBudget[] {
  if ("refused" in move) return [];
  return draftedOf(plan).filter(
    ({ id, definition }) => definition.amount.kind !== "plan" && move.draft[id]?.kind === "plan",
  );
}

function findPlanned(plan: Plan, id: string): { budget: PlannableBudget; periods: Period[] } | { refused: string } {
  const budget = draftedOf(plan).find((one) => one.id === id);
  const periods = budget === undefined ? [] : plannedPeriods(budget, plan);
  if (budget === undefined || periods.length === 0) return { refused: "It has no period to plan." };
  return budget.locked === null ? { budget, periods } : { refused: budget.locked };
}

function toTarget({ period, amount }: PlanCell): Target {
  return { within: period, total: amount };
}

/** A credit is no reason to give anything. */
function atLeastNothing(amount: Decimal | null): Decimal {
  return amount === null || amount.isNegative() ? zero : amount;
}
