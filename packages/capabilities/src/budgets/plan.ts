import { type Decimal, parseDecimal, zero } from "@finops/kernel/decimal";
import { addDays, addMonths, type Day, type Period } from "@finops/kernel/period";
import type { EvaluatedBudget } from "./children.ts";
import type { KeptAmount } from "./contract.ts";
import { periodAt, periodsUntil } from "./periods.ts";

export interface PlannableBudget extends EvaluatedBudget {
  name: string;
  /** Why its amount stays as it is; null where it may change. */
  locked: string | null;
}

/** Amounts as they are to be, by the id of the budget. */
export type PlanDraft = Readonly<Record<string, KeptAmount>>;

export interface Plan {
  budgets: readonly PlannableBudget[];
  draft: PlanDraft;
  /** What is planned: of each budget the periods that touch these days and are not over. */
  range: Period;
  today: Day;
  fiscalYearStart: number;
}

/** What became of a move, or why nothing did. */
export type PlanMove = { draft: PlanDraft; left: Decimal } | { refused: string };

/** What is left of the fiscal year that runs, from the month that runs on; or the whole year after it. */
export function fiscalYearToPlan(which: "this" | "next", today: Day, fiscalYearStart: number): Period {
  const { end } = periodAt("year", today, fiscalYearStart);
  return which === "next"
    ? { start: end, end: addMonths(end, 12) }
    : { start: periodAt("month", today, fiscalYearStart).start, end };
}

/** The periods of a budget that are planned, oldest first. */
export function plannedPeriods(
  { definition: { periods } }: EvaluatedBudget,
  { range, today, fiscalYearStart }: Omit<Plan, "budgets" | "draft">,
): Period[] {
  return periodsUntil(periods, fiscalYearStart, addDays(range.end, -1)).filter(
    ({ end }) => end > range.start && end > today,
  );
}

export function draftedOf({ budgets, draft }: Plan): PlannableBudget[] {
  return budgets.map((budget) => {
    const amount = draft[budget.id];
    return amount === undefined ? budget : { ...budget, definition: { ...budget.definition, amount } };
  });
}

/** The draft with another amount of a budget; what is as it was is no draft. */
export function changed({ draft, budgets }: Plan, { id }: PlannableBudget, amount: KeptAmount): PlanMove {
  const { [id]: _, ...others } = draft;
  const kept = budgets.find((one) => one.id === id)!.definition.amount;
  return { draft: isSame(kept, amount) ? others : { ...others, [id]: amount }, left: zero };
}

function isSame(a: KeptAmount, b: KeptAmount): boolean {
  if (a.kind === "fixed" && b.kind === "fixed") return isEqual(a.amount, b.amount);
  if (a.kind === "growing" && b.kind === "growing") return isEqual(a.amount, b.amount) && isEqual(a.percent, b.percent);
  if (a.kind !== "plan" || b.kind !== "plan" || a.amounts.length !== b.amounts.length) return false;
  return a.amounts.every(({ amount }, index) => isEqual(amount, b.amounts[index]!.amount));
}

function isEqual(a: string, b: string): boolean {
  return parseDecimal(a).equals(parseDecimal(b));
}

/** The plan without what is drafted of a budget and of all below it. */
export function withoutDraft(plan: Plan, id: string): Plan {
  const gone = new Set([id]);
  // Each round reaches one level further down.
  for (let before = 0; before < gone.size;) {
    before = gone.size;
    for (const one of plan.budgets) if (one.parentId !== null && gone.has(one.parentId)) gone.add(one.id);
  }
  return { ...plan, draft: Object.fromEntries(Object.entries(plan.draft).filter(([one]) => !gone.has(one))) };
}
