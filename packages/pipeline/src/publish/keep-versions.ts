import { basename } from "node:path";
import { newId } from "@finops/kernel/id";
import { decimal, zero, type Decimal } from "@finops/kernel/decimal";
import type { Day } from "@finops/kernel/period";
import { columnToDay, dayToColumn } from "@finops/platform/db/day-column";
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
import { readSourcedVersions, versionsWith } from "./one-source-per-account.ts";
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
    // What came before of the same source and period is compared with, so it has to be current first.
    const periods = new Set(opened.versions.map(({ billingPeriod }) => billingPeriod));
    await queue.flush((waiting) => periods.has(waiting.billingPeriod) && waiting.source.id === opened.source.id);
    const previous = await listPublished(ctx, stage, opened);
    const differences = new Map<string, StoredDifference>();
    for (const [index, version] of opened.versions.entries()) {
      cancelledBy(stage.signal);
      await moveIntoLake(
        ctx,
        version,
        index === 0 ? [...leftovers(stage)] : [],
        index === 0 ? stage.normalized.unreadable.paths : [],
      );
      const before = previous.get(version.billingPeriod);
      if (before === undefined) continue;
      const difference = await compareVersions(ctx, pipeline, stage, before, version);
      differences.set(version.id, difference);
      if (difference.changes.length > 0) restated.push(restatementOf(stage, version, difference));
    }
    await ctx.inTenant(async (tx) => {
      for (const [id, difference] of differences)
        await tx.datasetVersion.update({ where: { id }, data: { difference: toJsonColumn(difference) } });
      const ids = opened.versions.map(({ id }) => id);
      await tx.datasetVersion.updateMany({ where: { id: { in: ids } }, data: { state: "ready" } });
    });
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
      const periods = stage.normalized.periods.filter(({ period }) => stage.periods.includes(period));
      const versions = await insertVersions(tx, ctx, stage, { source, landingId, periods });
      return { source, landingId, versions };
    });
    if (opened.landingId !== stage.landing.id) await ctx.host.files.deleteAll(`${prefix}/`);
    return opened;
  } catch (error) {
    await ctx.host.files.deleteAll(`${prefix}/`);
    throw error;
  }
}

async function insertVersions(
  tx: Tx,
  ctx: Context,
  stage: Stage,
  { source, landingId, periods }: { source: OpenedSource; landingId: string; periods: readonly StagedPeriod[] },
): Promise<OpenedVersion[]> {
  const { tenantId } = ctx;
  const { dataset } = stage.normalized;
  const versions = periods.map((period): OpenedVersion => {
    const id = newId();
    const lakePrefix = `tenants/${tenantId}/lake/${source.id}/${period.period}/${id}`;
    return { id, lakePrefix, billingPeriod: `${period.period}-01`, period };
  });
  const last = await tx.datasetVersion.groupBy({
    by: ["billingPeriod"],
    where: { sourceId: source.id, dataset },
    _max: { number: true },
  });
  const numbers = new Map(last.map(({ billingPeriod, _max }) => [columnToDay(billingPeriod), _max.number ?? 0]));
  await tx.datasetVersion.createMany({
    data: versions.map(({ id, lakePrefix, billingPeriod, period }) => {
      const counts = publishedCounts(stage, period);
      return {
        id,
        tenantId,
        sourceId: source.id,
        dataset,
        billingPeriod: dayToColumn(billingPeriod),
        number: (numbers.get(billingPeriod) ?? 0) + 1,
        landingId,
        lakePrefix,
        rows: BigInt(counts.reduce((sum, count) => sum + count.rows, 0)),
        totals: totalsOf(counts),
        report: stage.report,
        ...(period.conformance === null ? {} : { conformance: toJsonColumn(period.conformance) }),
        ...(period.days === null ? {} : { days: toJsonColumn(period.days) }),
        mappingVersion: stage.report.format,
        ...(stage.workItemId === undefined ? {} : { workItemId: stage.workItemId }),
      };
    }),
  });
  await tx.versionAccount.createMany({
    data: versions.flatMap(({ id, period }) =>
      period.accounts.map((account) => ({ tenantId, versionId: id, account })),
    ),
  });
  return versions;
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
  const periods: { billingPeriod: Day; added: string[]; current: readonly string[] }[] = [];
  for (const { id, billingPeriod } of opened.versions) {
    const current = await findCurrent(tx, ctx.tenantId, billingPeriod);
    const added = [...queue.versionsOf(billingPeriod), id];
    periods.push({ billingPeriod, added, current: current?.versionIds ?? [] });
  }
  const ids = periods.flatMap(({ added, current }) => [...added, ...current]);
  const versions = await readSourcedVersions(tx, ids);
  for (const { billingPeriod, added, current } of periods) versionsWith(versions, added, current, billingPeriod);
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

/** What is current of the same source in the periods of the stage. */
interface PublishedVersion {
  id: string;
  lakePrefix: string;
  totals: unknown;
}

async function listPublished(
  ctx: Context,
  stage: Stage,
  { source, versions }: Opened,
): Promise<ReadonlyMap<Day, PublishedVersion>> {
  if (stage.normalized.dataset !== "costs") return new Map();
  const published = await ctx.inTenant((tx) =>
    tx.datasetVersion.findMany({
      where: {
        sourceId: source.id,
        dataset: "costs",
        billingPeriod: { in: versions.map(({ billingPeriod }) => dayToColumn(billingPeriod)) },
        state: "published",
      },
      select: { id: true, lakePrefix: true, totals: true, billingPeriod: true },
    }),
  );
  return new Map(published.map(({ billingPeriod, ...version }) => [columnToDay(billingPeriod), version]));
}

async function compareVersions(
  ctx: Context,
  pipeline: PipelineHost,
  stage: Stage,
  before: PublishedVersion,
  version: OpenedVersion,
): Promise<StoredDifference> {
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
