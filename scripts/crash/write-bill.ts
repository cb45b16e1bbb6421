import { DuckDB } from "../../packages/warehouse/src/engines/duckdb/connection.ts";
import { decimal } from "../../shared/kernel/src/decimal.ts";

export interface Bill {
  path: string;
  /** What all rows cost together. */
  total: string;
}

/** A FOCUS bill of January 2026 in which every row has the same cost, and each day and machine its own. */
export async function writeBill(path: string, rows: number, cost: string): Promise<Bill> {
  const columns = {
    BilledCost: `'${cost}'`,
    EffectiveCost: `'${cost}'`,
    ListCost: `'${cost}'`,
    ContractedCost: `'${cost}'`,
    BillingCurrency: "'USD'",
    BillingAccountId: "'111111111111'",
    SubAccountId: "lpad(CAST(222222222222 + i % 20 AS VARCHAR), 12, '0')",
    BillingPeriodStart: "'2026-01-01T00:00:00Z'",
    BillingPeriodEnd: "'2026-02-01T00:00:00Z'",
    ChargePeriodStart: "strftime(TIMESTAMP '2026-01-01' + INTERVAL 1 DAY * (i % 31), '%Y-%m-%dT00:00:00Z')",
    ChargePeriodEnd: "strftime(TIMESTAMP '2026-01-02' + INTERVAL 1 DAY * (i % 31), '%Y-%m-%dT00:00:00Z')",
    ChargeCategory: "'Usage'",
    ChargeDescription: "'An hour of a machine'",
    ChargeFrequency: "'Usage-Based'",
    ProviderName: "'AWS'",
    PublisherName: "'AWS'",
    InvoiceIssuerName: "'AWS'",
    ServiceName: "'Service ' || i % 12",
    ServiceCategory: "'Compute'",
    ResourceId: "'i-' || i",
  };
  const engine = await DuckDB.open({ threads: 2, memoryMb: 512 });
  try {
    await engine.run(
      `COPY (SELECT ${Object.entries(columns)
        .map(([name, sql]) => `${sql} AS "${name}"`)
        .join(", ")} FROM range(${rows}) AS r(i)) TO '${path.replaceAll("'", "''")}' (FORMAT csv, HEADER)`,
    );
  } finally {
    engine.close();
  }
  return { path, total: decimal(cost).times(rows).toString() };
}
