import { type Decimal, roundHalfAway } from "@finops/kernel/decimal";
import type { AlertDimension } from "./contract.ts";

export const dimensionWords: Readonly<Record<AlertDimension, string>> = {
  serviceName: "Service",
  subAccountId: "Account",
  regionId: "Region",
  providerName: "Provider",
};

/** As mails and messages tell it; a page prints figures by itself. */
export function amountWords(amount: Decimal, currency: string): string {
  const [whole, cents] = roundHalfAway(amount, 2).toFixed(2).split(".") as [string, string];
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, ",")}.${cents} ${currency}`;
}

export function percentWords(percent: Decimal): string {
  return `${roundHalfAway(percent, 1).toString()} %`;
}

/** "once", "4 times". */
export function timesWords(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
