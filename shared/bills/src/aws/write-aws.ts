import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compressFile } from "../compress.ts";
import { type ColumnMap, type CopyOrder, copyCsv, copyParquet } from "../copy-lines.ts";
import { type BillDatabase, quote } from "../database.ts";
import type { Delivery, FormatWriter } from "../deliveries.ts";
import type { BillMonth } from "../plan/calendar.ts";
import type { FormatPlan } from "../plan/plan-bills.ts";
import { Random } from "../plan/random.ts";
import type { TruthLedger } from "../truth-ledger.ts";
import { addChargeLines } from "./aws-charges.ts";
import { addUsageLines, clearCollected, clearLines, collectForCharges } from "./aws-lines.ts";
import { awsTextsOf, loadAwsTexts, payerOf } from "./aws-texts.ts";
import { cur2Columns, cur2SummedColumns } from "./cur2-columns.ts";
import { legacyColumns, legacySummedColumns } from "./cur-legacy-columns.ts";

/** Writes the bills of one AWS payer: CUR 2.0 as parquet, or the legacy report as gzipped CSV. */
export async function awsWriter(
  db: BillDatabase,
  ledger: TruthLedger,
  format: FormatPlan,
  seed: string,
): Promise<FormatWriter> {
  const isCur2 = format.kind === "aws-cur2";
  const texts = awsTextsOf(format);
  // CUR 2.0 prefixes user tags and allows only letters, digits and _ in keys; the legacy report has a column per key.
  await loadAwsTexts(
    (table, columns, rows) => db.load(table, columns, rows),
    texts,
    (key) => (isCur2 ? cur2TagKey(key) : key),
  );
  const columns = isCur2 ? cur2Columns : legacyColumns;
  return {
    async beginMonth() {
      await clearCollected(db);
    },
    async writePart(delivery, part) {
      await clearLines(db);
      await addUsageLines(db);
      await collectForCharges(db);
      if (part.isLast) {
        await addChargeLines(db, format.kind, delivery.month, delivery.isRestated, texts.supportTextId);
        await recordCommitments(ledger, delivery);
      }
      const rows = await ledger.record(delivery.id, {
        billed: "l.unblended",
        effective: "l.effective",
        list: "l.list",
        contracted: "NULL::DECIMAL(18,10)",
        rows: "1",
        summed: isCur2 ? cur2SummedColumns : legacySummedColumns,
      });
      if (isCur2) await ledger.recordCluster(delivery.id);
      const name = `${isCur2 ? "harborline-cur2" : "tern-cur"}-${String(part.number).padStart(5, "0")}`;
      const file = `${name}.${isCur2 ? "snappy.parquet" : "csv"}`;
      const order: CopyOrder = {
        columns,
        constants: constantsOf(delivery.month, format, seed, delivery.isOpen),
        keys: ["line_type", "commitment", "split_parent"],
        path: join(delivery.path, file),
      };
      if (isCur2) {
        await copyParquet(db, order);
        return { rows, files: [file] };
      }
      await copyCsv(db, order);
      return { rows, files: [`${file}.gz`], finish: compressFile(order.path) };
    },
    async endMonth(delivery, files) {
      const manifest = isCur2 ? cur2Manifest(delivery, files, columns) : legacyManifest(delivery, files, columns);
      const name = isCur2 ? "harborline-cur2-Manifest.json" : "tern-cur-Manifest.json";
      await mkdir(delivery.path, { recursive: true });
      await writeFile(join(delivery.path, name), JSON.stringify(manifest, null, 2));
      return [name];
    },
  };
}

function cur2TagKey(key: string): string {
  return key.startsWith("aws:") ? key.replace(/[^A-Za-z0-9]/g, "_") : `user_${key.replace(/[^A-Za-z0-9]/g, "_")}`;
}

function constantsOf(month: BillMonth, format: FormatPlan, seed: string, isOpen: boolean): Record<string, string> {
  const payer = payerOf(format.kind);
  const invoice = new Random(`${seed}/${format.kind}/${month.label}`).digits(10);
  return {
    first_day: `TIMESTAMP '${month.firstDay} 00:00:00'`,
    next_month: `TIMESTAMP '${month.nextMonth} 00:00:00'`,
    from_index: String(month.fromIndex),
    invoice_id: isOpen ? "NULL::VARCHAR" : quote(invoice),
    seed: quote(seed),
    payer_id: quote(payer.id),
    payer_name: quote(payer.name),
    legal_entity: quote(format.kind === "aws-cur2" ? "Amazon Web Services, Inc." : "Amazon Web Services EMEA SARL"),
  };
}

async function recordCommitments(ledger: TruthLedger, delivery: Delivery): Promise<void> {
  await ledger.recordCommitmentMonths(
    delivery.id,
    `
    WITH used AS (SELECT commitment, sum(effective) AS used FROM commitment_uses GROUP BY 1),
    fees AS (
      SELECT commitment, sum(CASE WHEN line_type IN ('RIFee', 'SavingsPlanRecurringFee') THEN effective ELSE 0 END) AS unused,
        sum(CASE WHEN line_type IN ('RIFee', 'SavingsPlanRecurringFee', 'Fee', 'SavingsPlanUpfrontFee') THEN unblended ELSE 0 END) AS billed,
        sum(CASE WHEN line_type = 'RIFee' THEN unblended + ri_upfront_fee WHEN line_type = 'SavingsPlanRecurringFee' THEN sp_total ELSE 0 END) AS fee
      FROM lines WHERE commitment IS NOT NULL AND line_type IN ('RIFee', 'Fee', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee') GROUP BY 1
    )
    SELECT commitment, fee, coalesce(used, 0) AS used, unused, billed FROM fees LEFT JOIN used USING (commitment)`,
  );
}

function cur2Manifest(delivery: Delivery, files: string[], columns: ColumnMap): object {
  return {
    exportArn: "arn:aws:bcm-data-exports:us-east-1:418273650912:export/harborline-cur2",
    executionId: new Random(delivery.id).uuid(),
    table: "COST_AND_USAGE_REPORT",
    billingPeriod: delivery.month.label,
    columns: columns.map(([name]) => ({ name })),
    dataFiles: files.map((file) => `s3://harborline-billing/cur2/data/BILLING_PERIOD=${delivery.month.label}/${file}`),
  };
}

function legacyManifest(delivery: Delivery, files: string[], columns: ColumnMap): object {
  const compact = (day: string) => `${day.replaceAll("-", "")}T000000.000Z`;
  const folder = `tern/tern-cur/${compact(delivery.month.firstDay).slice(0, 8)}-${compact(delivery.month.nextMonth).slice(0, 8)}`;
  const assemblyId = new Random(delivery.id).uuid();
  return {
    assemblyId,
    account: payerOf("aws-cur-legacy").id,
    columns: columns.map(([name]) => ({ category: name.split("/")[0], name: name.split("/")[1] })),
    charset: "UTF-8",
    compression: "GZIP",
    contentType: "text/csv",
    reportId: new Random("tern-cur").hex(64),
    reportName: "tern-cur",
    billingPeriod: { start: compact(delivery.month.firstDay), end: compact(delivery.month.nextMonth) },
    bucket: "tern-billing",
    reportKeys: files.map((file) => `${folder}/${assemblyId}/${file}`),
    additionalArtifactKeys: [],
  };
}
