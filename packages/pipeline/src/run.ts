import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { audit } from "@finops/platform/audit/audit";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Tx } from "@finops/platform/db/database";
import { columnToDay } from "@finops/platform/db/day-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { EngineInputs } from "./engine/engine-tasks.ts";
import type { NormalizeTaskOutput } from "./engine/normalize-task.ts";
import { ImportProgressMeter } from "./import-progress.ts";
import type { ImportProgress, ImportReport } from "./import-report.ts";
import type { BillFile } from "./landing/list-bill-files.ts";
import { type BillDelivery, findDeliveries } from "./landing/find-deliveries.ts";
import type { LandedCopy } from "./landing/land-file.ts";
import { findLanding, listCurrentLandings, storeLanding } from "./landing/keep-landing.ts";
import { findSourceKey, type SourceChoice } from "./landing/sources.ts";
import { summarizeCounts } from "./normalize/summarize-counts.ts";
import { withLocalFiles } from "./local-files.ts";
import type { PipelineHost } from "./pipeline-host.ts";
import { cancelledBy } from "./publish/cancelled.ts";
import { keepVersions } from "./publish/keep-versions.ts";
import { PublishQueue } from "./publish/publish-queue.ts";

export interface ImportRequest {
  files: readonly BillFile[];
  /** A format's id, where detection shall not decide. */
  format?: string;
  /** A user's own column mapping, for format `csv`. */
  definition?: unknown;
  assume?: Readonly<Record<string, string>>;
  sourceName?: string;
  /** From that day on, this source replaces another one that has the same accounts. */
  takesOver?: { source: string; from: string };
}

export interface ImportHooks {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ImportProgress) => void) | undefined;
  workItemId?: string | undefined;
}

/**
 * Imports bills: finds what was delivered together, takes each delivery through land, normalize and check, and publishes
 * period by period. A delivery that fails leaves the ones before it published and itself without a trace; one that is
 * stopped while it is published leaves whole periods, the old or the new.
 */
export async function importBills(
  ctx: Context,
  pipeline: PipelineHost,
  request: ImportRequest,
  hooks: ImportHooks = {},
): Promise<ImportReport[]> {
  requirePermission(ctx, "imports:write");
  const deliveries = await findDeliveries(pipeline, request, hooks.signal);
  return runDeliveries(
    ctx,
    pipeline,
    deliveries.map((delivery) => ({ delivery, request, again: null })),
    hooks,
  );
}

/** Deliveries, or batches of small ones, that are landed and normalized at the same time: one leaves a core idle. */
const preparedAtOnce = 2;
/** Batches that are begun before the first of them is kept; those that are done wait in the work folder. */
const aheadMax = 4;
/** Small deliveries of one format are normalized together, up to these bounds. */
const togetherMax = { deliveries: 16, bytes: 4 * 1024 * 1024 };

async function runDeliveries(
  ctx: Context,
  pipeline: PipelineHost,
  deliveries: readonly Pick<DeliveryRun, "delivery" | "request" | "again">[],
  hooks: ImportHooks,
): Promise<ImportReport[]> {
  const meter = new ImportProgressMeter(
    deliveries.reduce((sum, { delivery }) => sum + delivery.bytes, 0),
    hooks.onProgress,
  );
  const queue = new PublishQueue(ctx, pipeline, hooks.signal === undefined ? {} : { signal: hooks.signal });
  // A delivery that fails stops those that were started ahead of it.
  const ahead = new AbortController();
  const signal = hooks.signal === undefined ? ahead.signal : AbortSignal.any([hooks.signal, ahead.signal]);
  const runs = deliveries.map((delivery): DeliveryRun => ({
    ...delivery,
    workDir: join(pipeline.workDir, newId()),
    meter,
    queue,
    hooks: { ...hooks, signal },
  }));
  const batches = batchesOf(runs);
  const batchOf = batches.flatMap((batch, number) => batch.map(() => number));
  const begun: Promise<unknown>[] = [];
  const prepared: Promise<PreparedDelivery>[] = [];
  const reports: ImportReport[] = [];
  try {
    for (const [index, run] of runs.entries()) {
      cancelledBy(hooks.signal);
      for (const batch of batches.slice(begun.length, batchOf[index]! + aheadMax)) {
        const ofBatch = prepareBatch(ctx, pipeline, batch, begun.at(-preparedAtOnce));
        begun.push(Promise.allSettled(ofBatch));
        prepared.push(...ofBatch);
      }
      // Awaited in order below; until then a failure must not count as unhandled.
      for (const waiting of prepared.slice(index + 1)) waiting.catch(() => undefined);
      reports.push(await keepDelivery(ctx, pipeline, run, await prepared[index]!));
      meter.finishDelivery(run.delivery.bytes);
      await rm(run.workDir, { recursive: true, force: true });
    }
    const publishing = meter.publishing();
    await queue.flush(undefined, (share) =>
      publishing({ share, rows: reports.reduce((sum, report) => sum + report.rowsPublished, 0) }),
    );
    publishing({ share: 1, rows: 0 });
    return reports;
  } catch (error) {
    ahead.abort();
    await Promise.allSettled(prepared);
    throw await takeBack(ctx, pipeline, queue, hooks, error);
  } finally {
    for (const { workDir } of runs.slice(0, prepared.length)) await rm(workDir, { recursive: true, force: true });
  }
}

/** Publishes what came whole before the error, takes back the rest, and returns the error to tell. */
async function takeBack(
  ctx: Context,
  pipeline: PipelineHost,
  queue: PublishQueue,
  hooks: ImportHooks,
  error: unknown,
): Promise<unknown> {
  if ((await ctx.inTenant((tx) => tx.tenant.count()).catch(() => null)) === 0) {
    await ctx.host.files.deleteAll(`tenants/${ctx.tenantId}/`);
    await pipeline.periods.removeCompany(ctx.tenantId);
    return new AppError("not_found", "The company was deleted while the import ran. Nothing was published.", {
      cause: error,
    });
  }
  if (hooks.signal?.aborted !== true && !queue.hasFailed) {
    await queue
      .flush()
      .catch((failure: unknown) =>
        ctx.host.log.warn({ error: failure }, "earlier bills of the import could not be published"),
      );
  }
  // What cannot be taken back now, the sweep finds.
  await queue
    .discard()
    .catch((failure: unknown) => ctx.host.log.warn({ error: failure }, "unpublished versions could not be removed"));
  return error;
}

interface DeliveryRun {
  delivery: BillDelivery;
  request: ImportRequest;
  workDir: string;
  meter: ImportProgressMeter;
  queue: PublishQueue;
  hooks: ImportHooks;
  /** For a run over landed history: the periods for which that landing counts. Null for what comes anew. */
  again: ReadonlySet<string> | null;
}

/** A copy of a file of the delivery, with the part that it plays. */
type LandedFile = LandedCopy & { role: string };

/** A delivery that is landed and normalized, or one whose content is current already. */
type PreparedDelivery =
  | { unchanged: ImportReport }
  | {
      landed: readonly LandedFile[];
      copies: ImportReport["ignored"];
      content: string;
      normalized: NormalizeTaskOutput;
      startedAt: number;
    };

/** Runs one after the other, small ones that are read the same way together. */
function batchesOf(runs: readonly DeliveryRun[]): DeliveryRun[][] {
  const batches: { key: string; bytes: number; runs: DeliveryRun[] }[] = [];
  for (const run of runs) {
    const { delivery, request } = run;
    const key = JSON.stringify([delivery.format, request.definition ?? null, request.assume ?? {}]);
    const last = batches.at(-1);
    const fits =
      last?.key === key &&
      last.runs.length < togetherMax.deliveries &&
      last.bytes + delivery.bytes <= togetherMax.bytes;
    if (fits) {
      last.runs.push(run);
      last.bytes += delivery.bytes;
    } else batches.push({ key, bytes: delivery.bytes, runs: [run] });
  }
  return batches.map((batch) => batch.runs);
}

/** A delivery whose files lie in its work folder. */
interface LandedDelivery {
  run: DeliveryRun;
  files: readonly LandedFile[];
  copies: ImportReport["ignored"];
  content: string;
  startedAt: number;
}

/**
 * The first half of the flow: land and normalize, one delivery after the other, once another batch is through. Each touches
 * nothing but its own folder.
 */
function prepareBatch(
  ctx: Context,
  pipeline: PipelineHost,
  batch: readonly DeliveryRun[],
  other: Promise<unknown> = Promise.resolve(),
): Promise<PreparedDelivery>[] {
  const landed: ReturnType<typeof landDelivery>[] = [];
  for (const run of batch) {
    const before = landed.at(-1) ?? other;
    landed.push(before.then(() => landDelivery(ctx, pipeline, run)));
  }
  const together = Promise.allSettled(landed).then((results) =>
    normalizeTogether(
      pipeline,
      results.flatMap((one) => (one.status === "fulfilled" && !("unchanged" in one.value) ? [one.value] : [])),
    ),
  );
  const prepared: Promise<PreparedDelivery>[] = [];
  for (const one of landed) prepared.push(normalizeNext(pipeline, one, together, prepared.at(-1)));
  return prepared;
}

async function normalizeNext(
  pipeline: PipelineHost,
  landing: ReturnType<typeof landDelivery>,
  together: ReturnType<typeof normalizeTogether>,
  before: Promise<PreparedDelivery> | undefined,
): Promise<PreparedDelivery> {
  const landed = await landing;
  if ("unchanged" in landed) return landed;
  let normalized = (await together)?.get(landed);
  if (normalized === undefined) {
    await before;
    normalized = await normalizeAlone(pipeline, landed);
  }
  const { files, copies, content, startedAt } = landed;
  return { landed: files, copies, content, normalized, startedAt };
}

async function landDelivery(
  ctx: Context,
  pipeline: PipelineHost,
  run: DeliveryRun,
): Promise<LandedDelivery | { unchanged: ImportReport }> {
  const startedAt = performance.now();
  const { delivery, request } = run;
  await mkdir(run.workDir, { recursive: true });
  const all = await land(ctx, pipeline, run);
  const files = withoutCopies(all);
  const content = contentHash(files, delivery, request);
  const known = await ctx.inTenant((tx) => findLanding(tx, content, request.sourceName));
  if (known?.isCurrent === true && run.again === null && request.takesOver === undefined)
    return { unchanged: { ...known.report, unchanged: true, restated: [], durationMs: elapsed(startedAt) } };
  return { run, files, copies: copiesOf(all), content, startedAt };
}

async function normalizeAlone(pipeline: PipelineHost, { run, files }: LandedDelivery): Promise<NormalizeTaskOutput> {
  const { delivery, meter, hooks } = run;
  return pipeline.engine.run("normalize", await normalizeInput(run, files), {
    signal: hooks.signal,
    onProgress: meter.stage("normalize", delivery.label, delivery.bytes),
  });
}

/** Null where each has to be normalized alone. */
async function normalizeTogether(
  pipeline: PipelineHost,
  landed: readonly LandedDelivery[],
): Promise<ReadonlyMap<LandedDelivery, NormalizeTaskOutput> | null> {
  const [first] = landed;
  if (first === undefined || landed.length === 1) return null;
  const { delivery, meter, hooks } = first.run;
  const bytes = landed.reduce((sum, { run }) => sum + run.delivery.bytes, 0);
  const deliveries = await Promise.all(landed.map(({ run, files }) => normalizeInput(run, files)));
  const outputs = await pipeline.engine
    .run(
      "normalize-together",
      { deliveries },
      {
        signal: hooks.signal,
        onProgress: meter.stage("normalize", `${delivery.label} and ${landed.length - 1} more`, bytes),
      },
    )
    .catch((error: unknown) => {
      if (hooks.signal?.aborted === true) throw error;
      // Alone, the one at fault is found, and those before it are kept.
      return null;
    });
  return outputs === null ? null : new Map(landed.map((one, index) => [one, outputs[index]!]));
}

async function normalizeInput(
  { workDir, delivery, request }: DeliveryRun,
  files: readonly LandedFile[],
): Promise<EngineInputs["normalize"]> {
  const stageDir = join(workDir, "stage");
  await rm(stageDir, { recursive: true, force: true });
  await mkdir(stageDir);
  return {
    format: delivery.format,
    ...(request.definition === undefined ? {} : { definition: request.definition }),
    files: files.map(({ name, path, shape, role }, index) => ({ index, name, path, shape, role })),
    assume: request.assume ?? {},
    stageDir,
  };
}

/** The second half: account for every row, keep the raw files, and turn the periods into versions of the lake. */
async function keepDelivery(
  ctx: Context,
  pipeline: PipelineHost,
  run: DeliveryRun,
  prepared: PreparedDelivery,
): Promise<ImportReport> {
  if ("unchanged" in prepared) return prepared.unchanged;
  const { delivery, request, hooks } = run;
  const { landed, copies, content, normalized, startedAt } = prepared;
  const account = summarizeCounts(normalized.counts, normalized.unreadable.rows);
  const rejects = normalized.examples.map(({ file, ...example }) => ({ file: landed[file]?.name ?? "", ...example }));
  if (account.rowsPublished === 0) throw nothingToPublish(delivery, rejects, account.rowsRead);

  const source = await ctx.inTenant((tx) => chooseSource(tx, delivery, normalized, request));
  const report: ImportReport = {
    source: source.key,
    sourceName: source.name,
    format: delivery.format,
    because: delivery.because,
    files: landed.length,
    ...account,
    periods: periodsOf(normalized),
    conformance: conformanceOf(normalized),
    unchanged: false,
    restated: [],
    notes: [...normalized.notes],
    ignored: [...delivery.ignored, ...copies],
    rejects,
    durationMs: elapsed(startedAt),
  };
  const periods =
    run.again === null ? report.periods : await periodsStillOurs(ctx, source.key, report.periods, run.again);
  const landing = await storeLanding(ctx, {
    content,
    format: delivery.format,
    options: {
      assume: request.assume ?? {},
      definition: request.definition ?? null,
      roles: landed.map((file) => file.role),
    },
    files: landed,
  });
  const restated = await keepVersions(
    ctx,
    pipeline,
    { source, landing, normalized, report, periods, signal: hooks.signal, workItemId: hooks.workItemId },
    run.queue,
  );
  await ctx.inTenant((tx) =>
    audit(tx, ctx, "bill.imported", {
      after: { source: source.key, files: landed.length, rows: account.rowsPublished },
    }),
  );
  return { ...report, restated, durationMs: elapsed(startedAt) };
}

/** The same file twice in one delivery, as a download that was repeated, counts once. */
export function withoutCopies<T extends Pick<LandedFile, "sha256" | "role">>(files: readonly T[]): T[] {
  return files.filter((file, index) => firstOf(files, file) === index);
}

function copiesOf(files: readonly LandedFile[]): ImportReport["ignored"] {
  return files.flatMap((file, index) => {
    const first = firstOf(files, file);
    return first === index ? [] : [{ file: file.name, because: `The same as ${files[first]!.name}.` }];
  });
}

function firstOf(
  files: readonly Pick<LandedFile, "sha256" | "role">[],
  file: Pick<LandedFile, "sha256" | "role">,
): number {
  return files.findIndex((other) => other.sha256 === file.sha256 && other.role === file.role);
}

function periodsOf(normalized: NormalizeTaskOutput): string[] {
  return normalized.periods.filter((period) => period.files.published.length > 0).map((period) => period.period);
}

/**
 * Of a landing's periods, those where it counts, and those that nothing of its source is published for: a mapping of today
 * may put rows into another month. Where a later bill replaced it, it stays replaced.
 */
async function periodsStillOurs(
  ctx: Context,
  sourceKey: string,
  periods: readonly string[],
  counts: ReadonlySet<string>,
): Promise<string[]> {
  const published = await ctx.inTenant((tx) =>
    tx.datasetVersion.findMany({
      where: { state: "published", source: { key: sourceKey } },
      select: { billingPeriod: true },
    }),
  );
  const taken = new Set(published.map((version) => columnToDay(version.billingPeriod).slice(0, 7)));
  return periods.filter((period) => counts.has(period) || !taken.has(period));
}

async function land(ctx: Context, pipeline: PipelineHost, run: DeliveryRun): Promise<LandedFile[]> {
  const { delivery, workDir, meter, hooks } = run;
  const landFrom = (paths: readonly string[]) => {
    const files = delivery.files.map((file, index) => ({
      path: paths[index]!,
      name: file.name,
      target: join(workDir, `raw-${index}`),
      readable: join(workDir, `utf8-${index}`),
    }));
    return pipeline.engine.run(
      "land",
      { files, bytes: delivery.bytes },
      { signal: hooks.signal, onProgress: meter.stage("land", delivery.label, delivery.bytes) },
    );
  };
  const paths = delivery.files.map((file) => file.path);
  // What landed earlier is named by its place in the store.
  const landed = await (run.again === null
    ? landFrom(paths)
    : withLocalFiles(ctx.host.files, pipeline, paths, landFrom));
  return landed.map((file, index) => ({ ...file, role: delivery.files[index]!.role }));
}

/** The same files, read the same way, are the same content, whatever they are called. */
export function contentHash(
  landed: readonly Pick<LandedFile, "sha256" | "role">[],
  delivery: Pick<BillDelivery, "format">,
  request: Pick<ImportRequest, "assume" | "definition">,
): string {
  const files = landed.map((file) => `${file.sha256} ${file.role}`).toSorted();
  return createHash("sha256")
    .update(JSON.stringify([delivery.format, files, request.assume ?? {}, request.definition ?? null]))
    .digest("hex");
}

/** Two formats of one account are two sources: their figures differ, and one has to take over from the other. */
async function chooseSource(
  tx: Tx,
  delivery: BillDelivery,
  normalized: NormalizeTaskOutput,
  request: ImportRequest,
): Promise<SourceChoice> {
  const choice = {
    connector: delivery.connector,
    format: delivery.format,
    ...(request.takesOver === undefined ? {} : { takesOver: request.takesOver }),
  };
  if (request.sourceName !== undefined) return { key: request.sourceName, name: request.sourceName, ...choice };
  const [first = "bill", ...more] = normalized.billingAccounts;
  const prefix = `${delivery.format}:`;
  const known = await findSourceKey(
    tx,
    prefix,
    normalized.periods.flatMap((period) => period.accounts),
  );
  return {
    key: known ?? `${prefix}${first}`,
    name: `${normalized.label} ${first}${more.length === 0 ? "" : ` and ${more.length} more`}`,
    ...choice,
  };
}

function nothingToPublish(delivery: BillDelivery, rejects: ImportReport["rejects"], rowsRead: number): AppError {
  const [first] = rejects;
  const where =
    first === undefined ? "" : `${first.file}${first.line === null ? "" : `, line ${first.line}`}: ${first.reason}`;
  const why = rowsRead === 0 ? "it holds no rows." : `none of its ${rowsRead} rows could be taken. ${where}`;
  return new AppError("invalid", `${delivery.label} was not imported: ${why} Nothing was changed.`, {
    facts: { rejects },
  });
}

function conformanceOf(normalized: NormalizeTaskOutput): ImportReport["conformance"] {
  const checked = normalized.periods.flatMap((period) => (period.conformance === null ? [] : [period.conformance]));
  if (checked.length === 0) return null;
  const failed = new Set(
    checked.flatMap((one) =>
      one.results
        .filter((result) => result.status === "failed" && result.composite !== true)
        .map((result) => result.ruleId),
    ),
  );
  const rules = Math.max(...checked.map((one) => one.rules));
  return {
    version: checked[0]!.version,
    rules,
    failed: failed.size,
    score: rules === 0 ? "100.0" : (Math.floor(((rules - failed.size) * 1000) / rules) / 10).toFixed(1),
  };
}

function elapsed(started: number): number {
  return Math.round(performance.now() - started);
}

/**
 * Runs today's mappings over what landed earlier, for every source or one. What comes out the same is published as a new
 * version all the same: its mapping is another.
 */
export async function reprocess(
  ctx: Context,
  pipeline: PipelineHost,
  choice: { source?: string },
  hooks: ImportHooks = {},
): Promise<ImportReport[]> {
  requirePermission(ctx, "imports:write");
  const landings = await ctx.inTenant((tx) => listCurrentLandings(tx, choice.source));
  const deliveries = landings.map(({ delivery, request, periods }) => ({
    request,
    again: periods,
    delivery,
  }));
  return runDeliveries(ctx, pipeline, deliveries, hooks);
}
