import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "@finops/platform/host";
import { listTenants } from "@finops/platform/tenancy/tenants";
import type { PipelineHost } from "../pipeline-host.ts";

export interface SweepOptions {
  /** True when this process is known to be the only one: then no lease is alive but those that it took itself. */
  evenIfLeased?: boolean;
}

/**
 * Removes what no entry of the publication log and no live lease names: period files of builders that died, versions that
 * were never published, and the folders of companies that are gone. Safe beside a running build.
 */
export async function sweep(host: Host, pipeline: PipelineHost, options: SweepOptions = {}): Promise<void> {
  for (const tenant of await listTenants(host.db)) {
    const dir = pipeline.storeDir(tenant.id);
    const present = await readdir(dir);
    const { known, live, dead } = await host.db.inTenant(tenant.id, async (tx) => {
      if (options.evenIfLeased === true) await tx.buildLease.deleteMany({});
      const leases = await tx.$queryRaw<{ token: bigint; version_ids: string[] }[]>`select token, version_ids from build_lease where expires_at >= clock_timestamp()`;
      const generations = await tx.generation.findMany({ select: { storePath: true } });
      const running = await tx.workItem.findMany({ where: { state: "running" }, select: { id: true } });
      const building = await tx.datasetVersion.findMany({ where: { state: { in: ["building", "ready"] } }, select: { id: true, lakePrefix: true, workItemId: true, createdAt: true } });
      const leased = new Set(leases.flatMap((lease) => lease.version_ids));
      const atWork = new Set(running.map((item) => item.id));
      const isYoung = (at: Date) => options.evenIfLeased !== true && host.clock.now().getTime() - at.getTime() < 24 * 3_600_000;
      return {
        known: new Set(generations.map((generation) => generation.storePath)),
        live: leases.map((lease) => `-${lease.token}.duckdb`),
        dead: building.filter((version) => !leased.has(version.id) && !(version.workItemId !== null && atWork.has(version.workItemId)) && !isYoung(version.createdAt)),
      };
    });
    for (const file of present) {
      const isLive = live.some((suffix) => file.includes(suffix));
      if (!known.has(file) && !isLive) await rm(join(dir, file), { force: true });
    }
    for (const version of dead) {
      await host.files.deleteAll(`${version.lakePrefix}/`);
      await host.db.inTenant(tenant.id, (tx) => tx.datasetVersion.deleteMany({ where: { id: version.id, state: { in: ["building", "ready"] } } }));
    }
  }
}
