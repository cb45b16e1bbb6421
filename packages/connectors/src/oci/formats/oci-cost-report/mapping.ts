import type { BillMapping, InputColumn } from "../../../format.ts";
import { ociRegions } from "../../regions.ts";
import { ociResourceKinds } from "../../resource-kinds.ts";
import { ociServicesByCode } from "../../services.ts";

const text = (...names: string[]): InputColumn => ({ names, kind: "text" });
const decimal = (...names: string[]): InputColumn => ({ names, kind: "decimal" });
const required = (column: InputColumn): InputColumn => ({ ...column, required: true });

/** Oracle's own cost report (reports/cost-csv), one row for each resource, SKU and hour; see the README. */
export const ociCostReportMapping: BillMapping = {
  inputs: {
    reference: text("lineItem/referenceNo"),
    tenant_id: required(text("lineItem/tenantId")),
    usage_start: { names: ["lineItem/intervalUsageStart"], kind: "time", required: true },
    usage_end: { names: ["lineItem/intervalUsageEnd"], kind: "time", required: true },
    service: required(text("product/service")),
    compartment_id: text("product/compartmentId"),
    compartment_name: text("product/compartmentName"),
    region: text("product/region"),
    availability_domain: text("product/availabilityDomain"),
    resource_id: text("product/resourceId"),
    quantity: decimal("usage/billedQuantity"),
    quantity_overage: decimal("usage/billedQuantityOverage"),
    subscription_id: text("cost/subscriptionId"),
    sku: text("cost/productSku"),
    description: text("product/Description"),
    unit_price: decimal("cost/unitPrice"),
    unit_price_overage: decimal("cost/unitPriceOverage"),
    cost: required(decimal("cost/myCost")),
    cost_overage: decimal("cost/myCostOverage"),
    currency: { ...required(text("cost/currencyCode")), assume: "BillingCurrency" },
    billing_unit: text("cost/billingUnitReadable"),
    sku_unit: text("cost/skuUnitDescription"),
    overage_flag: text("cost/overageFlag"),
    correction_flag: text("lineItem/isCorrection"),
    corrected_reference: text("lineItem/backreferenceNo", "lineItem/backReference"),
    attributed_cost: decimal("cost/attributedCost"),
    attributed_usage: decimal("usage/attributedUsage"),
  },

  // Namespaced tags are called namespace.key, and Oracle's own stand in namespaces such as Oracle-Tags: they need no prefix.
  families: { tags: { prefix: "tags/" } },

  steps: {
    is_correction: "coalesce(lower(correction_flag), 'false') = 'true'",
    service_code: "upper(replace(service, ' ', '_'))",
    // The report names no billing period. Oracle bills the month of the usage, also for corrections that come later.
    month: "date_trunc('month', usage_start)",
    unit: "coalesce(sku_unit, billing_unit)",
    ocid_word: "CASE WHEN resource_id LIKE 'ocid1.%' THEN split_part(resource_id, '.', 2) END",
  },

  lookups: [
    { as: "service_fact", table: ociServicesByCode, on: { code: "service_code" } },
    { as: "region_fact", table: ociRegions, on: { id: "region" } },
    { as: "resource_kind", table: ociResourceKinds, on: { word: "ocid_word" } },
  ],

  rejected: [
    {
      when: "coalesce(lower(correction_flag), 'false') NOT IN ('true', 'false')",
      reason: "'lineItem/isCorrection is ' || correction_flag || ', not true or false.'",
    },
    { when: "cost IS NULL", reason: "'cost/myCost is empty in line ' || coalesce(reference, '(no number)') || '.'" },
  ],

  // myCost includes the overage, which myCostOverage repeats; the parts of a correction add up with the line that they correct.
  rawCost: "cost",

  columns: {
    ProviderName: "'Oracle'",
    PublisherName: "'Oracle'",
    InvoiceIssuerName: "'Oracle'",
    BillingAccountId: "coalesce(subscription_id, tenant_id)",
    BillingAccountType: "CASE WHEN subscription_id IS NOT NULL THEN 'Subscription' ELSE 'Tenancy' END",
    SubAccountId: "compartment_id",
    SubAccountName: "coalesce(compartment_name, compartment_id)",
    SubAccountType: "CASE WHEN compartment_id IS NOT NULL THEN 'Compartment' END",

    BillingPeriodStart: "month",
    BillingPeriodEnd: "month + INTERVAL 1 MONTH",
    ChargePeriodStart: "usage_start",
    ChargePeriodEnd: "usage_end",

    ChargeCategory: "'Usage'",
    ChargeClass: "CASE WHEN is_correction THEN 'Correction' END",
    ChargeDescription: "coalesce(description, sku, service)",
    ChargeFrequency: "'Usage-Based'",

    BillingCurrency: "currency",
    BilledCost: "cost",
    // Oracle sells no reservations: what is billed is what was used.
    EffectiveCost: "cost",
    // The report has the tenancy's own price and no list price.
    ContractedCost: "cost",
    ContractedUnitPrice: "unit_price",
    PricingCategory: "'Standard'",
    PricingQuantity: "quantity",
    PricingUnit: "CASE WHEN quantity IS NOT NULL THEN unit END",
    PricingCurrency: "currency",
    PricingCurrencyContractedUnitPrice: "unit_price",
    PricingCurrencyEffectiveCost: "cost",
    ConsumedQuantity: "quantity",
    ConsumedUnit: "CASE WHEN quantity IS NOT NULL THEN unit END",

    ServiceName: "coalesce(service_fact.name, service)",
    ServiceCategory: "coalesce(service_fact.category, 'Other')",
    ServiceSubcategory: "coalesce(service_fact.subcategory, 'Other (Other)')",
    SkuId: "sku",
    SkuMeter: "CASE WHEN sku IS NOT NULL THEN description END",
    // Oracle has no id for a price, and FOCUS lets the SKU stand for it.
    SkuPriceId: "sku",

    RegionId: "region",
    RegionName: "coalesce(region_fact.name, region)",
    AvailabilityZone: "availability_domain",
    ResourceId: "resource_id",
    ResourceType:
      "CASE WHEN resource_id IS NOT NULL THEN coalesce(resource_kind.name, nullif(ocid_word, ''), service_fact.name, service) END",
    Tags: "tags",
  },

  extras: {
    x_ServiceCode: "service",
    x_TenancyId: "tenant_id",
    x_ReferenceNumber: "reference",
    x_CorrectedReference: "CASE WHEN is_correction THEN corrected_reference END",
    x_BillingUnit: "CASE WHEN billing_unit IS DISTINCT FROM unit THEN billing_unit END",
    x_IsOverage: "CASE WHEN lower(overage_flag) = 'true' THEN 'true' END",
    x_OverageQuantity: "quantity_overage",
    x_OverageUnitPrice: "unit_price_overage",
    x_OverageCost: "cost_overage",
    x_AttributedCost: "attributed_cost",
    x_AttributedUsage: "attributed_usage",
  },

  notes: ["The report has no list prices, so ListCost is unknown.", "InvoiceId is empty: the report names no invoice."],
};
