import type { BillHeader, BillMapping, ColumnFamily, InputColumn } from "../format.ts";
import { awsChargeKinds } from "./charge-kinds.ts";
import { curColumns, type CurColumn, decimalType, presentColumns } from "./cur-columns.ts";
import { awsRegions, awsUsageTypeRegions } from "./regions.ts";
import { awsResourceTypes } from "./resource-types.ts";
import { awsServices } from "./services.ts";
import { skuPriceDetails, skuPriceSteps } from "./sku-price-details.ts";
import { awsUnits } from "./units.ts";

/** Where a kind of CUR keeps tags and product attributes, which is all in which legacy CUR and CUR 2.0 differ. */
export interface CurLayout {
  inputs: Record<string, InputColumn>;
  families: Record<string, ColumnFamily>;
  steps: Record<string, string>;
  /** SQL for the tags of a row as a JSON object. */
  tags: string;
  /** SQL for the value of the tag `Name`, which is what the AWS console shows as an instance's name. */
  nameTag: string;
  /** SQL for the discounts that a row's net cost contains as a JSON object, or null where the file does not tell them. */
  discounts: string | null;
  /** SQL for a product attribute, which may be no column of its own. */
  attribute: (column: CurColumn) => string;
  rejected: NonNullable<BillMapping["rejected"]>;
}

/** The Cost and Usage Report as FOCUS rows; `charge-kinds.ts` is its table of contents, `README.md` gives the reasons. */
export function curMapping(header: BillHeader, layout: CurLayout): BillMapping {
  const has = presentColumns(header);
  const { inputs, steps } = curColumns(header);
  const { attribute } = layout;
  // AWS writes the net columns only for accounts with private discounts, and then they are what is paid.
  const net = (netColumn: CurColumn, column: CurColumn) =>
    has(netColumn) ? `coalesce(${netColumn}, ${column})` : column;
  // Results of the exact_ macros are text; beside amounts that are DOUBLE they become DOUBLE, as if AWS had stated them.
  const amount = (exact: string) => (decimalType(header) === "DOUBLE" ? `CAST(${exact} AS DOUBLE)` : exact);
  const unusedCommitment = amount(exactUnusedCommitment);

  return {
    inputs: { ...inputs, ...layout.inputs },
    families: layout.families,
    steps: {
      ...steps,
      ...layout.steps,
      kind: `CASE
        WHEN ${has("split_parent_resource_id") ? "split_parent_resource_id IS NOT NULL OR " : ""}operation IN ('EKSPod-EC2', 'ECSTask-EC2') THEN 'split'
        ELSE CASE line_item_type
          WHEN 'Usage' THEN 'usage'
          WHEN 'SavingsPlanCoveredUsage' THEN 'sp_usage'
          WHEN 'SavingsPlanNegation' THEN 'negation'
          WHEN 'SavingsPlanRecurringFee' THEN 'sp_fee'
          WHEN 'SavingsPlanUpfrontFee' THEN 'sp_upfront'
          WHEN 'DiscountedUsage' THEN 'ri_usage'
          WHEN 'RIFee' THEN 'ri_fee'
          WHEN 'Fee' THEN CASE WHEN reservation_arn IS NULL THEN 'fee' ELSE 'ri_upfront' END
          WHEN 'FlatRateSubscription' THEN 'flat_rate'
          WHEN 'Tax' THEN 'tax'
          WHEN 'Credit' THEN 'credit'
          WHEN 'Refund' THEN CASE WHEN reservation_arn IS NOT NULL OR savings_plan_arn IS NOT NULL OR product_code IN ('ComputeSavingsPlans', 'MachineLearningSavingsPlans', 'DatabaseSavingsPlans') THEN 'fee_refund' ELSE 'refund' END
          WHEN 'EdpDiscount' THEN 'discount'
          WHEN 'PrivateRateDiscount' THEN 'discount'
          WHEN 'BundledDiscount' THEN 'discount'
          WHEN 'RiVolumeDiscount' THEN 'discount'
          WHEN 'SppDiscount' THEN 'discount'
          WHEN 'Discount' THEN 'discount'
        END END`,
      cost: net("net_unblended_cost", "unblended_cost"),
      // What a fee paid for and nothing used, in the period of the fee.
      unused_cost: `CASE kind
        WHEN 'ri_fee' THEN ${amount(`exact_add(coalesce(${net("net_unused_upfront_fee", "unused_upfront_fee")}, '0'), coalesce(${net("net_unused_recurring_fee", "unused_recurring_fee")}, '0'))`)}
        WHEN 'sp_fee' THEN ${amount(unusedCommitmentCost(has))} END`,
      // A discount, credit or tax may name a commitment too, but FOCUS ties only usage and purchases to one.
      commitment_category: `CASE kind
        WHEN 'sp_usage' THEN 'Spend' WHEN 'sp_fee' THEN 'Spend' WHEN 'sp_upfront' THEN 'Spend'
        WHEN 'ri_usage' THEN 'Usage' WHEN 'ri_fee' THEN 'Usage' WHEN 'ri_upfront' THEN 'Usage'
        WHEN 'fee_refund' THEN CASE WHEN savings_plan_arn IS NOT NULL THEN 'Spend' ELSE 'Usage' END END`,
      commitment_id:
        "CASE commitment_category WHEN 'Spend' THEN savings_plan_arn WHEN 'Usage' THEN coalesce(reservation_arn, reservation_subscription_id) END",
      stated_region: `coalesce(region_code, ${attribute("region")})`,
      // CloudFront's usage types start with a continent: "EU-" is no sign of Ireland there.
      usage_type_prefix: `CASE WHEN stated_region IS NOT NULL OR product_code = 'AmazonCloudFront' THEN NULL
        WHEN usage_type >= 'a' THEN array_to_string(string_split(usage_type, '-')[1:3], '-')
        ELSE split_part(usage_type, '-', 1) END`,
      is_arn: "coalesce(starts_with(resource_id, 'arn:'), false)",
      arn_rest: "CASE WHEN is_arn THEN split_part(resource_id, ':', 6) END",
      // Some ARNs name the resource at once, without a type before it: arn:aws:s3:::my-bucket.
      arn_type:
        "CASE WHEN is_arn THEN CASE WHEN contains(arn_rest, '/') THEN split_part(arn_rest, '/', 1) WHEN split_part(resource_id, ':', 7) <> '' THEN arn_rest ELSE '' END END",
      resource_key: `CASE WHEN resource_id IS NULL THEN NULL
        WHEN is_arn THEN split_part(resource_id, ':', 3) || ':' || arn_type
        WHEN product_code = 'AmazonS3' THEN 'AmazonS3'
        ELSE split_part(resource_id, '-', 1) || '-' END`,
      ...skuPriceSteps(attribute),
    },
    lookups: [
      { as: "charge", table: awsChargeKinds, on: { kind_key: "kind" } },
      { as: "service", table: awsServices, on: { code: "product_code" } },
      { as: "usage_region", table: awsUsageTypeRegions, on: { prefix: "usage_type_prefix" } },
      { as: "known_region", table: awsRegions, on: { id: regionId } },
      { as: "unit", table: awsUnits, on: { aws_unit: "pricing_unit" } },
      { as: "resource", table: awsResourceTypes, on: { key: "resource_key" } },
    ],

    rawCost: "cost",
    rejected: [
      {
        when: "kind IS NULL",
        reason:
          "'Its line item type is ' || coalesce('\"' || line_item_type || '\"', 'empty') || ', which AWS does not document.'",
      },
      ...layout.rejected,
    ],
    dropped: [
      {
        rule: "savings-plan-negation",
        when: "kind = 'negation'",
        about:
          "Takes back the on-demand price of usage that a savings plan covers; that usage is billed 0 here, so nothing is left to take back.",
      },
    ],
    bridge: [
      {
        rule: "savings-plan-covered-usage",
        when: "kind = 'sp_usage'",
        about:
          "AWS states the on-demand price and takes it back in a negation line; billed is the plan's fee, so the usage is billed 0.",
      },
      {
        rule: "reservation-covered-usage",
        when: "kind = 'ri_usage'",
        about: "Billed is the reservation's fee, so usage that it covers is billed 0.",
      },
      {
        rule: "split-cost-allocation",
        when: "kind = 'split'",
        about: "The share of a pod or task in an instance that has its own line: its cost is billed there.",
      },
    ],
    derived: [
      {
        rule: "unused-commitment",
        when: "CASE WHEN unused_cost IS NULL THEN false ELSE TRY_CAST(unused_cost AS DOUBLE) > 0 END",
        about: "What a reservation or savings plan cost in the period of its fee and nothing used.",
      },
    ],

    columns: {
      BillingAccountId: "payer_account_id",
      BillingAccountName: "payer_account_name",
      BillingAccountType: "'Payer Account'",
      SubAccountId: "usage_account_id",
      SubAccountName: "usage_account_name",
      SubAccountType: "CASE WHEN usage_account_id IS NOT NULL THEN 'Linked Account' END",
      BillingPeriodStart: "billing_period_start",
      BillingPeriodEnd: exclusiveEnd("billing_period_end"),
      BillingCurrency: "currency",
      PricingCurrency: "coalesce(pricing_currency, currency)",
      InvoiceId: "invoice_id",
      InvoiceIssuerName: "coalesce(invoicing_entity, legal_entity, billing_entity, 'AWS')",
      ProviderName: "'AWS'",
      PublisherName: "coalesce(legal_entity, billing_entity, 'AWS')",

      ChargeCategory: "CASE WHEN part <> 'line' THEN 'Usage' ELSE charge.category END",
      ChargeClass:
        "CASE WHEN kind IN ('refund', 'fee_refund') AND (bill_type = 'Refund' OR usage_start < billing_period_start) THEN 'Correction' END",
      ChargeDescription: "description",
      ChargeFrequency:
        "CASE WHEN part <> 'line' THEN 'Usage-Based' WHEN charge.frequency IS NOT NULL THEN charge.frequency WHEN bill_type = 'Anniversary' THEN 'Recurring' ELSE 'One-Time' END",
      ChargePeriodStart: "usage_start",
      ChargePeriodEnd: exclusiveEnd("usage_end"),

      BilledCost: "CASE WHEN part <> 'line' OR kind IN ('sp_usage', 'ri_usage', 'split') THEN '0' ELSE cost END",
      EffectiveCost: `CASE WHEN part <> 'line' THEN unused_cost
        ELSE CASE charge.effective
          WHEN 'plan' THEN ${net("net_savings_plan_effective_cost", "savings_plan_effective_cost")}
          WHEN 'reservation' THEN ${net("net_reservation_effective_cost", "reservation_effective_cost")}
          WHEN 'none' THEN '0'
          ELSE cost END END`,
      // A public price of nothing without a rate is a gap in AWS's price list, not a free service.
      ListCost: `CASE WHEN part <> 'line' THEN NULL
        ELSE CASE charge.amounts
          WHEN 'metered' THEN CASE WHEN pricing_currency <> currency THEN NULL
            WHEN public_rate IS NOT NULL THEN ${has("public_cost") ? "public_cost" : amount("exact_multiply(public_rate, usage_amount)")}
            WHEN TRY_CAST(public_cost AS DOUBLE) <> 0 THEN public_cost END
          WHEN 'fee' THEN unblended_cost
          WHEN 'repeated' THEN '0'
          ELSE cost END END`,
      ListUnitPrice: `CASE WHEN part <> 'line' OR pricing_currency <> currency THEN NULL
        ELSE CASE charge.amounts WHEN 'metered' THEN public_rate WHEN 'fee' THEN unblended_rate END END`,
      // Before the commitment, usage that a plan covers has its on-demand price. For reservations AWS states none, and only
      // on a line without private discounts is it known to be the public one.
      ContractedCost: `CASE WHEN part <> 'line' THEN NULL
        WHEN kind = 'ri_usage' THEN CASE WHEN net_unblended_cost IS NULL AND public_rate IS NOT NULL AND coalesce(pricing_currency, currency) = currency THEN public_cost END
        WHEN kind = 'split' THEN '0'
        ELSE cost END`,
      ContractedUnitPrice: `CASE WHEN part <> 'line' THEN NULL
        WHEN kind = 'ri_usage' THEN CASE WHEN net_unblended_cost IS NULL AND coalesce(pricing_currency, currency) = currency THEN public_rate END
        WHEN charge.amounts IN ('metered', 'fee') THEN ${net("net_unblended_rate", "unblended_rate")} END`,
      PricingCategory: `CASE
        WHEN part <> 'line' OR kind IN ('sp_usage', 'ri_usage') THEN 'Committed'
        WHEN charge.amounts = 'none' THEN NULL
        WHEN contains(usage_type, 'Spot') THEN 'Dynamic'
        ELSE 'Standard' END`,
      PricingQuantity: `CASE WHEN part <> 'line' THEN CASE WHEN kind = 'ri_fee' THEN coalesce(unused_quantity, '0') ELSE ${unusedCommitment} END
        ELSE CASE charge.amounts WHEN 'none' THEN NULL WHEN 'repeated' THEN '0' ELSE usage_amount END END`,
      PricingUnit: `CASE WHEN charge.amounts = 'none' THEN NULL WHEN part <> 'line' AND kind = 'sp_fee' THEN currency ELSE ${focusUnit} END`,
      ConsumedQuantity:
        "CASE WHEN part <> 'line' THEN NULL ELSE CASE charge.amounts WHEN 'metered' THEN usage_amount WHEN 'repeated' THEN '0' END END",
      ConsumedUnit: `CASE WHEN part = 'line' AND charge.amounts IN ('metered', 'repeated') THEN ${focusUnit} END`,

      CommitmentDiscountId: "commitment_id",
      CommitmentDiscountCategory: "CASE WHEN commitment_id IS NOT NULL THEN commitment_category END",
      CommitmentDiscountType:
        "CASE WHEN commitment_id IS NOT NULL THEN CASE commitment_category WHEN 'Spend' THEN 'Savings Plan' ELSE 'Reserved Instance' END END",
      CommitmentDiscountStatus:
        "CASE WHEN commitment_id IS NULL THEN NULL WHEN part <> 'line' THEN 'Unused' WHEN kind IN ('sp_usage', 'ri_usage') THEN 'Used' END",
      CommitmentDiscountQuantity: `CASE WHEN commitment_id IS NULL THEN NULL
        WHEN part <> 'line' THEN CASE WHEN kind = 'sp_fee' THEN ${unusedCommitment} WHEN ${isPositive("unused_normalized_quantity")} THEN unused_normalized_quantity ELSE coalesce(unused_quantity, '0') END
        ELSE CASE kind
          WHEN 'sp_usage' THEN savings_plan_effective_cost
          WHEN 'sp_fee' THEN total_commitment
          WHEN 'sp_upfront' THEN unblended_cost
          WHEN 'ri_usage' THEN CASE WHEN ${isPositive("normalized_usage_amount")} THEN normalized_usage_amount ELSE usage_amount END
          WHEN 'fee_refund' THEN NULL
          ELSE CASE WHEN ${isPositive("reserved_normalized_units")} THEN reserved_normalized_units ELSE coalesce(reserved_units, usage_amount) END END END`,
      CommitmentDiscountUnit: `CASE WHEN commitment_id IS NULL OR kind = 'fee_refund' THEN NULL
        WHEN commitment_category = 'Spend' THEN currency
        ELSE CASE WHEN ${isNormalized} THEN 'Normalized ' ELSE '' END || ${focusUnit} END`,
      CapacityReservationId: capacityReservationId,
      CapacityReservationStatus: `CASE
        WHEN charge.amounts <> 'metered' OR ${capacityReservationId} IS NULL THEN NULL
        WHEN capacity_reservation_status = 'Unused' OR contains(usage_type, 'Unused') THEN 'Unused'
        ELSE 'Used' END`,

      ServiceName: `coalesce(service.name, ${attribute("product_name")}, product_code, 'AWS')`,
      ServiceCategory: "coalesce(service.category, 'Other')",
      ServiceSubcategory: "coalesce(service.subcategory, 'Other (Other)')",
      SkuId: "CASE WHEN kind <> 'tax' THEN sku END",
      SkuMeter: "CASE WHEN kind <> 'tax' AND sku IS NOT NULL THEN usage_type END",
      SkuPriceId: "CASE WHEN kind <> 'tax' THEN coalesce(rate_code, rate_id) END",
      SkuPriceDetails: `CASE WHEN charge.amounts = 'metered' AND sku IS NOT NULL THEN ${skuPriceDetails(attribute)} END`,

      ResourceId: "resource_id",
      // An id such as i-0abc is the system's own; the name that people gave it stands in the tag "Name".
      ResourceName: `CASE
        WHEN resource_id IS NULL THEN NULL
        WHEN arn_type = 'loadbalancer' THEN coalesce(nullif(split_part(resource_id, '/', 3), ''), split_part(resource_id, '/', 2))
        WHEN is_arn THEN split_part(split_part(resource_id, '/', -1), ':', -1)
        WHEN product_code = 'AmazonS3' THEN resource_id
        ELSE ${layout.nameTag} END`,
      ResourceType:
        "CASE WHEN resource_id IS NOT NULL THEN coalesce(resource.resource_type, nullif(arn_type, ''), product_family, service.name, product_code) END",
      RegionId: regionId,
      RegionName: `coalesce(known_region.region_name, ${regionId})`,
      AvailabilityZone: `nullif(availability_zone, ${regionId})`,
      Tags: layout.tags,
    },
    extras: {
      x_LineItemType: "line_item_type",
      x_Operation: "operation",
      x_ServiceCode: "service_code",
      ...(has("product_family") ? { x_ProductFamily: "product_family" } : {}),
      x_UsageType: "CASE WHEN sku IS NULL OR kind = 'tax' THEN usage_type END",
      x_DiscountType: "CASE WHEN kind = 'discount' THEN line_item_type END",
      ...(layout.discounts === null
        ? {}
        : {
            x_Discounts: has("total_discount")
              ? `CASE WHEN TRY_CAST(total_discount AS DOUBLE) <> 0 THEN ${layout.discounts} END`
              : layout.discounts,
          }),
      ...(has("tax_type") ? { x_TaxType: "tax_type" } : {}),
      ...(has("iam_principal") ? { x_IamPrincipal: "iam_principal" } : {}),
      ...splitExtras(has),
    },
  };
}

const regionId = "coalesce(stated_region, usage_region.region_id, rtrim(availability_zone, 'abcdefgh'))";
const focusUnit = "coalesce(unit.focus_unit, pricing_unit, 'Units')";
const exactUnusedCommitment = "exact_subtract(total_commitment, used_commitment)";
const capacityReservationId =
  "coalesce(capacity_reservation_arn, CASE WHEN contains(usage_type, 'UnusedBox:') OR contains(usage_type, 'UnusedDed:') THEN resource_id END)";
const isNormalized = `CASE
          WHEN part <> 'line' THEN ${isPositive("unused_normalized_quantity")}
          WHEN kind = 'ri_usage' THEN ${isPositive("normalized_usage_amount")}
          ELSE ${isPositive("reserved_normalized_units")} END`;

function isPositive(column: CurColumn): string {
  return `coalesce(TRY_CAST(${column} AS DOUBLE), 0) > 0`;
}

/** Monthly fees end at 23:59:59 of the last day; FOCUS's end is the first moment after. */
function exclusiveEnd(column: CurColumn): string {
  return `CASE WHEN second(${column}) = 59 THEN ${column} + INTERVAL 1 SECOND ELSE ${column} END`;
}

/**
 * AWS states the commitment and its used part before private discounts. Where it states the net commitment too, the unused
 * part is brought down in the same proportion; discounts have few decimals, so rounding the proportion removes only noise.
 */
function unusedCommitmentCost(has: (column: CurColumn) => boolean): string {
  const number = (column: CurColumn) => `coalesce(TRY_CAST(${column} AS DOUBLE), 0)`;
  const proportions = [
    ...(has("net_recurring_commitment") || has("net_upfront_commitment")
      ? [
          `(${number("net_recurring_commitment")} + ${number("net_upfront_commitment")}) / nullif(${number("recurring_commitment")} + ${number("upfront_commitment")}, 0)`,
        ]
      : []),
    ...(has("net_unblended_cost")
      ? [
          "TRY_CAST(coalesce(net_unblended_cost, unblended_cost) AS DOUBLE) / nullif(TRY_CAST(unblended_cost AS DOUBLE), 0)",
        ]
      : []),
  ];
  if (proportions.length === 0) return exactUnusedCommitment;
  const proportion = `round(coalesce(${proportions.map((sql) => `nullif(${sql}, 0)`).join(", ")}, 1), 12)`;
  return `CASE WHEN ${proportion} = 1 THEN ${exactUnusedCommitment} ELSE exact_multiply(${exactUnusedCommitment}, ${proportion}) END`;
}

function splitExtras(has: (column: CurColumn) => boolean): Record<string, string> {
  if (!has("split_parent_resource_id")) return {};
  const share = (column: CurColumn) => `CASE WHEN kind = 'split' THEN ${column} END`;
  return {
    x_SplitParentResourceId: "split_parent_resource_id",
    x_SplitCost: share("split_cost"),
    x_SplitUnusedCost: share("split_unused_cost"),
    x_SplitUsage: share("split_usage"),
    x_SplitUsageRatio: share("split_usage_ratio"),
    ...(has("net_split_cost")
      ? { x_NetSplitCost: share("net_split_cost"), x_NetSplitUnusedCost: share("net_split_unused_cost") }
      : {}),
  };
}
