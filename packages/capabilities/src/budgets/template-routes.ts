import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, gone, json } from "@finops/platform/http/route-parts";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { BudgetTemplate, BudgetTemplates, TemplateDraft, TemplateInput, TemplateUse } from "./contract.ts";
import { createTemplate, deleteTemplate, draftFromTemplate, listTemplates } from "./template-service.ts";

const ById = z.object({ id: z.string() });

const routes = {
  list: createRoute({
    method: "get",
    path: "/budgets/templates",
    summary: "Templates of budgets: those that every company has, and its own",
    responses: { 200: json(BudgetTemplates, "The company's own by name"), ...problemResponses },
  }),
  create: createRoute({
    method: "post",
    path: "/budgets/templates",
    summary: "Keep the shape of a budget as a template",
    request: { body: body(TemplateInput) },
    responses: { 201: json(BudgetTemplate, "The template"), ...problemResponses },
  }),
  remove: createRoute({
    method: "delete",
    path: "/budgets/templates/{id}",
    summary: "Delete a template; budgets that were made of it stay",
    request: { params: ById },
    responses: gone("It is deleted"),
  }),
  draft: createRoute({
    method: "post",
    path: "/budgets/templates/{id}/draft",
    summary: "A budget to go on with, of a template and the costs that it is to be about; nothing is kept",
    request: { params: ById, body: body(TemplateUse, { filter: null, currency: "USD" }) },
    responses: { 200: json(TemplateDraft, "What the template cannot know is null"), ...problemResponses },
  }),
};

export function templateRoutes(reader: CostReader): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(routes.list, async (c) => c.json({ templates: await listTemplates(c.var.ctx) }, 200))
    .openapi(routes.create, async (c) => c.json(await createTemplate(c.var.ctx, c.req.valid("json")), 201))
    .openapi(routes.remove, async (c) => {
      await deleteTemplate(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(routes.draft, async (c) => {
      const { id } = c.req.valid("param");
      const options = { signal: c.req.raw.signal };
      return c.json(await draftFromTemplate(c.var.ctx, reader, id, c.req.valid("json"), options), 200);
    });
}
