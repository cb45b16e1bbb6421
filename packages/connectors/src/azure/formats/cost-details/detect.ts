import type { BillHeader, Detection } from "../../../format.ts";
import { findCostDetailsColumns } from "./header.ts";

/** What every version of cost details has; together no other provider's bill has them. */
const marks = [
  "cost",
  "date",
  "subscription_id",
  "meter_id",
  "meter_category",
  "meter_subcategory",
  "consumed_service",
];

export function detectCostDetails(header: BillHeader): Detection | null {
  const columns = findCostDetailsColumns(header);
  if (!marks.every((mark) => columns.has(mark))) return null;
  const agreement = agreementOf(columns);
  const role = roleByName(header.fileName) ?? roleByContent(header, columns);
  const what = role === undefined ? "Azure cost details" : `Azure ${role} cost details`;
  return {
    confidence: 0.97,
    because: `The columns are those of ${what} (${agreement}).`,
    ...(role === undefined ? {} : { role }),
  };
}

/** Which agreement's schema the columns are: the accounts, currencies and prices mean different things in each. */
export function agreementOf(
  columns: ReadonlyMap<string, string>,
): "Enterprise Agreement" | "Microsoft Customer Agreement" | "pay-as-you-go" {
  if (columns.has("cost_in_pricing_currency") || columns.has("exchange_rate") || columns.has("previous_invoice_id"))
    return "Microsoft Customer Agreement";
  return columns.has("charge_type") || columns.has("account_name") ? "Enterprise Agreement" : "pay-as-you-go";
}

/** `ActualCost` and `AmortizedCost` are Microsoft's words for the two exports; the nearest part of the path decides. */
export function roleByName(path: string): "actual" | "amortized" | undefined {
  for (const part of path.split(/[\\/]/).reverse()) {
    const amortized = /amorti[sz]/i.test(part);
    const actual = /(^|[^a-z])actual|actual[-_ ]?cost|tats(ä|ae)chlich/i.test(part);
    if (amortized !== actual) return amortized ? "amortized" : "actual";
  }
  return undefined;
}

/** Only amortized files show unused commitments and a cost on covered usage; only actual files show the purchases and a cost of 0. */
function roleByContent(header: BillHeader, columns: ReadonlyMap<string, string>): "actual" | "amortized" | undefined {
  const value = (row: Record<string, string | null>, input: string) =>
    row[columns.get(input) ?? ""]?.trim().toLowerCase().replaceAll(" ", "") ?? "";
  for (const row of header.sample) {
    const type = value(row, "charge_type");
    if (type === "unusedreservation" || type === "unusedsavingsplan") return "amortized";
    if (!["reservation", "savingsplan"].includes(value(row, "pricing_model"))) continue;
    if (type === "purchase" || type === "refund") return "actual";
    if (type === "usage") return /[1-9]/.test(value(row, "cost").replace(/e.*$/, "")) ? "amortized" : "actual";
  }
  return undefined;
}
