import { it } from "vitest";
import { DuckDBInstance } from "@duckdb/node-api";
import { mappingPreamble, renderMapping } from "../render-mapping.ts";
import { gcpBillingExportMapping as m } from "./formats/gcp-billing-export/mapping.ts";
const cpu = () => { const u = process.cpuUsage(); return Math.round((u.user + u.system) / 1000); };
it("bench", { timeout: 300000 }, async () => {
  const i = await DuckDBInstance.create(":memory:", { threads: "2" }); const c = await i.connect();
  const read = "(SELECT * FROM read_parquet('/tmp/gcp/big.parquet') LIMIT 200000)";
  const cols = (await (await c.run(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${read})`)).getRowObjects()).map(r => ({ name: String(r.column_name), type: String(r.column_type) }));
  for (const s of mappingPreamble([m])) await c.run(s);
  const raw = { sql: `(SELECT *, 0 AS _file FROM ${read})`, columns: cols };
  const time = async (label: string, mm: typeof m) => { const t = cpu(); await c.run(`COPY (${renderMapping(mm, raw, { assume: {}, role: "", roles: [] })}) TO '/tmp/gcp/out.parquet'`); console.log(label, cpu() - t); };
  const t = cpu(); await c.run(`COPY (SELECT * FROM ${read}) TO '/tmp/gcp/out.parquet'`); console.log("copy", cpu() - t);
  await time("all", m); await time("all", m);
  if (process.env.DETAIL) {
  await time("no extras", { ...m, extras: {} });
  await time("no derived", { ...m, derived: [], columns: Object.fromEntries(Object.entries(m.columns).filter(([, s]) => !s.includes("item"))) , extras: {}});
  for (const col of ["Tags", "BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "BillingPeriodStart", "BillingPeriodEnd", "ResourceType", "SkuPriceId", "SkuPriceDetails", "PricingCurrencyEffectiveCost", "ContractedUnitPrice", "PricingCurrencyContractedUnitPrice", "PricingCategory", "CommitmentDiscountQuantity"] as const) {
    const columns = { ...m.columns }; delete columns[col]; await time("without " + col, { ...m, columns, extras: {} });
  }
  await time("few", { ...m, extras: {}, columns: { BilledCost: m.columns.BilledCost! } });
  }
});
