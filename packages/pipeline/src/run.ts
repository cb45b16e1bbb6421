import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { audit } from "@finops/platform/audit/audit";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import type { NormalizeTaskOutput } from "./engine/normalize-task.ts";
import { ImportProgressMeter } from "./import-progress.ts";
import type { ImportProgress, ImportReport } from "./import-report.ts";
import type { BillFile } from "./landing/list-bill-files.ts";
import { type BillDelivery, findDeliveries } from "./landing/find-deliveries.ts";
import type { LandedCopy } from "./landing/land-file.ts";
import { findLanding, getOrCreateSource, keepLanding, listCurrentLandings, type SourceChoice } from "./landing/keep-landing.ts";
import { summarizeCounts } from "./normalize/summarize-counts.ts";
import type { PipelineHost } from "./pipeline-host.ts";
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
 * period by period. A delivery that fails leaves the ones before it published and itself without a trace.
 */
export async function importBills(ctx: Context, pipeline: PipelineHost, request: ImportRequest, hooks: ImportHooks = {}): Promise<ImportReport[]> {
  requirePermission(ctx, "imports:write");
  const deliveries = await findDeliveries(pipeline, request, hooks.signal);
  return runDeliveries(ctx, pipeline, deliveries.map((delivery) => ({ delivery, request })), hooks, false);
}

/** Deliveries that are landed and normalized at the same time: many bills are small, and one leaves a core idle. */
const aheadMax = 2;

async function runDeliveries(ctx: Context, pipeline: PipelineHost, deliveries: readonly Pick<DeliveryRun, "delivery" | "request">[], hooks: ImportHooks, again: boolean): Promise<ImportReport[]> {
  const meter = new ImportProgressMeter(deliveries.reduce((sum, { delivery }) => sum + delivery.bytes, 0), hooks.onProgress);
  const queue = new PublishQueue(ctx, pipeline, hooks.signal === undefined ? {} : { signal: hooks.signal });
  // A delivery that fails stops those that were started ahead of it.
  const ahead = new AbortController();
  const signal = hooks.signal === undefined ? ahead.signal : AbortSignal.any([hooks.signal, ahead.signal]);
  const runs = deliveries.map(({ delivery, request }): DeliveryRun => ({ delivery, request, workDir: join(pipeline.workDir, newId()), meter, queue, hooks: { ...hooks, signal }, again }));
  const prepared: Promise<PreparedDelivery>[] = [];
  const reports: ImportReport[] = [];
  try {
    for (const [index, run] of runs.entries()) {
      for (const next of runs.slice(prepared.length, index + aheadMax)) prepared.push(prepareDelivery(ctx, pipeline, next));
      // Awaited in order below; until then a failure must not count as unhandled.
      for (const waiting of prepared.slice(index + 1)) waiting.catch(() => undefined);
      reports.push(await keepDelivery(ctx, pipeline, run, await prepared[index]!));
      meter.finishDelivery(run.delivery.bytes);
      await rm(run.workDir, { recursive: true, force: true });
    }
    const publishing = meter.publishing();
    await queue.flush(undefined, (share) => publishing({ share, rows: reports.reduce((sum, report) => sum + report.rowsPublished, 0) }));
    return reports;
  } catch (error) {
    ahead.abort();
    await Promise.allSettled(prepared);
    if (hooks.signal?.aborted !== true) await queue.flush().catch(() => undefined);
    await queue.discard();
    throw error;
  } finally {
    for (const { workDir } of runs.slice(0, prepared.length)) await rm(workDir, { recursive: true, force: true });
  }
}

interface DeliveryRun {
  delivery: BillDelivery;
  request: ImportRequest;
  workDir: string;
  meter: ImportProgressMeter;
  queue: PublishQueue;
  hooks: ImportHooks;
  /** Also when the same content is current already. */
  again: boolean;
}

/** A delivery that is landed and normalized, or one whose content is current already. */
type PreparedDelivery = { unchanged: ImportReport } | { landed: readonly LandedCopy[]; content: string; normalized: NormalizeTaskOutput; startedAt: number };

/** The first half of a delivery's flow: land and normalize. Touches nothing but its own folder. */
async function prepareDelivery(ctx: Context, pipeline: PipelineHost, run: DeliveryRun): Promise<PreparedDelivery> {
  const startedAt = performance.now();
  const { delivery, request, hooks } = run;
  await mkdir(join(run.workDir, "stage"), { recursive: true });
  const landed = await land(pipeline, run);
  const content = contentHash(landed, delivery, request);
  const known = await ctx.inTenant((tx) => findLanding(tx, content, request.sourceName));
  if (known?.isCurrent === true && !run.again) return { unchanged: { ...known.report, unchanged: true, durationMs: elapsed(startedAt) } };
  const files = withoutCopies(landed.map((file, index) => ({ index, name: file.name, path: file.path, shape: file.shape, role: delivery.files[index]!.role, sha256: file.sha256 })));
  const normalized = await pipeline.engine.run(
    "normalize",
    { format: delivery.format, ...(request.definition === undefined ? {} : { definition: request.definition }), files, assume: request.assume ?? {}, stageDir: join(run.workDir, "stage") },
    { signal: hooks.signal, onProgress: run.meter.stage("normalize", delivery.label, delivery.bytes) },
  );
  return { landed, content, normalized, startedAt };
}

/** The second half: account for every row, keep the raw files, and turn the periods into versions of the lake. */
async function keepDelivery(ctx: Context, pipeline: PipelineHost, run: DeliveryRun, prepared: PreparedDelivery): Promise<ImportReport> {
  if ("unchanged" in prepared) return prepared.unchanged;
  const { delivery, request, hooks } = run;
  const { landed, content, normalized, startedAt } = prepared;
  const account = summarizeCounts(normalized.counts, normalized.unreadable.rows);
  if (account.rowsPublished === 0) throw nothingToPublish(delivery, normalized, account.rowsRead);

  const source = await ctx.inTenant((tx) => getOrCreateSource(tx, ctx, sourceChoice(delivery, normalized, request)));
  const landing = await keepLanding(ctx, source, { content, format: delivery.format, options: { assume: request.assume ?? {}, definition: request.definition ?? null, roles: delivery.files.map((file) => file.role) }, files: landed });
  const report: ImportReport = {
    source: source.key,
    sourceName: source.name,
    format: delivery.format,
    because: delivery.because,
    files: landed.length,
    ...account,
    periods: normalized.periods.filter((period) => period.files.published.length > 0).map((period) => period.period),
    conformance: conformanceOf(normalized),
    unchanged: false,
    notes: [...normalized.notes],
    ignored: [...delivery.ignored, ...copiesOf(landed)],
    rejects: normalized.examples.map((example) => ({ file: landed[example.file]?.name ?? "", line: null, reason: example.reason, rows: example.rows })),
    durationMs: 0,
  };
  await keepVersions(ctx, pipeline, { source, landing, normalized, report, signal: hooks.signal, workItemId: hooks.workItemId }, run.queue);
  await ctx.inTenant((tx) => audit(tx, ctx, "bill.imported", { after: { source: source.key, files: landed.length, rows: account.rowsPublished } }));
  return { ...report, durationMs: elapsed(startedAt) };
}

/** The same file twice in one delivery, as a download that was repeated, counts once. */
function withoutCopies<F extends { sha256: string; role: string }>(files: readonly F[]): F[] {
  return files.filter((file, index) => files.findIndex((other) => other.sha256 === file.sha256 && other.role === file.role) === index);
}

function copiesOf(landed: readonly LandedCopy[]): ImportReport["ignored"] {
  return landed.flatMap((file, index) => {
    const first = landed.findIndex((other) => other.sha256 === file.sha256);
    return first === index ? [] : [{ file: file.name, because: `The same as ${landed[first]!.name}.` }];
  });
}

async function land(pipeline: PipelineHost, { delivery, workDir, meter, hooks }: DeliveryRun): Promise<LandedCopy[]> {
  const files = delivery.files.map((file, index) => ({ path: file.path, name: file.name, target: join(workDir, `raw-${index}${extensionOf(file.name)}`), readable: join(workDir, `utf8-${index}.csv`) }));
  return pipeline.engine.run("land", { files, bytes: delivery.bytes }, { signal: hooks.signal, onProgress: meter.stage("land", delivery.label, delivery.bytes) });
}

/** The same files, read the same way, are the same content, whatever they are called. */
function contentHash(landed: readonly LandedCopy[], delivery: BillDelivery, request: ImportRequest): string {
  const files = landed.map((file, index) => `${file.sha256} ${delivery.files[index]!.role}`).toSorted();
  return createHash("sha256").update(JSON.stringify([delivery.format, files, request.assume ?? {}, request.definition ?? null])).digest("hex");
}

function sourceChoice(delivery: BillDelivery, normalized: NormalizeTaskOutput, request: ImportRequest): SourceChoice {
  const [first = delivery.format, ...more] = normalized.billingAccounts;
  const scope = more.length === 0 ? first : `${first}+${more.length}`;
  const dataset = normalized.dataset === "costs" ? "" : `-${normalized.dataset}`;
  const provider = normalized.providers.length === 1 ? normalized.providers[0]! : delivery.connector.toUpperCase();
  return {
    key: request.sourceName ?? `${delivery.connector}${dataset}:${scope}`,
    name: request.sourceName ?? `${provider} ${first}${more.length === 0 ? "" : ` and ${more.length} more`}`,
    connector: delivery.connector,
    format: delivery.format,
    ...(request.takesOver === undefined ? {} : { takesOver: request.takesOver }),
  };
}

function nothingToPublish(delivery: BillDelivery, normalized: NormalizeTaskOutput, rowsRead: number): AppError {
  const reason = normalized.examples[0]?.reason;
  const why = rowsRead === 0 ? "it holds no rows" : reason === undefined ? "none of its rows could be read" : `none of its ${rowsRead} rows could be mapped, for example: ${reason}`;
  return new AppError("invalid", `${delivery.label} was not imported: ${why}. Nothing was changed.`, { facts: { rejects: normalized.examples } });
}

function conformanceOf(normalized: NormalizeTaskOutput): ImportReport["conformance"] {
  const checked = normalized.periods.flatMap((period) => (period.conformance === null ? [] : [period.conformance]));
  if (checked.length === 0) return null;
  const failed = new Set(checked.flatMap((one) => one.results.filter((result) => result.status === "failed" && result.composite !== true).map((result) => result.ruleId)));
  const rules = Math.max(...checked.map((one) => one.rules));
  return { version: checked[0]!.version, rules, failed: failed.size, score: rules === 0 ? "100.0" : (Math.floor(((rules - failed.size) * 1000) / rules) / 10).toFixed(1) };
}

function extensionOf(name: string): string {
  return /(\.[a-z0-9]{1,10}){1,2}$/i.exec(name)?.[0].toLowerCase() ?? "";
}

function elapsed(started: number): number {
  return Math.round(performance.now() - started);
}

/**
 * Runs today's mappings over what landed earlier, for every source or one. What comes out the same is published as a new
 * version all the same: its mapping is another.
 */
export async function reprocess(ctx: Context, pipeline: PipelineHost, choice: { source?: string }, hooks: ImportHooks = {}): Promise<ImportReport[]> {
  requirePermission(ctx, "imports:write");
  const landings = await ctx.inTenant((tx) => listCurrentLandings(tx, choice.source));
  const deliveries = landings.map(({ delivery, request }) => ({ request, delivery: { ...delivery, files: delivery.files.map((file) => ({ ...file, path: requireLocal(ctx, file.path) })) } }));
  return runDeliveries(ctx, pipeline, deliveries, hooks, true);
}

function requireLocal(ctx: Context, stored: string): string {
  const path = ctx.host.files.localPath(stored);
  if (path === null) throw new AppError("precondition", "Landed bills are reprocessed on a host with a local file store.");
  return path;
}
