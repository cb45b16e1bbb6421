import type { BillHeader, BillMapping } from "../../../format.ts";
import { literal } from "../../../sql.ts";
import { azureUnitBlocks, azureUnitWords } from "../../pricing-units.ts";
import { azureRegions } from "../../regions.ts";
import { azureMeterCategories, azureNamespaces, azureResourceTypes } from "../../services.ts";
import { agreementOf } from "./detect.ts";
import { bindCostDetails, findCostDetailsColumns } from "./header.ts";
import { figures } from "./money.ts";
import { notesOfOneRole } from "./notes.ts";
import { readableTags, skuPriceDetails } from "./properties.ts";

/** What Azure calls a charge type → FOCUS charge category. A type that is not here is rejected. */
const chargeCategories = {
  usage: "Usage",
  unusedreservation: "Usage",
  unusedsavingsplan: "Usage",
  // Microsoft's own conversion: cost details do not tell a refund of usage from one of a purchase.
  purchase: "Purchase",
  refund: "Purchase",
  tax: "Tax",
  credit: "Credit",
  adjustment: "Adjustment",
  roundingadjustment: "Adjustment",
};

const steps = {
  kind: "lower(replace(coalesce(charge_type, 'Usage'), ' ', ''))",
  pricing: "lower(replace(pricing_model, ' ', ''))",
  is_purchase: "kind IN ('purchase', 'refund')",
  is_unused: "kind IN ('unusedreservation', 'unusedsavingsplan')",
  is_marketplace: "coalesce(lower(publisher_type) = 'marketplace', false)",
  // `/…/reservations/` without an id is how a purchase names its order.
  benefit:
    "CASE WHEN lower(benefit_id) LIKE '%/reservations/' THEN lower(left(benefit_id, -14)) ELSE lower(benefit_id) END",
  // Usage that only mentions a benefit is not covered by it; on purchases, and in files before PricingModel, the ids decide.
  commitment: `CASE WHEN pricing = 'reservation' OR kind = 'unusedreservation' THEN 'Reservation'
    WHEN pricing = 'savingsplan' OR kind = 'unusedsavingsplan' THEN 'Savings Plan'
    WHEN pricing IS NULL OR is_purchase THEN CASE WHEN contains(benefit, '/microsoft.billingbenefits/') THEN 'Savings Plan'
      WHEN contains(benefit, '/microsoft.capacity/') OR reservation_id IS NOT NULL THEN 'Reservation' END END`,
  covered: "commitment IS NOT NULL AND (kind = 'usage' OR is_unused)",
  commitment_fee: "commitment IS NOT NULL AND is_purchase",
  cost_is_zero: "coalesce(TRY_CAST(cost AS DOUBLE) = 0, false)",
  resource: "rtrim(lower(resource_id), '/')",
  provider_path: "CASE WHEN contains(resource, '/providers/') THEN split_part(resource, '/providers/', -1) END",
  parent_type: "split_part(provider_path, '/', 1) || '/' || split_part(provider_path, '/', 2)",
  resource_type:
    "CASE WHEN split_part(provider_path, '/', 4) = '' THEN parent_type ELSE parent_type || '/' || split_part(provider_path, '/', 4) END",
  meter_key: "lower(meter_category)",
  // "10K/Month" is 10, the thousands of K, and units per month; "100 GB" is 100 and GB.
  unit_key: "lower(replace(trim(unit_of_measure), ',', ''))",
  unit_rest: "ltrim(unit_key, '0123456789')",
  unit_scale: `CASE WHEN unit_rest = ' million' THEN '000000'
    WHEN substr(unit_rest, 2, 1) IN ('', '/', ' ') THEN CASE left(unit_rest, 1) WHEN 'k' THEN '000' WHEN 'm' THEN '000000' WHEN 'b' THEN '000000000' END END`,
  unit_word:
    "CASE WHEN unit_scale IS NULL THEN trim(unit_rest) WHEN unit_rest = ' million' THEN '' ELSE trim(substr(unit_rest, 2)) END",
  unit_block:
    "CASE WHEN unit_key = unit_rest THEN '1' ELSE left(unit_key, length(unit_key) - length(unit_rest)) || coalesce(unit_scale, '') END",
  region_key: "replace(replace(replace(lower(resource_location), ' ', ''), '-', ''), '_', '')",
  details: `CASE WHEN additional_info IS NULL THEN NULL WHEN NOT starts_with(additional_info, '{') THEN '{' || additional_info || '}' ELSE additional_info END`,
  details_map: "TRY_CAST(TRY_CAST(details AS JSON) AS MAP(VARCHAR, JSON))",
};

/** A function app is billed as a site; only its meter tells it from a web app. Else the resource type is the surest mark. */
const serviceFact = (fact: "service" | "category" | "subcategory") =>
  `CASE WHEN meter_key = 'functions' THEN meter.${fact} ELSE coalesce(type.${fact}, parent.${fact}, meter.${fact}, namespace.${fact}) END`;

const reservationOrder = "'/providers/microsoft.capacity/reservationorders/' || lower(product_order_id)";

/**
 * Azure cost details (actual, amortized or both) as FOCUS. One charge is stated by both exports, so of a pair the amortized
 * rows are kept, and of the actual rows those that amortized files do not have: above all the purchases of reservations and
 * savings plans. BilledCost adds up to what the actual files say, EffectiveCost to what the amortized files say.
 */
export function costDetailsMapping(header: BillHeader): BillMapping {
  const agreement = agreementOf(findCostDetailsColumns(header));
  const isCustomerAgreement = agreement === "Microsoft Customer Agreement";
  return {
    inputs: bindCostDetails(header),
    steps,
    twins: {
      key: "CASE WHEN NOT covered THEN hash(kind, date, lower(subscription_id), resource, meter_id, product, product_order_id, lower(resource_group), quantity, cost) END",
      scope: "date_trunc('month', coalesce(billing_period_start, date))",
    },
    lookups: [
      { as: "type", table: azureResourceTypes, on: { type_key: "resource_type" } },
      { as: "parent", table: azureResourceTypes, on: { type_key: "parent_type" } },
      { as: "meter", table: azureMeterCategories, on: { meter_key: "_source.meter_key" } },
      { as: "namespace", table: azureNamespaces, on: { namespace_key: "lower(consumed_service)" } },
      { as: "region", table: azureRegions, on: { region_key: "_source.region_key" } },
      { as: "unit", table: azureUnitWords, on: { word: "unit_word" } },
      { as: "block", table: azureUnitBlocks, on: { size: "unit_block" } },
    ],
    figures,
    rawCost: "cost",
    dropped: [
      {
        rule: "stated-by-amortized",
        when: "role = 'actual' AND twin",
        about: "The amortized export states the same charge, and its row is kept.",
      },
      {
        rule: "covered-usage-stated-by-amortized",
        when: "role = 'actual' AND twin IS NOT NULL AND covered AND cost_is_zero",
        about:
          "Usage under a reservation or savings plan costs 0 in the actual export; the amortized export has it with its share of the commitment.",
      },
    ],
    rejected: [
      {
        when: `kind NOT IN (${Object.keys(chargeCategories).map(literal).join(", ")})`,
        reason: "'The charge type \"' || charge_type || '\" is not known for Azure cost details.'",
      },
    ],
    bridge: [
      {
        rule: "covered-by-commitment",
        when: "covered AND role <> 'actual' AND NOT cost_is_zero",
        about:
          "Amortized cost of usage (or of unused hours) under a reservation or savings plan: paid with the purchase, so billed 0 here.",
      },
      {
        rule: "not-in-actual",
        when: "role = 'amortized' AND twin = false AND NOT covered AND NOT cost_is_zero",
        about: "The amortized export has the charge and the actual export of the same delivery does not bill it.",
      },
    ],
    columns: {
      BilledCost: "CASE WHEN is_billed THEN cost ELSE '0' END",
      EffectiveCost: "CASE WHEN is_effective THEN cost ELSE '0' END",
      ListCost: "list_cost",
      ContractedCost: "contracted_cost",
      ListUnitPrice: "list_price_billed",
      ContractedUnitPrice: "contracted_price_billed",
      PricingQuantity: "units",
      PricingUnit: "focus_unit",
      ConsumedQuantity: "CASE WHEN kind = 'usage' THEN units END",
      ConsumedUnit: "CASE WHEN kind = 'usage' THEN focus_unit END",
      BillingCurrency: "billing_currency",
      PricingCurrency: "coalesce(pricing_currency, billing_currency)",
      PricingCurrencyListUnitPrice: "list_price",
      PricingCurrencyContractedUnitPrice: "contracted_price",
      PricingCurrencyEffectiveCost: `CASE WHEN is_effective THEN ${isCustomerAgreement ? "cost_in_pricing_currency" : "cost"} ELSE '0' END`,

      BillingAccountId: isCustomerAgreement
        ? "coalesce(billing_profile_id, billing_account_id, billing_account_name)"
        : "coalesce(billing_account_id, billing_profile_id, subscription_id)",
      BillingAccountName: isCustomerAgreement
        ? "coalesce(billing_profile_name, billing_account_name)"
        : "coalesce(billing_account_name, billing_profile_name)",
      BillingAccountType: literal(
        {
          "Enterprise Agreement": "Billing Account",
          "Microsoft Customer Agreement": "Billing Profile",
          "pay-as-you-go": "Subscription",
        }[agreement],
      ),
      // The subscription of charges that belong to none is written as a GUID of zeros.
      SubAccountId:
        "CASE WHEN subscription_id <> '00000000-0000-0000-0000-000000000000' THEN '/subscriptions/' || lower(subscription_id) END",
      SubAccountName: "CASE WHEN subscription_id <> '00000000-0000-0000-0000-000000000000' THEN subscription_name END",
      SubAccountType: "CASE WHEN subscription_id <> '00000000-0000-0000-0000-000000000000' THEN 'Subscription' END",
      BillingPeriodStart: "coalesce(billing_period_start, CAST(date_trunc('month', date) AS TIMESTAMP))",
      // Azure gives the last day of the period; FOCUS wants the first instant after it.
      BillingPeriodEnd:
        "coalesce(CAST(date_trunc('day', billing_period_end) AS TIMESTAMP) + INTERVAL 1 DAY, coalesce(billing_period_start, CAST(date_trunc('month', date) AS TIMESTAMP)) + INTERVAL 1 MONTH)",
      ChargePeriodStart: "date",
      ChargePeriodEnd: "date + INTERVAL 1 DAY",
      InvoiceId: "invoice_id",
      InvoiceIssuerName: "coalesce(partner_name, 'Microsoft')",
      ProviderName: "'Microsoft'",
      PublisherName: "CASE WHEN is_marketplace THEN coalesce(publisher_name, 'Microsoft') ELSE 'Microsoft' END",
      ServiceProviderName: "'Microsoft'",
      HostProviderName: "CASE WHEN NOT is_marketplace THEN 'Microsoft' END",

      ChargeCategory: `CASE kind ${Object.entries(chargeCategories)
        .map(([kind, category]) => `WHEN ${literal(kind)} THEN ${literal(category)}`)
        .join(" ")} END`,
      ChargeClass: "CASE WHEN kind = 'refund' THEN 'Correction' END",
      ChargeDescription: "coalesce(product, product_order_name, meter_name)",
      // Azure's "Other" is no FOCUS value, older files have no frequency, and no purchase is usage-based: the nearest by kind.
      ChargeFrequency: `CASE lower(frequency) WHEN 'recurring' THEN 'Recurring' WHEN 'onetime' THEN 'One-Time' ELSE
        CASE WHEN kind = 'usage' OR is_unused OR (lower(frequency) = 'usagebased' AND NOT is_purchase) THEN 'Usage-Based' ELSE 'One-Time' END END`,
      PricingCategory: `CASE WHEN kind IN ('tax', 'credit', 'adjustment', 'roundingadjustment') THEN NULL WHEN covered THEN 'Committed' WHEN commitment_fee THEN 'Standard'
        WHEN pricing = 'spot' THEN 'Dynamic' WHEN pricing = 'ondemand' OR pricing IS NULL THEN 'Standard' ELSE 'Other' END`,

      CommitmentDiscountId: `CASE WHEN commitment IS NULL THEN NULL WHEN benefit IS NOT NULL THEN benefit WHEN reservation_id = product_order_id THEN ${reservationOrder}
        WHEN product_order_id IS NOT NULL AND reservation_id IS NOT NULL THEN ${reservationOrder} || '/reservations/' || lower(reservation_id) ELSE lower(coalesce(reservation_id, product_order_id)) END`,
      CommitmentDiscountName:
        "CASE WHEN commitment IS NOT NULL THEN coalesce(benefit_name, reservation_name, product_order_name) END",
      CommitmentDiscountCategory:
        "CASE commitment WHEN 'Reservation' THEN 'Usage' WHEN 'Savings Plan' THEN 'Spend' END",
      CommitmentDiscountType: "commitment",
      CommitmentDiscountStatus: "CASE WHEN is_unused THEN 'Unused' WHEN covered THEN 'Used' END",
      CommitmentDiscountQuantity: "commitment_quantity",
      CommitmentDiscountUnit: "commitment_unit",
      CapacityReservationId:
        "CASE WHEN contains(details, 'VMCapacityReservationId') THEN json_extract_string(details_map['VMCapacityReservationId'], '$') END",
      CapacityReservationStatus:
        "CASE WHEN contains(details, 'VMCapacityReservationId') AND (kind = 'usage' OR is_unused) THEN CASE WHEN resource_type = 'microsoft.compute/capacityreservationgroups/capacityreservations' THEN 'Unused' ELSE 'Used' END END",

      ServiceName: `coalesce(${serviceFact("service")}, meter_category, consumed_service, service_family, 'Other')`,
      ServiceCategory: `coalesce(${serviceFact("category")}, 'Other')`,
      ServiceSubcategory: `coalesce(${serviceFact("subcategory")}, 'Other (Other)')`,
      RegionId:
        "CASE WHEN region_key NOT IN ('unassigned', 'unknown', 'n/a', 'notapplicable') THEN coalesce(region.region_id, region_key) END",
      RegionName:
        "CASE WHEN region_key NOT IN ('unassigned', 'unknown', 'n/a', 'notapplicable') THEN coalesce(region.region_name, resource_location) END",
      AvailabilityZone: "availability_zone",
      ResourceId: "resource",
      // ResourceName of the Enterprise Agreement names the parent of a nested resource; the end of its id is its own name.
      ResourceName:
        "CASE WHEN resource IS NULL THEN NULL WHEN commitment_fee THEN coalesce(benefit_name, reservation_name) WHEN provider_path IS NOT NULL THEN split_part(rtrim(resource_id, '/'), '/', -1) ELSE coalesce(resource_name, resource_id) END",
      ResourceType:
        "coalesce(type.type_name, parent.type_name, resource_type, CASE WHEN resource IS NOT NULL THEN coalesce(consumed_service, meter_category, 'Other') END)",
      // A meter is what the Enterprise Agreement prices, under a part number; the Customer Agreement prices meters of products.
      SkuId: "CASE WHEN kind <> 'tax' THEN coalesce(product_id, meter_id) END",
      SkuPriceId: "CASE WHEN kind <> 'tax' THEN coalesce(part_number, product_id || '_' || meter_id) END",
      SkuMeter: "CASE WHEN kind <> 'tax' AND coalesce(product_id, meter_id) IS NOT NULL THEN meter_name END",
      SkuPriceDetails: `CASE WHEN kind <> 'tax' AND coalesce(part_number, product_id || '_' || meter_id) IS NOT NULL THEN ${skuPriceDetails} END`,
      Tags: readableTags,
    },
    extras: {
      x_AccountId: "account_id",
      x_AccountName: "account_name",
      x_AccountOwnerId: "account_owner_id",
      // Where the properties of the price cannot take it: it is no JSON, or the row names no price.
      x_AdditionalInfo:
        "CASE WHEN details_map IS NULL OR kind = 'tax' OR coalesce(part_number, product_id || '_' || meter_id) IS NULL THEN additional_info END",
      x_BilledCostInUsd: "cost_in_usd",
      x_BillingAccountId: "billing_account_id",
      x_BillingExchangeRate: "exchange_rate",
      x_BillingExchangeRateDate: "exchange_rate_date",
      x_BillingProfileId: "billing_profile_id",
      x_ChargeType: "charge_type",
      x_ConsumedService: "consumed_service",
      x_CostAllocationRuleName: "cost_allocation_rule",
      x_CostCenter: "cost_center",
      x_CustomerId: "customer_id",
      x_CustomerName: "customer_name",
      x_EffectiveUnitPrice: "effective_price",
      x_InvoiceSectionId: "invoice_section_id",
      x_InvoiceSectionName: "invoice_section_name",
      x_PartnerCreditApplied: "partner_credit_applied",
      x_PartnerCreditRate: "partner_credit_rate",
      x_PartnerTenantId: "partner_tenant_id",
      x_PreviousInvoiceId: "previous_invoice_id",
      x_PricingBlockSize: "unit_block",
      x_PricingSubcategory: "pricing_model",
      x_PricingUnitDescription: "unit_of_measure",
      x_PublisherCategory: "publisher_type",
      x_PublisherId: "publisher_id",
      x_ResellerId: "reseller_id",
      x_ResellerName: "reseller_name",
      x_ResourceGroupName: "lower(resource_group)",
      x_ResourceType: "resource_type",
      x_ServiceInfo1: "service_info_1",
      x_ServiceInfo2: "service_info_2",
      x_ServicePeriodEnd: "service_period_end",
      x_ServicePeriodStart: "service_period_start",
      x_SkuIsCreditEligible: "credit_eligible",
      x_SkuMeterCategory: "meter_category",
      x_SkuMeterId: "meter_id",
      x_SkuMeterSubcategory: "meter_subcategory",
      x_SkuOfferId: "offer_id",
      x_SkuOrderId: "product_order_id",
      x_SkuOrderName: "product_order_name",
      x_SkuPartNumber: "part_number",
      x_SkuPlanName: "plan_name",
      x_SkuRegion: "meter_region",
      x_SkuServiceFamily: "service_family",
      x_SkuTerm: "term",
    },
    notesOfOneRole,
  };
}
