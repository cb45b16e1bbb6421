import { generateBills } from "/work/main/shared/bills/src/generate-bills.ts";
import { rmSync } from "node:fs";
const rows = Number(process.argv[2] ?? 100000); const out = process.argv[3] ?? "/tmp/bills/out";
rmSync(out, { recursive: true, force: true });
const t = Date.now();
let peak = 0; const timer = setInterval(() => { peak = Math.max(peak, process.memoryUsage().rss); }, 100);
let last = Date.now(); const byFormat: Record<string, number> = {};
const formats = process.argv[4] ? process.argv[4].split(",") : undefined;
const truth = await generateBills({ rows, seed: process.argv[5] ?? "demo", outDir: out, endMonth: "2026-10", ...(formats ? { formats: formats as never } : {}), onProgress: (p) => { const k = p.folder.split("/")[0]!; byFormat[k] = (byFormat[k] ?? 0) + Date.now() - last; last = Date.now(); } });
clearInterval(timer);
const cpu = process.cpuUsage(); console.log("cpu s", (cpu.user + cpu.system) / 1e6, "ms", Date.now() - t, "rows", truth.rows, "peakMB", Math.round(peak / 1e6), byFormat);
const byKind: Record<string, number> = {};
for (const d of truth.deliveries) byKind[d.kind] = (byKind[d.kind] ?? 0) + d.rows;
console.log(byKind, "services", truth.services.length, "accounts", truth.accounts.length, "cells", truth.cells.length);
const m: Record<string, Record<string, number>> = {};
for (const d of truth.deliveries) if (!d.supersededBy) for (const [c, v] of Object.entries(d.billed)) { m[d.month] ??= {}; m[d.month]![`${d.provider}/${d.kind}`] = Math.round(Number(v)); m[d.month]!["total"] = (m[d.month]!["total"] ?? 0) + Math.round(Number(v)); m[d.month]!["eff"] = (m[d.month]!["eff"] ?? 0) + Math.round(Number(d.effective[c])); }
console.table(m);
const prof = (globalThis as any).prof; if (prof) console.log(Object.entries(prof).sort((a: any, b: any) => b[1] - a[1]).slice(0, 28).map(([k, v]: any) => `${Math.round(v)} ${k}`).join("\n"));
