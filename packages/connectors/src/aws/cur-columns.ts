import type { BillHeader, InputColumn, InputKind, RawColumn } from "../format.ts";

/**
 * The columns of a Cost and Usage Report under names of our own. Each is given by its name in a legacy CSV; parquet, Athena
 * tables and CUR 2.0 write the same name in snake case.
 */
export const curInputs = {
  bill_type: cur("bill/BillType"),
  billing_entity: cur("bill/BillingEntity"),
  invoicing_entity: cur("bill/InvoicingEntity"),
  invoice_id: cur("bill/InvoiceId"),
  payer_account_id: { ...cur("bill/PayerAccountId"), required: true, assume: "BillingAccountId" },
  payer_account_name: cur("bill/PayerAccountName"),
  billing_period_start: { ...cur("bill/BillingPeriodStartDate", "time"), required: true, assume: "BillingPeriodStart" },
  billing_period_end: { ...cur("bill/BillingPeriodEndDate", "time"), required: true, assume: "BillingPeriodEnd" },

  line_item_type: { ...cur("lineItem/LineItemType"), required: true },
  usage_account_id: cur("lineItem/UsageAccountId"),
  usage_account_name: cur("lineItem/UsageAccountName"),
  usage_start: { ...cur("lineItem/UsageStartDate", "time"), required: true },
  usage_end: { ...cur("lineItem/UsageEndDate", "time"), required: true },
  product_code: { ...cur("lineItem/ProductCode"), required: true },
  usage_type: cur("lineItem/UsageType"),
  operation: cur("lineItem/Operation"),
  availability_zone: cur("lineItem/AvailabilityZone"),
  resource_id: cur("lineItem/ResourceId"),
  description: cur("lineItem/LineItemDescription"),
  tax_type: cur("lineItem/TaxType"),
  legal_entity: cur("lineItem/LegalEntity"),
  currency: { ...cur("lineItem/CurrencyCode"), required: true, assume: "BillingCurrency" },
  usage_amount: cur("lineItem/UsageAmount", "decimal"),
  normalized_usage_amount: cur("lineItem/NormalizedUsageAmount", "decimal"),
  unblended_rate: cur("lineItem/UnblendedRate", "decimal"),
  unblended_cost: { ...cur("lineItem/UnblendedCost", "decimal"), required: true },
  net_unblended_rate: cur("lineItem/NetUnblendedRate", "decimal"),
  net_unblended_cost: cur("lineItem/NetUnblendedCost", "decimal"),

  product_name: cur("product/ProductName"),
  product_family: cur("product/productFamily"),
  service_code: cur("product/servicecode"),
  region: cur("product/region"),
  region_code: cur("product/regionCode"),
  sku: cur("product/sku"),
  instance_type: cur("product/instanceType"),
  vcpu: cur("product/vcpu"),
  memory: cur("product/memory"),
  gpu: cur("product/gpu"),
  operating_system: cur("product/operatingSystem"),
  storage_class: cur("product/storageClass"),
  volume_api_name: cur("product/volumeApiName"),
  database_engine: cur("product/databaseEngine"),

  pricing_unit: cur("pricing/unit"),
  pricing_currency: cur("pricing/currency"),
  rate_code: cur("pricing/RateCode"),
  rate_id: cur("pricing/RateId"),
  public_cost: cur("pricing/publicOnDemandCost", "decimal"),
  public_rate: cur("pricing/publicOnDemandRate", "decimal"),

  reservation_arn: cur("reservation/ReservationARN"),
  reservation_subscription_id: cur("reservation/SubscriptionId"),
  reservation_effective_cost: cur("reservation/EffectiveCost", "decimal"),
  net_reservation_effective_cost: cur("reservation/NetEffectiveCost", "decimal"),
  unused_upfront_fee: cur("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "decimal"),
  unused_recurring_fee: cur("reservation/UnusedRecurringFee", "decimal"),
  net_unused_upfront_fee: cur("reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod", "decimal"),
  net_unused_recurring_fee: cur("reservation/NetUnusedRecurringFee", "decimal"),
  unused_quantity: cur("reservation/UnusedQuantity", "decimal"),
  unused_normalized_quantity: cur("reservation/UnusedNormalizedUnitQuantity", "decimal"),
  reserved_units: cur("reservation/TotalReservedUnits", "decimal"),
  reserved_normalized_units: cur("reservation/TotalReservedNormalizedUnits", "decimal"),

  savings_plan_arn: cur("savingsPlan/SavingsPlanARN"),
  savings_plan_effective_cost: cur("savingsPlan/SavingsPlanEffectiveCost", "decimal"),
  net_savings_plan_effective_cost: cur("savingsPlan/NetSavingsPlanEffectiveCost", "decimal"),
  total_commitment: cur("savingsPlan/TotalCommitmentToDate", "decimal"),
  used_commitment: cur("savingsPlan/UsedCommitment", "decimal"),
  recurring_commitment: cur("savingsPlan/RecurringCommitmentForBillingPeriod", "decimal"),
  upfront_commitment: cur("savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod", "decimal"),
  net_recurring_commitment: cur("savingsPlan/NetRecurringCommitmentForBillingPeriod", "decimal"),
  net_upfront_commitment: cur("savingsPlan/NetAmortizedUpfrontCommitmentForBillingPeriod", "decimal"),

  capacity_reservation_arn: cur("capacityReservation/CapacityReservationArn"),
  capacity_reservation_status: cur("capacityReservation/CapacityReservationStatus"),

  split_parent_resource_id: cur("splitLineItem/ParentResourceId"),
  split_cost: cur("splitLineItem/SplitCost", "decimal"),
  split_unused_cost: cur("splitLineItem/UnusedCost", "decimal"),
  net_split_cost: cur("splitLineItem/NetSplitCost", "decimal"),
  net_split_unused_cost: cur("splitLineItem/NetUnusedCost", "decimal"),
  split_usage: cur("splitLineItem/SplitUsage", "decimal"),
  split_usage_ratio: cur("splitLineItem/SplitUsageRatio", "decimal"),

  total_discount: cur("discount/TotalDiscount", "decimal"),
  iam_principal: cur("lineItem/IamPrincipal"),
  name_tag: cur("resourceTags/user:Name"),
} satisfies Record<string, InputColumn>;

export type CurColumn = keyof typeof curInputs;

/** Which columns of the report a file has: private discounts, split costs and resource ids come with columns of their own. */
export function presentColumns(header: BillHeader): (column: CurColumn) => boolean {
  return (column) => findColumn(curInputs[column], header) !== undefined;
}

/** The type in which a file's amounts are calculated with: as DOUBLE where it states costs so, else as text. */
export function decimalType(header: BillHeader): "DOUBLE" | "VARCHAR" {
  return findColumn(curInputs.unblended_cost, header)?.type === "DOUBLE" ? "DOUBLE" : "VARCHAR";
}

/**
 * Inputs, and steps that bring every amount to one type: parquet states costs as DOUBLE, rates and some quantities as text,
 * and lacks the columns of commitments that an account does not have.
 */
export function curColumns(header: BillHeader): { inputs: Record<string, InputColumn>; steps: Record<string, string> } {
  const type = decimalType(header);
  const all: [string, InputColumn][] = Object.entries(curInputs);
  const others = new Set(
    all
      .filter(([, input]) => input.kind === "decimal" && (findColumn(input, header)?.type ?? "VARCHAR") !== type)
      .map(([name]) => name),
  );
  return {
    inputs: Object.fromEntries(all.map(([name, input]) => [others.has(name) ? `stated_${name}` : name, input])),
    steps: Object.fromEntries([...others].map((name) => [name, `TRY_CAST(stated_${name} AS ${type})`])),
  };
}

function findColumn(input: InputColumn, header: BillHeader): RawColumn | undefined {
  return header.columns.find((column) =>
    input.names.some((name) => name.toLowerCase() === column.name.trim().toLowerCase()),
  );
}

function cur(name: string, kind: InputKind = "text"): { names: readonly string[]; kind: InputKind } {
  return { names: [name, snakeCase(name)], kind };
}

/** AWS's own rule: every capital letter starts a word, so `savingsPlan/SavingsPlanARN` is `savings_plan_savings_plan_a_r_n`. */
function snakeCase(name: string): string {
  return name
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/([A-Z])/g, "_$1")
    .replace(/_+/g, "_")
    .toLowerCase();
}
