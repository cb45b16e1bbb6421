import type { FactTable } from "../format.ts";

/**
 * What each kind of line of a Cost and Usage Report is in FOCUS. The kinds are AWS's line item types, told apart further
 * where one type stands for several things; `README.md` gives the reasons.
 *
 * `frequency` NULL: by the bill, whose monthly charges recur. `amounts` says what its quantity and prices are:
 * - metered: an amount used at a public price
 * - fee: an amount bought at a stated price
 * - none: a sum without quantity or price
 * - repeated: an amount that is counted on another line already
 * `effective` says where its amortised cost stands: the line's own cost, the share of a plan or reservation that it used, or
 * nowhere, because the cost of a purchase is on what it covers.
 */
const kinds: readonly (readonly [
  kind: string,
  category: string,
  frequency: string | null,
  amounts: string,
  effective: string,
])[] = [
  ["usage", "Usage", "Usage-Based", "metered", "cost"],
  ["sp_usage", "Usage", "Usage-Based", "metered", "plan"],
  ["ri_usage", "Usage", "Usage-Based", "metered", "reservation"],
  ["negation", "Usage", "Usage-Based", "metered", "cost"],
  ["sp_fee", "Purchase", "Recurring", "fee", "none"],
  ["ri_fee", "Purchase", "Recurring", "fee", "none"],
  ["sp_upfront", "Purchase", "One-Time", "fee", "none"],
  ["ri_upfront", "Purchase", "One-Time", "fee", "none"],
  ["fee_refund", "Purchase", "One-Time", "fee", "none"],
  ["fee", "Purchase", null, "fee", "cost"],
  ["flat_rate", "Purchase", "Recurring", "fee", "cost"],
  ["tax", "Tax", null, "none", "cost"],
  ["credit", "Credit", "One-Time", "none", "cost"],
  ["refund", "Credit", "One-Time", "none", "cost"],
  ["discount", "Usage", "Usage-Based", "repeated", "cost"],
  ["split", "Usage", "Usage-Based", "repeated", "none"],
];

export const awsChargeKinds: FactTable = {
  name: "aws_charge_kinds",
  columns: ["kind_key", "category", "frequency", "amounts", "effective"],
  rows: kinds,
};
