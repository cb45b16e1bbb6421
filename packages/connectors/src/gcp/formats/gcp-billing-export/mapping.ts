import type { BillMapping, InputColumn } from "../../../format.ts";
import { gcpRegions } from "../../regions.ts";
import { gcpResourceKinds } from "../../resource-kinds.ts";
import { gcpServicesById, gcpServicesByName } from "../../services.ts";

/** Credits that lower the price of the usage they stand on; every other kind is a payment and becomes a row of its own. */
const foldedCredits = [
  "COMMITTED_USAGE_DISCOUNT",
  "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE",
  "FEE_UTILIZATION_OFFSET",
  "SUSTAINED_USAGE_DISCOUNT",
  "DISCOUNT",
  "SPENDING_BASED_DISCOUNT",
];
const isFolded = (credit: string) =>
  `coalesce(${credit}.type IN (${foldedCredits.map((type) => `'${type}'`).join(", ")}), FALSE)`;

const payments = `list_filter(credits, lambda credit: NOT ${isFolded("credit")})`;
const isOffset =
  "CASE WHEN len(credits) > 0 THEN len(list_filter(credits, lambda credit: credit.type = 'FEE_UTILIZATION_OFFSET')) > 0 ELSE FALSE END";

/** A gift for something that went wrong; FOCUS calls it a credit, and the other adjustments corrections. */
const goodwill = "('GOODWILL', 'SALES_BASED_GOODWILL', 'SLA_VIOLATION')";

const text = (name: string): InputColumn => ({ names: named(name), kind: "text" });
const decimal = (name: string): InputColumn => ({ names: named(name), kind: "decimal" });
const time = (name: string): InputColumn => ({ names: named(name), kind: "time" });
const labels = (name: string, fields = ["key", "value"]): InputColumn => ({
  names: named(name),
  kind: "records",
  fields,
});
const required = (column: InputColumn): InputColumn => ({ ...column, required: true });

/** BigQuery refuses dots in names, so whoever flattens the table by SQL writes `service_description`. */
function named(name: string): string[] {
  return name.includes(".") ? [name, name.replaceAll(".", "_")] : [name];
}

/** Google's standard and detailed export, whose columns differ only by `resource` and `subscription`; see the README. */
export const gcpBillingExportMapping: BillMapping = {
  inputs: {
    billing_account_id: required(text("billing_account_id")),
    service_id: text("service.id"),
    service_name: required(text("service.description")),
    sku_id: required(text("sku.id")),
    sku_name: required(text("sku.description")),
    usage_start: required(time("usage_start_time")),
    usage_end: required(time("usage_end_time")),
    project_id: text("project.id"),
    project_number: text("project.number"),
    project_name: text("project.name"),
    project_labels: labels("project.labels"),
    project_ancestors: labels("project.ancestors", ["resource_name", "display_name"]),
    project_ancestry_numbers: text("project.ancestry_numbers"),
    labels: labels("labels"),
    system_labels: labels("system_labels"),
    tags: labels("tags", ["key", "value", "inherited", "namespace"]),
    location: text("location.location"),
    location_region: text("location.region"),
    location_zone: text("location.zone"),
    resource_name: text("resource.name"),
    resource_global_name: text("resource.global_name"),
    cost: required(decimal("cost")),
    currency: { ...required(text("currency")), assume: "BillingCurrency" },
    conversion_rate: decimal("currency_conversion_rate"),
    usage_amount: decimal("usage.amount"),
    usage_unit: text("usage.unit"),
    pricing_amount: decimal("usage.amount_in_pricing_units"),
    pricing_unit: text("usage.pricing_unit"),
    credits: labels("credits", [
      "id",
      "full_name",
      "type",
      "name",
      "amount",
      "channel_partner_amount",
      "customer_amount",
    ]),
    invoice_month: required(text("invoice.month")),
    cost_type: text("cost_type"),
    adjustment_id: text("adjustment_info.id"),
    adjustment_description: text("adjustment_info.description"),
    adjustment_mode: text("adjustment_info.mode"),
    adjustment_type: text("adjustment_info.type"),
    cost_at_list: decimal("cost_at_list"),
    cost_at_contract: decimal("cost_at_effective_price_default"),
    effective_price: decimal("price.effective_price"),
    contract_price: decimal("price.effective_price_default"),
    list_price: decimal("price.list_price"),
    price_quantity: decimal("price.pricing_unit_quantity"),
    tier_start: decimal("price.tier_start_amount"),
    seller_name: text("seller_name"),
    transaction_type: text("transaction_type"),
    subscription_id: text("subscription.instance_id"),
    consumption_model_id: text("consumption_model.id"),
    consumption_model: text("consumption_model.description"),
  },

  steps: {
    // An export from before the column existed has regular costs only.
    kind: "coalesce(lower(cost_type), 'regular')",
    // 202211 or 2022-11.
    invoice_date:
      "TRY(make_date(TRY_CAST(left(invoice_month, 4) AS INTEGER), TRY_CAST(right(invoice_month, 2) AS INTEGER), 1))",
    discounts: `CASE WHEN len(credits) > 0 THEN list_filter(credits, lambda credit: ${isFolded("credit")}) END`,
    is_adjusted: "coalesce(adjustment_id, adjustment_type, adjustment_mode, adjustment_description) IS NOT NULL",
    category: `CASE WHEN kind = 'tax' THEN 'Tax' WHEN adjustment_type IN ${goodwill} THEN 'Credit' WHEN kind = 'regular' THEN 'Usage' ELSE 'Adjustment' END`,
    // A fee with an adjustment stays a purchase, so that its refund lands where the fee did.
    is_fee: `category = 'Usage' AND (coalesce(sku_name, '') LIKE 'Commitment%' OR ${isOffset})`,
    // BigQuery slots and the machines of Compute Engine are committed by amount, everything else by money.
    fee_category: `CASE WHEN NOT is_fee THEN NULL WHEN service_name LIKE 'BigQuery%' OR (sku_name LIKE 'Commitment v_:%' AND sku_name NOT LIKE '%dollar based%') THEN 'Usage' ELSE 'Spend' END`,
    // Since 2025 covered usage is billed at the committed price and the fee is offset by what was used of it, so what is
    // left of the fee is what was not used. Before, and for machines until today, covered usage is credited in full.
    is_offset_fee: `is_fee AND (${isOffset} OR (consumption_model_id IS NOT NULL AND fee_category = 'Spend'))`,
    // Google says on which SKU's usage a fee was spent; on a fee spent on nothing it says nothing.
    fee_is_attributed:
      "CASE WHEN is_fee THEN len(list_filter(labels, lambda label: label.key = 'goog-originating-sku-id')) > 0 ELSE FALSE END",
    is_covered: `category = 'Usage' AND NOT is_fee AND subscription_id IS NOT NULL AND coalesce(consumption_model, 'Default') <> 'Default'`,
    net_cost: `CASE WHEN len(discounts) > 0 THEN coalesce(${discounted(9)}, ${discounted(26)}) ELSE CAST(cost AS VARCHAR) END`,
    region: "CASE WHEN location_region IS NOT NULL THEN location_region WHEN location <> 'global' THEN location END",
    resource_id: "coalesce(resource_global_name, resource_name)",
    resource_segment: "CASE WHEN resource_global_name IS NOT NULL THEN split_part(resource_global_name, '/', -2) END",
    price_id:
      "CASE WHEN tier_start IS NULL THEN sku_id ELSE concat_ws('/', sku_id, CASE WHEN CAST(tier_start AS VARCHAR) IN ('0', '0.0', '0.000000000') THEN '0' ELSE regexp_replace(CAST(tier_start AS VARCHAR), '\\.0*$', '') END, consumption_model_id) END",
    contract_unit_price: unitPrice("coalesce(CAST(contract_price AS VARCHAR), CAST(effective_price AS VARCHAR))"),
    list_unit_price: unitPrice("list_price"),
    is_usd: "currency = 'USD'",
    // From the project up to the organisation: Web/Shop/Acme.
    ancestors:
      "CASE WHEN len(project_ancestors) > 0 THEN array_to_string(list_transform(project_ancestors, lambda ancestor: coalesce(ancestor.display_name, ancestor.resource_name)), '/') END",
    // A tag of the resource itself stands before one that it inherits.
    nearest_tags:
      "CASE WHEN len(tags) > 1 THEN list_filter(tags, lambda bound: coalesce(bound.inherited, 'false') NOT IN ('true', 'True')) || list_filter(tags, lambda bound: bound.inherited IN ('true', 'True')) ELSE tags END",
    tag_members: tagMembers(),
    machine_type:
      "CASE WHEN len(system_labels) > 0 THEN list_filter(system_labels, lambda label: label.key = 'compute.googleapis.com/machine_spec')[1].value END",
  },

  lookups: [
    { as: "service_by_id", table: gcpServicesById, on: { id: "service_id" } },
    { as: "service_by_name", table: gcpServicesByName, on: { name: "service_name" } },
    { as: "region_fact", table: gcpRegions, on: { id: "region" } },
    { as: "resource_kind", table: gcpResourceKinds, on: { segment: "resource_segment" } },
  ],

  derived: [
    {
      rule: "credit-row",
      about: "A promotion, free tier or other payment on a cost line, as a Credit row of its own.",
      when: `CASE WHEN len(credits) > 0 THEN len(${payments}) > 0 ELSE FALSE END`,
      forEach: payments,
    },
    {
      rule: "commitment-share",
      about: "The cost of a commitment's fee in the time that it covers, beside the fee, whose effective cost is 0.",
      when: "CASE WHEN is_fee THEN TRY_CAST(net_cost AS DECIMAL(38,26)) <> 0 ELSE FALSE END",
    },
  ],

  rejected: [
    {
      when: "kind NOT IN ('regular', 'tax', 'adjustment', 'rounding_error')",
      reason: "'The cost type ' || cost_type || ' is unknown.'",
    },
    { when: "credits IS NULL", reason: "'The credits are not a list of objects that can be read.'" },
    {
      when: "CASE WHEN len(credits) > 0 THEN len(list_filter(credits, lambda credit: NOT coalesce(abs(TRY_CAST(credit.amount AS DOUBLE)) < 1e12, FALSE))) > 0 ELSE FALSE END",
      reason: "'A credit has no amount that can be read.'",
    },
    {
      when: "labels IS NULL OR project_labels IS NULL OR system_labels IS NULL OR tags IS NULL",
      reason: "'The labels or tags are not a list of objects that can be read.'",
    },
    {
      when: "invoice_date IS NULL",
      reason: "'The invoice month ' || coalesce(invoice_month, '(empty)') || ' is not a month such as 202211.'",
    },
  ],

  rawCost: "cost",
  bridge: [
    {
      rule: "credits-folded-in",
      when: "len(discounts) > 0",
      about: "Usage and negotiated discounts, which Google lists as credits of the line, lower its billed cost.",
    },
  ],

  columns: {
    ProviderName: "'Google Cloud'",
    PublisherName:
      "CASE WHEN transaction_type = 'GOOGLE' OR seller_name IS NULL THEN 'Google Cloud' ELSE seller_name END",
    InvoiceIssuerName: "'Google Cloud'",
    BillingAccountId: "billing_account_id",
    BillingAccountType: "'Billing Account'",
    SubAccountId: "project_id",
    SubAccountName: "coalesce(project_name, project_id)",
    SubAccountType: "CASE WHEN project_id IS NOT NULL THEN 'Project' END",

    // The month is Pacific time, and its midnight is 07:00 or 08:00 of the same day in UTC, so the calendar month is the same.
    BillingPeriodStart: pacificMidnight("invoice_date"),
    BillingPeriodEnd: pacificMidnight("invoice_date + INTERVAL 1 MONTH"),
    ChargePeriodStart: "usage_start",
    ChargePeriodEnd: "usage_end",

    ChargeCategory:
      "CASE WHEN part = 'credit-row' THEN 'Credit' WHEN is_fee AND part = 'line' THEN 'Purchase' ELSE category END",
    ChargeClass: "CASE WHEN part <> 'credit-row' AND category <> 'Credit' AND is_adjusted THEN 'Correction' END",
    ChargeDescription:
      "CASE WHEN part = 'credit-row' THEN coalesce(item.full_name, item.name, item.id, item.type, 'Credit') ELSE coalesce(sku_name, service_name) END",
    ChargeFrequency:
      "CASE WHEN part = 'credit-row' OR category <> 'Usage' THEN 'One-Time' WHEN is_fee AND part = 'line' THEN 'Recurring' ELSE 'Usage-Based' END",

    BillingCurrency: "currency",
    BilledCost: "CASE part WHEN 'credit-row' THEN item.amount WHEN 'commitment-share' THEN '0' ELSE net_cost END",
    EffectiveCost:
      "CASE WHEN part = 'credit-row' THEN item.amount WHEN is_fee AND part = 'line' THEN '0' ELSE net_cost END",
    // The usage that a commitment covers carries its own list and contracted cost, so beside it the share has none.
    ListCost:
      "CASE part WHEN 'credit-row' THEN item.amount WHEN 'commitment-share' THEN '0' ELSE CASE WHEN category = 'Credit' THEN net_cost ELSE CAST(cost_at_list AS VARCHAR) END END",
    // Without a consumption model `cost` is at the contract's price and before every discount that Google calls a credit.
    ContractedCost:
      "CASE part WHEN 'credit-row' THEN item.amount WHEN 'commitment-share' THEN '0' ELSE CASE WHEN category = 'Credit' THEN net_cost WHEN cost_at_contract IS NOT NULL THEN CAST(cost_at_contract AS VARCHAR) WHEN NOT is_covered THEN CAST(cost AS VARCHAR) END END",

    PricingCategory: `CASE WHEN part = 'commitment-share' THEN 'Committed' WHEN part = 'credit-row' OR category <> 'Usage' THEN NULL WHEN is_fee THEN 'Standard' WHEN is_covered OR (len(discounts) > 0 AND len(list_filter(discounts, lambda credit: credit.type LIKE 'COMMITTED_USAGE_DISCOUNT%')) > 0) THEN 'Committed' WHEN sku_name LIKE '%Preemptible%' OR sku_name LIKE 'Spot %' THEN 'Dynamic' ELSE 'Standard' END`,
    PricingQuantity: "CASE WHEN part = 'line' AND category = 'Usage' THEN pricing_amount END",
    PricingUnit: "CASE WHEN part = 'line' AND category = 'Usage' AND pricing_amount IS NOT NULL THEN pricing_unit END",
    ListUnitPrice: "CASE WHEN part = 'line' AND category = 'Usage' THEN list_unit_price END",
    ContractedUnitPrice: "CASE WHEN part = 'line' AND category = 'Usage' THEN contract_unit_price END",
    PricingCurrency: "'USD'",
    PricingCurrencyListUnitPrice: `CASE WHEN part = 'line' AND category = 'Usage' THEN ${inDollars("list_unit_price")} END`,
    PricingCurrencyContractedUnitPrice: `CASE WHEN part = 'line' AND category = 'Usage' THEN ${inDollars("contract_unit_price")} END`,
    PricingCurrencyEffectiveCost: `CASE WHEN part = 'credit-row' THEN ${inDollars("item.amount")} WHEN is_fee AND part = 'line' THEN '0' ELSE ${inDollars("net_cost")} END`,

    ConsumedQuantity: "CASE WHEN part = 'line' AND category = 'Usage' AND NOT is_fee THEN usage_amount END",
    ConsumedUnit:
      "CASE WHEN part = 'line' AND category = 'Usage' AND NOT is_fee AND usage_amount IS NOT NULL THEN usage_unit END",

    ServiceName: "service_name",
    ServiceCategory: "coalesce(service_by_id.category, service_by_name.category, 'Other')",
    ServiceSubcategory: "coalesce(service_by_id.subcategory, service_by_name.subcategory, 'Other (Other)')",
    SkuId: "CASE WHEN kind <> 'tax' THEN sku_id END",
    SkuMeter: "CASE WHEN kind <> 'tax' THEN sku_name END",
    SkuPriceId: "CASE WHEN kind <> 'tax' THEN price_id END",
    SkuPriceDetails:
      "CASE WHEN kind <> 'tax' AND machine_type IS NOT NULL THEN '{\"InstanceType\":' || CAST(to_json(machine_type) AS VARCHAR) || '}' END",

    RegionId: "region",
    RegionName: "coalesce(region_fact.name, region)",
    AvailabilityZone: "location_zone",
    ResourceId: "resource_id",
    ResourceName: "resource_name",
    ResourceType:
      "CASE WHEN resource_id IS NOT NULL THEN coalesce(resource_kind.name, nullif(resource_segment, ''), service_name) END",

    ...commitmentColumns(),
    Tags: "'{' || tag_members || '}'",
  },

  extras: {
    x_CostType: "nullif(kind, 'regular')",
    x_ServiceId: "service_id",
    x_ProjectNumber: "CASE WHEN project_ancestry_numbers IS NULL THEN project_number END",
    x_ProjectAncestors: "ancestors",
    x_ProjectAncestryNumbers: "CASE WHEN ancestors IS NULL THEN project_ancestry_numbers END",
    x_TransactionType: "nullif(transaction_type, 'GOOGLE')",
    x_SellerName: "CASE WHEN transaction_type IS DISTINCT FROM 'GOOGLE' THEN seller_name END",
    x_ConsumptionModel: "consumption_model",
    x_AdjustmentId: "adjustment_id",
    x_AdjustmentType: "adjustment_type",
    x_AdjustmentMode: "adjustment_mode",
    x_AdjustmentDescription: "adjustment_description",
    x_CreditType: "CASE WHEN part = 'credit-row' THEN item.type END",
    x_CreditId: "CASE WHEN part = 'credit-row' THEN item.id END",
    // SUSTAINED_USAGE_DISCOUNT -0.03, DISCOUNT -0.05
    x_Discounts:
      "CASE WHEN part = 'line' AND len(discounts) > 0 THEN array_to_string(list_transform(discounts, lambda credit: credit.type || ' ' || credit.amount), ', ') END",
  },

  notes: [
    "InvoiceId is empty: the export has the invoice's month and no number.",
    "The usage that a commitment covers does not say which one where Google discounts it by a credit, so its share of the fee stands in a row of its own beside the fee.",
  ],
};

/**
 * What FOCUS says of commitments: a Purchase row for the fee, Usage rows for what was covered and what was not used. Only the
 * detailed export names the commitment (subscription.instance_id), and without an id FOCUS wants all of these empty.
 */
function commitmentColumns(): BillMapping["columns"] {
  const concerned = "part <> 'credit-row' AND subscription_id IS NOT NULL AND (is_fee OR is_covered)";
  // A share that is neither attributed nor offset may have been used or not: the status stays empty rather than wrong.
  const status =
    "CASE WHEN part = 'commitment-share' THEN CASE WHEN is_offset_fee THEN 'Unused' WHEN fee_is_attributed THEN 'Used' END WHEN is_covered THEN 'Used' END";
  const isQuantified = `${concerned} AND NOT is_adjusted`;
  const inUnits = "is_fee AND fee_category = 'Usage'";
  return {
    CommitmentDiscountId: `CASE WHEN ${concerned} THEN subscription_id END`,
    CommitmentDiscountName: `CASE WHEN ${concerned} THEN CASE WHEN is_fee THEN sku_name ELSE consumption_model END END`,
    CommitmentDiscountCategory: `CASE WHEN ${concerned} THEN CASE WHEN is_fee THEN fee_category ELSE 'Spend' END END`,
    CommitmentDiscountType: `CASE WHEN ${concerned} THEN 'Committed Use Discount' END`,
    CommitmentDiscountStatus: `CASE WHEN ${concerned} THEN ${status} END`,
    CommitmentDiscountQuantity: `CASE WHEN ${isQuantified} THEN CASE WHEN ${inUnits} THEN CAST(pricing_amount AS VARCHAR) WHEN is_fee AND part = 'line' THEN CAST(cost AS VARCHAR) ELSE net_cost END END`,
    CommitmentDiscountUnit: `CASE WHEN ${isQuantified} AND (NOT (${inUnits}) OR pricing_amount IS NOT NULL) THEN CASE WHEN ${inUnits} THEN pricing_unit ELSE currency END END`,
  };
}

/** All labels of a row as the members of one flat JSON object: `"env":"prod","project/team":"ops"`. A label without a value is `true`. */
function tagMembers(): string {
  const value =
    "CASE WHEN tag.value IS NULL OR tag.value = '' THEN 'true' ELSE CAST(to_json(tag.value) AS VARCHAR) END";
  const members = (list: string, name: (tag: string) => string) =>
    `CASE WHEN len(${list}) > 0 THEN array_to_string(list_transform(${firstOfEach(list, name)}, lambda tag: CAST(to_json(${name("tag")}) AS VARCHAR) || ':' || ${value}), ',') END`;
  const all = [
    members("labels", (tag) => `${tag}.key`),
    members("nearest_tags", (tag) => `concat_ws('/', 'tag', ${tag}.namespace, ${tag}.key)`),
    members("project_labels", (tag) => `'project/' || ${tag}.key`),
    members("system_labels", (tag) => `'system/' || ${tag}.key`),
  ];
  return `CASE WHEN len(labels) + len(project_labels) + len(system_labels) + len(tags) > 0 THEN nullif(concat_ws(',', ${all.join(", ")}), '') END`;
}

/** A JSON object may not have a name twice; Google's lists do not either, but for inherited tags. */
function firstOfEach(list: string, name: (tag: string) => string): string {
  const names = `list_transform(${list}, lambda other: ${name("other")})`;
  const firsts = `list_filter(${list}, lambda tag, place: list_position(${names}, ${name("tag")}) = place)`;
  const areTwo = `len(${list}) = 2 AND ${name(`(${list})[1]`)} <> ${name(`(${list})[2]`)}`;
  return `CASE WHEN len(${list}) = 1 OR (${areTwo}) THEN ${list} WHEN list_unique(${names}) = len(${list}) THEN ${list} ELSE ${firsts} END`;
}

/** Midnight of a first of the month in Los Angeles, in UTC. Summer time has never begun before or ended after such a midnight
 * in between, so April to November are 7 hours behind and December to March 8: arithmetic, four times as fast as time zones. */
function pacificMidnight(date: string): string {
  return `CAST(${date} AS TIMESTAMP) + CASE WHEN month(${date}) BETWEEN 4 AND 11 THEN INTERVAL 7 HOUR ELSE INTERVAL 8 HOUR END`;
}

/**
 * The cost plus the discounts, added exactly. Nine places, in which nearly all costs have room, take a fifth of the time of
 * 26, so they are tried first: with fewer places than a text has the answer is NULL.
 */
function discounted(places: 9 | 26): string {
  const number = (text: string) => `TRY_CAST(${text} AS DECIMAL(${places === 9 ? 18 : 38},${places}))`;
  const fits = (text: string) =>
    places === 9
      ? `CASE WHEN length(split_part(${text}, '.', 2)) <= 9 AND NOT contains(lower(${text}), 'e') THEN ${number(text)} END`
      : number(text);
  const amounts = `list_transform(discounts, lambda credit: ${fits("credit.amount")})`;
  const complete = `CASE WHEN list_count(${amounts}) = len(discounts) THEN list_sum(${amounts}) END`;
  return `CAST(TRY(${fits("CAST(cost AS VARCHAR)")} + ${complete}) AS VARCHAR)`;
}

/** Google's prices are for `pricing_unit_quantity` units; FOCUS asks for the price of one. */
function unitPrice(price: string): string {
  return `CASE WHEN price_quantity IS NULL OR price_quantity = 1 THEN CAST(${price} AS VARCHAR) ELSE ${quotient(price, "price_quantity", 18)} END`;
}

/** The billing currency over the rate, to 12 places: the rate is a binary float and no exact divisor. */
function inDollars(amount: string): string {
  return `CASE WHEN is_usd THEN CAST(${amount} AS VARCHAR) ELSE ${quotient(amount, "conversion_rate", 12)} END`;
}

function quotient(amount: string, divisor: string, places: number): string {
  return `CAST(TRY_CAST(TRY_CAST(${amount} AS DOUBLE) / nullif(TRY_CAST(${divisor} AS DOUBLE), 0) AS DECIMAL(38,${places})) AS VARCHAR)`;
}
