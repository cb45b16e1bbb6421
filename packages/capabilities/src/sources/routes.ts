import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { AppError } from "@finops/kernel/app-error";
import { requestOrApply } from "@finops/platform/approvals/request-or-apply";
import type { AppEnv } from "@finops/platform/http/app-env";
import { pageQuery } from "@finops/platform/http/page";
import { problemResponses } from "@finops/platform/http/problem";
import { json } from "@finops/platform/http/route-parts";
import { WaitingChange } from "../approvals/index.ts";
import { getCompleteness } from "./completeness-service.ts";
import {
  Completeness,
  DatasetDifference,
  DatasetPage,
  DatasetVersion,
  ImportDetection,
  ImportJob,
  ImportPage,
  ImportOptions,
  RollbackInput,
  RollbackPreview,
  UploadedFile,
  VersionConformance,
  VersionRejects,
} from "./contract.ts";
import type { BillReader } from "./bill-reader.ts";
import {
  cancelImport,
  getDifference,
  getImport,
  listDatasets,
  listImports,
  rollbackChange,
  startImport,
  startReprocess,
} from "./service.ts";
import { addImportFile, appendImportFile, getImportFile, openImport, removeImportFile } from "./uploads.ts";
import { getConformance, getVersion } from "./versions.ts";

const ById = z.object({ id: z.string() });
const FileName = z.object({ name: z.string().min(1).max(1000) });
const wholeNumber = z.string().regex(/^\d{1,15}$/, "A whole number of bytes.");
const digest = z
  .string()
  .regex(/^sha-256=:[A-Za-z0-9+/]{43}=:$/, "A digest is sha-256=:BASE64:, as RFC 9530 writes it.");

const openRoute = createRoute({
  method: "post",
  path: "/imports",
  summary: "Open an import; files are added to it, then it is started",
  responses: { 201: json(ImportJob, "The import"), ...problemResponses },
});
const listRoute = createRoute({
  method: "get",
  path: "/imports",
  summary: "The imports",
  request: { query: pageQuery({ usual: 50, max: 200 }) },
  responses: { 200: json(ImportPage, "Newest first"), ...problemResponses },
});
const getRoute = createRoute({
  method: "get",
  path: "/imports/{id}",
  summary: "State, progress and report of an import",
  request: { params: ById },
  responses: { 200: json(ImportJob, "The import"), ...problemResponses },
});
const fileRoute = createRoute({
  method: "put",
  path: "/imports/{id}/file",
  summary: "Send one file of an import, whole or piece by piece",
  description:
    "Without Upload-Offset the body is the whole file. With it, the body is added to what is there, which must end at that offset; the piece that reaches Upload-Length completes the file. After a break, HEAD tells in Upload-Offset where to go on. A piece is checked against Content-Digest, the whole against Repr-Digest (RFC 9530). Pieces have 8 MiB and more.",
  request: {
    params: ById,
    query: FileName,
    headers: z.object({
      "upload-offset": wholeNumber.optional(),
      "upload-length": wholeNumber.optional(),
      "content-digest": digest.optional(),
      "repr-digest": digest.optional(),
    }),
    body: { required: true, content: { "application/octet-stream": { schema: z.string() } } },
  },
  responses: { 200: json(UploadedFile, "What is there now"), ...problemResponses },
});
const fileStateRoute = createRoute({
  method: "get",
  path: "/imports/{id}/file",
  summary: "How much of a file is there; HEAD tells it in Upload-Offset",
  request: { params: ById, query: FileName },
  responses: { 200: json(UploadedFile, "What is there"), ...problemResponses },
});
const removeFileRoute = createRoute({
  method: "delete",
  path: "/imports/{id}/file",
  summary: "Take a file out of an import that is not started",
  request: { params: ById, query: FileName },
  responses: { 204: { description: "It is not there any more" }, ...problemResponses },
});
const detectRoute = createRoute({
  method: "post",
  path: "/imports/{id}/detect",
  summary: "What an import would do with its files, and why; nothing is kept",
  request: { params: ById, body: { required: true, content: { "application/json": { schema: ImportOptions } } } },
  responses: { 200: json(ImportDetection, "What was found"), ...problemResponses },
});
const startRoute = createRoute({
  method: "post",
  path: "/imports/{id}/start",
  summary: "Start an import",
  request: { params: ById, body: { required: true, content: { "application/json": { schema: ImportOptions } } } },
  responses: { 202: json(ImportJob, "The queued import"), ...problemResponses },
});
const cancelRoute = createRoute({
  method: "post",
  path: "/imports/{id}/cancel",
  summary: "Cancel an import",
  request: { params: ById },
  responses: { 202: json(ImportJob, "The import"), ...problemResponses },
});
const reprocessRoute = createRoute({
  method: "post",
  path: "/reprocess",
  summary: "Run today's mappings over landed bills",
  request: {
    body: {
      required: true,
      content: { "application/json": { schema: z.strictObject({ source: z.string().optional() }) } },
    },
  },
  responses: { 202: json(ImportJob, "The queued work"), ...problemResponses },
});
const datasetsRoute = createRoute({
  method: "get",
  path: "/datasets",
  summary: "What is published, per billing period, and what was",
  request: { query: pageQuery({ usual: 1000, max: 1000 }) },
  responses: { 200: json(DatasetPage, "Newest entry first"), ...problemResponses },
});
const completenessRoute = createRoute({
  method: "get",
  path: "/datasets/completeness",
  summary: "What each source lacks: days without usage, and deliveries that are late",
  description:
    "Expected is every day from the first to the last on which a source has usage at all. A source is late once nothing came for twice the median of the intervals between its last deliveries.",
  responses: { 200: json(Completeness, "The sources that have something published"), ...problemResponses },
});
const differenceRoute = createRoute({
  method: "get",
  path: "/datasets/versions/{id}/difference",
  summary: "What a restatement changed, by service and account",
  request: { params: ById },
  responses: { 200: json(DatasetDifference, "Biggest change first"), ...problemResponses },
});
const versionRoute = createRoute({
  method: "get",
  path: "/datasets/versions/{id}",
  summary: "A version: what it holds, and the bill files behind it with their hashes",
  request: { params: ById },
  responses: { 200: json(DatasetVersion, "The version"), ...problemResponses },
});
const conformanceRoute = createRoute({
  method: "get",
  path: "/datasets/versions/{id}/conformance",
  summary: "How a version stands against FOCUS, by column",
  request: { params: ById },
  responses: { 200: json(VersionConformance, "The score and what failed"), ...problemResponses },
});
const rejectsRoute = createRoute({
  method: "get",
  path: "/datasets/versions/{id}/rejects",
  summary: "The rows that a version refused, with file, line, reason and cost",
  request: {
    params: ById,
    query: z.object({
      offset: z.coerce.number().int().min(0).max(1e12).default(0),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: { 200: json(VersionRejects, "In the order of the files"), ...problemResponses },
});
const previewRoute = createRoute({
  method: "get",
  path: "/datasets/rollback-preview",
  summary: "What going back to an earlier state of a period would change",
  request: { query: z.object({ position: z.string() }) },
  responses: { 200: json(RollbackPreview, "Now, then, and the difference"), ...problemResponses },
});
const rollbackRoute = createRoute({
  method: "post",
  path: "/datasets/rollback",
  summary: "Make an earlier state of a period current again",
  request: {
    body: { required: true, content: { "application/json": { schema: RollbackInput } } },
  },
  responses: {
    200: json(z.object({ position: z.string() }), "The new entry"),
    202: json(WaitingChange, "It waits for somebody's approval"),
    ...problemResponses,
  },
});

/** @param bills null on a host that has no engine of its own */
export function sourceRoutes(bills: BillReader | null = null): OpenAPIHono<AppEnv> {
  const reader = () => {
    if (bills === null)
      throw new AppError(
        "precondition",
        "Bills cannot be looked into on this host. Start the import without a look, or use a host that runs on Node.",
      );
    return bills;
  };
  return new OpenAPIHono<AppEnv>()
    .openapi(openRoute, async (c) => c.json(await openImport(c.var.ctx), 201))
    .openapi(listRoute, async (c) => c.json(await listImports(c.var.ctx, c.req.valid("query")), 200))
    .openapi(getRoute, async (c) => c.json(await getImport(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(fileRoute, async (c) => {
      const { id } = c.req.valid("param");
      const { name } = c.req.valid("query");
      const headers = c.req.valid("header");
      const body = c.req.raw.body as AsyncIterable<Uint8Array> | null;
      if (headers["upload-offset"] === undefined) {
        if (body === null) throw new AppError("invalid", "The file is empty.");
        return c.json(await addImportFile(c.var.ctx, id, name, body), 200);
      }
      if (headers["upload-length"] === undefined)
        throw new AppError("invalid", "Say with Upload-Length how many bytes the whole file has.");
      const file = await appendImportFile(
        c.var.ctx,
        id,
        {
          name,
          offset: Number(headers["upload-offset"]),
          length: Number(headers["upload-length"]),
          pieceSha256: hexOf(headers["content-digest"]),
          sha256: hexOf(headers["repr-digest"]),
        },
        body ?? nothing(),
      );
      tellState(c, file);
      return c.json(file, 200);
    })
    .openapi(fileStateRoute, async (c) => {
      const file = await getImportFile(c.var.ctx, c.req.valid("param").id, c.req.valid("query").name);
      tellState(c, file);
      return c.json(file, 200);
    })
    .openapi(removeFileRoute, async (c) => {
      await removeImportFile(c.var.ctx, c.req.valid("param").id, c.req.valid("query").name);
      return c.body(null, 204);
    })
    .openapi(detectRoute, async (c) =>
      c.json(await reader().detect(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(startRoute, async (c) =>
      c.json(await startImport(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 202),
    )
    .openapi(cancelRoute, async (c) => c.json(await cancelImport(c.var.ctx, c.req.valid("param").id), 202))
    .openapi(reprocessRoute, async (c) => c.json(await startReprocess(c.var.ctx, c.req.valid("json")), 202))
    .openapi(datasetsRoute, async (c) => c.json(await listDatasets(c.var.ctx, c.req.valid("query")), 200))
    .openapi(completenessRoute, async (c) => c.json(await getCompleteness(c.var.ctx), 200))
    .openapi(differenceRoute, async (c) => c.json(await getDifference(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(versionRoute, async (c) => c.json(await getVersion(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(conformanceRoute, async (c) => c.json(await getConformance(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(rejectsRoute, async (c) =>
      c.json(await reader().rejects(c.var.ctx, c.req.valid("param").id, c.req.valid("query")), 200),
    )
    .openapi(previewRoute, async (c) =>
      c.json(await reader().previewRollback(c.var.ctx, c.req.valid("query").position), 200),
    )
    .openapi(rollbackRoute, async (c) => {
      const made = await requestOrApply(c.var.ctx, rollbackChange, c.req.valid("json"));
      return made.isApplied ? c.json(made.result, 200) : c.json({ request: made.request }, 202);
    });
}

function tellState(c: { header(name: string, value: string): void }, file: UploadedFile): void {
  c.header("Upload-Offset", String(file.bytes));
  c.header("Upload-Complete", file.isComplete ? "?1" : "?0");
  if (file.length !== null) c.header("Upload-Length", String(file.length));
}

/** `sha-256=:BASE64:` as hex. */
function hexOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : Buffer.from(header.slice(9, -1), "base64").toString("hex");
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
