import { join } from "node:path";
import { type BillDatabase, quote } from "../database.ts";
import type { Delivery, FormatWriter } from "../deliveries.ts";
import { gcpBillingAccount, gcpOrganization } from "../plan/company.ts";
import type { FormatPlan } from "../plan/plan-bills.ts";
import type { TruthLedger } from "../truth-ledger.ts";
import { addChargeLines, addUsageLines, clearCollected, clearLines } from "./gcp-lines.ts";
import { gcpTextColumns, gcpTextsOf } from "./gcp-texts.ts";

/** Writes the detailed usage cost export as JSON lines, a file per part of an invoice month. */
export async function gcpWriter(db: BillDatabase, ledger: TruthLedger, format: FormatPlan): Promise<FormatWriter> {
  const texts = gcpTextsOf(format);
  await db.load("texts", gcpTextColumns, texts.texts);
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
      const credits = "coalesce(l.commitment_credit, 0) + coalesce(l.other_credit, 0)";
      const rows = await ledger.record(delivery.id, {
        billed: `l.cost + ${credits}`,
        effective: `l.cost + ${credits}`,
        contracted: "NULL::DECIMAL(18,10)",
        rows: "1",
        list: "CASE WHEN l.cost_type = 'regular' AND t.subscription IS NULL THEN l.at_list END",
        summed: [
          ["cost", "l.cost"],
          ["credits.amount", credits],
          ["cost_at_list", "l.at_list"],
        ],
      });
      const file = `gcp-detailed-${String(part.number).padStart(5, "0")}.jsonl`;
      await copyJsonLines(db, delivery, join(delivery.path, file));
      return { rows, files: [file] };
    },
    // Google exports rows to BigQuery; a dump of them has no manifest.
    async endMonth() {
      return [];
    },
  };
}

/** The constant part of a row is made once per text, the rest is glued to it: DuckDB's JSON writer is three times slower. */
async function copyJsonLines(db: BillDatabase, delivery: Delivery, path: string): Promise<void> {
  await db.run(`CREATE OR REPLACE TABLE fragments AS SELECT t.id, to_json({
    billing_account_id: ${quote(gcpBillingAccount)},
    service: {id: t.service_id, description: t.service},
    sku: {id: t.sku_id, description: t.sku},
    project: CASE WHEN t.project_number IS NOT NULL THEN {
      id: t.account_id, number: t.project_number, name: t.account_id, labels: t.project_labels, ancestry_numbers: '/${gcpOrganization}/' || t.folder || '/',
      ancestors: [
        {resource_name: 'projects/' || t.project_number, display_name: t.account_id},
        {resource_name: 'folders/' || t.folder, display_name: 'teams'},
        {resource_name: 'organizations/${gcpOrganization}', display_name: 'harborline.example'}]} END,
    labels: t.labels, system_labels: t.system_labels, tags: t.tags,
    location: {location: coalesce(t.region, 'us'), country: 'US', region: t.region, zone: t.zone},
    resource: {name: t.resource_name, global_name: t.global_name},
    subscription: CASE WHEN t.subscription IS NOT NULL THEN {instance_id: t.subscription} END,
    transaction_type: 'GOOGLE', seller_name: NULL, currency: t.currency, currency_conversion_rate: 1.0::DOUBLE,
    invoice: {month: '${delivery.month.label.replace("-", "")}', publisher_type: 'GOOGLE'}
  })::VARCHAR AS whole, left(whole, length(whole) - 1) AS head FROM texts t`);
  const instant = (sql: string) => `strftime(${sql}, '%Y-%m-%d %H:%M:%S UTC')`;
  const number = (sql: string) => `(${sql})::DOUBLE::VARCHAR`;
  const pieces = [
    "f.head",
    `',"usage_start_time":"' || ${instant("l.start_at")} || '","usage_end_time":"' || ${instant("l.end_at")} || '","export_time":"' || ${instant("l.end_at + to_hours(9)")}`,
    `'","cost":' || ${number("l.cost")} || ',"cost_at_list":' || CASE WHEN l.cost_type = 'regular' THEN ${number("l.at_list")} ELSE 'null' END`,
    `',"price":' || CASE WHEN l.cost_type = 'regular' THEN '{"effective_price":' || ${number("l.price")} || ',"tier_start_amount":0,"unit":"' || t.pricing_unit || '","pricing_unit_quantity":1}' ELSE 'null' END`,
    `',"usage":{"amount":' || ${number("l.quantity::DOUBLE * t.unit_factor")} || ',"unit":"' || t.unit || '","amount_in_pricing_units":' || ${number("l.quantity")} || ',"pricing_unit":"' || t.pricing_unit || '"}'`,
    `',"credits":[' || ${creditsJson()} || ']'`,
    `',"cost_type":"' || l.cost_type || '","adjustment_info":'`,
    `CASE WHEN l.correction IS NOT NULL THEN '{"id":"adj-' || l.day_index || '","description":"Query that was charged twice","mode":"PARTIAL_CORRECTION","type":"' || l.correction || '"}' ELSE 'null' END || '}'`,
  ];
  await db.run(`
    COPY (SELECT concat(${pieces.join(", ")}) AS line FROM lines l JOIN fragments f ON f.id = l.text_id JOIN texts t ON t.id = l.text_id LEFT JOIN commitments c ON c.commitment = l.commitment)
    TO ${quote(path)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x1f')`);
}

/** A row has a commitment's credit or another one, never both. */
function creditsJson(): string {
  const credit = (name: string, amount: string, fullName: string, id: string, type: string) =>
    `'{"name":"' || ${name} || '","amount":' || (${amount})::DOUBLE::VARCHAR || ',"full_name":"' || ${fullName} || '","id":"' || ${id} || '","type":"' || ${type} || '"}'`;
  const otherName =
    "CASE l.other_type WHEN 'SUSTAINED_USAGE_DISCOUNT' THEN 'Sustained Usage Discount' WHEN 'FREE_TIER' THEN 'Free tier' ELSE 'Startup program 2025' END";
  const commitmentType =
    "CASE WHEN t.service = 'Cloud SQL' THEN 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE' ELSE 'COMMITTED_USAGE_DISCOUNT' END";
  return `CASE WHEN l.commitment_credit IS NOT NULL THEN ${credit("'Committed use discount: ' || t.sku", "l.commitment_credit", "c.name", "c.id", commitmentType)}
    WHEN l.other_credit IS NOT NULL THEN ${credit(otherName, "l.other_credit", otherName, "lower(replace(l.other_type, '_', '-'))", "l.other_type")} ELSE '' END`;
}

/** The fee is billed day by day; what the covered use was worth of it is not in the bill and known only here. */
async function recordCommitments(ledger: TruthLedger, delivery: Delivery): Promise<void> {
  const { fromIndex, toIndex } = delivery.month;
  await ledger.recordCommitmentMonths(
    delivery.id,
    `
    WITH used AS (SELECT commitment, sum(cost) AS used FROM commitment_uses GROUP BY 1)
    SELECT c.commitment, (c.recurring * 24 * (least(c.end_day, ${toIndex}) - greatest(c.start_day, ${fromIndex})))::DECIMAL(38,10) AS fee,
      coalesce(used, 0) AS used, fee - coalesce(used, 0) AS unused, fee AS billed
    FROM commitments c JOIN commitment_texts USING (commitment) LEFT JOIN used USING (commitment)
    WHERE c.start_day < ${toIndex} AND c.end_day > ${fromIndex}`,
  );
}
