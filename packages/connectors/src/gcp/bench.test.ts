import { it } from "vitest";
import { DuckDBInstance } from "@duckdb/node-api";
import { mappingPreamble, renderMapping } from "../render-mapping.ts";
import { gcpBillingExportMapping as m } from "./formats/gcp-billing-export/mapping.ts";
const cpu = () => { const u = process.cpuUsage(); return Math.round((u.user + u.system) / 1000); };
it("bench", { timeout: 300000 }, async () => {
  const i = await DuckDBInstance.create(":memory:", { threads: "1" }); const c = await i.connect();
  const step = async (label: string, sql: string) => { const t = cpu(); await c.run(sql); console.log(label, cpu() - t); };
  for (const s of mappingPreamble([m])) await c.run(s);
  for (const file of ["d.jsonl", "d.parquet"]) {
  const read = file.endsWith("l") ? "read_json('/tmp/gcp/d.jsonl', format = 'newline_delimited', maximum_depth = 1)" : "read_parquet('/tmp/gcp/d.parquet')";
  const cols = (await (await c.run(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${read})`)).getRowObjects()).map(r => ({ name: String(r.column_name), type: String(r.column_type) }));
  const raw = { sql: `(SELECT *, 0 AS _file FROM ${read})`, columns: cols };
  const sql = renderMapping(m, raw, { assume: {}, role: "", roles: [] });
  console.log(file, sql.length);
  await step("explain", `EXPLAIN ${sql}`);
  await c.run("PRAGMA disable_optimizer");
  await step("explain unopt", `EXPLAIN ${sql}`);
  await c.run("PRAGMA enable_optimizer");
  await step("run", sql);
  }
  if (process.env.PROFILE) {
  const read = "(SELECT * FROM read_parquet('/tmp/gcp/big.parquet') LIMIT 200000)";
  await step("load", `CREATE TABLE t AS SELECT *, 0 AS _file FROM ${read}`);
  const cols = (await (await c.run(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${read})`)).getRowObjects()).map(r => ({ name: String(r.column_name), type: String(r.column_type) }));
  const sql = renderMapping(m, { sql: "t", columns: cols }, { assume: {}, role: "", roles: [] });
  await step("copy raw", `CREATE OR REPLACE TABLE r AS SELECT * FROM t`);
  await step("map", `CREATE OR REPLACE TABLE r AS ${sql}`);
  const out = await (await c.run(`EXPLAIN ANALYZE ${sql}`)).getRowObjects();
  const text = String(out[0]!.explain_value);
  console.log(text.split("\n").filter(l => /\d+\.\d+s|PROJECTION|UNNEST|HASH|SCAN|Total/.test(l)).map(l => l.replace(/[│ ]+/g, " ")).join("\n"));
  }
});
