import { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { mkdirSync, rmSync } from "node:fs";
import { engineTasks } from "@finops/pipeline/engine/engine-tasks";
import { readFileShape } from "@finops/pipeline/landing/read-header";
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000; };
const orig = DuckDB.prototype.run; let done = false;
(DuckDB.prototype as any).run = async function (sql: string) {
  if (sql.startsWith("COPY") && !done) { done = true;
    const time = async (label: string, s: string) => { const c = cpu(); await orig.call(this, s); console.log(label, Math.round(cpu() - c)); };
    const select = sql.slice(6, sql.lastIndexOf(") TO "));
    await time("explain", "EXPLAIN " + select); await time("explain again", "EXPLAIN " + select);
    await time("prepare only DESCRIBE", "DESCRIBE " + select);
    await time("select count", "SELECT count(*) FROM (" + select + ")");
    await time("copy", sql);
    for (const o of ["expression_rewriter","common_subexpressions","statistics_propagation","filter_pushdown","unused_columns","column_lifetime","common_aggregate","compressed_materialization","cse","deliminator","duplicate_groups","reorder_filter","build_side_probe_side","limit_pushdown","top_n","in_clause","join_order","regex_range","filter_pullup","late_materialization","sum_rewriter", "materialized_cte","cte_inlining","common_subplan","empty_result_pullup"]) { try { await orig.call(this, `SET disabled_optimizers='${o}'`); await time(o, "EXPLAIN " + select); } catch (e: any) { console.log(o, String(e.internal ?? e).slice(0,60)); } }
    await orig.call(this, "SET disabled_optimizers=''");
  }
  return orig.call(this, sql);
};
const tools = { threads: 2, memoryMb: 2048, tempDir: "/tmp/gen/tmp", report() {} };
rmSync("/tmp/gen/stage", { recursive: true, force: true }); mkdirSync("/tmp/gen/stage", { recursive: true });
const paths = process.argv.slice(3);
const files = await Promise.all(paths.map(async (p, index) => ({ index, name: p, path: p, shape: await readFileShape(p, p), role: p.includes("actual") ? "actual" : p.includes("amortized") ? "amortized" : "" })));
await engineTasks.normalize({ format: process.argv[2]!, files, assume: {}, stageDir: "/tmp/gen/stage" }, tools);
