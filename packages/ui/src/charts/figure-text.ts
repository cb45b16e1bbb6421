import { parseDecimal, sum } from "@finops/kernel/decimal";
import { formatMoney, formatMoneyShort, formatPercent } from "../text/format-figure.ts";
import type { Part } from "./part.ts";

/** What a mark says to a screen reader: its name, exact amount, share and change. */
export function partSentence(part: Part, total: string | null, currency: string): string {
  if (part.value === null) return `${part.label}: not known.`;
  const share = shareOf(part.value, total);
  const change = part.before == null ? null : parseDecimal(part.value).minus(parseDecimal(part.before));
  return [
    `${part.label}: ${formatMoney(part.value, currency)}`,
    share === null ? null : `${formatPercent(share)} of all`,
    change === null
      ? null
      : change.isZero()
        ? "unchanged"
        : `${change.isNegative() ? "down" : "up"} ${formatMoney(change.abs().toString(), currency)}`,
  ]
    .filter((one) => one !== null)
    .join(", ");
}

/** A share of a whole, as a ratio; null of a whole that is nothing or negative, where a share says nothing. */
export function shareOf(value: string, total: string | null): string | null {
  if (total === null) return null;
  const whole = parseDecimal(total);
  return whole.isZero() || whole.isNegative()
    ? null
    : parseDecimal(value).dividedBy(whole).toDecimalPlaces(12).toString();
}

export function totalOf(parts: readonly Part[]): string {
  return sum(parts.flatMap((part) => (part.value === null ? [] : [parseDecimal(part.value)]))).toString();
}

/** Round values of an axis have no cents to lose. */
export function axisMoney(value: number, currency: string): string {
  return formatMoneyShort(String(value), currency).replace(/\.0+(?=\D*$)/, "");
}
