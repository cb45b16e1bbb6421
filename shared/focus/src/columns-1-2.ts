import type { FocusColumn } from "./column.ts";
import { serviceCategories, serviceSubcategories } from "./service-categories.ts";

/** The 57 columns of FOCUS 1.2 Cost and Usage, in the order of the specification: the shape in which costs are stored. */
export const columns12 = [
  {
    id: "AvailabilityZone", type: "string", nullable: true, level: "recommended", since: "1.0", kind: "dimension",
    about: "The isolated zone inside a region that the charge belongs to.",
  },
  {
    id: "BilledCost", type: "decimal", nullable: false, level: "mandatory", since: "1.0", kind: "metric",
    about: "What the invoice asks for, after discounts, before any spreading over time.",
  },
  {
    id: "BillingAccountId", type: "string", nullable: false, level: "mandatory", since: "1.0", kind: "dimension",
    about: "The account that receives the invoice.",
  },
  {
    id: "BillingAccountName", type: "string", nullable: true, level: "mandatory", since: "1.0", kind: "dimension",
    about: "The display name of the billing account.",
  },
  {
    id: "BillingAccountType", type: "string", nullable: false, level: "conditional", since: "1.2", kind: "dimension",
    about: "The provider's word for this kind of billing account.",
  },
  {
    id: "BillingCurrency", type: "string", nullable: false, level: "mandatory", since: "1.0", kind: "dimension", format: "currency",
    about: "The ISO 4217 currency of the invoice and of the cost columns.",
  },
  {
    id: "BillingPeriodEnd", type: "datetime", nullable: false, level: "mandatory", since: "1.0", kind: "dimension",
    about: "The first instant after the billing period.",
  },
  {
    id: "BillingPeriodStart", type: "datetime", nullable: false, level: "mandatory", since: "1.0", kind: "dimension",
    about: "The first instant of the billing period.",
  },
  {
    id: "CapacityReservationId", type: "string", nullable: true, level: "conditional", since: "1.1", kind: "dimension",
    about: "The capacity reservation that the charge uses or leaves idle.",
  },
  {
    id: "CapacityReservationStatus", type: "string", nullable: true, level: "conditional", since: "1.1", kind: "dimension", allowedValues: ["Used", "Unused"],
    about: "Whether the reserved capacity was used or idle.",
  },
  {
    id: "ChargeCategory", type: "string", nullable: false, level: "mandatory", since: "1.0", kind: "dimension", allowedValues: ["Usage", "Purchase", "Tax", "Credit", "Adjustment"],
    about: "What kind of charge the row is: usage, purchase, tax, credit or adjustment.",
  },
  {
    id: "ChargeClass", type: "string", nullable: true, level: "mandatory", since: "1.0", kind: "dimension", allowedValues: ["Correction"],
    about: "Correction where the row corrects a period that was already invoiced.",
  },
  {
    id: "ChargeDescription", type: "string", nullable: true, level: "mandatory", since: "1.0", kind: "dimension",
    about: "A readable line about what was charged.",
  },
  {
    id: "ChargeFrequency", type: "string", nullable: false, level: "recommended", since: "1.0", kind: "dimension", allowedValues: ["One-Time", "Recurring", "Usage-Based"],
    about: "How often the charge occurs.",
  },
  {
    id: "ChargePeriodEnd", type: "datetime", nullable: false, level: "mandatory", since: "1.0", kind: "dimension",
    about: "The first instant after the time that the charge covers.",
  },
  {
    id: "ChargePeriodStart", type: "datetime", nullable: false, level: "mandatory", since: "1.0", kind: "dimension",
    about: "The first instant of the time that the charge covers.",
  },
  {
    id: "CommitmentDiscountCategory", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension", allowedValues: ["Spend", "Usage"],
    about: "Whether the commitment is to an amount of money or of usage.",
  },
  {
    id: "CommitmentDiscountId", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension",
    about: "The commitment (reservation, savings plan, committed use) that the charge belongs to.",
  },
  {
    id: "CommitmentDiscountName", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension",
    about: "The display name of the commitment.",
  },
  {
    id: "CommitmentDiscountQuantity", type: "decimal", nullable: true, level: "conditional", since: "1.1", kind: "metric",
    about: "The amount of the commitment that was bought, used or left idle.",
  },
  {
    id: "CommitmentDiscountStatus", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension", allowedValues: ["Used", "Unused"],
    about: "Whether this part of the commitment was used or idle.",
  },
  {
    id: "CommitmentDiscountType", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension",
    about: "The provider's word for this kind of commitment.",
  },
  {
    id: "CommitmentDiscountUnit", type: "string", nullable: true, level: "conditional", since: "1.1", kind: "dimension", format: "unit",
    about: "The unit of CommitmentDiscountQuantity.",
  },
  {
    id: "ConsumedQuantity", type: "decimal", nullable: true, level: "conditional", since: "1.0", kind: "metric",
    about: "How much of a metered thing was used.",
  },
  {
    id: "ConsumedUnit", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension", format: "unit",
    about: "The unit of ConsumedQuantity.",
  },
  {
    id: "ContractedCost", type: "decimal", nullable: false, level: "mandatory", since: "1.0", kind: "metric",
    about: "Contracted unit price times pricing quantity: after negotiated, before commitment discounts.",
  },
  {
    id: "ContractedUnitPrice", type: "decimal", nullable: true, level: "conditional", since: "1.0", kind: "metric", nonNegative: true,
    about: "The agreed price of one pricing unit, before commitment discounts.",
  },
  {
    id: "EffectiveCost", type: "decimal", nullable: false, level: "mandatory", since: "1.0", kind: "metric",
    about: "The cost after all discounts, with prepaid amounts spread over what they cover.",
  },
  {
    id: "InvoiceId", type: "string", nullable: true, level: "recommended", since: "1.2", kind: "dimension",
    about: "The invoice that the charge is on; null until there is one.",
  },
  {
    id: "InvoiceIssuerName", type: "string", nullable: false, level: "mandatory", since: "1.0", kind: "dimension",
    about: "Who sends the invoice.",
  },
  {
    id: "ListCost", type: "decimal", nullable: false, level: "mandatory", since: "1.0", kind: "metric",
    about: "List unit price times pricing quantity: before every discount.",
  },
  {
    id: "ListUnitPrice", type: "decimal", nullable: true, level: "conditional", since: "1.0", kind: "metric", nonNegative: true,
    about: "The published price of one pricing unit.",
  },
  {
    id: "PricingCategory", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension", allowedValues: ["Standard", "Dynamic", "Committed", "Other"],
    about: "The pricing model: standard, dynamic (spot), committed or other.",
  },
  {
    id: "PricingCurrency", type: "string", nullable: true, level: "conditional", since: "1.2", kind: "dimension", format: "currency-or-virtual",
    about: "The currency of the price list, which may be a virtual one such as credits.",
  },
  {
    id: "PricingCurrencyContractedUnitPrice", type: "decimal", nullable: true, level: "conditional", since: "1.2", kind: "metric", nonNegative: true,
    about: "ContractedUnitPrice in the pricing currency.",
  },
  {
    id: "PricingCurrencyEffectiveCost", type: "decimal", nullable: true, level: "conditional", since: "1.2", kind: "metric",
    about: "EffectiveCost in the pricing currency.",
  },
  {
    id: "PricingCurrencyListUnitPrice", type: "decimal", nullable: true, level: "conditional", since: "1.2", kind: "metric", nonNegative: true,
    about: "ListUnitPrice in the pricing currency.",
  },
  {
    id: "PricingQuantity", type: "decimal", nullable: true, level: "mandatory", since: "1.0", kind: "metric",
    about: "The quantity that is multiplied with the unit price.",
  },
  {
    id: "PricingUnit", type: "string", nullable: true, level: "mandatory", since: "1.0", kind: "dimension", format: "unit",
    about: "The unit of PricingQuantity.",
  },
  {
    id: "ProviderName", type: "string", nullable: false, level: "mandatory", since: "1.0", deprecatedIn: "1.3", removedIn: "1.4", kind: "dimension",
    about: "Who made the resource or service available for purchase.",
  },
  {
    id: "PublisherName", type: "string", nullable: false, level: "mandatory", since: "1.0", deprecatedIn: "1.3", removedIn: "1.4", kind: "dimension",
    about: "Who produced the resource or service.",
  },
  {
    id: "RegionId", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension",
    about: "The provider's id of the region.",
  },
  {
    id: "RegionName", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension",
    about: "The display name of the region.",
  },
  {
    id: "ResourceId", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension",
    about: "The resource that was charged.",
  },
  {
    id: "ResourceName", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension",
    about: "The display name of the resource.",
  },
  {
    id: "ResourceType", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension",
    about: "The kind of resource.",
  },
  {
    id: "ServiceCategory", type: "string", nullable: false, level: "mandatory", since: "1.0", kind: "dimension", allowedValues: serviceCategories,
    about: "The field of work that the service belongs to, out of 19.",
  },
  {
    id: "ServiceName", type: "string", nullable: false, level: "mandatory", since: "1.0", kind: "dimension",
    about: "The offering that was bought.",
  },
  {
    id: "ServiceSubcategory", type: "string", nullable: false, level: "recommended", since: "1.1", kind: "dimension", allowedValues: serviceSubcategories,
    about: "The finer field of work, each within one service category.",
  },
  {
    id: "SkuId", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension",
    about: "The thing with a price in the provider's catalogue.",
  },
  {
    id: "SkuMeter", type: "string", nullable: true, level: "conditional", since: "1.1", kind: "dimension",
    about: "What is measured of the SKU.",
  },
  {
    id: "SkuPriceDetails", type: "json", nullable: true, level: "conditional", since: "1.1", kind: "dimension", format: "json-object",
    about: "Properties of the SKU price as a JSON object.",
  },
  {
    id: "SkuPriceId", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension",
    about: "The price of the SKU that was applied.",
  },
  {
    id: "SubAccountId", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension",
    about: "The account, subscription or project below the billing account.",
  },
  {
    id: "SubAccountName", type: "string", nullable: true, level: "conditional", since: "1.0", kind: "dimension",
    about: "The display name of the sub account.",
  },
  {
    id: "SubAccountType", type: "string", nullable: true, level: "conditional", since: "1.2", kind: "dimension",
    about: "The provider's word for this kind of sub account.",
  },
  {
    id: "Tags", type: "json", nullable: true, level: "conditional", since: "1.0", kind: "dimension", format: "key-value",
    about: "Tags of the charge as a JSON object.",
  },
] as const satisfies readonly FocusColumn[];
