import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { landingPrefix } from "../landing/keep-landing.ts";
import type { OpenedSource } from "../landing/sources.ts";

export interface Discarded {
  versionIds: readonly string[];
  landingId: string;
  source: OpenedSource;
}

/**
 * Takes back what an import brought and did not publish: its versions, its landing when nothing else came of it, and its
 * source when it was made for it. What is published meanwhile stays, whatever the caller believes.
 */
export async function discardVersions(ctx: Context, { versionIds, landingId, source }: Discarded): Promise<void> {
  const prefixes = await ctx.inTenant(async (tx) => {
    const where = { id: { in: [...versionIds] }, state: { in: ["building", "ready"] } };
    const versions = await tx.datasetVersion.findMany({ where, select: { lakePrefix: true } });
    await tx.datasetVersion.deleteMany({ where });
    const isLandingGone = await deleteLandingIfUnused(tx, landingId);
    await restoreSource(tx, source);
    return [
      ...versions.map((version) => version.lakePrefix),
      ...(isLandingGone ? [landingPrefix(ctx.tenantId, landingId)] : []),
    ];
  });
  for (const prefix of prefixes) await ctx.host.files.deleteAll(`${prefix}/`);
}

/** Locks the row before it looks: an import of the same content that begins meanwhile waits, and then finds it gone. */
export async function deleteLandingIfUnused(tx: Tx, landingId: string): Promise<boolean> {
  await tx.$queryRaw`select 1 as locked from landing where id = ${landingId}::uuid for update`;
  if ((await tx.datasetVersion.count({ where: { landingId } })) > 0) return false;
  return (await tx.landing.deleteMany({ where: { id: landingId } })).count > 0;
}

async function restoreSource(tx: Tx, { id, before }: OpenedSource): Promise<void> {
  await tx.$queryRaw`select 1 as locked from source where id = ${id}::uuid for update`;
  if (before !== null) await tx.source.updateMany({ where: { id }, data: before });
  else if ((await tx.landing.count({ where: { sourceId: id } })) === 0) await tx.source.deleteMany({ where: { id } });
}
