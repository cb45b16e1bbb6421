import { AppError } from "@finops/kernel/app-error";
import type { ColumnMap } from "../copy-lines.ts";
import { cur2Columns } from "./cur2-columns.ts";

/** Columns of the legacy report that this payer's export has: CUR 2.0's sections in the order and spelling of the legacy report. */
const legacyNames: readonly string[] = [
  "identity/LineItemId",
  "identity/TimeInterval",
  "bill/InvoiceId",
  "bill/InvoicingEntity",
  "bill/BillingEntity",
  "bill/BillType",
  "bill/PayerAccountId",
  "bill/BillingPeriodStartDate",
  "bill/BillingPeriodEndDate",
  "lineItem/UsageAccountId",
  "lineItem/LineItemType",
  "lineItem/UsageStartDate",
  "lineItem/UsageEndDate",
  "lineItem/ProductCode",
  "lineItem/UsageType",
  "lineItem/Operation",
  "lineItem/AvailabilityZone",
  "lineItem/ResourceId",
  "lineItem/UsageAmount",
  "lineItem/NormalizationFactor",
  "lineItem/NormalizedUsageAmount",
  "lineItem/CurrencyCode",
  "lineItem/UnblendedRate",
  "lineItem/UnblendedCost",
  "lineItem/BlendedRate",
  "lineItem/BlendedCost",
  "lineItem/LineItemDescription",
  "lineItem/TaxType",
  "lineItem/LegalEntity",
  "product/ProductName",
  "product/instanceType",
  "product/instanceTypeFamily",
  "product/location",
  "product/locationType",
  "product/memory",
  "product/operatingSystem",
  "product/operation",
  "product/productFamily",
  "product/region",
  "product/regionCode",
  "product/servicecode",
  "product/servicename",
  "product/sku",
  "product/usagetype",
  "product/vcpu",
  "pricing/LeaseContractLength",
  "pricing/OfferingClass",
  "pricing/PurchaseOption",
  "pricing/RateCode",
  "pricing/RateId",
  "pricing/currency",
  "pricing/publicOnDemandCost",
  "pricing/publicOnDemandRate",
  "pricing/term",
  "pricing/unit",
  "reservation/AmortizedUpfrontCostForUsage",
  "reservation/AmortizedUpfrontFeeForBillingPeriod",
  "reservation/EffectiveCost",
  "reservation/EndTime",
  "reservation/ModificationStatus",
  "reservation/NormalizedUnitsPerReservation",
  "reservation/NumberOfReservations",
  "reservation/RecurringFeeForUsage",
  "reservation/ReservationARN",
  "reservation/StartTime",
  "reservation/SubscriptionId",
  "reservation/TotalReservedNormalizedUnits",
  "reservation/TotalReservedUnits",
  "reservation/UnitsPerReservation",
  "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
  "reservation/UnusedNormalizedUnitQuantity",
  "reservation/UnusedQuantity",
  "reservation/UnusedRecurringFee",
  "reservation/UpfrontValue",
  "savingsPlan/TotalCommitmentToDate",
  "savingsPlan/SavingsPlanARN",
  "savingsPlan/SavingsPlanRate",
  "savingsPlan/UsedCommitment",
  "savingsPlan/SavingsPlanEffectiveCost",
  "savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod",
  "savingsPlan/RecurringCommitmentForBillingPeriod",
  "savingsPlan/StartTime",
  "savingsPlan/EndTime",
  "savingsPlan/OfferingType",
  "savingsPlan/PaymentOption",
  "savingsPlan/PurchaseTerm",
  "savingsPlan/Region",
  "costCategory/Purpose",
  "resourceTags/user:CostCentre",
  "resourceTags/user:app",
  "resourceTags/user:cost-center",
  "resourceTags/user:env",
  "resourceTags/user:owner",
  "resourceTags/user:team",
];

/** Where the legacy column is not the CUR 2.0 column of the same words, or is written as exact decimal text. */
const ownSql: Record<string, string> = {
  "bill/BillingPeriodStartDate": isoText("m.first_day"),
  "bill/BillingPeriodEndDate": isoText("m.next_month"),
  "lineItem/UsageStartDate": isoText("l.start_at"),
  "lineItem/UsageEndDate": isoText("l.end_at"),
  "lineItem/UsageAmount": "l.quantity",
  "lineItem/UnblendedCost": "l.unblended",
  "lineItem/BlendedCost": "l.unblended",
  "product/ProductName": "t.product['product_name']",
  "product/servicename": "t.product['product_name']",
  "product/instanceType": "t.instance_type",
  "product/instanceTypeFamily": "t.instance_family",
  "product/memory": "t.product['memory']",
  "product/operatingSystem": "t.product['operating_system']",
  "product/vcpu": "t.product['vcpu']",
  "product/region": "t.region",
  "product/productFamily": "t.family",
  "pricing/publicOnDemandCost": "coalesce(l.public_cost, 0)",
  "reservation/AmortizedUpfrontCostForUsage": "l.ri_upfront",
  "reservation/AmortizedUpfrontFeeForBillingPeriod": "l.ri_upfront_fee",
  "reservation/EffectiveCost": "l.ri_effective",
  "reservation/RecurringFeeForUsage": "l.ri_recurring",
  "reservation/ReservationARN": "CASE WHEN c.type = 'reservation' THEN c.id END",
  "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod": "l.ri_unused_upfront",
  "reservation/UnusedQuantity": "l.ri_unused_quantity",
  "reservation/UnusedRecurringFee": "l.ri_unused_recurring",
  "reservation/UpfrontValue": "CASE WHEN l.line_type = 'Fee' THEN l.ri_upfront_value END",
  "savingsPlan/TotalCommitmentToDate": "l.sp_total",
  "savingsPlan/SavingsPlanARN": "CASE WHEN c.type = 'savings-plan' THEN c.id END",
  "savingsPlan/SavingsPlanRate": "l.sp_rate",
  "savingsPlan/UsedCommitment": "l.sp_used",
  "savingsPlan/SavingsPlanEffectiveCost": "l.sp_effective",
  "savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod": "l.sp_upfront",
  "savingsPlan/RecurringCommitmentForBillingPeriod": "l.sp_recurring",
  "costCategory/Purpose": "t.cost_category['Purpose']",
};

export const legacyColumns: ColumnMap = legacyNames.map((name) => [name, sqlOf(name)] as const);

export const legacySummedColumns = [
  ["lineItem/UnblendedCost", "unblended"],
  ["pricing/publicOnDemandCost", "coalesce(public_cost, 0)"],
  ["reservation/EffectiveCost", "ri_effective"],
  ["reservation/UnusedRecurringFee", "ri_unused_recurring"],
  ["reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "ri_unused_upfront"],
  ["savingsPlan/SavingsPlanEffectiveCost", "sp_effective"],
  ["savingsPlan/TotalCommitmentToDate", "sp_total"],
  ["savingsPlan/UsedCommitment", "sp_used"],
] as const;

function sqlOf(name: string): string {
  if (ownSql[name]) return ownSql[name];
  if (name.startsWith("resourceTags/user:")) return `t.tags['${name.slice("resourceTags/user:".length)}']`;
  const cur2Name = name
    .replace("/", "_")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
  const column = cur2Columns.find(([candidate]) => candidate === cur2Name);
  if (!column)
    throw new AppError("internal", "The legacy report could not be written.", {
      internal: `no SQL for column ${name}`,
    });
  return column[1];
}

function isoText(sql: string): string {
  return `strftime(${sql}, '%Y-%m-%dT%H:%M:%S.000Z')`;
}
