import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Context } from "@finops/platform/tenancy/context";
import { type ExportFile, exportLines, exportRows } from "@finops/pipeline/export-costs";
import type { PipelineHost } from "@finops/pipeline/pipeline-host";
import { pinStore } from "@finops/pipeline/publish/publication-log";
import { Admission } from "@finops/warehouse/query/admission";
import type { CostStore, PinnedStore } from "@finops/warehouse/query/cost-store";
import { planFocusExport, planRowsExport } from "@finops/warehouse/query/plan-export";
import { runQuery } from "@finops/warehouse/query/run-query";
import { accessOf } from "../costs/index.ts";
import type { ExportDownload, Exporter } from "./exporter.ts";
import { type ExportContent, ExportRequest, type ExportRequestInput } from "./contract.ts";
import { GroupTable } from "./group-table.ts";

export interface ExportParts {
  store: CostStore;
  pipeline: PipelineHost;
}

export function createExporter(parts: ExportParts): Exporter {
  return { download: (ctx, input, signal) => downloadExport(ctx, parts, input, signal) };
}

/** Each takes the memory of an engine, so few run at once; companies take turns. */
const admission = new Admission({ runningMax: 2, runningPerTenantMax: 1, waitingPerTenantMax: 5 });

const groupsOfPage = 100_000;

/**
 * Writes costs to a file on this machine: all groups or rows that the caller may see, however many, as they are published at
 * this moment. The file is there whole or not at all. Throws `forbidden` without exports:write and costs:read, `invalid` for
 * names that do not exist, and `precondition` when cancelled.
 */
export async function exportCosts(
  ctx: Context,
  parts: ExportParts,
  input: ExportRequestInput,
  out: string,
  signal?: AbortSignal,
): Promise<{ rows: number }> {
  const request = readRequest(ctx, input);
  const pinned = await ctx.inTenant((tx) => pinStore(tx, ctx.tenantId, request.what.query.asOf));
  const file: ExportFile = {
    format: request.format,
    areTextsSafe: request.textCells === "safe",
    notes: notesOf(ctx, request, pinned),
    out: `${out}.part`,
  };
  const { what, format } = request;
  try {
    const { rows } = await admission.run(
      ctx.tenantId,
      () => writeContent(ctx, parts, what, pinned, file, signal),
      signal,
    );
    // Before anybody can have the file: no export without its entry.
    await ctx.inTenant((tx) =>
      audit(tx, ctx, "costs.exported", {
        after: {
          kind: what.kind,
          period: what.query.period,
          format,
          rows,
          position: pinned.position,
          isScoped: isScoped(ctx),
        },
      }),
    );
    await rename(file.out, out);
    return { rows };
  } finally {
    await rm(file.out, { force: true });
  }
}

/** An export as a stream. What is wrong is thrown before the first byte; nothing of it stays on this machine. */
export async function downloadExport(
  ctx: Context,
  parts: ExportParts,
  input: ExportRequestInput,
  signal?: AbortSignal,
): Promise<ExportDownload> {
  const request = readRequest(ctx, input);
  const path = join(parts.pipeline.workDir, `export-${newId()}.${request.format}`);
  const { rows } = await exportCosts(ctx, parts, input, path, signal);
  const handle = await open(path);
  // An open file outlives its name: whatever happens to the client or to this process, nothing is left over.
  await rm(path);
  const { size } = await handle.stat();
  return {
    fileName: `${request.fileName ?? defaultName(request.what)}.${request.format}`,
    contentType: contentTypes[request.format],
    bytes: size,
    rows,
    isScoped: isScoped(ctx),
    body: streamOf(handle),
  };
}

function readRequest(ctx: Context, input: ExportRequestInput): ExportRequest {
  requirePermission(ctx, "exports:write");
  requirePermission(ctx, "costs:read");
  const request = ExportRequest.parse(input);
  if (request.what.kind === "focus" && request.format === "xlsx")
    throw new AppError(
      "invalid",
      "format: FOCUS 1.2 is written as csv or parquet. Choose the kind rows for a workbook.",
    );
  return request;
}

async function writeContent(
  ctx: Context,
  { store, pipeline }: ExportParts,
  what: ExportContent,
  pinned: PinnedStore,
  file: ExportFile,
  signal: AbortSignal | undefined,
): Promise<{ rows: number }> {
  const access = accessOf(ctx, ["exports:write"]);
  if (what.kind === "rows")
    return exportRows(pipeline, ctx.tenantId, planRowsExport(what.query, access, pinned, store.dialect), file, signal);
  if (what.kind === "focus")
    return exportRows(pipeline, ctx.tenantId, planFocusExport(what.query, access, pinned, store.dialect), file, signal);

  const table = new GroupTable(what.query);
  const path = join(pipeline.workDir, `export-${newId()}.jsonl`);
  const lines = await open(path, "wx");
  try {
    let cursor: string | undefined;
    do {
      const query = { ...what.query, limit: groupsOfPage, ...(cursor === undefined ? {} : { cursor }) };
      const page = await runQuery(store, access, pinned, query, signal === undefined ? {} : { signal });
      await lines.write(table.linesOf(page));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    await lines.close();
    return await exportLines(pipeline, path, table.columns(), file, signal);
  } finally {
    await lines.close().catch(() => undefined);
    await rm(path, { force: true });
  }
}

function notesOf(ctx: Context, { what }: ExportRequest, pinned: PinnedStore): string[] {
  const { period, basis } = what.query;
  const days = `from ${period.start} up to, and without, ${period.end}`;
  return [
    basis === "billing" ? `Costs of the billing periods that begin ${days}.` : `Costs of charges ${days} (UTC).`,
    `Written ${ctx.host.clock.now().toISOString()} for ${ctx.actor.name}.`,
    ...(isScoped(ctx)
      ? ["It holds the part of the company's costs that this person or key may see, and no others."]
      : []),
    `Read from position ${pinned.position} of the publication log${pinned.freshAt === null ? "" : `, last published ${pinned.freshAt}`}.`,
  ];
}

function isScoped(ctx: Context): boolean {
  return accessOf(ctx, ["exports:write"]).rowFilter !== undefined;
}

function defaultName({ kind, query }: ExportContent): string {
  const names = { query: "costs", rows: "charges", focus: "focus-1.2" };
  return `${names[kind]}-${query.period.start}-to-${query.period.end}`;
}

const contentTypes: Record<ExportRequest["format"], string> = {
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  parquet: "application/vnd.apache.parquet",
};

function streamOf(handle: Awaited<ReturnType<typeof open>>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(256 * 1024), 0, 256 * 1024);
      if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead));
      await handle.close();
      controller.close();
    },
    cancel: () => handle.close(),
  });
}
