import type { FocusColumnId } from "./columns.ts";

/** The ids under which the official FOCUS 1.2 requirements model knows what our own rules test, so that reports can be compared. */
export interface RuleIds {
  readonly present: string;
  /** What a provider must support before the column is needed; every flag has to hold. */
  readonly flags?: readonly string[];
  readonly type?: string;
  readonly format?: string;
  readonly text?: string;
  readonly notNull?: string;
  readonly values?: string;
  readonly nonNegative?: string;
}

export const ruleIds: Partial<Record<FocusColumnId, RuleIds>> = {
  AvailabilityZone: {
    present: "CostAndUsage-D-003-C",
    type: "AvailabilityZone-C-001-M",
    text: "AvailabilityZone-C-002-M",
    flags: ["AVAILABILITY_ZONE_SUPPORTED"],
  },
  BilledCost: {
    present: "CostAndUsage-D-006-M",
    type: "BilledCost-C-001-M",
    format: "BilledCost-C-002-M",
    notNull: "BilledCost-C-003-M",
  },
  BillingAccountId: {
    present: "CostAndUsage-D-024-M",
    notNull: "BillingAccountId-C-001-M",
    type: "BillingAccountId-C-002-M",
    text: "BillingAccountId-C-003-M",
  },
  BillingAccountName: {
    present: "CostAndUsage-D-005-M",
    type: "BillingAccountName-C-001-M",
    text: "BillingAccountName-C-002-M",
  },
  BillingAccountType: {
    present: "CostAndUsage-D-007-C",
    type: "BillingAccountType-C-001-M",
    text: "BillingAccountType-C-002-M",
    flags: ["MULTIPLE_BILLING_ACCOUNT_TYPES_SUPPORTED"],
  },
  BillingCurrency: {
    present: "CostAndUsage-D-035-M",
    type: "BillingCurrency-C-001-M",
    text: "BillingCurrency-C-002-M",
    format: "BillingCurrency-C-003-M",
    notNull: "BillingCurrency-C-004-M",
  },
  BillingPeriodEnd: {
    present: "CostAndUsage-D-010-M",
    type: "BillingPeriodEnd-C-001-M",
    format: "BillingPeriodEnd-C-002-M",
    notNull: "BillingPeriodEnd-C-003-M",
  },
  BillingPeriodStart: {
    present: "CostAndUsage-D-009-M",
    type: "BillingPeriodStart-C-001-M",
    format: "BillingPeriodStart-C-002-M",
    notNull: "BillingPeriodStart-C-003-M",
  },
  CapacityReservationId: {
    present: "CostAndUsage-D-065-C",
    type: "CapacityReservationId-C-001-M",
    text: "CapacityReservationId-C-002-M",
    flags: ["CAPACITY_RESERVATION_SUPPORTED"],
  },
  CapacityReservationStatus: {
    present: "CostAndUsage-D-020-C",
    type: "CapacityReservationStatus-C-001-M",
    values: "CapacityReservationStatus-C-006-M",
    flags: ["CAPACITY_RESERVATION_SUPPORTED"],
  },
  ChargeCategory: {
    present: "CostAndUsage-D-008-M",
    type: "ChargeCategory-C-001-M",
    notNull: "ChargeCategory-C-002-M",
    values: "ChargeCategory-C-003-M",
  },
  ChargeClass: { present: "CostAndUsage-D-026-M", type: "ChargeClass-C-001-M", values: "ChargeClass-C-005-C" },
  ChargeDescription: {
    present: "CostAndUsage-D-025-M",
    type: "ChargeDescription-C-001-M",
    text: "ChargeDescription-C-002-M",
  },
  ChargeFrequency: {
    present: "CostAndUsage-D-027-O",
    type: "ChargeFrequency-C-001-M",
    notNull: "ChargeFrequency-C-002-M",
    values: "ChargeFrequency-C-003-M",
  },
  ChargePeriodEnd: {
    present: "CostAndUsage-D-028-M",
    type: "ChargePeriodEnd-C-001-M",
    format: "ChargePeriodEnd-C-002-M",
    notNull: "ChargePeriodEnd-C-003-M",
  },
  ChargePeriodStart: {
    present: "CostAndUsage-D-037-M",
    type: "ChargePeriodStart-C-001-M",
    format: "ChargePeriodStart-C-002-M",
    notNull: "ChargePeriodStart-C-003-M",
  },
  CommitmentDiscountCategory: {
    present: "CostAndUsage-D-016-C",
    type: "CommitmentDiscountCategory-C-001-M",
    values: "CommitmentDiscountCategory-C-005-M",
    flags: ["COMMITMENT_DISCOUNT_SUPPORTED"],
  },
  CommitmentDiscountId: {
    present: "CostAndUsage-D-013-C",
    type: "CommitmentDiscountId-C-001-M",
    text: "CommitmentDiscountId-C-002-M",
    flags: ["COMMITMENT_DISCOUNT_SUPPORTED"],
  },
  CommitmentDiscountName: {
    present: "CostAndUsage-D-012-C",
    type: "CommitmentDiscountName-C-001-M",
    text: "CommitmentDiscountName-C-002-M",
    flags: ["COMMITMENT_DISCOUNT_SUPPORTED"],
  },
  CommitmentDiscountQuantity: {
    present: "CostAndUsage-D-018-C",
    type: "CommitmentDiscountQuantity-C-001-M",
    format: "CommitmentDiscountQuantity-C-002-M",
    flags: ["COMMITMENT_DISCOUNT_SUPPORTED"],
  },
  CommitmentDiscountStatus: {
    present: "CostAndUsage-D-017-C",
    type: "CommitmentDiscountStatus-C-001-M",
    values: "CommitmentDiscountStatus-C-005-M",
    flags: ["COMMITMENT_DISCOUNT_SUPPORTED"],
  },
  CommitmentDiscountType: {
    present: "CostAndUsage-D-014-C",
    type: "CommitmentDiscountType-C-001-M",
    text: "CommitmentDiscountType-C-002-M",
    flags: ["COMMITMENT_DISCOUNT_SUPPORTED"],
  },
  CommitmentDiscountUnit: {
    present: "CostAndUsage-D-015-C",
    type: "CommitmentDiscountUnit-C-001-M",
    text: "CommitmentDiscountUnit-C-002-M",
    format: "CommitmentDiscountUnit-C-003-M",
    flags: ["COMMITMENT_DISCOUNT_SUPPORTED"],
  },
  ConsumedQuantity: {
    present: "CostAndUsage-D-011-C",
    type: "ConsumedQuantity-C-001-M",
    format: "ConsumedQuantity-C-002-M",
    flags: ["USAGE_MEASUREMENT_SUPPORTED"],
  },
  ConsumedUnit: {
    present: "CostAndUsage-D-066-C",
    type: "ConsumedUnit-C-001-M",
    text: "ConsumedUnit-C-002-M",
    format: "ConsumedUnit-C-003-O",
    flags: ["USAGE_MEASUREMENT_SUPPORTED"],
  },
  ContractedCost: {
    present: "CostAndUsage-D-030-M",
    type: "ContractedCost-C-001-M",
    format: "ContractedCost-C-002-M",
    notNull: "ContractedCost-C-003-M",
  },
  ContractedUnitPrice: {
    present: "CostAndUsage-D-034-C",
    type: "ContractedUnitPrice-C-002-M",
    format: "ContractedUnitPrice-C-003-M",
    nonNegative: "ContractedUnitPrice-C-009-C",
    flags: ["NEGOTIATED_PRICING_SUPPORTED"],
  },
  EffectiveCost: {
    present: "CostAndUsage-D-031-M",
    type: "EffectiveCost-C-001-M",
    format: "EffectiveCost-C-002-M",
    notNull: "EffectiveCost-C-003-M",
  },
  InvoiceId: { present: "CostAndUsage-D-033-O", type: "InvoiceId-C-001-M", text: "InvoiceId-C-002-M" },
  InvoiceIssuerName: {
    present: "CostAndUsage-D-023-M",
    type: "InvoiceIssuerName-C-001-M",
    text: "InvoiceIssuerName-C-002-M",
    notNull: "InvoiceIssuerName-C-003-M",
  },
  ListCost: {
    present: "CostAndUsage-D-032-M",
    type: "ListCost-C-001-M",
    format: "ListCost-C-002-M",
    notNull: "ListCost-C-003-M",
  },
  ListUnitPrice: {
    present: "CostAndUsage-D-004-C",
    type: "ListUnitPrice-C-001-M",
    format: "ListUnitPrice-C-002-M",
    nonNegative: "ListUnitPrice-C-008-M",
    flags: ["PUBLIC_PRICE_LIST_SUPPORTED"],
  },
  PricingCategory: {
    present: "CostAndUsage-D-022-C",
    type: "PricingCategory-C-001-M",
    values: "PricingCategory-C-007-M",
    flags: ["MULTIPLE_PRICING_CATEGORIES_SUPPORTED"],
  },
  PricingCurrency: {
    present: "CostAndUsage-D-045-C",
    type: "PricingCurrency-C-001-M",
    text: "PricingCurrency-C-002-M",
    format: "PricingCurrency-C-003-M",
    notNull: "PricingCurrency-C-004-M",
    flags: ["PRICING_BILLING_CURRENCY_DIFFERENCES_SUPPORTED"],
  },
  PricingCurrencyContractedUnitPrice: {
    present: "CostAndUsage-D-047-C",
    type: "PricingCurrencyContractedUnitPrice-C-001-M",
    format: "PricingCurrencyContractedUnitPrice-C-002-M",
    flags: ["PUBLIC_PRICE_LIST_SUPPORTED", "VIRTUAL_CURRENCY_SUPPORTED"],
  },
  PricingCurrencyEffectiveCost: {
    present: "CostAndUsage-D-051-C",
    type: "PricingCurrencyEffectiveCost-C-001-M",
    format: "PricingCurrencyEffectiveCost-C-002-M",
    notNull: "PricingCurrencyEffectiveCost-C-003-M",
    flags: ["PUBLIC_PRICE_LIST_SUPPORTED", "VIRTUAL_CURRENCY_SUPPORTED"],
  },
  PricingCurrencyListUnitPrice: {
    present: "CostAndUsage-D-055-C",
    type: "PricingCurrencyListUnitPrice-C-001-M",
    format: "PricingCurrencyListUnitPrice-C-002-M",
    nonNegative: "PricingCurrencyListUnitPrice-C-008-M",
    flags: ["PUBLIC_PRICE_LIST_SUPPORTED", "VIRTUAL_CURRENCY_SUPPORTED"],
  },
  PricingQuantity: {
    present: "CostAndUsage-D-036-M",
    type: "PricingQuantity-C-001-M",
    format: "PricingQuantity-C-002-M",
  },
  PricingUnit: {
    present: "CostAndUsage-D-068-M",
    type: "PricingUnit-C-001-M",
    text: "PricingUnit-C-002-M",
    format: "PricingUnit-C-003-O",
  },
  ProviderName: {
    present: "CostAndUsage-D-038-M",
    type: "ProviderName-C-001-M",
    text: "ProviderName-C-002-M",
    notNull: "ProviderName-C-003-M",
  },
  PublisherName: {
    present: "CostAndUsage-D-021-M",
    type: "PublisherName-C-001-M",
    text: "PublisherName-C-002-M",
    notNull: "PublisherName-C-003-M",
  },
  RegionId: {
    present: "CostAndUsage-D-063-C",
    type: "RegionId-C-001-M",
    text: "RegionId-C-002-M",
    flags: ["REGION_SUPPORTED"],
  },
  RegionName: {
    present: "CostAndUsage-D-062-C",
    type: "RegionName-C-001-M",
    text: "RegionName-C-002-M",
    flags: ["REGION_SUPPORTED"],
  },
  ResourceId: {
    present: "CostAndUsage-D-043-C",
    type: "ResourceId-C-001-M",
    text: "ResourceId-C-002-M",
    flags: ["BILLING_BASED_ON_PROVISIONED_RESOURCES_SUPPORTED"],
  },
  ResourceName: {
    present: "CostAndUsage-D-044-C",
    type: "ResourceName-C-001-M",
    text: "ResourceName-C-002-M",
    flags: ["BILLING_BASED_ON_PROVISIONED_RESOURCES_SUPPORTED"],
  },
  ResourceType: {
    present: "CostAndUsage-D-039-C",
    type: "ResourceType-C-001-M",
    text: "ResourceType-C-002-M",
    flags: ["BILLING_BASED_ON_PROVISIONED_RESOURCES_SUPPORTED", "RESOURCE_TYPE_ASSIGNMENT_SUPPORTED"],
  },
  ServiceCategory: {
    present: "CostAndUsage-D-040-M",
    type: "ServiceCategory-C-001-M",
    notNull: "ServiceCategory-C-002-M",
    values: "ServiceCategory-C-003-M",
  },
  ServiceName: {
    present: "CostAndUsage-D-041-M",
    type: "ServiceName-C-001-M",
    text: "ServiceName-C-002-M",
    notNull: "ServiceName-C-003-M",
  },
  ServiceSubcategory: {
    present: "CostAndUsage-D-042-O",
    type: "ServiceSubcategory-C-001-M",
    notNull: "ServiceSubcategory-C-002-M",
    values: "ServiceSubcategory-C-003-M",
  },
  SkuId: {
    present: "CostAndUsage-D-060-C",
    type: "SkuId-C-001-M",
    text: "SkuId-C-002-M",
    flags: ["PUBLIC_PRICE_LIST_SUPPORTED", "UNIT_PRICING_SUPPORTED"],
  },
  SkuMeter: {
    present: "CostAndUsage-D-059-C",
    type: "SkuMeter-C-001-M",
    text: "SkuMeter-C-002-M",
    flags: ["PUBLIC_PRICE_LIST_SUPPORTED", "UNIT_PRICING_SUPPORTED"],
  },
  SkuPriceDetails: {
    present: "CostAndUsage-D-061-C",
    format: "SkuPriceDetails-C-001-M",
    flags: ["PUBLIC_PRICE_LIST_SUPPORTED", "UNIT_PRICING_SUPPORTED"],
  },
  SkuPriceId: {
    present: "CostAndUsage-D-058-C",
    type: "SkuPriceId-C-001-M",
    text: "SkuPriceId-C-002-M",
    flags: ["PUBLIC_PRICE_LIST_SUPPORTED", "UNIT_PRICING_SUPPORTED"],
  },
  SubAccountId: {
    present: "CostAndUsage-D-019-C",
    type: "SubAccountId-C-001-M",
    text: "SubAccountId-C-002-M",
    flags: ["SUB_ACCOUNT_SUPPORTED"],
  },
  SubAccountName: {
    present: "CostAndUsage-D-029-C",
    type: "SubAccountName-C-001-M",
    text: "SubAccountName-C-002-M",
    flags: ["SUB_ACCOUNT_SUPPORTED"],
  },
  SubAccountType: {
    present: "CostAndUsage-D-067-C",
    type: "SubAccountType-C-001-M",
    text: "SubAccountType-C-002-M",
    flags: ["MULTIPLE_SUB_ACCOUNT_TYPES_SUPPORTED"],
  },
  Tags: { present: "CostAndUsage-D-064-C", format: "Tags-C-001-M", flags: ["TAGGING_SUPPORTED"] },
  // 1.3 and 1.4 have a model of their own; here only what a provider must support before it delivers their columns.
  AllocatedMethodId: { present: "AllocatedMethodId-X-Present", flags: ["SPLIT_COST_ALLOCATION_SUPPORTED"] },
  AllocatedMethodDetails: { present: "AllocatedMethodDetails-X-Present", flags: ["SPLIT_COST_ALLOCATION_SUPPORTED"] },
  AllocatedResourceId: { present: "AllocatedResourceId-X-Present", flags: ["SPLIT_COST_ALLOCATION_SUPPORTED"] },
  AllocatedResourceName: { present: "AllocatedResourceName-X-Present", flags: ["SPLIT_COST_ALLOCATION_SUPPORTED"] },
  AllocatedTags: { present: "AllocatedTags-X-Present", flags: ["SPLIT_COST_ALLOCATION_SUPPORTED"] },
  ContractApplied: { present: "ContractApplied-X-Present", flags: ["CONTRACT_COMMITMENT_SUPPORTED"] },
  InvoiceDetailId: { present: "InvoiceDetailId-X-Present", flags: ["PAYABLE_INVOICE_SUPPORTED"] },
  CommitmentProgramEligibilityDetails: {
    present: "CommitmentProgramEligibilityDetails-X-Present",
    flags: ["COMMITMENT_PROGRAM_SUPPORTED"],
  },
};
