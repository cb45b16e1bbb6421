import { join } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import type { Day } from "@finops/kernel/period";
import type { Context } from "@finops/platform/tenancy/context";
import { audit } from "@finops/platform/audit/audit";
import { dayToColumn } from "@finops/platform/db/day-column";
import type { Tx } from "@finops/platform/db/database";
import type { GenerationManifest } from "@finops/warehouse/tables/generation";
import type { PipelineHost } from "../pipeline-host.ts";
import { acquireLease, type BuildLease, releaseLease, renewLease, requireLease } from "./build-lease.ts";
import { versionsWith } from "./one-source-per-account.ts";
import { appendPublication, findCurrent, getPublication } from "./publication-log.ts";

const leaseMs = 30_000;
const waitMaxMs = 15 * 60_000;

export interface PublishOptions {
  signal?: AbortSignal;
  note?: string;
}

/**
 * Makes ready versions of one period current: builds the period's generation from exactly the versions that then count, and
 * commits the versions, the generation and the log's entry in one transaction under the lease. Waits while another builder
 * is at it.
 */
export async function publishVersions(ctx: Context, pipeline: PipelineHost, versionIds: readonly string[], billingPeriod: Day, options: PublishOptions = {}): Promise<bigint> {
  const choose = async (tx: Tx, current: readonly string[]) => {
    let chosen = [...current];
    for (const versionId of versionIds) chosen = await versionsWith(tx, versionId, chosen, billingPeriod);
    return chosen;
  };
  const lease = await waitForLease(ctx, billingPeriod, choose, options.signal);
  return buildAndCommit(ctx, pipeline, lease, "publish", options, async (tx) => {
    await tx.datasetVersion.updateMany({ where: { id: { notIn: [...lease.versionIds] }, billingPeriod: dayToColumn(billingPeriod), dataset: "costs", state: "published" }, data: { state: "superseded" } });
    await tx.datasetVersion.updateMany({ where: { id: { in: [...versionIds] } }, data: { state: "published", publishedAt: ctx.host.clock.now() } });
  });
}

/** Takes one source's rows out of a period; what is left is built anew, or the period is empty. */
export async function removeSource(ctx: Context, pipeline: PipelineHost, sourceId: string, billingPeriod: Day, options: PublishOptions = {}): Promise<bigint> {
  const without = async (tx: Tx, current: readonly string[]) => {
    const kept = await tx.datasetVersion.findMany({ where: { id: { in: [...current] }, sourceId: { not: sourceId } }, select: { id: true } });
    if (kept.length === current.length) throw new AppError("not_found", `The source has no costs in ${billingPeriod.slice(0, 7)}.`);
    return kept.map((version) => version.id);
  };
  const lease = await waitForLease(ctx, billingPeriod, without, options.signal);
  return buildAndCommit(ctx, pipeline, lease, "remove", options, async (tx) => {
    await tx.datasetVersion.updateMany({ where: { sourceId, billingPeriod: dayToColumn(billingPeriod), state: "published" }, data: { state: "removed" } });
  });
}

/** Goes back to what an earlier entry of the log had published: a new entry, so that history only grows. */
export async function rollback(ctx: Context, position: bigint, options: PublishOptions = {}): Promise<bigint> {
  const target = await ctx.inTenant((tx) => getPublication(tx, ctx.tenantId, position));
  const lease = await waitForLease(ctx, target.billingPeriod, () => Promise.resolve([...target.versionIds]), options.signal);
  return ctx.inTenant(async (tx) => {
    await requireLease(tx, ctx.tenantId, lease);
    const period = dayToColumn(target.billingPeriod);
    await tx.datasetVersion.updateMany({ where: { billingPeriod: period, dataset: "costs", state: "published", id: { notIn: [...target.versionIds] } }, data: { state: "rolled_back" } });
    await tx.datasetVersion.updateMany({ where: { id: { in: [...target.versionIds] } }, data: { state: "published" } });
    const entry = await appendPublication(tx, ctx.tenantId, { billingPeriod: target.billingPeriod, generationId: target.generationId, kind: "rollback", versionIds: target.versionIds, actor: ctx.actor.name, note: options.note ?? `back to ${position}` });
    await audit(tx, ctx, "period.rolled_back", { after: { billingPeriod: target.billingPeriod, position: entry.toString() } });
    await releaseLease(tx, ctx.tenantId, lease);
    return entry;
  });
}

async function buildAndCommit(ctx: Context, pipeline: PipelineHost, lease: BuildLease, kind: "publish" | "remove", options: PublishOptions, changeVersions: (tx: Tx) => Promise<void>): Promise<bigint> {
  const stopRenewing = keepRenewing(ctx, lease);
  try {
    const built = lease.versionIds.length === 0 ? null : await buildFile(ctx, pipeline, lease, options.signal);
    return await ctx.inTenant(async (tx) => {
      await requireLease(tx, ctx.tenantId, lease);
      await changeVersions(tx);
      if (built !== null) await insertGeneration(tx, ctx, lease, built);
      const position = await appendPublication(tx, ctx.tenantId, { billingPeriod: lease.billingPeriod, generationId: built?.id ?? null, kind, versionIds: lease.versionIds, actor: ctx.actor.name, note: options.note ?? "" });
      await audit(tx, ctx, `period.${kind === "publish" ? "published" : "removed"}`, { after: { billingPeriod: lease.billingPeriod, position: position.toString(), versions: [...lease.versionIds] } });
      await releaseLease(tx, ctx.tenantId, lease);
      return position;
    });
  } catch (error) {
    await ctx.inTenant((tx) => releaseLease(tx, ctx.tenantId, lease)).catch(() => undefined);
    throw error;
  } finally {
    stopRenewing();
  }
}

interface BuiltFile {
  id: string;
  storePath: string;
  manifest: GenerationManifest;
}

// The token is in the name: two builders of one period never write the same file, and the sweep sees whose it is.
async function buildFile(ctx: Context, pipeline: PipelineHost, lease: BuildLease, signal: AbortSignal | undefined): Promise<BuiltFile> {
  const versions = await ctx.inTenant((tx) => tx.datasetVersion.findMany({ where: { id: { in: [...lease.versionIds] } }, orderBy: { id: "asc" } }));
  const storePath = `${lease.billingPeriod.slice(0, 7)}-${lease.token}.duckdb`;
  const files = await Promise.all(versions.map(async (version) => ({ versionId: version.id, paths: await pipeline.lakePaths(`${version.lakePrefix}/published`) })));
  const manifest = await pipeline.engine.run("build", { versions: files, path: join(pipeline.storeDir(ctx.tenantId), storePath) }, { signal });
  return { id: newId(), storePath, manifest };
}

async function insertGeneration(tx: Tx, ctx: Context, lease: BuildLease, { id, storePath, manifest }: BuiltFile): Promise<void> {
  const billingPeriod = dayToColumn(lease.billingPeriod);
  const last = await tx.generation.findFirst({ where: { billingPeriod }, orderBy: { number: "desc" }, select: { number: true } });
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
  await tx.generationVersion.createMany({ data: lease.versionIds.map((versionId) => ({ tenantId: ctx.tenantId, generationId: id, versionId })) });
}

/** Takes the lease together with the decision what to build, in one transaction; waits its turn while another builder works. */
async function waitForLease(ctx: Context, billingPeriod: Day, choose: (tx: Tx, current: readonly string[]) => Promise<string[]>, signal: AbortSignal | undefined): Promise<BuildLease> {
  const deadline = performance.now() + waitMaxMs;
  for (;;) {
    signal?.throwIfAborted();
    const lease = await ctx.inTenant(async (tx) => {
      const taken = await acquireLease(tx, ctx.tenantId, { billingPeriod, holder: ctx.requestId, versionIds: [], leaseMs });
      if (taken === null) return null;
      // The row of the lease is ours until the commit, so what is current now is current when the build starts.
      const current = await findCurrent(tx, ctx.tenantId, billingPeriod);
      const versionIds = await choose(tx, current?.versionIds ?? []);
      await tx.buildLease.updateMany({ where: { billingPeriod: dayToColumn(billingPeriod), token: taken.token }, data: { versionIds } });
      return { ...taken, versionIds };
    });
    if (lease !== null) return lease;
    if (performance.now() > deadline) throw new AppError("conflict", `Another import has been publishing ${billingPeriod.slice(0, 7)} for ${waitMaxMs / 60_000} minutes. Try again later.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function keepRenewing(ctx: Context, lease: BuildLease): () => void {
  // A lost lease is found at the fence; a renewal that fails meanwhile changes nothing.
  const timer = setInterval(() => void ctx.inTenant((tx) => renewLease(tx, ctx.tenantId, lease, leaseMs)).catch(() => undefined), leaseMs / 3);
  return () => clearInterval(timer);
}
