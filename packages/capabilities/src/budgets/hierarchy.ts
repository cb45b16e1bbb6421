import { AppError } from "@finops/kernel/app-error";
import { type Decimal, sum } from "@finops/kernel/decimal";
import type { Period } from "@finops/kernel/period";
import { isTold, type ToldAmount } from "./told-amount.ts";

/** Deeper than any company's units. */
export const levelsMax = 10;

export interface PlacedBudget {
  id: string;
  name: string;
  parentId: string | null;
  currency: string;
}

/**
 * Refuses a place in the tree that could not be added up: below itself, below what there is not, below one of another currency,
 * too deep, or with periods that lie in two periods of the parent.
 * @param periodsOf the periods of a budget for as long as they are compared
 */
export function checkParent<B extends PlacedBudget>(
  budget: B,
  all: readonly B[],
  periodsOf: (budget: B) => readonly Period[],
): void {
  const byId = new Map(all.map((one) => [one.id, one]));
  const children = all.filter((one) => one.parentId === budget.id);
  for (const child of children) checkPair(child, budget, periodsOf);
  if (budget.parentId === null) return;
  const parent = byId.get(budget.parentId);
  if (parent === undefined) throw new AppError("not_found", "There is no such budget to put it below.");
  const path = pathTo(parent, byId);
  if (path.some(({ id }) => id === budget.id))
    throw new AppError("invalid", `parentId: "${parent.name}" is the budget itself or stands below it.`);
  if (path.length + depthBelow(budget.id, all) > levelsMax)
    throw new AppError("invalid", `parentId: A tree of budgets has at most ${levelsMax} levels.`);
  checkPair(budget, parent, periodsOf);
}

function checkPair<B extends PlacedBudget>(child: B, parent: B, periodsOf: (budget: B) => readonly Period[]): void {
  if (child.currency !== parent.currency)
    throw new AppError(
      "invalid",
      `currency: "${child.name}" is in ${child.currency} and "${parent.name}" above it in ${parent.currency}. They cannot be added; use one currency.`,
    );
  const above = periodsOf(parent);
  for (const period of periodsOf(child)) {
    const over = above.filter(({ start, end }) => start < period.end && period.start < end);
    const crossed = over.find(({ start, end }) => period.start < start || end < period.end);
    if (crossed === undefined) continue;
    throw new AppError(
      "invalid",
      `periods: The period ${period.start} to ${period.end} of "${child.name}" does not lie within one period of "${parent.name}" (${crossed.start} to ${crossed.end}). Choose the same grain or a finer one.`,
    );
  }
}

/** A budget and what is above it, as far as the tree goes on; it ends where it would go in a circle. */
function pathTo<B extends PlacedBudget>(budget: B, byId: ReadonlyMap<string, B>): B[] {
  const path: B[] = [];
  let next: B | undefined = budget;
  while (next !== undefined && !path.includes(next)) {
    path.push(next);
    next = next.parentId === null ? undefined : byId.get(next.parentId);
  }
  return path;
}

function depthBelow(id: string, all: readonly PlacedBudget[]): number {
  let depth = 0;
  let level = [id];
  while (level.length > 0 && depth <= levelsMax) {
    depth += 1;
    level = all.filter(({ parentId }) => parentId !== null && level.includes(parentId)).map((one) => one.id);
  }
  return depth;
}

export interface Allocation {
  count: number;
  /** Of them, those of which nobody can tell what they may cost: they are in none of the sums. */
  untold: number;
  allocated: Decimal;
  unallocated: Decimal;
  isOverAllocated: boolean;
}

/** What of a limit the budgets below have been given; null where there are none. */
export function allocationOf(limit: Decimal, children: readonly ToldAmount[]): Allocation | null {
  if (children.length === 0) return null;
  const told = children.filter(isTold);
  const allocated = sum(told);
  const unallocated = limit.minus(allocated);
  return {
    count: children.length,
    untold: children.length - told.length,
    allocated,
    unallocated,
    isOverAllocated: unallocated.isNegative(),
  };
}
