import { type Decimal, decimal, sum, zero } from "@finops/kernel/decimal";
import { splitByWeight } from "@finops/kernel/split";

const places = 2;
export const cent: Decimal = decimal(`1e-${places}`);

export interface Share {
  /** Nothing is given to a weight of nothing. */
  weight: Decimal;
  /** What the part is a multiple of, a cent or whole cents: a fixed amount of three months comes in threes. */
  unit: Decimal;
}

export interface Spread {
  parts: Decimal[];
  /** What no part can take, since all come in greater units. `parts` and `left` are the total, to the last digit. */
  left: Decimal;
}

/** Spreads a total over shares by their weights, by largest remainder. Null where there is no weight to go by. */
export function spreadTotal(total: Decimal, shares: readonly Share[]): Spread | null {
  const weights = shares.map(({ weight }) => weight);
  if (sum(weights).isZero()) return null;
  const even = splitByWeight(total, weights, places);
  const parts = even.map((part, index) => inUnits(part, shares[index]!.unit));
  const left = total.minus(sum(parts));
  const free = weights.map((weight, index) => (isFree(shares[index]!) ? weight : zero));
  if (!sum(free).isZero()) {
    const rest = splitByWeight(left, free, places);
    return { parts: parts.map((part, index) => part.plus(rest[index]!)), left: zero };
  }
  return giveUnits(parts, left, even, shares);
}

/** Whole units, one after the other, to those that are furthest below their even part, until none fits. */
function giveUnits(
  parts: readonly Decimal[],
  left: Decimal,
  even: readonly Decimal[],
  shares: readonly Share[],
): Spread {
  const given = [...parts];
  const order = parts
    .map((part, index) => ({ index, behind: even[index]!.minus(part) }))
    .filter(({ index }) => !shares[index]!.weight.isZero())
    .toSorted((a, b) => b.behind.comparedTo(a.behind) || a.index - b.index);
  let rest = left;
  while (order.some(({ index }) => shares[index]!.unit.lessThanOrEqualTo(rest)))
    for (const { index } of order) {
      const { unit } = shares[index]!;
      if (unit.greaterThan(rest)) continue;
      given[index] = given[index]!.plus(unit);
      rest = rest.minus(unit);
    }
  return { parts: given, left: rest };
}

function isFree({ unit }: Share): boolean {
  return unit.equals(cent);
}

function inUnits(part: Decimal, unit: Decimal): Decimal {
  return unit.equals(cent) ? part : part.dividedToIntegerBy(unit).times(unit);
}
