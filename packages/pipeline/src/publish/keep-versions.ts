import { mkdir, rename } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { createReadStream } from "node:fs";
import { newId } from "@finops/kernel/id";
import { decimal, zero, type Decimal } from "@finops/kernel/decimal";
import { dayToColumn } from "@finops/platform/db/day-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { NormalizeTaskOutput, StagedPeriod } from "../engine/normalize-task.ts";
import type { ImportReport } from "../import-report.ts";
import type { KeptLanding, KnownSource } from "../landing/keep-landing.ts";
import type { PipelineHost } from "../pipeline-host.ts";
import type { PublishQueue } from "./publish-queue.ts";

export interface Stage {
  source: KnownSource;
  landing: KeptLanding;
  normalized: NormalizeTaskOutput;
  report: ImportReport;
  signal: AbortSignal | undefined;
  workItemId: string | undefined;
}

/**
 * Turns the stage's periods into versions of the lake, ready to be published, and queues them. Contract commitments have no
 * period file and are current at once.
 */
export async function keepVersions(ctx: Context, pipeline: PipelineHost, stage: Stage, queue: PublishQueue): Promise<void> {
  const periods = stage.normalized.periods.filter((period) => period.files.published.length > 0);
  for (const [index, period] of periods.entries()) {
    stage.signal?.throwIfAborted();
    const day = `${period.period}-01`;
    // What came before of the same source and period is compared with, so it has to be current first.
    await queue.flush((waiting) => waiting.billingPeriod === day && waiting.sourceId === stage.source.id);
    const version = await insertVersion(ctx, stage, period, day);
    await moveIntoLake(ctx, version.lakePrefix, period, index === 0 ? leftovers(stage) : []);
    const difference = await compareWithCurrent(ctx, pipeline, stage, version.id, version.lakePrefix, day);
    await ctx.inTenant((tx) => tx.datasetVersion.update({ where: { id: version.id }, data: { state: "ready", ...(difference === null ? {} : { difference }) } }));
    if (stage.normalized.dataset === "costs") queue.add({ versionId: version.id, lakePrefix: version.lakePrefix, sourceId: stage.source.id, billingPeriod: day });
    else await publishWithoutGeneration(ctx, stage, version.id, day);
  }
}

/** Rejected and dropped rows whose period nobody can tell go with the first period. */
function leftovers(stage: Stage): StagedPeriod[] {
  return stage.normalized.periods.filter((period) => period.files.published.length === 0);
}

async function insertVersion(ctx: Context, stage: Stage, period: StagedPeriod, day: string): Promise<{ id: string; lakePrefix: string }> {
  const id = newId();
  const lakePrefix = `tenants/${ctx.tenantId}/lake/${stage.source.id}/${period.period}/${id}`;
  const counts = stage.normalized.counts.filter((count) => count.period === period.period && count.state === "published");
  await ctx.inTenant(async (tx) => {
    const where = { sourceId: stage.source.id, dataset: stage.normalized.dataset, billingPeriod: dayToColumn(day) };
    const last = await tx.datasetVersion.findFirst({ where, orderBy: { number: "desc" }, select: { number: true } });
    await tx.datasetVersion.create({
      data: {
        id,
        tenantId: ctx.tenantId,
        ...where,
        number: (last?.number ?? 0) + 1,
        landingId: stage.landing.id,
        lakePrefix,
        rows: BigInt(counts.reduce((sum, count) => sum + count.rows, 0)),
        totals: totalsOf(counts),
        report: stage.report,
        ...(period.conformance === null ? {} : { conformance: period.conformance as object }),
        mappingVersion: stage.report.format,
        ...(stage.workItemId === undefined ? {} : { workItemId: stage.workItemId }),
      },
    });
    await tx.versionAccount.createMany({ data: period.accounts.map((account) => ({ tenantId: ctx.tenantId, versionId: id, account })) });
  });
  return { id, lakePrefix };
}

function totalsOf(counts: NormalizeTaskOutput["counts"]): Record<string, { billedCost: string; effectiveCost: string }> {
  const totals = new Map<string, { billedCost: Decimal; effectiveCost: Decimal }>();
  for (const count of counts) {
    const sum = totals.get(count.currency) ?? { billedCost: zero, effectiveCost: zero };
    totals.set(count.currency, { billedCost: sum.billedCost.plus(decimal(count.billedCost)), effectiveCost: sum.effectiveCost.plus(decimal(count.effectiveCost)) });
  }
  return Object.fromEntries([...totals].map(([currency, sum]) => [currency, { billedCost: sum.billedCost.toString(), effectiveCost: sum.effectiveCost.toString() }]));
}

/** Files are renamed into the lake where the store is a folder; into another store they are copied. */
async function moveIntoLake(ctx: Context, prefix: string, period: StagedPeriod, more: readonly StagedPeriod[]): Promise<void> {
  for (const state of ["published", "rejected", "dropped"] as const) {
    const files = [period, ...more].flatMap((one) => one.files[state]);
    for (const [index, file] of files.entries()) {
      const name = `${prefix}/${state}/${index}-${basename(file)}`;
      const local = ctx.host.files.localPath(name);
      if (local === null) {
        await ctx.host.files.put(name, createReadStream(file));
      } else {
        await mkdir(dirname(local), { recursive: true });
        await rename(file, local);
      }
    }
  }
}

async function compareWithCurrent(ctx: Context, pipeline: PipelineHost, stage: Stage, versionId: string, lakePrefix: string, day: string): Promise<object | null> {
  const before = await ctx.inTenant((tx) => tx.datasetVersion.findFirst({ where: { sourceId: stage.source.id, dataset: stage.normalized.dataset, billingPeriod: dayToColumn(day), state: "published", id: { not: versionId } } }));
  if (before === null) return null;
  const [old, current] = await Promise.all([pipeline.lakePaths(`${before.lakePrefix}/published`), pipeline.lakePaths(`${lakePrefix}/published`)]);
  const changes = await pipeline.engine.run("compare", { before: old, after: current }, { signal: stage.signal });
  return { previousVersion: before.id, changes };
}

/** Contract commitments have no period file: their newest version is simply the current one. */
async function publishWithoutGeneration(ctx: Context, stage: Stage, versionId: string, day: string): Promise<void> {
  await ctx.inTenant(async (tx) => {
    await tx.datasetVersion.updateMany({ where: { sourceId: stage.source.id, dataset: stage.normalized.dataset, billingPeriod: dayToColumn(day), state: "published" }, data: { state: "superseded" } });
    await tx.datasetVersion.update({ where: { id: versionId }, data: { state: "published", publishedAt: ctx.host.clock.now() } });
  });
}

