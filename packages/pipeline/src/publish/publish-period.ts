import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import type { Day } from "@finops/kernel/period";
import type { Context } from "@finops/platform/tenancy/context";
import { dayToColumn } from "@finops/platform/db/day-column";
import type { Tx } from "@finops/platform/db/database";
import type { GenerationManifest } from "@finops/warehouse/tables/generation";
import { withLakeFiles } from "../local-files.ts";
import type { PipelineHost } from "../pipeline-host.ts";
import type { BuildLease } from "./build-lease.ts";
import { commitUnder, type PublishOptions, underLease, waitForLease } from "./commit-under-lease.ts";
import { readSourcedVersions, versionsWith } from "./one-source-per-account.ts";

/**
 * Makes ready versions of one period current: builds the period's generation from exactly the versions that then count, and
 * commits the versions, the generation and the log's entry in one transaction under the lease. Waits while another builder
 * is at it, and returns the position in the log.
 */
export function publishVersions(
  ctx: Context,
  pipeline: PipelineHost,
  versionIds: readonly string[],
  billingPeriod: Day,
  options: PublishOptions = {},
): Promise<bigint> {
  return publish(ctx, pipeline, billingPeriod, options, {
    kind: "publish",
    choose: async (tx, current) =>
      versionsWith(await readSourcedVersions(tx, [...current, ...versionIds]), versionIds, current, billingPeriod),
    changeVersions: async (tx, chosen) => {
      await tx.datasetVersion.updateMany({
        where: {
          id: { notIn: [...chosen] },
          billingPeriod: dayToColumn(billingPeriod),
          dataset: "costs",
          state: "published",
        },
        data: { state: "superseded" },
      });
      await tx.datasetVersion.updateMany({
        where: { id: { in: [...versionIds] } },
        data: { state: "published", publishedAt: ctx.host.clock.now() },
      });
    },
  });
}

/** Takes one source's rows out of a period; what is left is built anew, or the period is empty. */
export function removeSource(
  ctx: Context,
  pipeline: PipelineHost,
  sourceId: string,
  billingPeriod: Day,
  options: PublishOptions = {},
): Promise<bigint> {
  return publish(ctx, pipeline, billingPeriod, options, {
    kind: "remove",
    choose: async (tx, current) => {
      const kept = await tx.datasetVersion.findMany({
        where: { id: { in: [...current] }, sourceId: { not: sourceId } },
        select: { id: true },
      });
      if (kept.length === current.length)
        throw new AppError("not_found", `The source has no costs in ${billingPeriod.slice(0, 7)}.`);
      return kept.map((version) => version.id);
    },
    changeVersions: async (tx) => {
      await tx.datasetVersion.updateMany({
        where: { sourceId, billingPeriod: dayToColumn(billingPeriod), dataset: "costs", state: "published" },
        data: { state: "removed" },
      });
    },
  });
}

interface Change {
  kind: "publish" | "remove";
  /** What the period consists of afterwards, given what it consists of now. */
  choose(tx: Tx, current: readonly string[]): Promise<string[]>;
  changeVersions(tx: Tx, chosen: readonly string[]): Promise<void>;
}

async function publish(
  ctx: Context,
  pipeline: PipelineHost,
  billingPeriod: Day,
  options: PublishOptions,
  change: Change,
): Promise<bigint> {
  const lease = await waitForLease(ctx, billingPeriod, change.choose, options);
  const { versionIds } = lease;
  const generation = versionIds.length === 0 ? null : nameGeneration(pipeline, lease);
  return underLease(ctx, lease, options, async () => {
    try {
      const manifest = generation === null ? null : await build(ctx, pipeline, lease, generation, options.signal);
      return await commitUnder(
        ctx,
        lease,
        {
          billingPeriod,
          generationId: generation?.id ?? null,
          kind: change.kind,
          versionIds,
          note: options.note ?? "",
        },
        async (tx) => {
          await change.changeVersions(tx, versionIds);
          if (generation !== null) await insertGeneration(tx, ctx, lease, generation, manifest!);
        },
      );
    } catch (error) {
      if (generation !== null) await removeUnlessCommitted(ctx, pipeline, generation);
      throw error;
    }
  });
}

interface NewGeneration {
  id: string;
  storePath: string;
}

// The token is in the name: two builders of one period never write the same rows, and the sweep sees whose they are.
function nameGeneration({ periods }: PipelineHost, { billingPeriod, token }: BuildLease): NewGeneration {
  return { id: newId(), storePath: periods.nameOf(billingPeriod, token) };
}

async function build(
  ctx: Context,
  pipeline: PipelineHost,
  lease: BuildLease,
  { storePath }: NewGeneration,
  signal: AbortSignal | undefined,
): Promise<GenerationManifest> {
  const found = await ctx.inTenant((tx) =>
    tx.datasetVersion.findMany({ where: { id: { in: [...lease.versionIds] } }, orderBy: { id: "asc" } }),
  );
  const prefixes = found.map((version) => `${version.lakePrefix}/published`);
  return withLakeFiles(ctx.host.files, pipeline, prefixes, (paths) => {
    const versions = found.map((version, index) => ({ versionId: version.id, paths: paths[index]! }));
    return pipeline.periods.build(ctx.tenantId, storePath, versions, signal);
  });
}

/** An error of the commit may hide that it succeeded, so the row decides; without an answer the sweep does. */
async function removeUnlessCommitted(
  ctx: Context,
  pipeline: PipelineHost,
  { id, storePath }: NewGeneration,
): Promise<void> {
  const known = await ctx.inTenant((tx) => tx.generation.count({ where: { id } })).catch(() => null);
  // Where the store does not answer either, the sweep removes it; the error that led here is the one to tell.
  if (known === 0) await pipeline.periods.abandon(ctx.tenantId, storePath).catch(() => undefined);
}

async function insertGeneration(
  tx: Tx,
  ctx: Context,
  lease: BuildLease,
  { id, storePath }: NewGeneration,
  manifest: GenerationManifest,
): Promise<void> {
  const billingPeriod = dayToColumn(lease.billingPeriod);
  const last = await tx.generation.findFirst({
    where: { billingPeriod },
    orderBy: { number: "desc" },
    select: { number: true },
  });
  await tx.generation.create({
    data: {
      id,
      tenantId: ctx.tenantId,
      billingPeriod,
      number: (last?.number ?? 0) + 1,
      storePath,
      rows: BigInt(manifest.rows),
      bytes: BigInt(manifest.bytes),
      chargeStart: dayToColumn(manifest.chargeStart ?? lease.billingPeriod),
      chargeEnd: dayToColumn(manifest.chargeEnd ?? lease.billingPeriod),
      manifest,
    },
  });
  await tx.generationVersion.createMany({
    data: lease.versionIds.map((versionId) => ({ tenantId: ctx.tenantId, generationId: id, versionId })),
  });
}
