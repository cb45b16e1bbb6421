import { parseDecimal } from "./decimal.ts";
import { formatMoney, formatPercent } from "./format-figure.ts";

/** What changed between two amounts, with its sign, and the percentage where there is one: `+$6.00 (+6.0 %)`. */
export function formatChange(now: string, before: string, currency: string): string {
  const [change, base] = [parseDecimal(now).minus(parseDecimal(before)), parseDecimal(before)];
  const sign = change.isPositive() && !change.isZero() ? "+" : "";
  const amount = `${sign}${formatMoney(change.toString(), currency)}`;
  return base.isZero()
    ? amount
    : `${amount} (${sign}${formatPercent(change.dividedBy(base.abs()).toDecimalPlaces(12).toString())})`;
}
