import { basename } from "node:path";
import { newId } from "@finops/kernel/id";
import { decimal, zero, type Decimal } from "@finops/kernel/decimal";
import type { Day } from "@finops/kernel/period";
import { dayToColumn } from "@finops/platform/db/day-column";
import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { NormalizeTaskOutput, StagedPeriod } from "../engine/normalize-task.ts";
import type { ImportReport, RestatedGroup, Restatement } from "../import-report.ts";
import { landingPrefix, recordLanding, type StoredLanding } from "../landing/keep-landing.ts";
import { openSource, type OpenedSource, type SourceChoice } from "../landing/sources.ts";
import { withLakeFiles } from "../local-files.ts";
import { moveIntoStore } from "../move-into-store.ts";
import type { PipelineHost } from "../pipeline-host.ts";
import { cancelledBy } from "./cancelled.ts";
import { discardVersions } from "./discard-versions.ts";
import { versionsWith } from "./one-source-per-account.ts";
import { findCurrent } from "./publication-log.ts";
import type { PublishQueue } from "./publish-queue.ts";

export interface Stage {
  source: SourceChoice;
  landing: StoredLanding;
  normalized: NormalizeTaskOutput;
  report: ImportReport;
  /** The periods to publish, of those that the stage has. */
  periods: readonly string[];
  signal: AbortSignal | undefined;
  workItemId: string | undefined;
}

interface OpenedVersion {
  id: string;
  lakePrefix: string;
  billingPeriod: Day;
  period: StagedPeriod;
}

interface Opened {
  source: OpenedSource;
  landingId: string;
  versions: OpenedVersion[];
}

/**
 * Turns the stage's periods into versions of the lake, ready to be published, and queues them; contract commitments have no
 * period file and are current at once. Records source, landing and versions together, and takes all back when one period
 * cannot be kept. Returns what the periods restate.
 * @throws conflict when another source has the same accounts in a period
 */
export async function keepVersions(
  ctx: Context,
  pipeline: PipelineHost,
  stage: Stage,
  queue: PublishQueue,
): Promise<Restatement[]> {
  const opened = await open(ctx, stage, queue);
  const restated: Restatement[] = [];
  try {
    await ctx.inTenant((tx) => requireOneSource(tx, ctx, stage, opened, queue));
    for (const [index, version] of opened.versions.entries()) {
      cancelledBy(stage.signal);
      // What came before of the same source and period is compared with, so it has to be current first.
      await queue.flush(
        (waiting) => waiting.billingPeriod === version.billingPeriod && waiting.source.id === opened.source.id,
      );
      await moveIntoLake(
        ctx,
        version,
        index === 0 ? [...leftovers(stage)] : [],
        index === 0 ? stage.normalized.unreadable.paths : [],
      );
      const difference = await compareWithCurrent(ctx, pipeline, stage, opened.source.id, version);
      await ctx.inTenant((tx) =>
        tx.datasetVersion.update({
          where: { id: version.id },
          data: { state: "ready", ...(difference === null ? {} : { difference: toJsonColumn(difference) }) },
        }),
      );
      if (difference !== null && difference.changes.length > 0)
        restated.push(restatementOf(stage, version, difference));
    }
  } catch (error) {
    await discardVersions(ctx, { ...opened, versionIds: opened.versions.map((version) => version.id) });
    throw error;
  }
  for (const { id, billingPeriod } of opened.versions) {
    if (stage.normalized.dataset === "costs")
      queue.add({ versionId: id, source: opened.source, landingId: opened.landingId, billingPeriod });
    else await publishWithoutGeneration(ctx, stage, opened.source.id, id, billingPeriod);
  }
  return restated;
}

/** Groups of a restatement that its report tells; all of them stand beside the version. */
const toldGroupsMax = 20;

function restatementOf(
  stage: Stage,
  { period }: OpenedVersion,
  { totalsBefore, changes }: StoredDifference,
): Restatement {
  const rows = (pick: (group: RestatedGroup) => number) => changes.reduce((sum, group) => sum + pick(group), 0);
  const billed = (totals: Totals) =>
    Object.fromEntries(Object.entries(totals).map(([currency, total]) => [currency, total.billedCost]));
  return {
    period: period.period,
    rowsAdded: rows((group) => group.rowsAdded),
    rowsRemoved: rows((group) => group.rowsRemoved),
    rowsChanged: rows((group) => group.rowsChanged),
    billedBefore: billed(totalsBefore),
    billedAfter: billed(totalsOf(publishedCounts(stage, period))),
    groups: changes.slice(0, toldGroupsMax),
  };
}

function publishedCounts(stage: Stage, { period }: StagedPeriod): NormalizeTaskOutput["counts"] {
  return stage.normalized.counts.filter((count) => count.period === period && count.state === "published");
}

/** Billed and effective cost by currency, as a version keeps them. */
type Totals = Record<string, { billedCost: string; effectiveCost: string }>;

/** What a version keeps of its difference to the one before it. */
interface StoredDifference {
  previousVersion: string;
  totalsBefore: Totals;
  changes: readonly RestatedGroup[];
}

/** Source, landing and versions in one transaction: after a crash, all are there or none. */
async function open(ctx: Context, stage: Stage, queue: PublishQueue): Promise<Opened> {
  const prefix = landingPrefix(ctx.tenantId, stage.landing.id);
  try {
    const opened = await ctx.inTenant(async (tx) => {
      const source = queue.sourceInWork(await openSource(tx, ctx, stage.source));
      const landingId = await recordLanding(tx, ctx, source.id, stage.landing);
      const versions: OpenedVersion[] = [];
      for (const period of stage.normalized.periods) {
        if (stage.periods.includes(period.period))
          versions.push(await insertVersion(tx, ctx, stage, { source, landingId, period }));
      }
      return { source, landingId, versions };
    });
    if (opened.landingId !== stage.landing.id) await ctx.host.files.deleteAll(`${prefix}/`);
    return opened;
  } catch (error) {
    await ctx.host.files.deleteAll(`${prefix}/`);
    throw error;
  }
}

async function insertVersion(
  tx: Tx,
  ctx: Context,
  stage: Stage,
  of: { source: OpenedSource; landingId: string; period: StagedPeriod },
): Promise<OpenedVersion> {
  const id = newId();
  const { source, landingId, period } = of;
  const billingPeriod = `${period.period}-01`;
  const lakePrefix = `tenants/${ctx.tenantId}/lake/${source.id}/${period.period}/${id}`;
  const counts = publishedCounts(stage, period);
  const where = { sourceId: source.id, dataset: stage.normalized.dataset, billingPeriod: dayToColumn(billingPeriod) };
  const last = await tx.datasetVersion.findFirst({ where, orderBy: { number: "desc" }, select: { number: true } });
  await tx.datasetVersion.create({
    data: {
      id,
      tenantId: ctx.tenantId,
      ...where,
      number: (last?.number ?? 0) + 1,
      landingId,
      lakePrefix,
      rows: BigInt(counts.reduce((sum, count) => sum + count.rows, 0)),
      totals: totalsOf(counts),
      report: stage.report,
      ...(period.conformance === null ? {} : { conformance: toJsonColumn(period.conformance) }),
      mappingVersion: stage.report.format,
      ...(stage.workItemId === undefined ? {} : { workItemId: stage.workItemId }),
    },
  });
  await tx.versionAccount.createMany({
    data: period.accounts.map((account) => ({ tenantId: ctx.tenantId, versionId: id, account })),
  });
  return { id, lakePrefix, billingPeriod, period };
}

function totalsOf(counts: NormalizeTaskOutput["counts"]): Totals {
  const totals = new Map<string, { billedCost: Decimal; effectiveCost: Decimal }>();
  for (const count of counts) {
    const sum = totals.get(count.currency) ?? { billedCost: zero, effectiveCost: zero };
    totals.set(count.currency, {
      billedCost: sum.billedCost.plus(decimal(count.billedCost)),
      effectiveCost: sum.effectiveCost.plus(decimal(count.effectiveCost)),
    });
  }
  return Object.fromEntries(
    [...totals].map(([currency, sum]) => [
      currency,
      { billedCost: sum.billedCost.toString(), effectiveCost: sum.effectiveCost.toString() },
    ]),
  );
}

/** Asked for every period before the first is kept. The lease asks again, when it decides what is built. */
async function requireOneSource(
  tx: Tx,
  ctx: Context,
  stage: Stage,
  opened: Opened,
  queue: PublishQueue,
): Promise<void> {
  if (stage.normalized.dataset !== "costs") return;
  for (const { id, billingPeriod } of opened.versions) {
    const current = await findCurrent(tx, ctx.tenantId, billingPeriod);
    await versionsWith(tx, [...queue.versionsOf(billingPeriod), id], current?.versionIds ?? [], billingPeriod);
  }
}

/** Rejected and dropped rows whose period nobody can tell, or that is not published, go with the first period. */
function leftovers(stage: Stage): StagedPeriod[] {
  return stage.normalized.periods.filter((period) => period.files.published.length === 0);
}

async function moveIntoLake(
  ctx: Context,
  { lakePrefix, period }: OpenedVersion,
  more: readonly StagedPeriod[],
  unreadable: readonly string[],
): Promise<void> {
  const move = async (folder: string, files: readonly string[]) => {
    for (const [index, file] of files.entries())
      await moveIntoStore(ctx.host.files, file, `${lakePrefix}/${folder}/${index}-${basename(file)}`);
  };
  for (const state of ["published", "rejected", "dropped"] as const)
    await move(
      state,
      [period, ...more].flatMap((one) => one.files[state]),
    );
  await move("unreadable", unreadable);
}

async function compareWithCurrent(
  ctx: Context,
  pipeline: PipelineHost,
  stage: Stage,
  sourceId: string,
  version: OpenedVersion,
): Promise<StoredDifference | null> {
  if (stage.normalized.dataset !== "costs") return null;
  const before = await ctx.inTenant((tx) =>
    tx.datasetVersion.findFirst({
      where: { sourceId, dataset: "costs", billingPeriod: dayToColumn(version.billingPeriod), state: "published" },
    }),
  );
  if (before === null) return null;
  const prefixes = [before, version].map(({ lakePrefix }) => `${lakePrefix}/published`);
  const changes = await withLakeFiles(ctx.host.files, pipeline, prefixes, ([old = [], current = []]) =>
    pipeline.engine.run("compare", { before: old, after: current }, { signal: stage.signal }),
  );
  return { previousVersion: before.id, totalsBefore: before.totals as Totals, changes };
}

/** Contract commitments have no period file: their newest version is simply the current one. */
async function publishWithoutGeneration(
  ctx: Context,
  stage: Stage,
  sourceId: string,
  versionId: string,
  billingPeriod: Day,
): Promise<void> {
  await ctx.inTenant(async (tx) => {
    await tx.datasetVersion.updateMany({
      where: {
        sourceId,
        dataset: stage.normalized.dataset,
        billingPeriod: dayToColumn(billingPeriod),
        state: "published",
      },
      data: { state: "superseded" },
    });
    await tx.datasetVersion.update({
      where: { id: versionId },
      data: { state: "published", publishedAt: ctx.host.clock.now() },
    });
  });
}
