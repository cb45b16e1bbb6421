import type { BillHeader } from "../format.ts";
import { sampleOf } from "./focus-header.ts";

/**
 * How a file that went through a spreadsheet writes its days. `5/1/25` is May in one country and January in another; a
 * billing period begins on the first of a month, so its own values tell which. Empty where they are ISO 8601 or do not tell.
 */
export function slashedDateFormats(header: BillHeader): string[] {
  const bounds = [...sampleOf(header, "BillingPeriodStart"), ...sampleOf(header, "BillingPeriodEnd")].map((text) =>
    /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})$/.exec(text),
  );
  if (bounds.length === 0 || bounds.some((bound) => bound === null)) return [];
  const isFirst = (part: 1 | 2) => bounds.every((bound) => Number(bound![part]) === 1);
  if (isFirst(1) === isFirst(2)) return [];
  const order = isFirst(2) ? "%m/%d" : "%d/%m";
  return [`${order}/%y`, `${order}/%Y`];
}

const money = /^-?\$?-?\d{1,3}(,\d{3})*(\.\d*)?$/;

/** Whether the file writes amounts as a spreadsheet shows them: `$10,100.00`. */
export function hasSpreadsheetMoney(header: BillHeader): boolean {
  return ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"].some((id) =>
    sampleOf(header, id).some((text) => /[$,]/.test(text) && money.test(text)),
  );
}
