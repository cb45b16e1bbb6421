import { serviceCategories, serviceCategoryTree } from "@finops/focus/service-categories";
import { all, differs, filled } from "../check.ts";
import type { Rule } from "../rule.ts";
import { isNoCorrection, isPurchase, isUsage } from "./emptiness-rules.ts";
import { rowRule } from "./row-rule.ts";

const categoryOfSubcategory = new Map<string, string>(
  serviceCategories.flatMap((category) =>
    serviceCategoryTree[category].map((subcategory) => [subcategory, category] as const),
  ),
);

/** Rules between the figures, the periods and the categories of one row. */
export const priceRules: readonly Rule[] = [
  product("ListCost-C-009-C", "ListCost", "ListUnitPrice"),
  product("ContractedUnitPrice-C-011-C", "ContractedCost", "ContractedUnitPrice"),
  rowRule(
    "BillingCurrency-C-006-M",
    "MUST",
    "BillingCurrency is an ISO 4217 code such as USD, not a virtual currency.",
    { op: "format", column: "BillingCurrency", format: "national-currency" },
  ),
  rowRule(
    "ChargeFrequency-C-004-C",
    "MUST NOT",
    "A purchase is not charged Usage-Based.",
    differs("ChargeFrequency", "Usage-Based"),
    isPurchase,
  ),
  rowRule("BillingPeriodEnd-X-AfterStart", "MUST", "The billing period ends after it starts.", {
    op: "before",
    column: "BillingPeriodStart",
    other: "BillingPeriodEnd",
  }),
  rowRule("ChargePeriodEnd-X-AfterStart", "MUST", "The charge period ends after it starts.", {
    op: "before",
    column: "ChargePeriodStart",
    other: "ChargePeriodEnd",
  }),
  rowRule(
    "ChargePeriodStart-X-BillingPeriod",
    "SHOULD",
    "Usage is billed no earlier than it happens: it starts before the billing period ends.",
    { op: "before", column: "ChargePeriodStart", other: "BillingPeriodEnd" },
    all(isUsage, isNoCorrection),
  ),
  rowRule("ServiceSubcategory-C-004-M", "MUST", "ServiceSubcategory belongs to the ServiceCategory of the row.", {
    op: "partner",
    column: "ServiceSubcategory",
    other: "ServiceCategory",
    partners: categoryOfSubcategory,
  }),
  rowRule("Tags-X-UniqueKeys", "MUST", "Tags names no key twice.", {
    op: "format",
    column: "Tags",
    format: "unique-keys",
  }),
  rowRule("SkuPriceDetails-X-UniqueKeys", "MUST", "SkuPriceDetails names no key twice.", {
    op: "format",
    column: "SkuPriceDetails",
    format: "unique-keys",
  }),
  rowRule(
    "SkuPriceDetails-C-017-C",
    "MUST",
    "Keys of SkuPriceDetails are those of the specification, or start with x_.",
    { op: "format", column: "SkuPriceDetails", format: "sku-detail-keys" },
  ),
];

function product(ruleId: string, cost: string, price: string): Rule {
  return {
    ...rowRule(
      ruleId,
      "MUST",
      `${price} times PricingQuantity is ${cost}, up to rounding, corrections aside.`,
      { op: "product", price, quantity: "PricingQuantity", cost },
      all(filled(price), filled("PricingQuantity"), isNoCorrection),
    ),
    column: cost,
  };
}
