import { join } from "node:path";
import { type ColumnMap, copyCsv } from "../copy-lines.ts";
import { type BillDatabase, quote } from "../database.ts";
import type { Delivery, FormatWriter } from "../deliveries.ts";
import type { FormatPlan } from "../plan/plan-bills.ts";
import { Random } from "../plan/random.ts";
import type { TruthLedger } from "../truth-ledger.ts";
import { type VendorTexts, vendorTextColumns, vendorTextsOf } from "./vendor-texts.ts";

/** Writes the bills of vendors that deliver FOCUS 1.2: one CSV a month with all columns of the specification. */
export async function focusWriter(db: BillDatabase, ledger: TruthLedger, format: FormatPlan): Promise<FormatWriter> {
  const texts = vendorTextsOf(format);
  await db.load("texts", vendorTextColumns, texts.texts);
  return {
    async beginMonth() {
      await db.run("CREATE OR REPLACE TABLE month_costs (cost DECIMAL(38,16))");
    },
    async writePart(delivery, part) {
      await addUsageLines(db);
      if (part.isLast) await addChargeLines(db, delivery, texts);
      const rows = await ledger.record(delivery.id, {
        billed: "l.billed",
        effective: "l.billed",
        list: "CASE WHEN l.category = 'Usage' THEN l.list END",
        contracted: "CASE WHEN l.category = 'Usage' THEN l.contracted END",
        rows: "1",
        summed: [
          ["BilledCost", "l.billed"],
          ["EffectiveCost", "l.billed"],
          ["ListCost", "l.list"],
          ["ContractedCost", "l.contracted"],
        ],
      });
      const number = part.number === 1 && part.isLast ? "" : `-${String(part.number).padStart(5, "0")}`;
      const file = `${delivery.month.label}${number}.csv`;
      await copyCsv(db, {
        columns: columnsOf(delivery),
        constants: {},
        keys: ["category", "frequency", "commitment", "list_price", "price"],
        path: join(delivery.path, file),
      });
      return { rows, files: [file] };
    },
    async endMonth() {
      return [];
    },
  };
}

async function addUsageLines(db: BillDatabase): Promise<void> {
  await db.run(`
    CREATE OR REPLACE TABLE lines AS
    SELECT stream_id AS text_id, day_index, 'Usage' AS category, 'Usage-Based' AS frequency, day + to_hours(hour) AS start_at,
      day + to_hours(CASE WHEN slots = 1 THEN 24 ELSE hour + 1 END) AS end_at, quantity, list_price, price, NULL::INTEGER AS commitment,
      (quantity::DECIMAL(28,6) * list_price)::DECIMAL(38,16) AS list, (quantity::DECIMAL(28,6) * price)::DECIMAL(38,16) AS contracted, contracted AS billed,
      (quantity::DECIMAL(28,6) * t.block)::DECIMAL(38,6) AS consumed
    FROM uses u JOIN texts t ON t.id = u.stream_id`);
  await db.run("INSERT INTO month_costs SELECT sum(billed) FROM lines");
}

async function addChargeLines(db: BillDatabase, delivery: Delivery, texts: VendorTexts): Promise<void> {
  const { month } = delivery;
  const add = (textId: number, category: string, frequency: string, amountSql: string) =>
    db.run(`
    INSERT INTO lines BY NAME
    SELECT ${textId} AS text_id, ${month.fromIndex} AS day_index, '${category}' AS category, '${frequency}' AS frequency, TIMESTAMP '${month.firstDay} 00:00:00' AS start_at,
      TIMESTAMP '${month.nextMonth} 00:00:00' AS end_at, billed, billed AS list, billed AS contracted
    FROM (SELECT (${amountSql})::DECIMAL(38,16) AS billed)`);
  if (delivery.provider === "Quillmind") {
    if (month.index < 3) await add(texts.quillmindCredit, "Credit", "One-Time", "-200");
    return;
  }
  await add(texts.sightlinePlatformFee, "Purchase", "Recurring", "1200");
  await add(
    texts.sightlineTax,
    "Tax",
    "Recurring",
    "SELECT ((sum(cost) + 1200)::DOUBLE * 0.19)::DECIMAL(18,2) FROM month_costs",
  );
}

function columnsOf(delivery: Delivery): ColumnMap {
  const { month, provider } = delivery;
  const plain = (sql: string) =>
    `CASE WHEN (${sql})::VARCHAR LIKE '%.%' THEN rtrim(rtrim((${sql})::VARCHAR, '0'), '.') ELSE (${sql})::VARCHAR END`;
  const instant = (sql: string) => `strftime(${sql}, '%Y-%m-%dT%H:%M:%SZ')`;
  const usageOnly = (sql: string) => `CASE WHEN l.category = 'Usage' THEN ${sql} END`;
  const currency = "t.currency";
  const invoice = delivery.isOpen
    ? "NULL"
    : quote(`${provider.slice(0, 2).toUpperCase()}-${month.label}-${new Random(delivery.id).digits(4)}`);
  return [
    ["AvailabilityZone", "NULL"],
    ["BilledCost", plain("l.billed")],
    ["BillingAccountId", quote(`${provider.toLowerCase()}-harborline`)],
    ["BillingAccountName", "'Harborline'"],
    ["BillingAccountType", "'Organization'"],
    ["BillingCurrency", currency],
    ["BillingPeriodEnd", quote(`${month.nextMonth}T00:00:00Z`)],
    ["BillingPeriodStart", quote(`${month.firstDay}T00:00:00Z`)],
    ["CapacityReservationId", "NULL"],
    ["CapacityReservationStatus", "NULL"],
    ["ChargeCategory", "l.category"],
    ["ChargeClass", "NULL"],
    ["ChargeDescription", "t.description"],
    ["ChargeFrequency", "l.frequency"],
    ["ChargePeriodEnd", instant("l.end_at")],
    ["ChargePeriodStart", instant("l.start_at")],
    ["CommitmentDiscountCategory", "NULL"],
    ["CommitmentDiscountId", "NULL"],
    ["CommitmentDiscountName", "NULL"],
    ["CommitmentDiscountQuantity", "NULL"],
    ["CommitmentDiscountStatus", "NULL"],
    ["CommitmentDiscountType", "NULL"],
    ["CommitmentDiscountUnit", "NULL"],
    ["ConsumedQuantity", usageOnly(plain("l.consumed"))],
    ["ConsumedUnit", usageOnly("t.consumed_unit")],
    ["ContractedCost", plain("l.contracted")],
    ["ContractedUnitPrice", usageOnly(plain("l.price"))],
    ["EffectiveCost", plain("l.billed")],
    ["InvoiceId", invoice],
    ["InvoiceIssuerName", quote(provider)],
    ["ListCost", plain("l.list")],
    ["ListUnitPrice", usageOnly(plain("l.list_price"))],
    ["PricingCategory", usageOnly("'Standard'")],
    ["PricingCurrency", currency],
    ["PricingCurrencyContractedUnitPrice", usageOnly(plain("l.price"))],
    ["PricingCurrencyEffectiveCost", plain("l.billed")],
    ["PricingCurrencyListUnitPrice", usageOnly(plain("l.list_price"))],
    ["PricingQuantity", usageOnly(plain("l.quantity"))],
    ["PricingUnit", usageOnly("t.unit")],
    ["ProviderName", quote(provider)],
    ["PublisherName", quote(provider)],
    ["RegionId", "NULL"],
    ["RegionName", "NULL"],
    ["ResourceId", "t.resource_id"],
    ["ResourceName", "t.resource_name"],
    ["ResourceType", "t.resource_type"],
    ["ServiceCategory", "t.category"],
    ["ServiceName", "t.service"],
    ["ServiceSubcategory", "t.subcategory"],
    ["SkuId", "t.sku_id"],
    ["SkuMeter", usageOnly("t.description")],
    ["SkuPriceDetails", "NULL"],
    ["SkuPriceId", usageOnly("t.sku_id || '-' || t.currency")],
    ["SubAccountId", "t.account_id"],
    ["SubAccountName", "t.account_name"],
    ["SubAccountType", "'Workspace'"],
    ["Tags", "t.tags"],
  ];
}
