import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { ChangeKind, PolicyInfo } from "@finops/platform/approvals/change-kind";
import { columnToDay } from "@finops/platform/db/day-column";
import type { Tx } from "@finops/platform/db/database";
import { enqueue, requestCancel, type WorkItem } from "@finops/platform/jobs/work-items";
import { decodePlace, encodePlace } from "@finops/platform/http/page";
import type { Context } from "@finops/platform/tenancy/context";
import { formatName } from "@finops/pipeline/format-names";
import { rollback } from "@finops/pipeline/publish/roll-back";
import * as z from "zod";
import {
  DatasetDifference,
  type DatasetPage,
  type DatasetPeriod,
  type ImportJob,
  ImportOptions,
  type ImportPage,
  ImportProgress,
  ImportReport,
  RollbackInput,
} from "./contract.ts";
import { named } from "./named-report.ts";
import {
  discardOpenImport,
  findOpenImport,
  listOpenImports,
  requireOpen,
  uploadPrefix,
  wholeUploads,
} from "./uploads.ts";

const importKinds = ["import", "reprocess"] as const;

/** Queues the import of what was uploaded. */
export async function startImport(ctx: Context, importId: string, input: unknown): Promise<ImportJob> {
  requirePermission(ctx, "imports:write");
  const options = ImportOptions.parse(input);
  await requireOpen(ctx, importId);
  const files = await wholeUploads(ctx, importId);
  const listed = files.map(({ name, bytes }) => ({ name, bytes }));
  const item = await ctx.inTenant(async (tx) => {
    // Who was told to try again starts it once, whatever came of the first try.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${importId}, 0))`;
    const payload = { importId, options, actor: ctx.actor, files: listed } as object;
    return (await findStarted(tx, importId)) ?? enqueue(tx, { kind: "import", pool: "imports", payload });
  });
  // Last: where the database does not answer, what was uploaded can still be started.
  await ctx.host.files.delete(`${uploadPrefix(ctx.tenantId, importId)}.open`);
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
  const item = await ctx.inTenant((tx) => findStarted(tx, importId));
  const job = item === null ? await findOpenImport(ctx, importId) : toImportJob(item);
  if (job === null) throw noSuchImport();
  return job;
}

export async function listImports(ctx: Context, { limit = 50, cursor }: PageWish = {}): Promise<ImportPage> {
  requirePermission(ctx, "sources:read");
  const after = cursor === undefined ? null : decodePlace(cursor, importPlace);
  const items = await ctx.inTenant((tx) =>
    tx.workItem.findMany({
      where: {
        kind: { in: [...importKinds] },
        ...(after === null ? {} : { id: { lt: after[0] } }),
      },
      // Ids begin with the time.
      orderBy: { id: "desc" },
      // One more than wanted tells whether there is another page.
      take: limit + 1,
    }),
  );
  const last = items.length > limit ? items[limit - 1]! : null;
  const started = items.slice(0, limit).map(toImportJob);
  const open = after === null ? await listOpenImports(ctx) : [];
  return {
    imports: [...open.filter(({ id }) => !started.some((job) => job.id === id)), ...started],
    nextCursor: last === null ? null : encodePlace([last.id]),
  };
}

interface PageWish {
  limit?: number;
  cursor?: string | undefined;
}

const importPlace = z.tuple([z.uuid()]);
const datasetPlace = z.tuple([z.string().regex(/^\d{1,18}$/)]);

/** Stops an import, or forgets one that was not started; what is published already stays, and nothing half-done is left. */
export async function cancelImport(ctx: Context, importId: string): Promise<ImportJob> {
  requirePermission(ctx, "imports:write");
  const item = await ctx.inTenant((tx) => findStarted(tx, importId));
  if (item !== null) return toImportJob(await ctx.inTenant((tx) => requestCancel(tx, item.id)));
  const open = await findOpenImport(ctx, importId);
  if (open === null) throw noSuchImport();
  await discardOpenImport(ctx, importId);
  return { ...open, state: "cancelled", finishedAt: ctx.host.clock.now().toISOString() };
}

/** The publication log as people see it: per billing period what is current and what was, with its versions. */
export async function listDatasets(ctx: Context, { limit = 1000, cursor }: PageWish = {}): Promise<DatasetPage> {
  requirePermission(ctx, "sources:read");
  const after = cursor === undefined ? null : BigInt(decodePlace(cursor, datasetPlace)[0]);
  return ctx.inTenant(async (tx) => {
    const found = await tx.publication.findMany({
      where: after === null ? {} : { position: { lt: after } },
      orderBy: { position: "desc" },
      take: limit + 1,
    });
    const entries = found.slice(0, limit);
    const newest = await tx.publication.groupBy({
      by: ["billingPeriod"],
      where: { billingPeriod: { in: entries.map((entry) => entry.billingPeriod) } },
      _max: { position: true },
    });
    const current = new Set(newest.map((period) => period._max.position));
    const versions = await tx.datasetVersion.findMany({
      where: { id: { in: [...new Set(entries.flatMap((entry) => entry.versionIds))] } },
      include: { source: true },
    });
    const byId = new Map(versions.map((version) => [version.id, version]));
    const periods = entries.map((entry) => {
      return {
        billingPeriod: columnToDay(entry.billingPeriod),
        position: entry.position.toString(),
        kind: entry.kind,
        publishedAt: entry.at.toISOString(),
        actor: entry.actor,
        note: entry.note,
        isCurrent: current.has(entry.position),
        versions: entry.versionIds.flatMap((id) => {
          const version = byId.get(id);
          if (version === undefined) return [];
          return [
            {
              id,
              source: version.source.key,
              sourceName: version.source.name,
              number: version.number,
              state: version.state,
              format: version.source.format,
              formatName: formatName(version.source.format),
              rowsRejected: (version.report as { rowsRejected?: number }).rowsRejected ?? 0,
              rows: Number(version.rows),
              totals: version.totals as DatasetPeriod["versions"][number]["totals"],
              createdAt: version.createdAt.toISOString(),
            },
          ];
        }),
      };
    });
    const last = found.length > limit ? entries.at(-1)! : null;
    return { periods, nextCursor: last === null ? null : encodePlace([last.position.toString()]) };
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

/** What of bills a company can have approved. */
export const sourcePolicies: readonly PolicyInfo[] = [
  { key: "bill-rollbacks", about: "Make an earlier state of a month's bills current again" },
];

export const rollbackChange: ChangeKind<RollbackInput, { position: string }> = {
  key: "bills.roll-back",
  policy: "bill-rollbacks",
  payload: RollbackInput,
  apply: async (ctx, { position }) => ({ result: await rollBackPeriod(ctx, position) }),
  // Publishing takes a lease and several transactions, so it is not tried, but looked at.
  async check(ctx, { position }) {
    requirePermission(ctx, "imports:write");
    const entry = /^\d{1,18}$/.test(position)
      ? await ctx.inTenant((tx) => tx.publication.findFirst({ where: { position: BigInt(position) } }))
      : null;
    if (entry === null) throw new AppError("not_found", "There is no such entry in the publication log.");
    const month = columnToDay(entry.billingPeriod).slice(0, 7);
    return `Go back to the state of the bills of ${month} at position ${position}.`;
  },
};

export const sourceChanges = [rollbackChange] as const;

async function findStarted(tx: Tx, importId: string): Promise<WorkItem | null> {
  if (!isId(importId)) return null;
  return tx.workItem.findFirst({
    where: { kind: { in: [...importKinds] }, payload: { path: ["importId"], equals: importId } },
  });
}

function noSuchImport(): AppError {
  return new AppError("not_found", "There is no such import.");
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
    reports: reports.success ? reports.data.map(named) : [],
    error: error === null ? null : { code: error.code ?? "internal", message: error.message ?? "The import failed." },
    createdAt: item.createdAt.toISOString(),
    finishedAt: item.finishedAt?.toISOString() ?? null,
  };
}
