import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "@finops/platform/tenancy/context";
import type { EngineInputs } from "./engine/engine-tasks.ts";
import type { NormalizeTaskOutput } from "./engine/normalize-task.ts";
import type { ImportProgressMeter } from "./import-progress.ts";
import type { ImportReport } from "./import-report.ts";
import type { ImportHooks, ImportRequest } from "./import-request.ts";
import { contentHash, copiesOf, type LandedFile, withoutCopies } from "./landing/delivery-content.ts";
import type { BillDelivery } from "./landing/find-deliveries.ts";
import { findLanding } from "./landing/keep-landing.ts";
import { withLocalFiles } from "./local-files.ts";
import type { PipelineHost } from "./pipeline-host.ts";
import type { PublishQueue } from "./publish/publish-queue.ts";

/** Small deliveries of one format are normalized together, up to these bounds. */
const togetherMax = { deliveries: 16, bytes: 4 * 1024 * 1024 };

export interface DeliveryRun {
  delivery: BillDelivery;
  request: ImportRequest;
  workDir: string;
  meter: ImportProgressMeter;
  queue: PublishQueue;
  hooks: ImportHooks;
  /** For a run over landed history: the periods for which that landing counts. Null for what comes anew. */
  again: ReadonlySet<string> | null;
}

/** A delivery that is landed and normalized, or one whose content is current already. */
export type PreparedDelivery =
  | { unchanged: ImportReport }
  | {
      landed: readonly LandedFile[];
      copies: ImportReport["ignored"];
      content: string;
      normalized: NormalizeTaskOutput;
      startedAt: number;
    };

/** Runs one after the other, small ones that are read the same way together. */
export function batchesOf(runs: readonly DeliveryRun[]): DeliveryRun[][] {
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
export function prepareBatch(
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

export function elapsed(started: number): number {
  return Math.round(performance.now() - started);
}
