import { mkdirSync, rmSync } from "node:fs";
import { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { engineTasks } from "@finops/pipeline/engine/engine-tasks";
import { getFormat } from "@finops/connectors/registry";
import { readFileShape } from "@finops/pipeline/landing/read-header";
const orig = DuckDB.prototype.run, origRows = DuckDB.prototype.rows;
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000; };
for (const name of ["run", "rows"] as const) { const o = name === "run" ? orig : origRows; (DuckDB.prototype as any)[name] = async function (sql: string) { const c = cpu(), t = performance.now(); const r = await (o as any).call(this, sql); if (cpu() - c > 20) console.log("   ", name, "cpu", Math.round(cpu() - c), "wall", Math.round(performance.now() - t), "len", sql.length, sql.slice(0, 70).replace(/\s+/g, " ")); return r; }; }
const tools = { threads: 2, memoryMb: 2048, tempDir: "/tmp/gen/tmp", report() {} };
const [format, ...paths] = process.argv.slice(2);
for (let round = 0; round < 2; round++) {
  console.log("round", round);
  rmSync("/tmp/gen/stage", { recursive: true, force: true }); mkdirSync("/tmp/gen/stage", { recursive: true });
  const files = await Promise.all(paths.map(async (p, index) => ({ index, name: p, path: p, shape: await readFileShape(p, p), role: p.includes("actual") ? "actual" : p.includes("amortized") ? "amortized" : "" })));
  let c = cpu(), t = performance.now();
  await engineTasks.detect({ files: files.map(f => ({ name: f.name, path: f.path })) }, tools);
  console.log("detect cpu", Math.round(cpu() - c), "wall", Math.round(performance.now() - t)); c = cpu(); t = performance.now();
  const out = await engineTasks.normalize({ format: format!, files, assume: {}, stageDir: "/tmp/gen/stage" }, tools);
  console.log("normalize cpu", Math.round(cpu() - c), "wall", Math.round(performance.now() - t)); c = cpu(); t = performance.now();
  const published = out.periods.flatMap(p => p.files.published);
  await engineTasks.build({ versions: [{ versionId: "x", paths: published }], path: "/tmp/gen/g.duckdb" }, tools);
  console.log("build cpu", Math.round(cpu() - c), "wall", Math.round(performance.now() - t)); c = cpu(); t = performance.now();
}
