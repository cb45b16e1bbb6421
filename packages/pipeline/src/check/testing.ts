import type { DuckDBConnection } from "@duckdb/node-api";
import { DuckDBInstance } from "@duckdb/node-api";
import { identifier, literal } from "@finops/connectors/sql";
import type { CheckOptions } from "./check-relation.ts";
import { checkRelation } from "./check-relation.ts";
import type { Conformance } from "./conformance.ts";
import type { CheckedRelation } from "./relation.ts";
import type { RuleSet } from "./rule.ts";

export type Row = Readonly<Record<string, string | null>>;

/** Checks rows given as objects; the columns are those of the first row. For tests. */
export async function checkRows(
  rows: readonly Row[],
  rules: RuleSet,
  options: CheckOptions = {},
): Promise<Conformance> {
  const columns = Object.keys(rows[0] ?? {});
  return withConnection((connection) => checkRelation(connection, relationOf(columns, rows), rules, options));
}

export async function withConnection<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  shared ??= DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await (await shared).connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
  }
}

let shared: Promise<DuckDBInstance> | undefined;

export function failedRules(conformance: Conformance): string[] {
  return conformance.results
    .filter((result) => result.status === "failed" && result.composite !== true)
    .map((result) => result.ruleId);
}

function relationOf(columns: readonly string[], rows: readonly Row[]): CheckedRelation {
  const tuples = rows.map((row) => `(${columns.map((column) => cellOf(row[column] ?? null)).join(", ")})`);
  return {
    table: `(SELECT * FROM (VALUES ${tuples.join(", ")}) AS t(${columns.map(identifier).join(", ")}))`,
    columns,
  };
}

function cellOf(value: string | null): string {
  return value === null ? "NULL::VARCHAR" : literal(value);
}

/** A row of usage on demand that breaks none of our rules, with every column of FOCUS 1.2. For tests. */
export const usageRow: Row = {
  AvailabilityZone: "eu-west-1a",
  BilledCost: "1.00",
  BillingAccountId: "100000000001",
  BillingAccountName: "Acme payer",
  BillingAccountType: "Payer Account",
  BillingCurrency: "USD",
  BillingPeriodEnd: "2026-02-01T00:00:00Z",
  BillingPeriodStart: "2026-01-01T00:00:00Z",
  CapacityReservationId: null,
  CapacityReservationStatus: null,
  ChargeCategory: "Usage",
  ChargeClass: null,
  ChargeDescription: "m6i.large, on demand",
  ChargeFrequency: "Usage-Based",
  ChargePeriodEnd: "2026-01-05T11:00:00Z",
  ChargePeriodStart: "2026-01-05T01:00:00Z",
  CommitmentDiscountCategory: null,
  CommitmentDiscountId: null,
  CommitmentDiscountName: null,
  CommitmentDiscountQuantity: null,
  CommitmentDiscountStatus: null,
  CommitmentDiscountType: null,
  CommitmentDiscountUnit: null,
  ConsumedQuantity: "10",
  ConsumedUnit: "Hours",
  ContractedCost: "1.00",
  ContractedUnitPrice: "0.10",
  EffectiveCost: "1.00",
  InvoiceId: "INV-1",
  InvoiceIssuerName: "AWS",
  ListCost: "1.20",
  ListUnitPrice: "0.12",
  PricingCategory: "Standard",
  PricingCurrency: "USD",
  PricingCurrencyContractedUnitPrice: "0.10",
  PricingCurrencyEffectiveCost: "1.00",
  PricingCurrencyListUnitPrice: "0.12",
  PricingQuantity: "10",
  PricingUnit: "Hours",
  ProviderName: "AWS",
  PublisherName: "AWS",
  RegionId: "eu-west-1",
  RegionName: "Ireland",
  ResourceId: "i-0abc",
  ResourceName: "web-1",
  ResourceType: "Instance",
  ServiceCategory: "Compute",
  ServiceName: "EC2",
  ServiceSubcategory: "Virtual Machines",
  SkuId: "SKU1",
  SkuMeter: "Box usage",
  SkuPriceDetails: '{"CoreCount": 2, "x_Tier": "a"}',
  SkuPriceId: "SKU1.P1",
  SubAccountId: "200000000001",
  SubAccountName: "Web team",
  SubAccountType: "Linked Account",
  Tags: '{"team": "web", "spot": true}',
};

/** The same charge covered by a savings plan. */
export const coveredRow: Row = {
  ...usageRow,
  BilledCost: "0",
  CommitmentDiscountCategory: "Spend",
  CommitmentDiscountId: "sp-1",
  CommitmentDiscountName: "One year plan",
  CommitmentDiscountQuantity: "1.00",
  CommitmentDiscountStatus: "Used",
  CommitmentDiscountType: "Savings Plan",
  CommitmentDiscountUnit: "USD",
  PricingCategory: "Committed",
};

/** A row of tax. */
export const taxRow: Row = {
  ...usageRow,
  ChargeCategory: "Tax",
  ChargeFrequency: "One-Time",
  ConsumedQuantity: null,
  ConsumedUnit: null,
  ContractedUnitPrice: null,
  ListUnitPrice: null,
  PricingCategory: null,
  PricingCurrencyContractedUnitPrice: null,
  PricingCurrencyListUnitPrice: null,
  PricingQuantity: null,
  PricingUnit: null,
  SkuId: null,
  SkuMeter: null,
  SkuPriceDetails: null,
  SkuPriceId: null,
};
