import { createLog } from "@finops/platform/observe/log";
import { createTenant, findTenant } from "@finops/platform/tenancy/tenants";
import { createSystemContext } from "@finops/platform/tenancy/context";
import { importBills } from "@finops/pipeline/run";
import { listBillFiles } from "@finops/pipeline/landing/list-bill-files";
import { queryCosts } from "@finops/capabilities/costs/index";
import { openEmbeddedHost } from "./embedded-host.ts";
import { findPaths } from "./paths.ts";
const t0 = performance.now();
const h = await openEmbeddedHost({ dataDir: "/tmp/e2e/data", purpose: "zz", log: createLog({ level: "warn" }), baseUrl: "", paths: findPaths() });
console.log("open", Math.round(performance.now()-t0));
for (const arg of process.argv.slice(2)) {
  const slug = arg.split("/").pop()!.toLowerCase().replace(/[^a-z0-9]+/g,"-").replace(/^-|-$/g,"").slice(0,60);
  try {
    const tenant = (await findTenant(h.host.db, slug)) ?? (await createTenant(h.host.db, { slug, name: slug }));
    const ctx = createSystemContext(h.host, tenant.id, "zz");
    const reports = await importBills(ctx, h.pipeline, { files: await listBillFiles([arg]) });
    for (const r of reports) { const {rejects, ...rest} = r; console.log(JSON.stringify(rest)); if (rejects.length) console.log("  rejects", JSON.stringify(rejects).slice(0,500)); }
    const a = await queryCosts(ctx, h.store, { measures: ["billedCost","effectiveCost","listCost","rowCount","effectiveSavingsRate","commitmentUtilization"], groupBy: ["serviceName"], period: { start: "2015-01-01", end: "2030-01-01" }, limit: 3 });
    console.log("   Q", a.meta.tables, a.meta.durationMs, JSON.stringify(a.totals), JSON.stringify(a.rows.map(r=>[r.key,r.values.billedCost])));
  } catch (e: any) { console.log("ERR", arg, e.code, e.message, e.internal?.slice(0,1500) ?? e.stack); }
}
await h.close();
