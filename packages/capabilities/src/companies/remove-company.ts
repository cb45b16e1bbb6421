import { rm } from "node:fs/promises";
import type { Host } from "@finops/platform/host";
import { deleteTenant, listTenants } from "@finops/platform/tenancy/tenants";
import type { PipelineHost } from "@finops/pipeline/pipeline-host";

export interface RemovalParts {
  host: Host;
  pipeline: PipelineHost;
  /** Closes a company's part of the cost store. */
  closeTenant(tenantId: string): Promise<void>;
}

/** Removes the companies whose days of grace are over, and returns their ids. Safe to call at any time and again. */
export async function removeDueCompanies(parts: RemovalParts): Promise<string[]> {
  const { db, clock, log } = parts.host;
  const removed: string[] = [];
  for (const { id, slug, leavesAt } of await listTenants(db)) {
    if (leavesAt === null || leavesAt.getTime() > clock.now().getTime()) continue;
    // An owner may have kept it at this moment: who comes second sees what the first one did.
    const isRemoved = await removeCompany(parts, id, { isDue: true });
    if (!isRemoved) continue;
    log.info({ tenantId: id, company: slug }, "a company was deleted after its days of grace");
    removed.push(id);
  }
  return removed;
}

/**
 * Deletes a company: rows, files, cost store. The rows go first, in one transaction; what a crash leaves of the rest is in
 * folders of a company that is not there, which the sweep at the next start removes.
 * @param isDue only if its days of grace are over
 */
export async function removeCompany(
  { host, pipeline, closeTenant }: RemovalParts,
  tenantId: string,
  { isDue }: { isDue: boolean },
): Promise<boolean> {
  const isGone = await host.db.inTenant(tenantId, async (tx) => {
    const found = await tx.$queryRaw<{ leaves_at: Date | null }[]>`
      select leaves_at from tenant where id = ${tenantId}::uuid for update`;
    const leavesAt = found[0]?.leaves_at ?? null;
    if (found.length === 0) return false;
    if (isDue && (leavesAt === null || leavesAt.getTime() > host.clock.now().getTime())) return false;
    return deleteTenant(host.db, tenantId);
  });
  if (!isGone) return false;
  await closeTenant(tenantId);
  await host.files.deleteAll(`tenants/${tenantId}/`);
  await rm(pipeline.storeDir(tenantId), { recursive: true, force: true });
  return true;
}
