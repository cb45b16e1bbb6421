import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ColumnMap, copyCsv } from "../copy-lines.ts";
import { type BillDatabase, quote } from "../database.ts";
import type { Delivery, FormatWriter } from "../deliveries.ts";
import { azureEnrollment } from "../plan/company.ts";
import type { FormatPlan } from "../plan/plan-bills.ts";
import { Random } from "../plan/random.ts";
import type { TruthLedger } from "../truth-ledger.ts";
import { addChargeLines, addUsageLines, clearCollected, clearLines } from "./azure-lines.ts";
import { azureTextColumns, azureTextsOf } from "./azure-texts.ts";

type Metric = "actual" | "amortized";
const metrics: readonly Metric[] = ["actual", "amortized"];

/** Writes Azure cost details of an EA enrolment: the actual and the amortized file of each month, a matched pair. */
export async function azureWriter(db: BillDatabase, ledger: TruthLedger, format: FormatPlan): Promise<FormatWriter> {
  const texts = azureTextsOf(format);
  await db.load("texts", azureTextColumns, texts.texts);
  await db.load("commitment_texts", { commitment: "INTEGER", text_id: "INTEGER" }, texts.commitmentTexts);
  return {
    async beginMonth() {
      await clearCollected(db);
    },
    async writePart(delivery, part) {
      await clearLines(db);
      await addUsageLines(db);
      if (part.isLast) {
        await addChargeLines(db, delivery.month, texts);
        await recordCommitments(ledger, delivery);
      }
      const isUsage = "CASE WHEN l.charge_type = 'Usage' THEN 1 ELSE 0 END";
      const rows = await ledger.record(delivery.id, {
        billed: "coalesce(l.actual_cost, 0)",
        effective: "coalesce(l.amortized_cost, 0)",
        list: `l.quantity::DECIMAL(28,6) * l.payg_price * ${isUsage}`,
        contracted: `l.quantity::DECIMAL(28,6) * l.unit_price * ${isUsage}`,
        rows: "(l.actual_cost IS NOT NULL)::INTEGER + (l.amortized_cost IS NOT NULL)::INTEGER",
        summed: [
          ["actual CostInBillingCurrency", "l.actual_cost"],
          ["amortized CostInBillingCurrency", "l.amortized_cost"],
        ],
      });
      const isOnlyPart = part.number === 1 && part.isLast;
      const files: string[] = [];
      for (const metric of metrics) {
        const file = isOnlyPart ? `${metric}.csv` : `${metric}-${String(part.number).padStart(5, "0")}.csv`;
        await copyCsv(db, {
          columns: columnsOf(delivery, metric),
          constants: {},
          keys: ["charge_type", "pricing_model", "frequency", "commitment", "unit_price", "payg_price"],
          path: join(delivery.path, file),
          where: `l.${metric}_cost IS NOT NULL`,
        });
        files.push(file);
      }
      return { rows, files };
    },
    async endMonth(delivery, files) {
      return Promise.all(
        metrics.map((metric) =>
          writeManifest(
            delivery,
            metric,
            files.filter((file) => file.startsWith(metric)),
          ),
        ),
      );
    },
  };
}

function columnsOf(delivery: Delivery, metric: Metric): ColumnMap {
  const { month } = delivery;
  const plain = (sql: string) => `rtrim(rtrim((${sql})::VARCHAR, '0'), '.')`;
  const date = (sql: string) => `strftime(${sql}, '%m/%d/%Y')`;
  const isReservation = "l.pricing_model = 'Reservation'";
  const returnedOrder = new Random("returned reservation").uuid();
  const benefitId = `CASE WHEN c.id IS NOT NULL THEN c.id WHEN ${isReservation} THEN '/providers/Microsoft.Capacity/reservationOrders/${returnedOrder}/reservations/${returnedOrder}' END`;
  const benefitName = `coalesce(c.name, CASE WHEN ${isReservation} THEN 'VM_RI_D8s_v5_westeurope' END)`;
  return [
    ["InvoiceSectionName", "t.section"],
    ["AccountName", "'Harborline Cloud Team'"],
    ["AccountOwnerId", "'cloud-team@harborline.example'"],
    ["SubscriptionId", "t.account_id"],
    ["SubscriptionName", "t.account_name"],
    ["ResourceGroup", "t.resource_group"],
    ["ResourceLocation", "t.location"],
    ["Date", date("l.day")],
    ["ProductName", "t.product"],
    ["MeterCategory", "t.service"],
    ["MeterSubCategory", "t.sub_category"],
    ["MeterId", "t.meter_id"],
    ["MeterName", "t.meter"],
    ["MeterRegion", "t.meter_region"],
    ["UnitOfMeasure", "t.unit"],
    ["Quantity", plain("l.quantity")],
    ["EffectivePrice", plain(`l.${metric}_price`)],
    ["CostInBillingCurrency", plain(`l.${metric}_cost`)],
    ["CostCenter", "t.cost_center"],
    ["ConsumedService", "t.consumed_service"],
    ["ResourceId", "t.resource_id"],
    ["Tags", "t.tags"],
    ["OfferId", "'MS-AZR-0017P'"],
    ["AdditionalInfo", "t.additional_info"],
    ["ServiceInfo1", "''"],
    ["ServiceInfo2", "''"],
    ["ResourceName", "t.resource_name"],
    ["ReservationId", `CASE WHEN ${isReservation} THEN split_part(${benefitId}, '/', -1) END`],
    ["ReservationName", `CASE WHEN ${isReservation} THEN ${benefitName} END`],
    ["UnitPrice", plain("l.unit_price")],
    ["ProductOrderId", `split_part(${benefitId}, '/', 5)`],
    ["ProductOrderName", "CASE WHEN l.pricing_model <> 'OnDemand' OR l.charge_type = 'Purchase' THEN t.product END"],
    ["Term", "CASE WHEN c.commitment IS NOT NULL THEN (c.term_days // 365 * 12)::VARCHAR END"],
    ["PublisherType", "t.publisher_type"],
    ["PublisherName", "t.publisher"],
    ["ChargeType", "l.charge_type"],
    ["Frequency", "l.frequency"],
    ["PricingModel", "l.pricing_model"],
    ["AvailabilityZone", "''"],
    ["BillingAccountId", quote(azureEnrollment.id)],
    ["BillingAccountName", quote(azureEnrollment.name)],
    ["BillingCurrencyCode", "t.currency"],
    ["BillingPeriodStartDate", date(`DATE '${month.firstDay}'`)],
    ["BillingPeriodEndDate", date(`DATE '${month.nextMonth}' - 1`)],
    ["BillingProfileId", quote(azureEnrollment.id)],
    ["BillingProfileName", quote(azureEnrollment.name)],
    ["InvoiceSectionId", "''"],
    ["IsAzureCreditEligible", "CASE WHEN t.publisher_type = 'Azure' THEN 'True' ELSE 'False' END"],
    ["PartNumber", "t.part_number"],
    ["PayGPrice", plain("l.payg_price")],
    ["PlanName", "t.plan"],
    ["ServiceFamily", "t.family"],
    ["CostAllocationRuleName", "''"],
    ["benefitId", benefitId],
    ["benefitName", benefitName],
  ];
}

async function recordCommitments(ledger: TruthLedger, delivery: Delivery): Promise<void> {
  const { fromIndex, toIndex } = delivery.month;
  await ledger.recordCommitmentMonths(
    delivery.id,
    `
    WITH used AS (SELECT commitment, sum(cost) AS used FROM commitment_uses GROUP BY 1),
    charged AS (
      SELECT commitment, sum(CASE WHEN charge_type LIKE 'Unused%' THEN amortized_cost ELSE 0 END) AS unused, sum(CASE WHEN charge_type = 'Purchase' THEN actual_cost ELSE 0 END) AS billed
      FROM lines WHERE commitment IS NOT NULL AND charge_type <> 'Usage' GROUP BY 1
    )
    SELECT c.commitment, (c.recurring + c.upfront) * 24 * (least(c.end_day, ${toIndex}) - greatest(c.start_day, ${fromIndex})) AS fee,
      coalesce(used, 0) AS used, coalesce(unused, 0) AS unused, coalesce(billed, 0) AS billed
    FROM commitments c JOIN commitment_texts USING (commitment) LEFT JOIN used USING (commitment) LEFT JOIN charged USING (commitment)
    WHERE c.start_day < ${toIndex} AND c.end_day > ${fromIndex}`,
  );
}

async function writeManifest(delivery: Delivery, metric: Metric, files: string[]): Promise<string> {
  const name = `${metric}.manifest.json`;
  const sizes = await Promise.all(
    files.map(async (file) => ({
      blobName: `exports/harborline/${delivery.month.label}/${file}`,
      byteCount: (await stat(join(delivery.path, file))).size,
    })),
  );
  const manifest = {
    manifestVersion: "2024-04-01",
    byteCount: sizes.reduce((total, { byteCount }) => total + byteCount, 0),
    blobCount: files.length,
    exportConfig: {
      exportName: `harborline-${metric}`,
      resourceId: `/providers/Microsoft.Billing/billingAccounts/${azureEnrollment.id}`,
      dataVersion: "2023-12-01-preview",
      apiVersion: "2023-07-01-preview",
      type: metric === "actual" ? "ActualCost" : "AmortizedCost",
      timeFrame: "TheLastBillingMonth",
      granularity: "Daily",
    },
    deliveryConfig: {
      partitionData: true,
      dataOverwriteBehavior: "OverwritePreviousReport",
      fileFormat: "Csv",
      compressionMode: "None",
      rootFolderPath: "exports",
    },
    runInfo: {
      executionType: "Scheduled",
      submittedTime: `${delivery.month.nextMonth}T05:00:00Z`,
      runId: new Random(`${delivery.id}/${metric}`).uuid(),
      startDate: `${delivery.month.firstDay}T00:00:00`,
      endDate: `${delivery.month.nextMonth}T00:00:00`,
    },
    blobs: sizes,
  };
  await writeFile(join(delivery.path, name), JSON.stringify(manifest, null, 2));
  return name;
}
