import { it } from "vitest";
import { existsSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { mappingPreamble, renderMapping } from "../render-mapping.ts";
import { azureFormats } from "./formats.ts";
import { readHeader } from "../testing/sample-bills.ts";
it("x", async () => {
  const d = "/work/shared/data/bills/azure-cost/";
  const i = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: "2GB", temp_directory: "/tmp/azure/tmp" }); const c = await i.connect();
  const n = 20000;
  for (const [out, src] of [["am", "EA_AmortizedCost_Small.csv"], ["ac", "EA_ActualCost_Small.csv"]]) {
    if (!existsSync(`/tmp/azure/${out}.parquet`)) await c.run(`COPY (SELECT * REPLACE (CAST(Quantity AS DOUBLE) AS Quantity, CAST(Cost AS DOUBLE) AS Cost, CAST(EffectivePrice AS DOUBLE) AS EffectivePrice, CAST(UnitPrice AS DOUBLE) AS UnitPrice, CAST(PayGPrice AS DOUBLE) AS PayGPrice, MeterId || r AS MeterId) FROM read_csv('${d}${src}', header=true, all_varchar=true), range(${n}) t(r)) TO '/tmp/azure/${out}.parquet'`);
  }
  const side = async (name: string, role: string) => { const path = `/tmp/azure/${name}.parquet`; const header = await readHeader(path); return { mapping: azureFormats[0]!.mapping(header), raw: { sql: `(SELECT *, 0 AS _file FROM read_parquet('${path}'))`, columns: header.columns }, role }; };
  const am = await side("am", "amortized"), ac = await side("ac", "actual");
  for (const s of mappingPreamble([am.mapping])) await c.run(s);
  const run = async (label: string, rows: number, x: typeof am, others: (typeof am)[]) => {
    const sql = renderMapping(x.mapping, x.raw, { assume: {}, role: x.role, roles: [], others });
    const t = Date.now(); await c.run(`COPY (${sql}) TO '/tmp/azure/out.parquet'`); const ms = Date.now() - t;
    console.log(label, rows, ms, Math.round(rows / ms * 1000) + "/s");
  };
  await run("amortized alone", 28 * n, am, []);
  await run("amortized pair", 28 * n, am, [ac]);
  await run("actual pair", 11 * n, ac, [am]);
  for (const [k, v] of [["EffectiveCost", 1]]) void k, void v;
  const base = renderMapping({ ...am.mapping, figures: am.mapping.figures!, columns: {}, extras: {}, bridge: [], dropped: [], rejected: [], rawCost: "cost" }, am.raw, { assume: {}, role: "amortized", roles: [] });
  let t = Date.now(); await c.run(`COPY (${base}) TO '/tmp/azure/out.parquet'`); console.log("nothing", Date.now() - t);
  for (const name of Object.keys(am.mapping.columns)) {
    const m = { ...am.mapping, columns: { [name]: (am.mapping.columns as Record<string, string>)[name]! }, extras: {}, bridge: [], dropped: [], rejected: [] };
    t = Date.now(); await c.run(`COPY (${renderMapping(m, am.raw, { assume: {}, role: "amortized", roles: [] })}) TO '/tmp/azure/out.parquet'`); const ms = Date.now() - t; if (ms > 700) console.log(name, ms);
  }
  t = Date.now(); await c.run(`COPY (${renderMapping({ ...am.mapping, columns: {}, bridge: [], dropped: [], rejected: [] }, am.raw, { assume: {}, role: "amortized", roles: [] })}) TO '/tmp/azure/out.parquet'`); console.log("extras", Date.now() - t);
}, 600000);
