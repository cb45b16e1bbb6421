import { DocumentRestore } from "@finops/platform/documents/sharing";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, json } from "@finops/platform/http/route-parts";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import {
  Report,
  ReportAsOf,
  ReportChange,
  ReportInput,
  ReportRun,
  ReportRunHead,
  ReportSummary,
  ReportTemplate,
  ReportVersion,
} from "./contract.ts";
import {
  changeReport,
  createReport,
  deleteReport,
  getReport,
  getReportRun,
  getReportVersion,
  listReportRuns,
  listReports,
  listReportVersions,
  restoreReport,
  runReport,
} from "./service.ts";
import { reportTemplates } from "./templates.ts";

const ById = z.object({ id: z.string() });

const listRoute = createRoute({
  method: "get",
  path: "/reports",
  summary: "The reports that one may see",
  responses: { 200: json(z.object({ reports: z.array(ReportSummary) }), "By name"), ...problemResponses },
});
const templatesRoute = createRoute({
  method: "get",
  path: "/report-templates",
  summary: "Ready reports",
  responses: { 200: json(z.object({ templates: z.array(ReportTemplate) }), "Templates"), ...problemResponses },
});
const createReportRoute = createRoute({
  method: "post",
  path: "/reports",
  summary: "Make a report, empty or of a template",
  request: { body: body(ReportInput) },
  responses: { 201: json(Report, "The report"), ...problemResponses },
});
const getRoute = createRoute({
  method: "get",
  path: "/reports/{id}",
  summary: "A report with its items",
  request: { params: ById },
  responses: { 200: json(Report, "The report"), ...problemResponses },
});
const changeRoute = createRoute({
  method: "patch",
  path: "/reports/{id}",
  summary: "Change a report: its name, items or whom it is shown to",
  request: { params: ById, body: body(ReportChange) },
  responses: { 200: json(Report, "The report as it is now"), ...problemResponses },
});
const deleteRoute = createRoute({
  method: "delete",
  path: "/reports/{id}",
  summary: "Delete a report",
  request: { params: ById },
  responses: { 204: { description: "It is deleted" }, ...problemResponses },
});
const versionsRoute = createRoute({
  method: "get",
  path: "/reports/{id}/versions",
  summary: "What each change of a report left behind",
  request: { params: ById },
  responses: { 200: json(z.object({ versions: z.array(ReportVersion) }), "Newest first"), ...problemResponses },
});
const versionRoute = createRoute({
  method: "get",
  path: "/reports/{id}/versions/{version}",
  summary: "A report as one of its versions left it",
  request: { params: ById.extend({ version: z.coerce.number().int().min(1).max(1_000_000) }) },
  responses: { 200: json(ReportAsOf, "The version with its items"), ...problemResponses },
});
const restoreRoute = createRoute({
  method: "post",
  path: "/reports/{id}/restore",
  summary: "Make an earlier version of a report the newest",
  request: {
    params: ById,
    body: body(DocumentRestore),
  },
  responses: { 200: json(Report, "The report as it is now"), ...problemResponses },
});
const runRoute = createRoute({
  method: "post",
  path: "/reports/{id}/runs",
  summary: "Tell a report now, and keep what it says",
  request: { params: ById },
  responses: { 201: json(ReportRun, "The run with its figures"), ...problemResponses },
});
const runsRoute = createRoute({
  method: "get",
  path: "/reports/{id}/runs",
  summary: "The runs of a report",
  request: { params: ById },
  responses: { 200: json(z.object({ runs: z.array(ReportRunHead) }), "Newest first"), ...problemResponses },
});
const getRunRoute = createRoute({
  method: "get",
  path: "/reports/{id}/runs/{number}",
  summary: "A run as it was told",
  request: { params: ById.extend({ number: z.coerce.number().int().min(1).max(1_000_000) }) },
  responses: { 200: json(ReportRun, "The run with its figures"), ...problemResponses },
});

export function reportRoutes(reader: CostReader): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(listRoute, async (c) => c.json({ reports: await listReports(c.var.ctx) }, 200))
    .openapi(templatesRoute, (c) => c.json({ templates: [...reportTemplates] }, 200))
    .openapi(createReportRoute, async (c) => c.json(await createReport(c.var.ctx, c.req.valid("json")), 201))
    .openapi(getRoute, async (c) => c.json(await getReport(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(changeRoute, async (c) =>
      c.json(await changeReport(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(deleteRoute, async (c) => {
      await deleteReport(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(versionsRoute, async (c) =>
      c.json({ versions: await listReportVersions(c.var.ctx, c.req.valid("param").id) }, 200),
    )
    .openapi(versionRoute, async (c) => {
      const { id, version } = c.req.valid("param");
      return c.json(await getReportVersion(c.var.ctx, id, version), 200);
    })
    .openapi(restoreRoute, async (c) =>
      c.json(await restoreReport(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(runRoute, async (c) =>
      c.json(await runReport(c.var.ctx, reader, c.req.valid("param").id, { signal: c.req.raw.signal }), 201),
    )
    .openapi(runsRoute, async (c) => c.json({ runs: await listReportRuns(c.var.ctx, c.req.valid("param").id) }, 200))
    .openapi(getRunRoute, async (c) => {
      const { id, number } = c.req.valid("param");
      return c.json(await getReportRun(c.var.ctx, id, number), 200);
    });
}
