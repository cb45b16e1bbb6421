import type { FocusExport } from "../focus-format.ts";

// The export holds 0 where it knows no price: reservation usage, unused commitments, marketplace. A charge that costs
// something was not listed at 0, and the price of commitment usage is never 0.
const isCharged =
  "(ChargeCategory IN ('Usage', 'Purchase') AND (TRY_CAST(BilledCost AS DOUBLE) <> 0 OR TRY_CAST(EffectiveCost AS DOUBLE) <> 0 OR CommitmentDiscountStatus IS NOT NULL))";
const isZero = (column: string) => `TRY_CAST(${column} AS DOUBLE) = 0`;
const price = (column: string) => `CASE WHEN ${isZero(column)} AND ${isCharged} THEN NULL ELSE ${column} END`;

// The purchase of a commitment is spread over the usage that it covers, so its own effective cost is 0.
const isCommitmentPurchase =
  "(ChargeCategory = 'Purchase' AND (CommitmentDiscountId IS NOT NULL OR CommitmentDiscountCategory IS NOT NULL))";

/** Microsoft Cost Management's FOCUS exports, 1.0 to 1.2-preview, of EA and MCA accounts. */
export const azureFocus: FocusExport = {
  id: "azure-focus",
  label: "Microsoft FOCUS export",
  connector: "azure",
  providers: ["microsoft", "microsoft azure"],
  marks: [
    "x_SkuMeterId",
    "x_SkuMeterCategory",
    "x_BillingProfileId",
    "x_PricingBlockSize",
    "x_PricingUnitDescription",
    "x_BillingExchangeRate",
    "x_AccountOwnerId",
    "x_ResourceGroupName",
  ],
  // The names before the 1.2-preview export made them FOCUS columns.
  renamed: { InvoiceId: ["x_InvoiceId"], PricingCurrency: ["x_PricingCurrency"], SkuMeter: ["x_SkuMeterName"] },
  columns: {
    // Azure's ids are the same in any letters, and its exports mix them, which breaks joins of commitments with resources.
    BillingAccountId: "lower(BillingAccountId)",
    CommitmentDiscountId: "lower(CommitmentDiscountId)",
    ResourceId: "lower(ResourceId)",
    SubAccountId: "lower(SubAccountId)",
    EffectiveCost: `CASE WHEN ${isCommitmentPurchase} THEN '0' ELSE EffectiveCost END`,
    ListCost: price("ListCost"),
    ListUnitPrice: price("ListUnitPrice"),
    ContractedCost: price("ContractedCost"),
    ContractedUnitPrice: price("ContractedUnitPrice"),
  },
  repairs: [
    {
      rule: "commitment-purchase-effective-cost",
      when: `${isCommitmentPurchase} AND TRY_CAST(EffectiveCost AS DOUBLE) <> 0`,
      about:
        "The export gives a commitment's purchase an effective cost, which its usage carries again; the purchase's is 0. Billed cost stays.",
    },
    {
      rule: "zero-is-no-price",
      when: `${isCharged} AND (${["ListCost", "ContractedCost", "ListUnitPrice", "ContractedUnitPrice"].map(isZero).join(" OR ")})`,
      about:
        "The export writes 0 for a list or contracted price that it does not know; it is unknown here. Billed cost stays.",
    },
  ],
};
