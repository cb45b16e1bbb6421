import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { columnToDay } from "@finops/platform/db/day-column";
import { enqueue, requestCancel, type WorkItem } from "@finops/platform/jobs/work-items";
import type { Context } from "@finops/platform/tenancy/context";
import { rollback } from "@finops/pipeline/publish/publish-period";
import {
  DatasetDifference,
  type DatasetPeriod,
  type ImportJob,
  ImportOptions,
  ImportProgress,
  ImportReport,
} from "./contract.ts";
import { uploadedFiles, uploadPrefix } from "./uploads.ts";

const importKinds = ["import", "reprocess"] as const;
const uploadBytesMax = 200 * 1024 ** 3;

/** Opens an import: files are added to it one by one, then it is started. */
export async function openImport(ctx: Context): Promise<ImportJob> {
  requirePermission(ctx, "imports:write");
  const id = newId();
  await ctx.host.files.put(
    `${uploadPrefix(ctx.tenantId, id)}.open`,
    new TextEncoder().encode(ctx.host.clock.now().toISOString()),
  );
  return {
    id,
    state: "open",
    files: [],
    progress: null,
    reports: [],
    error: null,
    createdAt: ctx.host.clock.now().toISOString(),
    finishedAt: null,
  };
}

/** Streams one file of an import to disk. The name is its path below the folder that the person picked. */
export async function addImportFile(
  ctx: Context,
  importId: string,
  name: string,
  content: AsyncIterable<Uint8Array>,
): Promise<{ name: string; bytes: number; sha256: string }> {
  requirePermission(ctx, "imports:write");
  await requireOpen(ctx, importId);
  const written = await ctx.host.files.put(`${uploadPrefix(ctx.tenantId, importId)}/${name}`, limitBytes(content));
  return { name, bytes: written.bytes, sha256: written.sha256 };
}

/** Queues the import of what was uploaded. */
export async function startImport(ctx: Context, importId: string, input: unknown): Promise<ImportJob> {
  requirePermission(ctx, "imports:write");
  const options = ImportOptions.parse(input);
  await requireOpen(ctx, importId);
  const files = await uploadedFiles(ctx.host.files, ctx.tenantId, importId);
  if (files.length === 0) throw new AppError("invalid", "Add a file before you start the import.");
  await ctx.host.files.delete(`${uploadPrefix(ctx.tenantId, importId)}.open`);
  const listed = files.map(({ name, bytes }) => ({ name, bytes }));
  const item = await ctx.inTenant((tx) =>
    enqueue(tx, {
      kind: "import",
      pool: "imports",
      payload: { importId, options, actor: ctx.actor, files: listed } as object,
    }),
  );
  return toImportJob(item);
}

/** Queues a run of today's mappings over what landed earlier, for one source or all. */
export async function startReprocess(ctx: Context, input: { source?: string | undefined }): Promise<ImportJob> {
  requirePermission(ctx, "imports:write");
  const payload = {
    importId: newId(),
    actor: ctx.actor,
    ...(input.source === undefined ? {} : { source: input.source }),
  };
  return toImportJob(
    await ctx.inTenant((tx) => enqueue(tx, { kind: "reprocess", pool: "imports", payload: payload as object })),
  );
}

export async function getImport(ctx: Context, importId: string): Promise<ImportJob> {
  requirePermission(ctx, "sources:read");
  return toImportJob(await findImport(ctx, importId));
}

export async function listImports(ctx: Context): Promise<ImportJob[]> {
  requirePermission(ctx, "sources:read");
  const items = await ctx.inTenant((tx) =>
    tx.workItem.findMany({ where: { kind: { in: [...importKinds] } }, orderBy: { createdAt: "desc" }, take: 50 }),
  );
  return items.map(toImportJob);
}

/** Stops an import; what is published already stays, and nothing half-done is left. */
export async function cancelImport(ctx: Context, importId: string): Promise<ImportJob> {
  requirePermission(ctx, "imports:write");
  const { id } = await findImport(ctx, importId);
  return toImportJob(await ctx.inTenant((tx) => requestCancel(tx, id)));
}

/** The publication log as people see it: per billing period what is current and what was, with its versions. */
export async function listDatasets(ctx: Context): Promise<DatasetPeriod[]> {
  requirePermission(ctx, "sources:read");
  return ctx.inTenant(async (tx) => {
    const entries = await tx.publication.findMany({ orderBy: { position: "desc" }, take: 1000 });
    const versions = await tx.datasetVersion.findMany({
      where: { id: { in: [...new Set(entries.flatMap((entry) => entry.versionIds))] } },
      include: { source: true },
    });
    const byId = new Map(versions.map((version) => [version.id, version]));
    const seen = new Set<string>();
    return entries.map((entry) => {
      const billingPeriod = columnToDay(entry.billingPeriod);
      const isCurrent = !seen.has(billingPeriod);
      seen.add(billingPeriod);
      return {
        billingPeriod,
        position: entry.position.toString(),
        kind: entry.kind,
        publishedAt: entry.at.toISOString(),
        actor: entry.actor,
        note: entry.note,
        isCurrent,
        versions: entry.versionIds.flatMap((id) => {
          const version = byId.get(id);
          if (version === undefined) return [];
          return [
            {
              id,
              source: version.source.key,
              sourceName: version.source.name,
              number: version.number,
              rows: Number(version.rows),
              totals: version.totals as DatasetPeriod["versions"][number]["totals"],
              createdAt: version.createdAt.toISOString(),
            },
          ];
        }),
      };
    });
  });
}

/** What a version changed against the one before it of the same source and period. */
export async function getDifference(ctx: Context, versionId: string): Promise<DatasetDifference> {
  requirePermission(ctx, "sources:read");
  const version = isId(versionId)
    ? await ctx.inTenant((tx) => tx.datasetVersion.findFirst({ where: { id: versionId } }))
    : null;
  if (version === null) throw new AppError("not_found", "There is no such version.");
  return DatasetDifference.parse(version.difference ?? { previousVersion: null, changes: [] });
}

/** Makes an earlier state of a period current again. */
export async function rollBackPeriod(ctx: Context, position: string): Promise<{ position: string }> {
  requirePermission(ctx, "imports:write");
  if (!/^\d{1,18}$/.test(position)) throw new AppError("invalid", "A position is a whole number.");
  return { position: (await rollback(ctx, BigInt(position))).toString() };
}

async function requireOpen(ctx: Context, importId: string): Promise<void> {
  const isOpen = isId(importId) && (await ctx.host.files.find(`${uploadPrefix(ctx.tenantId, importId)}.open`)) !== null;
  if (!isOpen) throw new AppError("not_found", "There is no such import, or it was started already.");
}

async function findImport(ctx: Context, importId: string): Promise<WorkItem> {
  const item = isId(importId)
    ? await ctx.inTenant((tx) =>
        tx.workItem.findFirst({
          where: { kind: { in: [...importKinds] }, payload: { path: ["importId"], equals: importId } },
        }),
      )
    : null;
  if (item === null) throw new AppError("not_found", "There is no such import.");
  return item;
}

function toImportJob(item: WorkItem): ImportJob {
  const payload = item.payload as { importId: string; files?: ImportJob["files"] };
  const progress = ImportProgress.safeParse(item.progress);
  const reports = ImportReport.array().safeParse(item.result);
  const error = item.error as { code?: string; message?: string } | null;
  return {
    id: payload.importId,
    state: item.state as ImportJob["state"],
    files: payload.files ?? [],
    progress: progress.success ? progress.data : null,
    reports: reports.success ? reports.data : [],
    error: error === null ? null : { code: error.code ?? "internal", message: error.message ?? "The import failed." },
    createdAt: item.createdAt.toISOString(),
    finishedAt: item.finishedAt?.toISOString() ?? null,
  };
}

async function* limitBytes(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > uploadBytesMax) throw new AppError("limit", "A file may have at most 200 GiB.");
    yield chunk;
  }
}
