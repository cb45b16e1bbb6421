import { type Decimal, decimal } from "@finops/kernel/decimal";
import type { ExactAmount } from "@finops/kernel/exact-amount";

/**
 * Amounts of an estimate, as whole numbers of 10⁻⁸: no float, and twenty times faster than decimals of any length, which
 * matters for twelve past months of sixty series. Costs that have happened stay as exact as they are.
 */
export type Units = bigint;

const places = 8;
const perUnit = decimal(10n ** BigInt(places));
const exactPerUnit = 10n ** BigInt(26 - places);

/** Rounds half away from zero. */
export function toUnits(amount: ExactAmount): Units {
  return (amount + (amount < 0n ? -exactPerUnit : exactPerUnit) / 2n) / exactPerUnit;
}

export function fromUnits(units: Units): Decimal {
  return decimal(units).dividedBy(perUnit);
}

export function absolute(units: Units): Units {
  return units < 0n ? -units : units;
}

/** The amount, or the bound where it lies further out on the bound's side of nothing. */
export function bounded(amount: Units, bound: Units): Units {
  return amount < 0n === bound < 0n && absolute(amount) > absolute(bound) ? bound : amount;
}

export function total(amounts: readonly Units[]): Units {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
}

export function ascending(a: Units, b: Units): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
