import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, json } from "@finops/platform/http/route-parts";
import { SavedView, SavedViewChange, SavedViewInput, SavedViewVersion, ViewPreference } from "./contract.ts";
import {
  createView,
  deleteView,
  duplicateView,
  getView,
  listViews,
  listViewVersions,
  setViewPreference,
  updateView,
} from "./service.ts";

const ById = z.object({ id: z.string() });

const listRoute = createRoute({
  method: "get",
  path: "/views",
  summary: "Saved views that you may see",
  responses: { 200: json(z.object({ views: z.array(SavedView) }), "By name"), ...problemResponses },
});
const createViewRoute = createRoute({
  method: "post",
  path: "/views",
  summary: "Save a view",
  request: { body: body(SavedViewInput) },
  responses: { 201: json(SavedView, "The view"), ...problemResponses },
});
const getRoute = createRoute({
  method: "get",
  path: "/views/{id}",
  summary: "A saved view",
  request: { params: ById },
  responses: { 200: json(SavedView, "The view"), ...problemResponses },
});
const updateRoute = createRoute({
  method: "patch",
  path: "/views/{id}",
  summary: "Change a view; 409 says who was faster",
  request: { params: ById, body: body(SavedViewChange) },
  responses: { 200: json(SavedView, "The view as it is now"), ...problemResponses },
});
const deleteRoute = createRoute({
  method: "delete",
  path: "/views/{id}",
  summary: "Delete a view",
  request: { params: ById, query: z.object({ version: z.coerce.number().int().min(1) }) },
  responses: { 204: { description: "It is gone" }, ...problemResponses },
});
const duplicateRoute = createRoute({
  method: "post",
  path: "/views/{id}/duplicate",
  summary: "Make a private copy of a view",
  request: { params: ById },
  responses: { 201: json(SavedView, "The copy"), ...problemResponses },
});
const versionsRoute = createRoute({
  method: "get",
  path: "/views/{id}/versions",
  summary: "What a view was",
  request: { params: ById },
  responses: { 200: json(z.object({ versions: z.array(SavedViewVersion) }), "Newest first"), ...problemResponses },
});
const preferenceRoute = createRoute({
  method: "put",
  path: "/views/{id}/preference",
  summary: "Pin a view for yourself, or open the explorer with it",
  request: { params: ById, body: body(ViewPreference) },
  responses: { 200: json(SavedView, "The view"), ...problemResponses },
});

export function viewRoutes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(listRoute, async (c) => c.json({ views: await listViews(c.var.ctx) }, 200))
    .openapi(createViewRoute, async (c) => c.json(await createView(c.var.ctx, c.req.valid("json")), 201))
    .openapi(getRoute, async (c) => c.json(await getView(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(updateRoute, async (c) =>
      c.json(await updateView(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(deleteRoute, async (c) => {
      await deleteView(c.var.ctx, c.req.valid("param").id, c.req.valid("query").version);
      return c.body(null, 204);
    })
    .openapi(duplicateRoute, async (c) => c.json(await duplicateView(c.var.ctx, c.req.valid("param").id), 201))
    .openapi(versionsRoute, async (c) =>
      c.json({ versions: await listViewVersions(c.var.ctx, c.req.valid("param").id) }, 200),
    )
    .openapi(preferenceRoute, async (c) =>
      c.json(await setViewPreference(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    );
}
