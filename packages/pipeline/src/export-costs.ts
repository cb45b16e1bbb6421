import { rename, rm } from "node:fs/promises";
import type { Period } from "@finops/kernel/period";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Context } from "@finops/platform/tenancy/context";
import type { PipelineHost } from "./pipeline-host.ts";
import { pinStore } from "./publish/publication-log.ts";

export interface ExportRequest {
  /** Days of the charges, half open. */
  period: Period;
  format: "csv" | "parquet";
  /** File on this machine; it is there whole or not at all. */
  out: string;
}

/** Writes what is published as one FOCUS 1.2 file, straight from the lake: all rows, exact decimals. */
export async function exportCosts(
  ctx: Context,
  pipeline: PipelineHost,
  request: ExportRequest,
): Promise<{ rows: number }> {
  requirePermission(ctx, "exports:write");
  const prefixes = await ctx.inTenant(async (tx) => {
    const pinned = await pinStore(tx, ctx.tenantId);
    const ids = pinned.generations
      .filter(
        ({ manifest }) =>
          manifest.chargeStart !== null &&
          manifest.chargeStart < request.period.end &&
          manifest.chargeEnd! > request.period.start,
      )
      .flatMap((generation) => generation.versionIds);
    await audit(tx, ctx, "costs.exported", { after: { period: { ...request.period }, format: request.format } });
    return (
      await tx.datasetVersion.findMany({
        where: { id: { in: ids } },
        orderBy: [{ billingPeriod: "asc" }, { id: "asc" }],
        select: { lakePrefix: true },
      })
    ).map((version) => version.lakePrefix);
  });
  const paths = (await Promise.all(prefixes.map((prefix) => pipeline.lakePaths(`${prefix}/published`)))).flat();
  const draft = `${request.out}.part`;
  try {
    const exported = await pipeline.engine.run("export", {
      paths,
      period: request.period,
      format: request.format,
      out: draft,
    });
    await rename(draft, request.out);
    return exported;
  } finally {
    await rm(draft, { force: true });
  }
}
