import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openEmbeddedHost } from "../../apps/server/src/embedded-host.ts";
import type { ServerHost } from "../../apps/server/src/host-parts.ts";
import { findPaths } from "../../apps/server/src/paths.ts";
import { pinStore } from "../../packages/pipeline/src/publish/publication-log.ts";
import { createLog } from "../../packages/platform/src/observe/log.ts";
import { createSystemContext } from "../../packages/platform/src/tenancy/context.ts";
import { getTenant } from "../../packages/platform/src/tenancy/tenants.ts";
import { parseCostQuery } from "../../packages/warehouse/src/query/cost-query.ts";
import { runQuery } from "../../packages/warehouse/src/query/run-query.ts";
import { decimal } from "../../shared/kernel/src/decimal.ts";
import { tenant } from "./import-process.ts";

export interface Inspection {
  /** Which of the bills is current: the place of its total in the list. */
  bill: number | null;
  problems: string[];
}

/** Opens the store as the next start does, and says what is current in it and what should not be there. */
export async function inspectStore(store: string, totals: readonly string[]): Promise<Inspection> {
  let embedded: ServerHost;
  try {
    embedded = await openEmbeddedHost({
      dataDir: store,
      purpose: "crash test",
      log: createLog({ level: "fatal" }),
      baseUrl: "http://localhost",
      paths: findPaths(),
    });
  } catch (error) {
    return { bill: null, problems: [`the next start fails: ${String(error)}`] };
  }
  try {
    return await inspect(embedded, totals);
  } catch (error) {
    return { bill: null, problems: [`the store cannot be read: ${String(error)}`] };
  } finally {
    await embedded.close();
  }
}

async function inspect(embedded: ServerHost, totals: readonly string[]): Promise<Inspection> {
  const { id } = await getTenant(embedded.host.db, tenant);
  const ctx = createSystemContext(embedded.host, id, "crash test");
  const pinned = await ctx.inTenant((tx) => pinStore(tx, id));
  const answer = await runQuery(
    embedded.store,
    { tenantId: id },
    pinned,
    parseCostQuery({
      measures: ["billedCost"],
      groupBy: ["serviceName"],
      period: { start: "2026-01-01", end: "2026-02-01" },
    }),
  );
  const total = answer.totals[0]?.values.billedCost?.value ?? "0";
  const bill = totals.findIndex((known) => decimal(known).equals(decimal(total)));
  const problems = bill < 0 ? [`the month adds up to ${total}, neither ${totals.join(" nor ")}`] : [];

  const { generations, versions, landings, leases, publications } = await ctx.inTenant(async (tx) => ({
    generations: await tx.generation.findMany(),
    versions: await tx.datasetVersion.findMany(),
    landings: await tx.landing.findMany(),
    leases: await tx.buildLease.count(),
    publications: await tx.publication.findMany({ orderBy: { position: "desc" } }),
  }));
  const unpublished = versions.filter((version) => ["building", "ready"].includes(version.state));
  if (unpublished.length > 0) problems.push(`${unpublished.length} versions wait to be published`);
  if (leases > 0) problems.push("a lease is left");
  const current = versions.filter((version) => version.state === "published").map((version) => version.id);
  if (current.join() !== publications[0]?.versionIds.join())
    problems.push("the versions' states are not those of the log");
  const { warehouseDir, filesDir, tmpDir } = embedded.folder;
  const stray = [
    ...strayIn(
      join(warehouseDir, id),
      generations.map((generation) => generation.storePath),
    ),
    ...strayIn(
      join(filesDir, "tenants", id, "landing"),
      landings.map((landing) => landing.id),
    ),
    ...versions.slice(0, 1).flatMap((version) =>
      strayIn(
        join(filesDir, "tenants", id, "lake", version.sourceId, "2026-01"),
        versions.map((known) => known.id),
      ),
    ),
    ...strayIn(join(tmpDir, "work"), []),
    ...strayIn(join(tmpDir, "drafts"), []),
  ];
  if (stray.length > 0) problems.push(`left lying about: ${stray.slice(0, 5).join(", ")}`);
  return { bill: bill < 0 ? null : bill, problems };
}

function strayIn(folder: string, known: readonly string[]): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !known.includes(name))
    .map((name) => join(folder, name));
}
