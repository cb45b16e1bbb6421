import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import type { Day } from "@finops/kernel/period";
import type { Context } from "@finops/platform/tenancy/context";
import { audit } from "@finops/platform/audit/audit";
import { dayToColumn } from "@finops/platform/db/day-column";
import type { Tx } from "@finops/platform/db/database";
import type { GenerationManifest } from "@finops/warehouse/tables/generation";
import { withLakeFiles } from "../local-files.ts";
import type { PipelineHost } from "../pipeline-host.ts";
import { acquireLease, type BuildLease, releaseLease, renewLease, requireLease } from "./build-lease.ts";
import { cancelledBy } from "./cancelled.ts";
import { versionsWith } from "./one-source-per-account.ts";
import { requireKept } from "./drop-old-generations.ts";
import { appendPublication, findCurrent, getPublication, type NewPublication } from "./publication-log.ts";

const waitMaxMs = 15 * 60_000;

export interface PublishOptions {
  signal?: AbortSignal;
  note?: string;
  /** How long a builder may be silent before another one takes its place. */
  leaseMs?: number;
}

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
    choose: (tx, current) => versionsWith(tx, versionIds, current, billingPeriod),
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

/** Goes back to what an earlier entry of the log had published: a new entry, so that history only grows. */
export async function rollback(ctx: Context, position: bigint, options: PublishOptions = {}): Promise<bigint> {
  const { billingPeriod, generationId, versionIds } = await ctx.inTenant(async (tx) => {
    const entry = await getPublication(tx, ctx.tenantId, position);
    const generation =
      entry.generationId === null ? null : await tx.generation.findFirst({ where: { id: entry.generationId } });
    requireKept(generation === null ? [] : [generation.storePath]);
    return entry;
  });
  const lease = await waitForLease(ctx, billingPeriod, () => Promise.resolve([...versionIds]), options);
  return underLease(ctx, lease, options, () =>
    commit(
      ctx,
      lease,
      { billingPeriod, generationId, kind: "rollback", versionIds, note: options.note ?? `back to ${position}` },
      async (tx) => {
        await tx.datasetVersion.updateMany({
          where: {
            billingPeriod: dayToColumn(billingPeriod),
            dataset: "costs",
            state: "published",
            id: { notIn: [...versionIds] },
          },
          data: { state: "rolled_back" },
        });
        await tx.datasetVersion.updateMany({ where: { id: { in: [...versionIds] } }, data: { state: "published" } });
      },
    ),
  );
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
      return await commit(
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

/** Everything that becomes true with a publication, in one transaction under the fence. */
function commit(
  ctx: Context,
  lease: BuildLease,
  entry: Omit<NewPublication, "actor">,
  change: (tx: Tx) => Promise<void>,
): Promise<bigint> {
  return ctx.inTenant(async (tx) => {
    await requireLease(tx, ctx.tenantId, lease);
    await change(tx);
    const position = await appendPublication(tx, ctx.tenantId, { ...entry, actor: ctx.actor.name });
    await audit(tx, ctx, actions[entry.kind], {
      after: { billingPeriod: entry.billingPeriod, position: position.toString(), versions: [...entry.versionIds] },
    });
    await releaseLease(tx, ctx.tenantId, lease);
    return position;
  });
}

const actions = { publish: "period.published", remove: "period.removed", rollback: "period.rolled_back" } as const;

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
  if (known === 0) await pipeline.periods.remove(ctx.tenantId, storePath).catch(() => undefined);
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

const defaultLeaseMs = 30_000;

/** Takes the lease together with the decision what to build, in one transaction; waits its turn while another builder works. */
async function waitForLease(
  ctx: Context,
  billingPeriod: Day,
  choose: Change["choose"],
  { signal, leaseMs = defaultLeaseMs }: PublishOptions,
): Promise<BuildLease> {
  const deadline = performance.now() + waitMaxMs;
  for (;;) {
    cancelledBy(signal);
    const lease = await ctx.inTenant(async (tx) => {
      const taken = await acquireLease(tx, ctx.tenantId, {
        billingPeriod,
        holder: ctx.requestId,
        versionIds: [],
        leaseMs,
      });
      if (taken === null) return null;
      // Whoever published last gave the lease back in the same transaction, so from here on nothing can change what is current.
      const current = await findCurrent(tx, ctx.tenantId, billingPeriod);
      const versionIds = await choose(tx, current?.versionIds ?? []);
      await tx.buildLease.updateMany({
        where: { billingPeriod: dayToColumn(billingPeriod), token: taken.token },
        data: { versionIds },
      });
      return { ...taken, versionIds };
    });
    if (lease !== null) return lease;
    if (performance.now() > deadline)
      throw new AppError(
        "conflict",
        `Another import has been publishing ${billingPeriod.slice(0, 7)} for ${waitMaxMs / 60_000} minutes. Try again later.`,
      );
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Keeps the lease alive while the work runs, and gives it back when the work fails. */
async function underLease<T>(
  ctx: Context,
  lease: BuildLease,
  { leaseMs = defaultLeaseMs }: PublishOptions,
  work: () => Promise<T>,
): Promise<T> {
  // A lost lease is found at the fence; a renewal that fails meanwhile changes nothing.
  const timer = setInterval(
    () => void ctx.inTenant((tx) => renewLease(tx, ctx.tenantId, lease, leaseMs)).catch(() => undefined),
    leaseMs / 3,
  );
  try {
    return await work();
  } catch (error) {
    // Where the database does not answer either, the lease runs out by itself.
    await ctx.inTenant((tx) => releaseLease(tx, ctx.tenantId, lease)).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
