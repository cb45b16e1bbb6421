import { DuckDBInstance } from "@duckdb/node-api";
import { focusColumns } from "@finops/focus/columns";
import { checkRelation } from "./check-relation.ts";
import { ownRules } from "./own-rules.ts";
const n = Number(process.argv[2] ?? 2_000_000);
const db = await DuckDBInstance.create(":memory:", { memory_limit: "3GB" });
const c = await db.connect();
const metrics = new Set(["BilledCost","EffectiveCost","ListCost","ContractedCost","PricingQuantity","ConsumedQuantity","CommitmentDiscountQuantity","PricingCurrencyEffectiveCost"]);
const cat = "CASE WHEN i%50=0 THEN 'Tax' WHEN i%20=0 THEN 'Purchase' ELSE 'Usage' END";
const svc = ["Compute","Storage","Networking","Databases"], sub=["Virtual Machines","Object Storage","Content Delivery","Relational Databases"];
const covered = "(i%5=0 AND i%50<>0)";
const pick = (a: string[]) => `['${a.join("','")}'][(i%4)+1]`;
const expr: Record<string,string> = {
  AvailabilityZone: "'us-east-1'||['a','b','c'][i%3+1]", BillingAccountId: "'100000000001'", BillingAccountName: "'Payer'", BillingAccountType: "'Payer Account'",
  BillingCurrency: "'USD'", BillingPeriodStart: "TIMESTAMP '2026-05-01'", BillingPeriodEnd: "TIMESTAMP '2026-06-01'",
  ChargePeriodStart: "TIMESTAMP '2026-05-01' + INTERVAL (i%720) HOUR", ChargePeriodEnd: "TIMESTAMP '2026-05-01' + INTERVAL (i%720+1) HOUR",
  ChargeCategory: cat, ChargeDescription: "'usage of thing number ' || (i%5000)", ChargeFrequency: `CASE WHEN ${cat}='Usage' THEN 'Usage-Based' ELSE 'One-Time' END`,
  CommitmentDiscountCategory: `CASE WHEN ${covered} THEN 'Spend' END`, CommitmentDiscountId: `CASE WHEN ${covered} THEN 'arn:aws:sp/'||(i%40) END`, CommitmentDiscountType: `CASE WHEN ${covered} THEN 'Savings Plan' END`,
  CommitmentDiscountStatus: `CASE WHEN ${covered} AND ${cat}='Usage' THEN 'Used' END`, CommitmentDiscountUnit: `CASE WHEN ${covered} THEN 'USD' END`, CommitmentDiscountQuantity: `CASE WHEN ${covered} THEN 0.5 END`,
  ConsumedQuantity: `CASE WHEN ${cat}='Usage' THEN (i%1000)/10.0 END`, ConsumedUnit: `CASE WHEN ${cat}='Usage' THEN 'Hours' END`,
  BilledCost: "((i%1000)/10.0)*0.05", EffectiveCost: `CASE WHEN ${cat}='Purchase' THEN 0 ELSE ((i%1000)/10.0)*0.05 END`, ListCost: "((i%1000)/10.0)*0.05", ContractedCost: "((i%1000)/10.0)*0.05",
  ListUnitPrice: `CASE WHEN ${cat}<>'Tax' THEN '0.0500000000' END`, ContractedUnitPrice: `CASE WHEN ${cat}<>'Tax' THEN '0.0500000000' END`, PricingQuantity: `CASE WHEN ${cat}<>'Tax' THEN (i%1000)/10.0 END`,
  PricingCategory: `CASE WHEN ${cat}='Tax' THEN NULL WHEN ${covered} AND ${cat}='Usage' THEN 'Committed' ELSE 'Standard' END`, PricingUnit: `CASE WHEN ${cat}<>'Tax' THEN 'Hours' END`,
  PricingCurrency: "'USD'", PricingCurrencyEffectiveCost: "((i%1000)/10.0)*0.05", PricingCurrencyListUnitPrice: `CASE WHEN ${cat}<>'Tax' THEN '0.0500000000' END`, PricingCurrencyContractedUnitPrice: `CASE WHEN ${cat}<>'Tax' THEN '0.0500000000' END`,
  InvoiceId: "'INV-1'", InvoiceIssuerName: "'AWS'", ProviderName: "'AWS'", PublisherName: "'AWS'", ServiceProviderName: "'AWS'", HostProviderName: "'AWS'", RegionId: "'us-east-1'", RegionName: "'US East'",
  ResourceId: "'arn:aws:ec2:us-east-1:instance/i-' || md5((i%200000)::VARCHAR)", ResourceType: "'Instance'", ServiceCategory: pick(svc), ServiceSubcategory: pick(sub), ServiceName: pick(["EC2","S3","CloudFront","RDS"]),
  SkuId: `CASE WHEN ${cat}<>'Tax' THEN 'SKU'||(i%5000) END`, SkuPriceId: `CASE WHEN ${cat}<>'Tax' THEN 'SKU'||(i%5000)||'.P' END`, SkuMeter: `CASE WHEN ${cat}<>'Tax' THEN 'Compute' END`,
  SubAccountId: "'2000000000'||(i%40)", SubAccountName: "'team '||(i%40)", SubAccountType: "'Linked Account'", Tags: "'{\"env\":\"prod\",\"team\":\"t' || (i%50) || '\"}'",
};
const cols: string[] = [];
for (const col of focusColumns) {
  const e = expr[col.id] ?? "NULL::VARCHAR";
  if (metrics.has(col.id)) cols.push(`(${e})::DECIMAL(18,8) AS "${col.id}"`, `(CASE WHEN (${e}) IS NOT NULL THEN 0 END)::BIGINT AS "${col.id}_lo"`, `NULL::DECIMAL(38,8) AS "${col.id}_big"`);
  else cols.push(`${e} AS "${col.id}"`);
}
let t = Date.now();
const pq = process.argv[3] ?? "/tmp/focus/bench.parquet";
const { existsSync } = await import("node:fs");
if (!existsSync(pq)) { await c.run(`COPY (SELECT ${cols.join(", ")} FROM range(${n}) t(i)) TO '${pq}' (FORMAT parquet, COMPRESSION zstd)`); console.log("made", Date.now()-t); }
const names = (await c.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet('${pq}')`)).getRowObjectsJson().map((r)=>String(r["column_name"]));
for (const opts of [{ examplesMax: 0, valuesPerKey: false }, { examplesMax: 0 }, {}]) {
  t = performance.now();
  const r = await checkRelation(c, { table: `read_parquet('${pq}')`, columns: names, layout: "lake" }, ownRules("1.2"), opts);
  const ms = performance.now()-t;
  console.log(JSON.stringify(opts), "rows", r.rowsChecked, "rules", r.rules, "failed", r.failed, ms.toFixed(0)+"ms", (Number(r.rowsChecked)/ms*1000/1e6).toFixed(2)+"M rows/s");
  if (r.failed) for (const x of r.results.filter(x=>x.status==="failed").slice(0,5)) console.log(x.ruleId,x.rows,JSON.stringify(x.examples[0]));
}
{
  const cells = focusColumns.map((x) => /Period(Start|End)$/.test(x.id) ? `strftime("${x.id}", '%Y-%m-%dT%H:%M:%SZ') AS "${x.id}"` : `"${x.id}"::VARCHAR AS "${x.id}"`);
  await c.run(`CREATE TABLE rawtext AS SELECT ${cells.join(", ")} FROM read_parquet('${pq}') LIMIT 500000`);
  const u0 = process.cpuUsage(); const t0 = performance.now();
  const r = await checkRelation(c, { table: "rawtext", columns: focusColumns.map(x=>x.id) }, ownRules(), { examplesMax: 0 });
  const u = process.cpuUsage(u0);
  console.log("text", r.rowsChecked, r.rules, r.failed, (performance.now()-t0).toFixed(0)+"ms wall", ((u.user+u.system)/1000).toFixed(0)+"ms cpu");
  const u1 = process.cpuUsage(); const t1 = performance.now();
  await checkRelation(c, { table: `read_parquet('${pq}')`, columns: names, layout: "lake" }, ownRules("1.2"), { examplesMax: 0 });
  const v = process.cpuUsage(u1);
  console.log("lake", (performance.now()-t1).toFixed(0)+"ms wall", ((v.user+v.system)/1000).toFixed(0)+"ms cpu");
}
