import { AppError } from "@finops/kernel/app-error";
import { decimal } from "@finops/kernel/decimal";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import { withLakeFiles } from "@finops/pipeline/local-files";
import type { PipelineHost } from "@finops/pipeline/pipeline-host";
import { findCurrent, getPublication } from "@finops/pipeline/publish/publication-log";
import type { RollbackPreview, VersionRejects } from "./contract.ts";
import { filesOf, findVersion } from "./versions.ts";

const rejectsPageMax = 500;
const changesMax = 20;

/** One page of the rows that a version refused, with file, line, reason and cost. */
export async function getRejects(
  ctx: Context,
  pipeline: Pick<PipelineHost, "engine" | "workDir">,
  versionId: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<VersionRejects> {
  const version = await findVersion(ctx, versionId);
  const prefixes = ["rejected", "unreadable"].map((folder) => `${version.lakePrefix}/${folder}`);
  const page = await withLakeFiles(ctx.host.files, pipeline, prefixes, ([rejected = [], unreadable = []]) =>
    pipeline.engine.run("rejects", { rejected, unreadable, offset, limit: Math.min(limit, rejectsPageMax) }),
  );
  const files = filesOf(version.landing.files);
  const next = offset + page.rows.length;
  return {
    total: page.total,
    rows: page.rows.map((row) => ({ ...row, file: files[row.file]?.name ?? "" })),
    nextOffset: next < page.total && page.rows.length > 0 ? next : null,
  };
}

/** What making an earlier state current again would change, before it is done. */
export async function previewRollback(
  ctx: Context,
  pipeline: Pick<PipelineHost, "engine" | "workDir">,
  position: string,
): Promise<RollbackPreview> {
  requirePermission(ctx, "sources:read");
  if (!/^\d{1,18}$/.test(position)) throw new AppError("invalid", "A position is a whole number.");
  const { target, current, versions } = await ctx.inTenant(async (tx) => {
    const found = await getPublication(tx, ctx.tenantId, BigInt(position));
    const isNow = await findCurrent(tx, ctx.tenantId, found.billingPeriod);
    return {
      target: found,
      current: isNow?.versionIds ?? [],
      versions: await tx.datasetVersion.findMany({
        where: { id: { in: [...found.versionIds, ...(isNow?.versionIds ?? [])] } },
        include: { source: true },
      }),
    };
  });
  const of = (ids: readonly string[]) => versions.filter((version) => ids.includes(version.id));
  const prefixes = (ids: readonly string[]) => of(ids).map((version) => `${version.lakePrefix}/published`);
  // Versions that stand on both sides cannot differ.
  const before = prefixes(current.filter((id) => !target.versionIds.includes(id)));
  const after = prefixes(target.versionIds.filter((id) => !current.includes(id)));
  const changes = await withLakeFiles(ctx.host.files, pipeline, [...before, ...after], async (paths) => {
    const [old, then] = [paths.slice(0, before.length).flat(), paths.slice(before.length).flat()];
    return old.length + then.length === 0 ? [] : pipeline.engine.run("compare", { before: old, after: then });
  });
  return {
    billingPeriod: target.billingPeriod,
    before: stateOf(of(current)),
    after: stateOf(of(target.versionIds)),
    changes: changes.slice(0, changesMax),
    changesTotal: changes.length,
  };
}

function stateOf(
  versions: readonly { rows: bigint; totals: unknown; number: number; source: { name: string } }[],
): RollbackPreview["before"] {
  const totals: RollbackPreview["before"]["totals"] = {};
  for (const version of versions) {
    for (const [currency, { billedCost, effectiveCost }] of Object.entries(
      version.totals as RollbackPreview["before"]["totals"],
    )) {
      const known = totals[currency] ?? { billedCost: "0", effectiveCost: "0" };
      totals[currency] = {
        billedCost: decimal(known.billedCost).plus(decimal(billedCost)).toString(),
        effectiveCost: decimal(known.effectiveCost).plus(decimal(effectiveCost)).toString(),
      };
    }
  }
  return {
    rows: versions.reduce((sum, version) => sum + Number(version.rows), 0),
    totals,
    versions: versions.map((version) => ({ sourceName: version.source.name, number: version.number })),
  };
}
