import { parseDecimal } from "./decimal.ts";

/** A quantity without its unit, and never as nothing when there is some: `1,234.57`, `0.000123`. */
export function formatQuantity(amount: string): string {
  const value = parseDecimal(amount);
  const isSmall = !value.isZero() && value.abs().lessThan(1);
  return (isSmall ? small : plain).format(value.toFixed() as Intl.StringNumericLiteral).replace("-", "\u2212");
}

/** `1.25M`: only where the exact quantity is a hover away. */
export function formatQuantityShort(amount: string): string {
  const value = parseDecimal(amount);
  if (value.abs().lessThan(10_000)) return formatQuantity(amount);
  return short.format(value.toFixed() as Intl.StringNumericLiteral).replace("K", "k");
}

const plain = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 2 });
const small = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
