import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, json } from "@finops/platform/http/route-parts";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import {
  MetricValues,
  ParsedValues,
  UnitCosts,
  UnitCostsParameters,
  UnitMetric,
  UnitMetricChange,
  UnitMetricInput,
  UnitMetrics,
  ValuesChange,
  ValuesText,
} from "./contract.ts";
import { getUnitCosts } from "./costs-service.ts";
import {
  changeUnitMetric,
  createUnitMetric,
  deleteUnitMetric,
  getUnitMetric,
  listMetricValues,
  listUnitMetrics,
  readMetricValues,
  writeMetricValues,
} from "./service.ts";

const ById = z.object({ id: z.string() });
const october = { month: "2026-10", quantity: "12000", kind: "actual" };

const routes = {
  list: createRoute({
    method: "get",
    path: "/unit-metrics",
    summary: "What the company counts of its business, such as customers or orders",
    responses: { 200: json(UnitMetrics, "By name"), ...problemResponses },
  }),
  create: createRoute({
    method: "post",
    path: "/unit-metrics",
    summary: "Make a unit metric",
    request: { body: body(UnitMetricInput) },
    responses: { 201: json(UnitMetric, "The metric, without values yet"), ...problemResponses },
  }),
  read: createRoute({
    method: "post",
    path: "/unit-metrics/read-values",
    summary: "Read values as they are pasted from a spreadsheet or a CSV file, without keeping them",
    request: { body: body(ValuesText, { text: "2026-10\t12000\n2026-11\t12500\tplanned", kind: "actual" }) },
    responses: { 200: json(ParsedValues, "The values, or what is wrong with which row"), ...problemResponses },
  }),
  get: createRoute({
    method: "get",
    path: "/unit-metrics/{id}",
    summary: "A unit metric",
    request: { params: ById },
    responses: { 200: json(UnitMetric, "The metric"), ...problemResponses },
  }),
  change: createRoute({
    method: "put",
    path: "/unit-metrics/{id}",
    summary: "Change a unit metric; budgets that follow it are worked out again",
    request: { params: ById, body: body(UnitMetricChange) },
    responses: { 200: json(UnitMetric, "The metric as it is now"), ...problemResponses },
  }),
  remove: createRoute({
    method: "delete",
    path: "/unit-metrics/{id}",
    summary: "Delete a unit metric; budgets that follow it stay with the quantities that they had last",
    request: {
      params: ById,
      query: z.object({
        version: z.coerce.number().int().min(1).max(2_000_000_000).describe("The version that one saw"),
      }),
    },
    responses: { 200: json(UnitMetric, "The metric as it was"), ...problemResponses },
  }),
  values: createRoute({
    method: "get",
    path: "/unit-metrics/{id}/values",
    summary: "The values of a unit metric by month, and who wrote which",
    request: { params: ById },
    responses: { 200: json(MetricValues, "Those that count, and their history"), ...problemResponses },
  }),
  write: createRoute({
    method: "put",
    path: "/unit-metrics/{id}/values",
    summary: "Write values of some months, or take them away; other months stay as they are",
    request: { params: ById, body: body(ValuesChange, { version: 1, values: [october] }) },
    responses: { 200: json(UnitMetric, "The metric at its new version"), ...problemResponses },
  }),
  costs: createRoute({
    method: "get",
    path: "/unit-metrics/{id}/costs",
    summary: "What one of it cost, month by month",
    request: { params: ById, query: UnitCostsParameters },
    responses: {
      200: json(UnitCosts, "By currency; missing, with the reason, where it cannot be told"),
      ...problemResponses,
    },
  }),
};

export function unitMetricRoutes(reader: CostReader): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(routes.list, async (c) => c.json({ metrics: await listUnitMetrics(c.var.ctx) }, 200))
    .openapi(routes.create, async (c) => c.json(await createUnitMetric(c.var.ctx, c.req.valid("json")), 201))
    .openapi(routes.read, (c) => c.json(readMetricValues(c.var.ctx, c.req.valid("json")), 200))
    .openapi(routes.get, async (c) => c.json(await getUnitMetric(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.change, async (c) =>
      c.json(await changeUnitMetric(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(routes.remove, async (c) =>
      c.json(await deleteUnitMetric(c.var.ctx, c.req.valid("param").id, c.req.valid("query").version), 200),
    )
    .openapi(routes.values, async (c) => c.json(await listMetricValues(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(routes.write, async (c) =>
      c.json(await writeMetricValues(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(routes.costs, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await getUnitCosts(c.var.ctx, reader, id, c.req.valid("query"), { signal: c.req.raw.signal }), 200);
    });
}
