import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { AppError } from "@finops/kernel/app-error";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { DatasetDifference, DatasetPeriod, ImportJob, ImportOptions } from "./contract.ts";
import {
  addImportFile,
  cancelImport,
  getDifference,
  getImport,
  listDatasets,
  listImports,
  openImport,
  rollBackPeriod,
  startImport,
  startReprocess,
} from "./service.ts";

const json = <T>(schema: T, description: string) => ({ description, content: { "application/json": { schema } } });
const ById = z.object({ id: z.string() });
const UploadedFile = z.object({ name: z.string(), bytes: z.number(), sha256: z.string() });

const openRoute = createRoute({
  method: "post",
  path: "/imports",
  summary: "Open an import; files are added to it, then it is started",
  responses: { 201: json(ImportJob, "The import"), ...problemResponses },
});
const listRoute = createRoute({
  method: "get",
  path: "/imports",
  summary: "The latest imports",
  responses: { 200: json(z.object({ imports: z.array(ImportJob) }), "Newest first"), ...problemResponses },
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
  summary: "Stream one file of an import",
  request: {
    params: ById,
    query: z.object({ name: z.string().min(1).max(1000) }),
    body: { required: true, content: { "application/octet-stream": { schema: z.string() } } },
  },
  responses: { 200: json(UploadedFile, "What was stored"), ...problemResponses },
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
  responses: { 200: json(z.object({ periods: z.array(DatasetPeriod) }), "Newest entry first"), ...problemResponses },
});
const differenceRoute = createRoute({
  method: "get",
  path: "/datasets/versions/{id}/difference",
  summary: "What a restatement changed, by service and account",
  request: { params: ById },
  responses: { 200: json(DatasetDifference, "Biggest change first"), ...problemResponses },
});
const rollbackRoute = createRoute({
  method: "post",
  path: "/datasets/rollback",
  summary: "Make an earlier state of a period current again",
  request: {
    body: { required: true, content: { "application/json": { schema: z.strictObject({ position: z.string() }) } } },
  },
  responses: { 200: json(z.object({ position: z.string() }), "The new entry"), ...problemResponses },
});

export function sourceRoutes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(openRoute, async (c) => c.json(await openImport(c.var.ctx), 201))
    .openapi(listRoute, async (c) => c.json({ imports: await listImports(c.var.ctx) }, 200))
    .openapi(getRoute, async (c) => c.json(await getImport(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(fileRoute, async (c) => {
      const body = c.req.raw.body;
      if (body === null) throw new AppError("invalid", "The file is empty.");
      return c.json(
        await addImportFile(
          c.var.ctx,
          c.req.valid("param").id,
          c.req.valid("query").name,
          body as unknown as AsyncIterable<Uint8Array>,
        ),
        200,
      );
    })
    .openapi(startRoute, async (c) =>
      c.json(await startImport(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 202),
    )
    .openapi(cancelRoute, async (c) => c.json(await cancelImport(c.var.ctx, c.req.valid("param").id), 202))
    .openapi(reprocessRoute, async (c) => c.json(await startReprocess(c.var.ctx, c.req.valid("json")), 202))
    .openapi(datasetsRoute, async (c) => c.json({ periods: await listDatasets(c.var.ctx) }, 200))
    .openapi(differenceRoute, async (c) => c.json(await getDifference(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(rollbackRoute, async (c) => c.json(await rollBackPeriod(c.var.ctx, c.req.valid("json").position), 200));
}
