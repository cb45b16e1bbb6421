import { AppError } from "./app-error.ts";
import { type Decimal, decimal, sum, zero } from "./decimal.ts";

/**
 * Splits `total` over `weights` so that the parts add up to it exactly.
 *
 * Works in units of 10^-`scale` by largest remainder; equal remainders go to the earlier part. A negative total is split
 * by its absolute value and negated, so that a credit falls exactly as its charge did. Digits of the total beyond `scale`
 * stay with the first part that has a weight.
 * @throws invalid when a weight is negative or all are zero.
 */
export function splitByWeight(total: Decimal, weights: readonly Decimal[], scale: number): Decimal[] {
  if (weights.some((weight) => weight.isNegative() && !weight.isZero())) {
    throw new AppError("invalid", "A cost cannot be split by a negative weight.");
  }
  const weightSum = sum(weights);
  if (weightSum.isZero()) throw new AppError("invalid", "A cost cannot be split: every weight is 0.");
  if (total.isNegative()) return splitByWeight(total.negated(), weights, scale).map((part) => part.negated());

  const unit = decimal(10).pow(-scale);
  const units = total.dividedToIntegerBy(unit);
  const tail = total.minus(units.times(unit));
  const shares = weights.map((weight, index) => {
    const numerator = units.times(weight);
    const whole = numerator.dividedToIntegerBy(weightSum);
    return { index, whole, remainder: numerator.minus(whole.times(weightSum)) };
  });
  let left = units.minus(sum(shares.map((share) => share.whole))).toNumber();
  const byRemainder = shares.toSorted((a, b) => b.remainder.comparedTo(a.remainder) || a.index - b.index);
  for (const share of byRemainder) {
    if (left === 0) break;
    share.whole = share.whole.plus(1);
    left -= 1;
  }
  const firstWeighted = weights.findIndex((weight) => !weight.isZero());
  return shares.map((share) => share.whole.times(unit).plus(share.index === firstWeighted ? tail : zero));
}
