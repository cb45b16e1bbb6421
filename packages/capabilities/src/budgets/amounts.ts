import { AppError } from "@finops/kernel/app-error";
import { type Decimal, decimal, parseDecimal, roundHalfAway, zero } from "@finops/kernel/decimal";
import { addMonths, isWholeMonths, type Period } from "@finops/kernel/period";
import type { BudgetAmount, KeptAmount } from "./contract.ts";
import { metricBase } from "./metric-amount.ts";
import { periodsMax } from "./periods.ts";
import type { ToldAmount } from "./told-amount.ts";

/** As many digits as an amount is written with. */
const amountMax = decimal(10).pow(15);
/** Nobody plans for longer. */
const growthMonths = 120;

/**
 * What each of a budget's periods may cost before anything is rolled over. A growing amount is `amount x (1 + percent/100)^n`
 * in period n, rounded to the cents (or to the places that the amount is written with, where those are more).
 * Nobody can tell the amount of a period that follows a unit metric without a value for one of its months.
 * @param childrenIn what the budgets below it come to in a period
 */
export function baseAmounts(
  amount: Exclude<KeptAmount, { kind: "unit" }>,
  periods: readonly Period[],
  childrenIn: (period: Period) => Decimal,
): Decimal[];
export function baseAmounts(
  amount: KeptAmount,
  periods: readonly Period[],
  childrenIn: (period: Period) => ToldAmount,
): ToldAmount[];
export function baseAmounts(
  amount: KeptAmount,
  periods: readonly Period[],
  childrenIn: (period: Period) => ToldAmount,
): ToldAmount[] {
  if (amount.kind === "children") return periods.map(childrenIn);
  if (amount.kind === "unit") return periods.map((period) => metricBase(amount, period));
  if (amount.kind === "plan") return periods.map((_, index) => plannedAmount(amount.amounts, index));
  const first = parseDecimal(amount.amount);
  if (amount.kind === "fixed") return periods.map(() => first);
  const factor = parseDecimal(amount.percent).dividedBy(100).plus(1);
  const places = Math.max(2, first.decimalPlaces());
  return periods.map((_, index) => roundHalfAway(first.times(factor.pow(index)), places));
}

function plannedAmount(amounts: readonly { amount: string }[], index: number): Decimal {
  const planned = amounts[index];
  return planned === undefined ? zero : parseDecimal(planned.amount);
}

/**
 * Refuses a plan that does not name each period once and in order, a growth that leaves less than nothing, or to more than an amount has digits within
 * ten years, and days that are not whole months where the amount follows a metric, whose values are by month.
 */
export function checkAmount(amount: BudgetAmount, firstPeriods: (count: number) => readonly Period[]): void {
  if (amount.kind === "growing" && parseDecimal(amount.percent).lessThan(decimal(-100)))
    throw new AppError("invalid", "amount.percent: An amount cannot shrink by more than 100 %.");
  if (amount.kind === "growing") checkGrowth(amount, firstPeriods(periodsMax));
  if (amount.kind === "unit" && !firstPeriods(1).every(isWholeMonths))
    throw new AppError(
      "invalid",
      "periods: Unit metrics have values by month. Let the budget begin and end on the first of a month.",
    );
  if (amount.kind !== "plan") return;
  const periods = firstPeriods(amount.amounts.length);
  for (const [index, { start }] of amount.amounts.entries()) {
    const period = periods[index];
    if (period === undefined)
      throw new AppError(
        "invalid",
        `amount.amounts.${index}: The budget has ${periods.length} periods, and the plan more.`,
      );
    if (start !== period.start)
      throw new AppError(
        "invalid",
        `amount.amounts.${index}: Period ${index + 1} of the budget begins on ${period.start}, not on ${start}. Name each period once and in order.`,
      );
  }
}

function checkGrowth(amount: Extract<BudgetAmount, { kind: "growing" }>, first: readonly Period[]): void {
  const periods = first.filter(({ start }) => start < addMonths(first[0]!.start, growthMonths));
  const far = baseAmounts(amount, periods, () => zero).findIndex((base) => base.greaterThanOrEqualTo(amountMax));
  if (far === -1) return;
  throw new AppError(
    "invalid",
    `amount.percent: By ${periods[far]!.start} it would have grown to more than 15 digits. Let it grow by less, or end before that.`,
  );
}
