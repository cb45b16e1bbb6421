import { type Decimal, decimal, roundHalfAway, sum, zero } from "@finops/kernel/decimal";
import type { Period } from "@finops/kernel/period";
import { splitByWeight } from "@finops/kernel/split";
import { baseAmounts } from "./amounts.ts";
import { basesOf, type EvaluatedBudget } from "./children.ts";
import { firstPeriods, periodsMax, periodsUntil } from "./periods.ts";
import { cent, spreadTotal } from "./plan-spread.ts";
import { isTold, sumTold, toldOrNull } from "./told-amount.ts";
import { changed, draftedOf, type Plan, type PlannableBudget, plannedPeriods, type PlanMove } from "./plan.ts";

/** What a budget is to come to within some days, which hold whole periods of it. */
export interface Target {
  within: Period;
  total: Decimal;
}

export type WeightOf = (budget: PlannableBudget, within: Period) => Decimal;

/** More digits before the point no amount has. */
const digitsMax = 15;

/** Rounded to the cents, or to the places that it is written with. */
export function scaled(amount: Decimal, factor: Decimal): Decimal {
  return roundHalfAway(amount.times(factor), Math.min(8, Math.max(2, amount.decimalPlaces())));
}

/** What each comes to as it is; evenly where all come to nothing. */
export function shareWeights(plan: Plan): WeightOf {
  const { baseIn } = basesOf(draftedOf(plan), plan.fiscalYearStart);
  // Whose amount nobody can tell has no share; what is given to it is refused below.
  return (budget, within) => toldOrNull(baseIn(budget, within)) ?? zero;
}

/** A budget so that it comes to what is asked, each by the way that its amount is kept; what cannot be kept so becomes a plan. */
export function setAmounts(plan: Plan, budget: PlannableBudget, targets: readonly Target[]): PlanMove {
  if (targets.some(({ total }) => total.isNegative())) return { refused: "An amount is not less than nothing." };
  const { kind } = budget.definition.amount;
  if (kind === "children") return spreadOver(plan, budget, targets, shareWeights(plan));
  if (!isTaking(budget)) return { refused: `"${budget.name}" has no amount of its own for a period.` };
  const steady = kind === "fixed" ? steadyAmount(plan, budget, targets) : null;
  return steady === null
    ? toPlan(plan, budget, targets)
    : changed(plan, budget, { kind: "fixed", amount: steady.toString() });
}

/**
 * Gives what a budget comes to within some days to the budgets below it, for each of these to the last digit. Who cannot change
 * keeps what they have. A fixed amount below stays one where its part is the same in all planned periods.
 */
export function spreadOver(
  plan: Plan,
  above: PlannableBudget,
  targets: readonly Target[],
  weightOf: WeightOf,
): PlanMove {
  const below = draftedOf(plan).filter(({ parentId }) => parentId === above.id);
  // One that becomes a plan takes any cent, and leaves others with other parts: until all that must have become one.
  const turning = new Set(below.filter(({ definition }) => definition.amount.kind === "growing").map(({ id }) => id));
  for (;;) {
    const shares = shareOut(plan, above, { targets, weightOf, turning });
    if ("refused" in shares) return shares;
    const unsteady = below.filter(
      (one) =>
        one.definition.amount.kind === "fixed" &&
        !turning.has(one.id) &&
        shares.parts.has(one.id) &&
        steadyAmount(plan, one, shares.parts.get(one.id)!) === null,
    );
    if (unsteady.length === 0) return setParts(plan, below, shares);
    for (const { id } of unsteady) turning.add(id);
  }
}

/** A budget as a plan with an amount for each period: as it is, and within the days of the targets as these say. */
export function toPlan(plan: Plan, budget: PlannableBudget, targets: readonly Target[]): PlanMove {
  const { amount, periods } = budget.definition;
  if (amount.kind === "unit") return { refused: `"${budget.name}" follows a unit metric.` };
  const all = firstPeriods(periods, plan.fiscalYearStart, periodsMax);
  const amounts = baseAmounts(amount, all, () => zero);
  const { length: kept } = amount.kind === "plan" ? amount.amounts : all;
  let length = kept;
  for (const { within, total } of targets) {
    const at = periodsIn(budget, within, plan).map((period) => all.findIndex(({ start }) => start === period.start));
    if (at.includes(-1)) return { refused: `A plan has at most ${periodsMax} periods, and this one lies after them.` };
    const weights = at.map((index) => amounts[index]!);
    const parts = splitByWeight(
      total,
      sum(weights).isZero() ? weights.map(() => decimal(1)) : weights,
      placesOf(total),
    );
    for (const [order, index] of at.entries()) amounts[index] = parts[order]!;
    length = Math.max(length, Math.max(...at) + 1);
  }
  const planned = amounts.slice(0, length);
  if (planned.some((one) => one.trunc().abs().greaterThanOrEqualTo(decimal(10).pow(digitsMax))))
    return { refused: `"${budget.name}" grows to amounts too large for a plan. Give it a last period first.` };
  return changed(plan, budget, {
    kind: "plan",
    amounts: planned.map((one, index) => ({ start: all[index]!.start, amount: one.toString() })),
  });
}

interface Shares {
  /** By the id of the budget. */
  parts: ReadonlyMap<string, Target[]>;
  left: Decimal;
}

function shareOut(
  plan: Plan,
  above: PlannableBudget,
  { targets, weightOf, turning }: { targets: readonly Target[]; weightOf: WeightOf; turning: ReadonlySet<string> },
): Shares | { refused: string } {
  const all = draftedOf(plan);
  const { baseIn } = basesOf(all, plan.fiscalYearStart);
  const below = all.filter(({ parentId }) => parentId === above.id);
  const parts = new Map<string, Target[]>();
  let left = zero;
  for (const { within, total } of targets) {
    const when = targets.length === 1 ? "" : ` in the period from ${within.start}`;
    const open = below.filter((one) => one.locked === null && countIn(one, within, plan, all) > 0);
    if (open.length === 0) return { refused: `No budget below "${above.name}" can take another amount${when}.` };
    const held = sumTold(below.filter((one) => !open.includes(one)).map((one) => baseIn(one, within)));
    if (!isTold(held)) return { refused: held.missing };
    const rest = total.minus(held);
    if (rest.isNegative())
      return { refused: `The budgets below "${above.name}" that stay as they are come to more than it${when}.` };
    const weights = open.map((one) => weightOf(one, within));
    const isNothing = weights.every((weight) => weight.isZero());
    const spread = spreadTotal(
      rest,
      open.map((one, index) => ({
        weight: isNothing ? decimal(1) : weights[index]!,
        unit:
          one.definition.amount.kind === "fixed" && !turning.has(one.id)
            ? cent.times(countIn(one, within, plan, all))
            : cent,
      })),
    );
    if (spread === null) return { refused: `There is nothing to spread "${above.name}" by${when}.` };
    for (const [index, { id }] of open.entries())
      parts.set(id, [...(parts.get(id) ?? []), { within, total: spread.parts[index]! }]);
    left = left.plus(spread.left);
  }
  return { parts, left };
}

function setParts(plan: Plan, below: readonly PlannableBudget[], { parts, left }: Shares): PlanMove {
  let moved = { draft: plan.draft, left };
  for (const one of below) {
    const own = parts.get(one.id);
    if (own === undefined) continue;
    const move = setAmounts({ ...plan, draft: moved.draft }, one, own);
    if ("refused" in move) return move;
    moved = { draft: move.draft, left: moved.left.plus(move.left) };
  }
  return moved;
}

/** What each period of a fixed amount would be; null where that is not the same in each that is planned. */
function steadyAmount(plan: Plan, budget: PlannableBudget, targets: readonly Target[]): Decimal | null {
  const each = targets.map(({ within, total }) => {
    const { length } = periodsIn(budget, within, plan);
    const one = scaled(total, decimal(1).dividedBy(length));
    return one.times(length).equals(total) ? one : null;
  });
  const [first = null] = each;
  const isSame = first !== null && each.every((one) => one?.equals(first) === true);
  const isWhole = plannedPeriods(budget, plan).every((period) =>
    targets.some(({ within }) => within.start <= period.start && period.end <= within.end),
  );
  return isSame && isWhole ? first : null;
}

function isTaking({ definition }: EvaluatedBudget): boolean {
  return ["fixed", "growing", "plan"].includes(definition.amount.kind);
}

/** How many periods of it lie within some days; of what is summed up, whether any below it does. */
function countIn(budget: PlannableBudget, within: Period, plan: Plan, all: readonly PlannableBudget[]): number {
  if (isTaking(budget)) return periodsIn(budget, within, plan).length;
  if (budget.definition.amount.kind !== "children") return 0;
  return all.some((one) => one.parentId === budget.id && one.locked === null && countIn(one, within, plan, all) > 0)
    ? 1
    : 0;
}

function periodsIn({ definition: { periods } }: EvaluatedBudget, within: Period, { fiscalYearStart }: Plan): Period[] {
  return periodsUntil(periods, fiscalYearStart, within.end).filter(
    ({ start }) => start >= within.start && start < within.end,
  );
}

function placesOf(total: Decimal): number {
  return Math.min(8, Math.max(2, total.decimalPlaces()));
}
