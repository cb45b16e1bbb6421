import { AppError } from "./app-error.ts";
import { type Decimal, decimal } from "./decimal.ts";

/** A cost as a whole number of 10⁻²⁶: it has at most so many places, so it is added exactly, and far faster than as a decimal. */
export type ExactAmount = bigint;

const places = 26;
const unit = decimal(`1e-${places}`);

/** Reads what an engine says of a cost: digits without an exponent. */
export function toExactAmount(text: string): ExactAmount {
  const [whole, fraction = ""] = text.split(".") as [string, string?];
  if (fraction.length > places)
    throw new AppError("internal", "A cost has more than 26 places.", { internal: text.slice(0, 100) });
  return BigInt(whole + fraction.padEnd(places, "0"));
}

export function fromExactAmount(amount: ExactAmount): Decimal {
  return decimal(amount).times(unit);
}

/** What there is of some amounts; those that are missing add nothing. */
export function sumExact(amounts: Iterable<ExactAmount | undefined>): ExactAmount {
  let sum = 0n;
  for (const amount of amounts) if (amount !== undefined) sum += amount;
  return sum;
}
