import { DocumentRestore } from "@finops/platform/documents/sharing";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, json } from "@finops/platform/http/route-parts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import {
  Dashboard,
  DashboardAsOf,
  DashboardChange,
  DashboardInput,
  DashboardSummary,
  DashboardTemplate,
  DashboardVersion,
} from "./contract.ts";
import {
  changeDashboard,
  createDashboard,
  deleteDashboard,
  getDashboard,
  getDashboardVersion,
  listDashboards,
  listDashboardVersions,
  restoreDashboard,
} from "./service.ts";
import { dashboardTemplates } from "./templates.ts";

const ById = z.object({ id: z.string() });

const listRoute = createRoute({
  method: "get",
  path: "/dashboards",
  summary: "The dashboards that one may see",
  responses: { 200: json(z.object({ dashboards: z.array(DashboardSummary) }), "By name"), ...problemResponses },
});
const templatesRoute = createRoute({
  method: "get",
  path: "/dashboard-templates",
  summary: "A ready dashboard for each kind of reader",
  responses: { 200: json(z.object({ templates: z.array(DashboardTemplate) }), "Templates"), ...problemResponses },
});
const createDashboardRoute = createRoute({
  method: "post",
  path: "/dashboards",
  summary: "Make a dashboard, empty or of a template",
  request: { body: body(DashboardInput) },
  responses: { 201: json(Dashboard, "The dashboard"), ...problemResponses },
});
const getRoute = createRoute({
  method: "get",
  path: "/dashboards/{id}",
  summary: "A dashboard with its tiles",
  request: { params: ById },
  responses: { 200: json(Dashboard, "The dashboard"), ...problemResponses },
});
const changeRoute = createRoute({
  method: "patch",
  path: "/dashboards/{id}",
  summary: "Change a dashboard: its name, tiles or whom it is shown to",
  request: { params: ById, body: body(DashboardChange) },
  responses: { 200: json(Dashboard, "The dashboard as it is now"), ...problemResponses },
});
const deleteRoute = createRoute({
  method: "delete",
  path: "/dashboards/{id}",
  summary: "Delete a dashboard",
  request: { params: ById },
  responses: { 204: { description: "It is deleted" }, ...problemResponses },
});
const versionsRoute = createRoute({
  method: "get",
  path: "/dashboards/{id}/versions",
  summary: "What each change of a dashboard left behind",
  request: { params: ById },
  responses: { 200: json(z.object({ versions: z.array(DashboardVersion) }), "Newest first"), ...problemResponses },
});
const versionRoute = createRoute({
  method: "get",
  path: "/dashboards/{id}/versions/{version}",
  summary: "A dashboard as one of its versions left it",
  request: { params: ById.extend({ version: z.coerce.number().int().min(1).max(1_000_000) }) },
  responses: { 200: json(DashboardAsOf, "The version with its tiles"), ...problemResponses },
});
const restoreRoute = createRoute({
  method: "post",
  path: "/dashboards/{id}/restore",
  summary: "Make an earlier version of a dashboard the newest",
  request: {
    params: ById,
    body: body(DocumentRestore),
  },
  responses: { 200: json(Dashboard, "The dashboard as it is now"), ...problemResponses },
});

export function dashboardRoutes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(listRoute, async (c) => c.json({ dashboards: await listDashboards(c.var.ctx) }, 200))
    .openapi(templatesRoute, (c) => c.json({ templates: [...dashboardTemplates] }, 200))
    .openapi(createDashboardRoute, async (c) => c.json(await createDashboard(c.var.ctx, c.req.valid("json")), 201))
    .openapi(getRoute, async (c) => c.json(await getDashboard(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(changeRoute, async (c) =>
      c.json(await changeDashboard(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(deleteRoute, async (c) => {
      await deleteDashboard(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(versionsRoute, async (c) =>
      c.json({ versions: await listDashboardVersions(c.var.ctx, c.req.valid("param").id) }, 200),
    )
    .openapi(versionRoute, async (c) => {
      const { id, version } = c.req.valid("param");
      return c.json(await getDashboardVersion(c.var.ctx, id, version), 200);
    })
    .openapi(restoreRoute, async (c) =>
      c.json(await restoreDashboard(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    );
}
