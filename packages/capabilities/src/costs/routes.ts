import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { CostAnswer, CostCatalog, CostQuery, CostRowsAnswer, CostRowsQuery } from "./contract.ts";
import { getCostCatalog, queryCostRows, queryCosts } from "./service.ts";

const json = <T>(schema: T, description: string) => ({ description, content: { "application/json": { schema } } });

const queryRoute = createRoute({
  method: "post",
  path: "/cost/query",
  summary: "Costs by any dimension, measure and period",
  request: { body: { required: true, content: { "application/json": { schema: CostQuery } } } },
  responses: { 200: json(CostAnswer, "The groups, exact to the last digit, with their totals"), ...problemResponses },
});

const rowsRoute = createRoute({
  method: "post",
  path: "/cost/rows",
  summary: "The charge rows behind a figure",
  request: { body: { required: true, content: { "application/json": { schema: CostRowsQuery } } } },
  responses: { 200: json(CostRowsAnswer, "A page of charge rows"), ...problemResponses },
});

const catalogRoute = createRoute({
  method: "get",
  path: "/cost/catalog",
  summary: "Measures, dimensions, tag keys and the days with data",
  responses: { 200: json(CostCatalog, "What can be asked"), ...problemResponses },
});

export function costRoutes(reader: CostReader): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(queryRoute, async (c) =>
      c.json(await queryCosts(c.var.ctx, reader, c.req.valid("json"), { signal: c.req.raw.signal }), 200),
    )
    .openapi(rowsRoute, async (c) =>
      c.json(await queryCostRows(c.var.ctx, reader, c.req.valid("json"), { signal: c.req.raw.signal }), 200),
    )
    .openapi(catalogRoute, async (c) => c.json(await getCostCatalog(c.var.ctx), 200));
}
