import { type Decimal, parseDecimal, zero } from "@finops/kernel/decimal";
import type { Rollover } from "./contract.ts";

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
