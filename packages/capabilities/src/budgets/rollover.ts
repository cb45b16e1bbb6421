import { type Decimal, parseDecimal, zero } from "@finops/kernel/decimal";
import type { Rollover } from "./contract.ts";
import { isTold, type ToldAmount, type Untold } from "./told-amount.ts";

export interface RolledPeriod {
  base: Decimal;
  carriedIn: Decimal;
  limit: Decimal;
  /** Of what is left of the limit (less than nothing where it was overspent), what the next period gets, and what nobody gets. */
  carriedOut: Decimal;
  dropped: Decimal;
}

/**
 * Lets what a period leaves go on into the next one. No money is made or lost: in each period
 * `base + carriedIn - spent = carriedOut + dropped`, and what one carries out the next carries in.
 */
export function rollOver(periods: readonly { base: Decimal; spent: Decimal }[], rollover: Rollover): RolledPeriod[] {
  let carriedIn = zero;
  return periods.map(({ base, spent }) => {
    const limit = base.plus(carriedIn);
    const left = limit.minus(spent);
    const carriedOut = capped(carriedOf(left, rollover.kind), rollover.cap);
    const rolled = { base, carriedIn, limit, carriedOut, dropped: left.minus(carriedOut) };
    carriedIn = carriedOut;
    return rolled;
  });
}

export interface UntoldPeriod extends Untold {
  /** Before anything is rolled over. */
  base: ToldAmount;
}

/**
 * The same where nobody can tell what some periods may cost: then nobody can tell what they leave either, and so nothing of those
 * after them, unless nothing goes on.
 */
export function rollOverTold(
  periods: readonly { base: ToldAmount; spent: Decimal }[],
  rollover: Rollover,
): (RolledPeriod | UntoldPeriod)[] {
  const rolled = rollOver(
    periods.map(({ base, spent }) => ({ base: isTold(base) ? base : zero, spent })),
    rollover,
  );
  let missing: string | null = null;
  return periods.map(({ base }, index) => {
    if (!isTold(base)) missing = base.missing;
    else if (rollover.kind === "none") missing = null;
    return missing === null ? rolled[index]! : { base, missing };
  });
}

function carriedOf(left: Decimal, kind: Rollover["kind"]): Decimal {
  if (kind === "both") return left;
  if (kind === "unused") return left.isNegative() ? zero : left;
  return kind === "overspend" && left.isNegative() ? left : zero;
}

function capped(amount: Decimal, cap: string | null): Decimal {
  if (cap === null) return amount;
  const most = parseDecimal(cap);
  if (amount.abs().lessThanOrEqualTo(most)) return amount;
  return amount.isNegative() ? most.negated() : most;
}
