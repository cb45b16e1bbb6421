import { type Decimal, sum } from "@finops/kernel/decimal";

/** What nobody can tell, and why. */
export interface Untold {
  missing: string;
}

/** An amount, or why nobody can tell it: it is never nothing instead. */
export type ToldAmount = Decimal | Untold;

export function isTold(amount: ToldAmount): amount is Decimal {
  return !("missing" in amount);
}

/** Null where nobody can tell it. */
export function toldOrNull(amount: ToldAmount): Decimal | null {
  return isTold(amount) ? amount : null;
}

/** Nobody can tell a sum of which nobody can tell a part: the first reason stands for it. */
export function sumTold(amounts: readonly ToldAmount[]): ToldAmount {
  return amounts.find((amount): amount is Untold => !isTold(amount)) ?? sum(amounts.filter(isTold));
}
