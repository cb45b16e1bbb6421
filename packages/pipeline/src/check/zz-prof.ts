import { DuckDBInstance } from "@duckdb/node-api";
import { CheckCompiler, breaking } from "./compile-check.ts";
import { lakeAccess } from "./column-access.ts";
import { ownRules } from "./own-rules.ts";
const pq = "/tmp/focus/bench.parquet";
const db = await DuckDBInstance.create(":memory:", { memory_limit: "3GB" });
const c = await db.connect();
const names = (await c.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet('${pq}')`)).getRowObjectsJson().map((r)=>String(r["column_name"]));
const a = lakeAccess(names);
const k = new CheckCompiler(a);
const conds: string[] = [];
for (const r of ownRules("1.2").select(names).rules) if (r.test.kind==="rows") { const x = k.compile(breaking(r.test.when, r.test.must)); if (x && x!=="FALSE") conds.push(x); }
console.log("leaves", k.leaves.length, "conds", conds.length);
const time = async (label: string, sql: string) => { const ts=[]; for (let i=0;i<3;i++){ const t=performance.now(); await c.runAndReadAll(sql); ts.push(Math.round(performance.now()-t)); } console.log(label, ts.join(" ")); };
const src = `read_parquet('${pq}')`;
const used = [...new Set(k.leaves.join(" ").match(/"[A-Za-z_]+"/g) ?? [])];
await time("scan used columns count()", `SELECT ${used.map((u,i)=>`count(${u}) AS c${i}`).join(", ")} FROM ${src}`);
const inner = `SELECT ${k.leaves.join(", ")} FROM ${src}`;
await time("leaves only (count_if each)", `SELECT ${k.leaves.map((l,i)=>`count_if(p${i})`).join(", ")} FROM (${inner})`);
await time("full FILTER", `SELECT ${conds.map((x)=>`count_if(${x})`).join(", ")} FROM (${inner})`);
await time("full count_if", `SELECT ${conds.map((x)=>`count_if(${x})`).join(", ")} FROM (${inner})`);
await time("full sum int", `SELECT ${conds.map((x)=>`sum((${x})::UTINYINT)`).join(", ")} FROM (${inner})`);
await time("any or", `SELECT count(*) FILTER (WHERE ${conds.join(" OR ")}) FROM (${inner})`);
await time("any where", `SELECT count(*) FROM (${inner}) WHERE ${conds.join(" OR ")}`);
if (process.argv[2]) for (const l of k.leaves) { const n = l.split(" AS ").pop(); await time(l.slice(0,120), `SELECT count_if(${n}) FROM (SELECT ${l} FROM ${src})`); }
