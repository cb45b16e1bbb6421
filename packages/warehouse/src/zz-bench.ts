import { mkdirSync, existsSync, writeFileSync, readFileSync } from "node:fs";
import { DuckDB, textRows } from "./engines/duckdb/connection.ts";
import { buildGeneration } from "./engines/duckdb/build-generation.ts";
import { DuckDBStore } from "./engines/duckdb/duckdb-store.ts";
import { lakeColumns } from "./tables/cost-columns.ts";
import { runQuery } from "./query/run-query.ts";
import { parseCostQuery } from "./query/cost-query.ts";
import { runRowsQuery } from "./query/run-rows-query.ts";
import { parseCostRowsQuery } from "./query/cost-query.ts";
import { planQuery } from "./query/plan.ts";
import { DuckDBInstance } from "@duckdb/node-api";

const N = 2_000_000;
const root = "/tmp/query/bench";
const tenant = "00000000-0000-4000-8000-000000000001";
mkdirSync(`${root}/${tenant}`, { recursive: true });
const parquet = `${root}/lake.parquet`;
const gen = `${root}/${tenant}/g.duckdb`;
if (!existsSync(parquet)) {
  const e = await DuckDB.open({ threads: 2, memoryMb: 2000 });
  const val: Record<string, string> = {
    ProviderName: "'AWS'", BillingAccountId: "'111'", SubAccountId: "'acc-' || (hash(s*7) % 40)", ServiceName: "'Service ' || (hash(s*23) % 60)", ServiceCategory: "'Cat ' || (hash(s*23) % 12)", RegionId: "'region-' || (hash(s*3) % 12)",
    ChargeCategory: "'Usage'", PricingCategory: "'Standard'", BillingCurrency: "'USD'", ResourceId: "'r-' || (hash(s*11 + i % 20) % 100000)", SkuId: "'sku-' || (hash(s*23) % 60) || '-' || (hash(s*5) % 8)",
    Tags: `'{"team":"t' || (hash(s*13) % 20) || '","env":"e' || (hash(s*17) % 4) || '"}'`,
    BilledCost: "CAST((hash(i) % 1000000) / 100000000.0 AS DECIMAL(18,8))", BilledCost_lo: "CAST(hash(i) % 1000000000000 AS BIGINT)", BilledCost_big: "0",
    EffectiveCost: "CAST((hash(i) % 1000000) / 100000000.0 AS DECIMAL(18,8))", EffectiveCost_lo: "CAST(hash(i) % 1000000000000 AS BIGINT)", EffectiveCost_big: "0",
    ListCost: "CAST((hash(i) % 1000000) / 90000000.0 AS DECIMAL(18,8))", ListCost_lo: "0", ListCost_big: "0",
    ChargePeriodStart: "TIMESTAMP '2026-01-01' + INTERVAL (hash(i*19) % 744) HOUR", ChargePeriodEnd: "TIMESTAMP '2026-01-01' + INTERVAL (1 + hash(i*19) % 744) HOUR", BillingPeriodStart: "TIMESTAMP '2026-01-01'", BillingPeriodEnd: "TIMESTAMP '2026-02-01'", x_finops_file: "0",
  };
  const cols = lakeColumns().map(({ name, type }) => `CAST(${val[name] ?? "NULL"} AS ${type}) AS "${name}"`);
  await e.run(`COPY (SELECT ${cols.join(", ")} FROM (SELECT i, CAST(hash(i) % 5000 AS BIGINT) AS s FROM range(${N}) t(i))) TO '${parquet}' (FORMAT parquet)`);
  e.close();
}
if (!existsSync(gen)) {
  const t = performance.now();
  const m = await buildGeneration([{ versionId: "v", paths: [parquet] }], gen, { threads: 2, memoryMb: 2000 });
  writeFileSync(`${root}/m.json`, JSON.stringify(m));
  console.log("build ms", performance.now() - t, JSON.stringify(m).slice(0, 400));
}
const manifest = JSON.parse(readFileSync(`${root}/m.json`, "utf8"));
console.log(manifest.tables, manifest.bytes / 1e6);
const g = { id: "aaaa", billingPeriod: "2026-01-01", storePath: "g.duckdb", manifest, versionIds: ["v"] };
const pinned = { position: "1", freshAt: null, generations: [g] };
const factsOnly = { ...pinned, generations: [{ ...g, manifest: { ...manifest, tables: { facts: manifest.tables.facts } } }] };
const comboOnly = { ...pinned, generations: [{ ...g, manifest: { ...manifest, tables: { facts: manifest.tables.facts, ...(manifest.tables.rollup_combo ? { rollup_combo: manifest.tables.rollup_combo } : {}) } } }] };
const store = new DuckDBStore({ root, threads: 2, memoryMb: 2000, tenantsMax: 2, generationsMax: 5, timeoutMs: 60000 });
const period = { start: "2026-01-01", end: "2026-02-01" };
const best = async (f: () => Promise<unknown>) => { const ts: number[] = []; for (let k = 0; k < 7; k++) { const t = performance.now(); await f(); ts.push(performance.now() - t); } ts.sort((a, b) => a - b); return `${ts[0]!.toFixed(0)} / ${ts[3]!.toFixed(0)}`; };
const inst = await DuckDBInstance.create(":memory:", { threads: "2" }); const c = await inst.connect();
await c.run(`ATTACH '${gen}' AS h (READ_ONLY)`);
const q = (x: object) => parseCostQuery({ measures: ["effectiveCost"], period, ...x });
const E3 = `sum("EffectiveCost") a, sum("EffectiveCost_lo") b`;
const cases: [string, object, typeof pinned, string][] = [
  ["service/day rollup_day", { groupBy: ["service"], grain: "day" }, pinned, `SELECT "ServiceName", charge_day, ${E3}, sum("EffectiveCost_big") FROM h.rollup_day GROUP BY ALL`],
  ["service/day facts", { groupBy: ["service"], grain: "day" }, factsOnly, `SELECT "ServiceName", CAST("ChargePeriodStart" AS DATE) d, "BillingCurrency", ${E3} FROM h.facts GROUP BY ALL`],
  ["service facts", { groupBy: ["service"] }, factsOnly, `SELECT "ServiceName", "BillingCurrency", ${E3} FROM h.facts GROUP BY ALL`],
  ["tag facts", { groupBy: ["tag:team"] }, factsOnly, `SELECT tag_map['team'] t, c."BillingCurrency", sum(a), sum(b) FROM (SELECT combo_id, ${E3} FROM h.facts GROUP BY 1) JOIN h.combos c USING (combo_id) GROUP BY ALL`],
  ["tag combo", { groupBy: ["tag:team"] }, comboOnly, `SELECT 1`],
  ["resource top10 facts", { groupBy: ["resourceId"], top: { count: 10 } }, factsOnly, `SELECT "ResourceId", "BillingCurrency", ${E3} FROM h.facts GROUP BY ALL ORDER BY 3 DESC LIMIT 10`],
  ["service where tag facts", { groupBy: ["service"], filter: { dimension: "tag:team", is: "t3" } }, factsOnly, `SELECT "ServiceName", "BillingCurrency", ${E3} FROM h.facts WHERE combo_id IN (SELECT combo_id FROM h.combos WHERE tag_map['team']='t3') GROUP BY ALL`],
  ["tag where resource facts", { groupBy: ["tag:team"], filter: { dimension: "resourceId", startsWith: "r-1" } }, factsOnly, `SELECT tag_map['team'] t, c."BillingCurrency", sum(a), sum(b) FROM (SELECT combo_id, ${E3} FROM h.facts WHERE starts_with("ResourceId", 'r-1') GROUP BY 1) JOIN h.combos c USING (combo_id) GROUP BY ALL`],
  ["service compare facts", { groupBy: ["service"], compare: "previous-period", top: { count: 10 } }, factsOnly, `SELECT 1`],
  ["one day service facts", { groupBy: ["service"], period: { start: "2026-01-10", end: "2026-01-11" } }, factsOnly, `SELECT "ServiceName", "BillingCurrency", ${E3} FROM h.facts WHERE "ChargePeriodStart" >= DATE '2026-01-10' AND "ChargePeriodStart" < DATE '2026-01-11' GROUP BY ALL`],
  ["ESR by service facts", { measures: ["effectiveSavingsRate"], groupBy: ["service"] }, factsOnly, `SELECT 1`],
  ["provider family facts", { groupBy: ["providerFamily"] }, factsOnly, `SELECT 1`],
];
for (const [name, x, pin, sql] of cases) {
  const plan = planQuery({ ...q(x), filter: (x as any).filter, grain: (x as any).grain }, { tenantId: tenant }, pin);
  console.log(name.padEnd(28), plan.branches[0]!.table, "ours min/median ms", await best(() => runQuery(store, { tenantId: tenant }, pin, q(x))), " hand", await best(() => textRows(c, sql)));
}
for (const [name, x] of [["rows first page", {}], ["rows filter tag", { filter: { dimension: "tag:team", is: "t3" } }], ["rows filter resource", { filter: { dimension: "resourceId", is: "r-77" } }]] as const)
  console.log(name, await best(() => runRowsQuery(store, { tenantId: tenant }, pinned, parseCostRowsQuery({ period, ...x }))));
await store.close();
