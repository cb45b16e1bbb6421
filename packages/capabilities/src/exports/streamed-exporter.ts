import { AppError } from "@finops/kernel/app-error";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostStore, PinnedStore, ReadOptions, Statement, StoreRow } from "@finops/warehouse/query/cost-store";
import { type ExportColumn, planFocusExport, planRowsExport } from "@finops/warehouse/query/plan-export";
import { runQuery } from "@finops/warehouse/query/run-query";
import { accessOf } from "../costs/index.ts";
import type { ExportContent, ExportRequestInput } from "./contract.ts";
import { csvLine, safeCell } from "./csv-line.ts";
import type { ExportDownload, Exporter, ExportOptions } from "./exporter.ts";
import { contentTypes, fileNameOf, isScoped, noteExport, pinRequest, readRequest } from "./export-request.ts";
import { GroupTable } from "./group-table.ts";

/** A cost store that answers in pieces. */
export interface StreamingStore extends CostStore {
  stream(tenantId: string, statement: Statement, options?: ReadOptions): AsyncIterable<StoreRow[]>;
}

/** A table of costs whose rows are read while they are sent. */
interface Table {
  columns: readonly ExportColumn[];
  rows: number;
  read(signal: AbortSignal): AsyncIterable<(string | null)[][]>;
}

/** Which columns a table of groups has is known when all are read, and they wait in memory until then. */
const groupsMax = 20_000;
const timeoutMs = 10 * 60_000;

/**
 * Writes exports on a host without an engine and a disk: CSV, from the store's answer to whoever asked, in bounded memory. What is
 * wrong is found by counting the rows first; a store that fails later breaks the answer off, so that no part passes for a whole.
 */
export function createStreamedExporter(store: StreamingStore): Exporter {
  return { download: (ctx, input, options = {}) => download(ctx, store, input, options) };
}

async function download(
  ctx: Context,
  store: StreamingStore,
  input: ExportRequestInput,
  options: ExportOptions,
): Promise<ExportDownload> {
  const request = readRequest(ctx, input);
  if (request.format !== "csv")
    throw new AppError("precondition", "This host writes csv alone. Choose csv, or use a host that runs on Node.");
  const pinned = await pinRequest(ctx, request, options);
  const table = await openTable(ctx, store, request.what, pinned, options.signal);
  await noteExport(ctx, request, pinned, table.rows);
  return {
    fileName: fileNameOf(request),
    contentType: contentTypes.csv,
    bytes: null,
    rows: table.rows,
    isScoped: isScoped(ctx),
    body: streamOf(table, request.textCells === "safe"),
  };
}

async function openTable(
  ctx: Context,
  store: StreamingStore,
  what: ExportContent,
  pinned: PinnedStore,
  signal: AbortSignal | undefined,
): Promise<Table> {
  const access = accessOf(ctx, ["exports:write"]);
  if (what.kind === "query") {
    const options = signal === undefined ? {} : { signal };
    const page = await runQuery(store, access, pinned, { ...what.query, limit: groupsMax }, options);
    if (page.nextCursor !== null)
      throw new AppError(
        "limit",
        `This host writes at most ${groupsMax} groups. Choose fewer, export the charge rows, or use a host that runs on Node.`,
      );
    return groupsTable(new GroupTable(what.query), page);
  }
  const plan = what.kind === "rows" ? planRowsExport : planFocusExport;
  const { columns, statement } = plan(what.query, access, pinned, store.dialect);
  if (statement === null) return { columns, rows: 0, read: async function* () {} };
  const { tenantId } = ctx;
  const count = { ...statement, sql: `SELECT count(*) AS n FROM (${statement.sql})` };
  const [counted] = await store.read(tenantId, pinned.generations, count, { timeoutMs, ...(signal && { signal }) });
  return {
    columns,
    rows: Number(counted!["n"]),
    async *read(cancelled) {
      for await (const some of store.stream(tenantId, statement, { timeoutMs, signal: cancelled }))
        yield some.map((row) => columns.map((_, index) => row[`c${index}`] ?? null));
    },
  };
}

function groupsTable(table: GroupTable, page: Parameters<GroupTable["linesOf"]>[0]): Table {
  const lines = table.cellsOfPage(page);
  const columns = table.columns();
  return {
    columns,
    rows: lines.length,
    async *read() {
      yield lines.map((cells) => columns.map(({ cell }) => cells[cell] ?? null));
    },
  };
}

function streamOf({ columns, read }: Table, areTextsSafe: boolean): ReadableStream<Uint8Array> {
  const cancelled = new AbortController();
  const encoder = new TextEncoder();
  const rows = read(cancelled.signal)[Symbol.asyncIterator]();
  const lineOf = (cells: readonly (string | null)[]) =>
    csvLine(areTextsSafe ? cells.map((cell, index) => safeCell(columns[index]!, cell)) : cells);
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(csvLine(columns.map(({ name }) => name))));
    },
    async pull(controller) {
      const { done, value } = await rows.next();
      if (done) return controller.close();
      controller.enqueue(encoder.encode(value.map(lineOf).join("")));
    },
    cancel: () => cancelled.abort(),
  });
}
