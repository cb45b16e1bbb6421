import { requirePermission } from "@finops/platform/access/require-permission";
import { columnToDay, dayToColumn } from "@finops/platform/db/day-column";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import type { PreviewOutput } from "@finops/pipeline/engine/preview-task";
import { formatName, formatNames } from "@finops/pipeline/format-names";
import { type BillDelivery, type DeliveryProblem, planImport } from "@finops/pipeline/landing/find-deliveries";
import type { ImportRequest } from "@finops/pipeline/import-request";
import { contentHash, withoutCopies } from "@finops/pipeline/landing/delivery-content";
import { findLanding } from "@finops/pipeline/landing/keep-landing";
import type { BillFile } from "@finops/pipeline/landing/list-bill-files";
import { findSourceKey } from "@finops/pipeline/landing/sources";
import type { PipelineHost } from "@finops/pipeline/pipeline-host";
import { type DetectedDelivery, type ImportDetection, ImportOptions } from "./contract.ts";
import { findHash, requireOpen, wholeUploads } from "./uploads.ts";
import { withBillFiles } from "./with-bill-files.ts";

type Options = Pick<ImportRequest, "format" | "definition" | "assume" | "sourceName" | "takesOver">;

/** Says what an import would do with the files that were uploaded, and why. Keeps nothing. */
export async function detectImport(
  ctx: Context,
  pipeline: Pick<PipelineHost, "engine" | "workDir">,
  importId: string,
  input: unknown,
): Promise<ImportDetection> {
  requirePermission(ctx, "imports:write");
  const { format, definition, assume, sourceName, takesOver } = ImportOptions.parse(input);
  await requireOpen(ctx, importId);
  const options: Options = {
    assume,
    ...(format === undefined ? {} : { format }),
    ...(definition === undefined ? {} : { definition }),
    ...(sourceName === undefined ? {} : { sourceName }),
    ...(takesOver === undefined ? {} : { takesOver }),
  };
  try {
    const uploads = await wholeUploads(ctx, importId);
    return await withBillFiles(ctx.host.files, pipeline, uploads, (files) =>
      look(ctx, pipeline, importId, files, options),
    );
  } catch (error) {
    // Whoever discards an upload takes its files away while they are read; that is no fault of theirs.
    await requireOpen(ctx, importId);
    throw error;
  }
}

async function look(
  ctx: Context,
  pipeline: Pick<PipelineHost, "engine">,
  importId: string,
  files: readonly BillFile[],
  options: Options,
): Promise<ImportDetection> {
  const planned = await planImport(pipeline, { files, ...options });
  const deliveries: DetectedDelivery[] = [];
  for (const delivery of planned.deliveries)
    deliveries.push(await describe(ctx, pipeline, importId, delivery, options));
  const pathOf = new Map(files.map((file) => [file.name, file.path]));
  return {
    deliveries,
    problems: await Promise.all(planned.problems.map((problem) => describeProblem(pipeline, problem, pathOf))),
    formats: formatNames(),
  };
}

async function describe(
  ctx: Context,
  pipeline: Pick<PipelineHost, "engine">,
  importId: string,
  delivery: BillDelivery,
  options: Options,
): Promise<DetectedDelivery> {
  const ofEachRole = [...new Map(delivery.files.toReversed().map((file) => [file.role, file])).values()];
  const preview = await pipeline.engine.run("preview", {
    files: ofEachRole.map(({ name, path, role }) => ({ name, path, role })),
    format: delivery.format,
    ...(options.definition === undefined ? {} : { definition: options.definition }),
    assume: options.assume ?? {},
  });
  const hashes = await Promise.all(delivery.files.map((file) => findHash(ctx, importId, file.name)));
  const { source, conflicts, isCurrent } = await ctx.inTenant(async (tx) => ({
    source: await findSource(tx, delivery, preview, options),
    conflicts: await findConflicts(tx, delivery, preview, options),
    isCurrent: await isCurrentAlready(tx, delivery, hashes, options),
  }));
  const names = formatNames();
  return {
    label: delivery.label,
    format: delivery.format,
    formatName: formatName(delivery.format),
    provider: names.find((name) => name.id === delivery.format)?.provider ?? delivery.connector,
    because: delivery.because,
    confidence: preview.confidence,
    bytes: delivery.bytes,
    files: delivery.files.map(({ name, bytes, role }) => ({ name, bytes, role })),
    ignored: [...delivery.ignored],
    columns: preview.columns,
    firstRows: preview.firstRows,
    alsoReadAs: names.filter((name) => preview.alsoReadAs.includes(name.id)),
    missing: preview.missing,
    sample: preview.sample,
    problem: preview.problem,
    source,
    isCurrent,
    conflicts,
  };
}

async function findSource(
  tx: Tx,
  delivery: BillDelivery,
  { sample }: PreviewOutput,
  { sourceName }: Options,
): Promise<DetectedDelivery["source"]> {
  if (sample === null) return null;
  const key =
    sourceName ??
    (await findSourceKey(tx, `${delivery.format}:`, sample.accounts)) ??
    `${delivery.format}:${sample.billingAccounts[0] ?? "bill"}`;
  const known = await tx.source.findFirst({ where: { key }, select: { name: true } });
  const [first = "bill", ...more] = sample.billingAccounts;
  const name =
    sourceName ?? `${formatName(delivery.format)} ${first}${more.length === 0 ? "" : ` and ${more.length} more`}`;
  return { key, name: known?.name ?? name, isNew: known === null };
}

/** Published costs of the same accounts and periods that belong to another source. */
async function findConflicts(
  tx: Tx,
  delivery: BillDelivery,
  preview: PreviewOutput,
  options: Options,
): Promise<DetectedDelivery["conflicts"]> {
  const source = await findSource(tx, delivery, preview, options);
  if (preview.sample === null || source === null) return [];
  const months = preview.sample.periods.filter((period) => /^\d{4}-\d{2}$/.test(period));
  const others = await tx.versionAccount.findMany({
    where: {
      account: { in: preview.sample.accounts.slice(0, 5000) },
      version: {
        state: "published",
        dataset: "costs",
        billingPeriod: { in: months.map((month) => dayToColumn(`${month}-01`)) },
        source: {
          key: { notIn: [source.key, ...(options.takesOver === undefined ? [] : [options.takesOver.source])] },
        },
      },
    },
    include: { version: { include: { source: true } } },
    orderBy: { account: "asc" },
    take: 500,
  });
  const bySource = new Map<string, DetectedDelivery["conflicts"][number]>();
  for (const { account, version } of others) {
    const known = bySource.get(version.source.key) ?? {
      source: version.source.key,
      sourceName: version.source.name,
      account,
      periods: [],
    };
    const period = columnToDay(version.billingPeriod).slice(0, 7);
    if (!known.periods.includes(period)) known.periods.push(period);
    bySource.set(version.source.key, known);
  }
  return [...bySource.values()].map((conflict) => ({ ...conflict, periods: conflict.periods.toSorted() }));
}

async function isCurrentAlready(
  tx: Tx,
  delivery: BillDelivery,
  hashes: readonly (string | null)[],
  options: Options,
): Promise<boolean | null> {
  const files = delivery.files.flatMap((file, index) => {
    const sha256 = hashes[index] ?? null;
    return sha256 === null ? [] : [{ sha256, role: file.role }];
  });
  if (files.length < delivery.files.length) return null;
  const known = await findLanding(tx, contentHash(withoutCopies(files), delivery, options), options.sourceName);
  return known?.isCurrent === true;
}

async function describeProblem(
  pipeline: Pick<PipelineHost, "engine">,
  { files, error }: DeliveryProblem,
  pathOf: ReadonlyMap<string, string>,
): Promise<ImportDetection["problems"][number]> {
  const [name] = files;
  const path = name === undefined ? undefined : pathOf.get(name);
  const looked =
    name === undefined || path === undefined
      ? null
      : await pipeline.engine.run("look", { name, path }).catch(() => null);
  return {
    files: [...files],
    message: error.message,
    columns: looked?.columns ?? [],
    firstRows: looked?.firstRows ?? [],
  };
}
