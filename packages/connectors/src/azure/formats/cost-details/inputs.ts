import type { InputColumn, InputKind } from "../../../format.ts";

function column(kind: InputKind, names: string): InputColumn {
  return { kind, names: names.split(" ") };
}

/**
 * Columns of cost details under all names that agreements and schema versions give them: version 2 of the Enterprise Agreement
 * first, then Customer Agreement, version 1, pay-as-you-go and the retired EA portal. Names are compared without case, spaces
 * and punctuation, and after the language of the header has been taken off (see header.ts).
 */
export const costDetailsInputs = {
  cost: { ...column("decimal", "CostInBillingCurrency Cost PreTaxCost ExtendedCost"), required: true },
  date: { ...column("time", "Date UsageDateTime UsageDate"), required: true },
  billing_currency: {
    ...column("text", "BillingCurrencyCode BillingCurrency Currency"),
    required: true,
    assume: "BillingCurrency",
  },
  charge_type: column("text", "ChargeType"),
  pricing_model: column("text", "PricingModel"),
  frequency: column("text", "Frequency"),
  term: column("text", "Term"),

  quantity: column("decimal", "Quantity UsageQuantity ConsumedQuantity"),
  unit_of_measure: column("text", "UnitOfMeasure"),
  effective_price: column("decimal", "EffectivePrice ResourceRate"),
  unit_price: column("decimal", "UnitPrice"),
  payg_price: column("decimal", "PayGPrice MarketPrice"),
  payg_cost: column("decimal", "PaygCostInBillingCurrency"),
  cost_in_usd: column("decimal", "CostInUsd"),
  cost_in_pricing_currency: column("decimal", "CostInPricingCurrency"),
  pricing_currency: column("text", "PricingCurrency PricingCurrencyCode"),
  exchange_rate: column("decimal", "ExchangeRatePricingToBilling ExchangeRate"),
  exchange_rate_date: column("text", "ExchangeRateDate"),

  billing_account_id: column("text", "BillingAccountId"),
  billing_account_name: column("text", "BillingAccountName"),
  billing_profile_id: column("text", "BillingProfileId"),
  billing_profile_name: column("text", "BillingProfileName"),
  billing_period_start: column("time", "BillingPeriodStartDate BillingPeriodStart"),
  billing_period_end: column("time", "BillingPeriodEndDate BillingPeriodEnd"),
  service_period_start: column("text", "ServicePeriodStartDate ServicePeriodStart"),
  service_period_end: column("text", "ServicePeriodEndDate ServicePeriodEnd"),
  invoice_id: column("text", "InvoiceId"),
  previous_invoice_id: column("text", "PreviousInvoiceId"),
  invoice_section_id: column("text", "InvoiceSectionId"),
  invoice_section_name: column("text", "InvoiceSectionName InvoiceSection DepartmentName"),
  account_id: column("text", "AccountId"),
  account_name: column("text", "AccountName"),
  account_owner_id: column("text", "AccountOwnerId"),
  // The retired EA portal numbered subscriptions in SubscriptionId and gave their real id in SubscriptionGuid.
  subscription_id: column("text", "SubscriptionGuid SubscriptionId"),
  subscription_name: column("text", "SubscriptionName"),
  cost_center: column("text", "CostCenter"),
  partner_name: column("text", "PartnerName"),
  partner_tenant_id: column("text", "PartnerTenantId"),
  partner_credit_applied: column("text", "PartnerEarnedCreditApplied"),
  partner_credit_rate: column("text", "PartnerEarnedCreditRate"),
  reseller_id: column("text", "ResellerMpnId"),
  reseller_name: column("text", "ResellerName"),
  customer_id: column("text", "CustomerTenantId"),
  customer_name: column("text", "CustomerName"),

  resource_id: column("text", "ResourceId InstanceId"),
  resource_name: column("text", "ResourceName"),
  resource_group: column("text", "ResourceGroup ResourceGroupName"),
  resource_location: column("text", "ResourceLocation Location ResourceLocationNormalized"),
  availability_zone: column("text", "AvailabilityZone"),
  consumed_service: column("text", "ConsumedService"),
  tags: column("json", "Tags"),
  additional_info: column("json", "AdditionalInfo"),
  service_info_1: column("text", "ServiceInfo1"),
  service_info_2: column("text", "ServiceInfo2"),

  product: column("text", "ProductName Product"),
  product_id: column("text", "ProductId"),
  product_order_id: column("text", "ProductOrderId"),
  product_order_name: column("text", "ProductOrderName"),
  service_family: column("text", "ServiceFamily"),
  meter_id: column("text", "MeterId"),
  meter_name: column("text", "MeterName"),
  meter_category: column("text", "MeterCategory"),
  meter_subcategory: column("text", "MeterSubCategory"),
  meter_region: column("text", "MeterRegion"),
  part_number: column("text", "PartNumber"),
  offer_id: column("text", "OfferId"),
  plan_name: column("text", "PlanName"),
  publisher_type: column("text", "PublisherType"),
  publisher_name: column("text", "PublisherName"),
  publisher_id: column("text", "PublisherId"),
  credit_eligible: column("text", "IsAzureCreditEligible IsCreditEligible"),
  cost_allocation_rule: column("text", "CostAllocationRuleName"),

  benefit_id: column("text", "BenefitId"),
  benefit_name: column("text", "BenefitName"),
  reservation_id: column("text", "ReservationId"),
  reservation_name: column("text", "ReservationName"),
} as const satisfies Record<string, InputColumn>;
