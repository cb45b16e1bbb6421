import { writeFile } from "node:fs/promises";
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
        billed: `l.cost + ${credits}`, effective: `l.cost + ${credits}`, contracted: "NULL::DECIMAL(18,10)", rows: "1",
        list: "CASE WHEN l.cost_type = 'regular' AND t.subscription IS NULL THEN l.at_list END",
        summed: [["cost", "l.cost"], ["credits.amount", credits], ["cost_at_list", "l.at_list"]],
      });
      await db.run("CREATE OR REPLACE TABLE ordered AS FROM lines ORDER BY start_at, text_id, cost_type");
      const file = `gcp-detailed-${String(part.number).padStart(5, "0")}.jsonl`;
      await db.run(copyLines(delivery, join(delivery.path, file)));
      return { rows, files: [file] };
    },
    async endMonth(delivery, files) {
      const name = "export-manifest.json";
      const manifest = { billingAccount: gcpBillingAccount, dataset: "billing_export", table: `gcp_billing_export_resource_v1_${gcpBillingAccount.replaceAll("-", "_")}`, invoiceMonth: delivery.month.label.replace("-", ""), files };
      await writeFile(join(delivery.path, name), JSON.stringify(manifest, null, 2));
      return [name];
    },
  };
}

function copyLines(delivery: Delivery, path: string): string {
  const instant = (sql: string) => `strftime(${sql}, '%Y-%m-%d %H:%M:%S UTC')`;
  const hasProject = "t.project_number IS NOT NULL";
  const credit = (name: string, amount: string, fullName: string, id: string, type: string) =>
    `struct_pack(name := ${name}, amount := (${amount})::DOUBLE, full_name := ${fullName}, id := ${id}, type := ${type})`;
  const commitmentCredit = credit(
    "'Committed use discount: ' || t.sku", "l.commitment_credit", "c.name", "c.id",
    "CASE WHEN t.service = 'Cloud SQL' THEN 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE' ELSE 'COMMITTED_USAGE_DISCOUNT' END");
  const otherName = "CASE l.other_type WHEN 'SUSTAINED_USAGE_DISCOUNT' THEN 'Sustained Usage Discount' WHEN 'FREE_TIER' THEN 'Free tier' ELSE 'Startup program 2025' END";
  const otherCredit = credit(otherName, "l.other_credit", otherName, "lower(replace(l.other_type, '_', '-'))", "l.other_type");
  const columns: readonly (readonly [string, string])[] = [
    ["billing_account_id", quote(gcpBillingAccount)],
    ["service", "struct_pack(id := t.service_id, description := t.service)"],
    ["sku", "struct_pack(id := t.sku_id, description := t.sku)"],
    ["usage_start_time", instant("l.start_at")],
    ["usage_end_time", instant("l.end_at")],
    ["project", `CASE WHEN ${hasProject} THEN struct_pack(id := t.account_id, number := t.project_number, name := t.account_id, labels := t.project_labels,
      ancestry_numbers := '/${gcpOrganization}/' || t.folder || '/',
      ancestors := [struct_pack(resource_name := 'projects/' || t.project_number, display_name := t.account_id), struct_pack(resource_name := 'folders/' || t.folder, display_name := 'teams'), struct_pack(resource_name := 'organizations/${gcpOrganization}', display_name := 'harborline.example')]) END`],
    ["labels", "t.labels"],
    ["system_labels", "t.system_labels"],
    ["tags", "t.tags"],
    ["location", "struct_pack(location := coalesce(t.region, 'us'), country := 'US', region := t.region, zone := t.zone)"],
    ["resource", "struct_pack(name := t.resource_name, global_name := t.global_name)"],
    ["price", "CASE WHEN l.cost_type = 'regular' THEN struct_pack(effective_price := l.price::DOUBLE, tier_start_amount := 0::DOUBLE, unit := t.pricing_unit, pricing_unit_quantity := 1::DOUBLE) END"],
    ["subscription", "CASE WHEN t.subscription IS NOT NULL THEN struct_pack(instance_id := t.subscription) END"],
    ["transaction_type", "'GOOGLE'"],
    ["seller_name", "NULL::VARCHAR"],
    ["export_time", instant("l.end_at + to_hours(9)")],
    ["cost", "l.cost::DOUBLE"],
    ["currency", "t.currency"],
    ["currency_conversion_rate", "1::DOUBLE"],
    ["cost_at_list", "CASE WHEN l.cost_type = 'regular' THEN l.at_list::DOUBLE END"],
    ["usage", "struct_pack(amount := l.quantity::DOUBLE * t.unit_factor, unit := t.unit, amount_in_pricing_units := l.quantity::DOUBLE, pricing_unit := t.pricing_unit)"],
    ["credits", `list_filter([CASE WHEN l.commitment_credit IS NOT NULL THEN ${commitmentCredit} END, CASE WHEN l.other_credit IS NOT NULL THEN ${otherCredit} END], lambda credit: credit IS NOT NULL)`],
    ["invoice", `struct_pack("month" := '${delivery.month.label.replace("-", "")}', publisher_type := 'GOOGLE')`],
    ["cost_type", "l.cost_type"],
    ["adjustment_info", "CASE WHEN l.correction IS NOT NULL THEN struct_pack(id := 'adj-' || l.day_index, description := 'Query that was charged twice', mode := 'PARTIAL_CORRECTION', type := l.correction) END"],
  ];
  const select = columns.map(([name, sql]) => `${sql} AS "${name}"`).join(",\n");
  return `COPY (SELECT ${select} FROM ordered l JOIN texts t ON t.id = l.text_id LEFT JOIN commitments c ON c.commitment = l.commitment) TO ${quote(path)} (FORMAT json)`;
}

/** The fee is billed day by day; what the covered use was worth of it is not in the bill and known only here. */
async function recordCommitments(ledger: TruthLedger, delivery: Delivery): Promise<void> {
  const { fromIndex, toIndex } = delivery.month;
  await ledger.recordCommitmentMonths(delivery.id, `
    WITH used AS (SELECT commitment, sum(cost) AS used FROM commitment_uses GROUP BY 1)
    SELECT c.commitment, (c.recurring * 24 * (least(c.end_day, ${toIndex}) - greatest(c.start_day, ${fromIndex})))::DECIMAL(38,10) AS fee,
      coalesce(used, 0) AS used, fee - coalesce(used, 0) AS unused, fee AS billed
    FROM commitments c JOIN commitment_texts USING (commitment) LEFT JOIN used USING (commitment)
    WHERE c.start_day < ${toIndex} AND c.end_day > ${fromIndex}`);
}
