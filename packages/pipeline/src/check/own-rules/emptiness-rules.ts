import type { Check } from "../check.ts";
import { all, any, differs, empty, equals, filled } from "../check.ts";
import type { Keyword, Rule } from "../rule.ts";
import { rowRule } from "./row-rule.ts";

export const isUsage = equals("ChargeCategory", "Usage");
export const isPurchase = equals("ChargeCategory", "Purchase");
export const isTax = equals("ChargeCategory", "Tax");
// Null-safe: a row that is no correction has an empty ChargeClass, and must count as such.
export const isNoCorrection = differs("ChargeClass", "Correction");
export const isUsageOrPurchase = any(isUsage, isPurchase);

/** Rules of when a cell must be empty and when it must not. */
export const emptinessRules: readonly Rule[] = [
  ...follows("BillingAccountType", "BillingAccountId", "C-004-C", "C-005-C"),
  ...follows("CommitmentDiscountCategory", "CommitmentDiscountId", "C-003-C", "C-004-C"),
  ...follows("CommitmentDiscountType", "CommitmentDiscountId", "C-004-C", "C-005-C"),
  ...follows("CommitmentDiscountUnit", "CommitmentDiscountQuantity", "C-005-C", "C-006-C"),
  ...follows("ConsumedUnit", "ConsumedQuantity", "C-005-C", "C-006-C"),
  ...follows("PricingUnit", "PricingQuantity", "C-005-C", "C-006-C"),
  ...follows("RegionName", "RegionId", "C-004-C", "C-005-C"),
  ...follows("ResourceType", "ResourceId", "C-004-C", "C-005-C"),
  ...follows("SubAccountName", "SubAccountId", "C-004-C", "C-005-C"),
  ...follows("SubAccountType", "SubAccountId", "C-004-C", "C-005-C"),
  ...follows("SkuMeter", "SkuId", "C-004-C", "C-005-C", "SHOULD NOT"),
  emptyWithout("CommitmentDiscountName", "CommitmentDiscountId", "C-004-C"),
  emptyWithout("SkuPriceDetails", "SkuPriceId", "C-004-C"),
  emptyWithout("ResourceName", "ResourceId", "C-004-C"),
  emptyWithout("CapacityReservationStatus", "CapacityReservationId", "C-003-C"),
  rowRule(
    "CapacityReservationStatus-C-004-C",
    "MUST NOT",
    "Usage of a capacity reservation says whether it was used.",
    filled("CapacityReservationStatus"),
    all(isUsage, filled("CapacityReservationId")),
  ),
  rowRule(
    "CapacityReservationId-C-005-C",
    "MUST NOT",
    "Idle reserved capacity names its reservation.",
    filled("CapacityReservationId"),
    equals("CapacityReservationStatus", "Unused"),
  ),
  ...priced("ListUnitPrice", "C-004-C", "C-005-C"),
  ...priced("ContractedUnitPrice", "C-005-C", "C-006-C"),
  ...priced("PricingCategory", "C-003-C", "C-004-C"),
  ...priced("PricingQuantity", "C-004-C", "C-005-C"),
  ...priced("SkuId", "C-004-C", "C-005-C"),
  ...priced("SkuPriceId", "C-004-C", "C-005-C"),
  ...priced("PricingCurrencyListUnitPrice", "C-004-C", "C-005-C"),
  ...priced("PricingCurrencyContractedUnitPrice", "C-004-C", "C-005-C"),
  rowRule("ChargeDescription-C-003-O", "SHOULD NOT", "ChargeDescription is not empty.", filled("ChargeDescription")),
  rowRule(
    "BillingAccountName-C-003-C",
    "MUST NOT",
    "BillingAccountName is not empty where accounts can be named.",
    filled("BillingAccountName"),
    null,
    ["ACCOUNT_NAMING_SUPPORTED"],
  ),
];

/** One column is filled exactly where another is. */
function follows(
  column: string,
  leader: string,
  emptyId: string,
  filledId: string,
  keyword: Keyword = "MUST NOT",
): Rule[] {
  return [
    emptyWithout(column, leader, emptyId),
    rowRule(
      `${column}-${filledId}`,
      keyword,
      `${column} is filled where ${leader} is.`,
      filled(column),
      filled(leader),
    ),
  ];
}

function emptyWithout(column: string, leader: string, id: string): Rule {
  return rowRule(`${column}-${id}`, "MUST", `${column} is empty where ${leader} is.`, empty(column), empty(leader));
}

/** What has to do with a price stands on usage and purchases, corrections aside, and never on tax. */
function priced(column: string, emptyId: string, filledId: string): Rule[] {
  const needed: Check = all(isUsageOrPurchase, isNoCorrection);
  return [
    rowRule(`${column}-${emptyId}`, "MUST", `${column} is empty on tax.`, empty(column), isTax),
    rowRule(
      `${column}-${filledId}`,
      "MUST NOT",
      `${column} is filled on usage and purchases, corrections aside.`,
      filled(column),
      needed,
    ),
  ];
}
