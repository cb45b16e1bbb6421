import { importBills } from "@finops/pipeline/run";
import { listBillFiles } from "@finops/pipeline/landing/list-bill-files";
import { createLog } from "@finops/platform/observe/log";
import { type Context, createSystemContext } from "@finops/platform/tenancy/context";
import { createTenant, findTenant } from "@finops/platform/tenancy/tenants";
import { openEmbeddedHost } from "@finops/server/embedded-host";
import type { ServerHost } from "@finops/server/host-parts";
import { findPaths } from "@finops/server/paths";
import { serverProgram } from "./programs.ts";

/** The company of every bench. */
export const tenantSlug = "bench";

export interface BenchHost {
  embedded: ServerHost;
  ctx: Context;
}

/** Everything of one box on that data folder, as `make start` has it, and a company to work in. */
export async function openBenchHost(dataDir: string): Promise<BenchHost> {
  const log = createLog({ level: "error" });
  const paths = { ...findPaths(), engineProcess: serverProgram("engine-process") };
  const embedded = await openEmbeddedHost({
    dataDir,
    purpose: "finops bench",
    log,
    baseUrl: "http://localhost",
    paths,
  });
  const { db } = embedded.host;
  const tenant = (await findTenant(db, tenantSlug)) ?? (await createTenant(db, { slug: tenantSlug, name: "Bench" }));
  return { embedded, ctx: createSystemContext(embedded.host, tenant.id, "bench") };
}

/** Imports a folder of bills; gives the rows and the seconds that it took from first look to published. */
export async function importFolder(
  { embedded, ctx }: BenchHost,
  folder: string,
): Promise<{ rows: number; seconds: number }> {
  const started = performance.now();
  const reports = await importBills(ctx, embedded.pipeline, { files: await listBillFiles([folder]) });
  const seconds = (performance.now() - started) / 1000;
  return { rows: reports.reduce((sum, report) => sum + report.rowsRead, 0), seconds };
}
