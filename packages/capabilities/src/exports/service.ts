import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "@finops/kernel/id";
import type { Context } from "@finops/platform/tenancy/context";
import { type ExportFile, exportLines, exportRows } from "@finops/pipeline/export-costs";
import type { PipelineHost } from "@finops/pipeline/pipeline-host";
import { Admission } from "@finops/warehouse/query/admission";
import type { CostStore, PinnedStore } from "@finops/warehouse/query/cost-store";
import { planFocusExport, planRowsExport } from "@finops/warehouse/query/plan-export";
import { runQuery } from "@finops/warehouse/query/run-query";
import { accessOf } from "../costs/index.ts";
import type { ExportDownload, Exporter, ExportOptions } from "./exporter.ts";
import type { ExportContent, ExportRequestInput } from "./contract.ts";
import { contentTypes, fileNameOf, isScoped, noteExport, notesOf, pinRequest, readRequest } from "./export-request.ts";
import { GroupTable } from "./group-table.ts";

export interface ExportParts {
  store: CostStore;
  pipeline: PipelineHost;
}

export function createExporter(parts: ExportParts): Exporter {
  return { download: (ctx, input, options) => downloadExport(ctx, parts, input, options) };
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
  options: ExportOptions = {},
): Promise<{ rows: number }> {
  const { signal } = options;
  const request = readRequest(ctx, input);
  const pinned = await pinRequest(ctx, request, options);
  const file: ExportFile = {
    format: request.format,
    areTextsSafe: request.textCells === "safe",
    notes: notesOf(ctx, request, pinned),
    out: `${out}.part`,
  };
  const { what } = request;
  try {
    const { rows } = await admission.run(
      ctx.tenantId,
      () => writeContent(ctx, parts, what, pinned, file, signal),
      signal,
    );
    // Before anybody can have the file: no export without its entry.
    await noteExport(ctx, request, pinned, rows);
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
  options: ExportOptions = {},
): Promise<ExportDownload> {
  const request = readRequest(ctx, input);
  const path = join(parts.pipeline.workDir, `export-${newId()}.${request.format}`);
  const { rows } = await exportCosts(ctx, parts, input, path, options);
  const handle = await open(path);
  // An open file outlives its name: whatever happens to the client or to this process, nothing is left over.
  await rm(path);
  const { size } = await handle.stat();
  return {
    fileName: fileNameOf(request),
    contentType: contentTypes[request.format],
    bytes: size,
    rows,
    isScoped: isScoped(ctx),
    body: streamOf(handle),
  };
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
