import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import { ImportProgressMeter } from "./import-progress.ts";
import type { ImportReport } from "./import-report.ts";
import type { ImportHooks, ImportRequest } from "./import-request.ts";
import { keepDelivery } from "./keep-delivery.ts";
import { findDeliveries } from "./landing/find-deliveries.ts";
import { listCurrentLandings } from "./landing/keep-landing.ts";
import type { PipelineHost } from "./pipeline-host.ts";
import { batchesOf, type DeliveryRun, prepareBatch, type PreparedDelivery } from "./prepare-delivery.ts";
import { cancelledBy } from "./publish/cancelled.ts";
import { PublishQueue } from "./publish/publish-queue.ts";

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

/** Deliveries, or batches of small ones, that are landed and normalized at the same time: one leaves a core idle. */
const preparedAtOnce = 2;
/** Batches that are begun before the first of them is kept; those that are done wait in the work folder. */
const aheadMax = 4;

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
