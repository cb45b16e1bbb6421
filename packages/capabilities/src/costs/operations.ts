import { problemResponses } from "@finops/platform/http/problem";
import { json } from "@finops/platform/http/route-parts";
import { createRoute, z } from "@hono/zod-openapi";
import {
  CostAnswer,
  CostCatalog,
  CostQuery,
  CostRowsAnswer,
  CostRowsQuery,
  CostValuesAnswer,
  CostValuesParameters,
} from "./contract.ts";

const period = { start: "2026-10-01", end: "2026-11-01" };

/** What the capability offers over HTTP; its types are the web's client. */
export const costOperations = {
  queryCosts: createRoute({
    method: "post",
    path: "/cost/query",
    operationId: "queryCosts",
    tags: ["Costs"],
    summary: "Costs by any dimension, measure and period",
    description:
      "With If-None-Match, 304 says that nothing was published since: the figures are those of the answer with that tag.",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: CostQuery,
            examples: {
              services: {
                summary: "What cost most last month",
                value: { measures: ["effectiveCost"], groupBy: ["serviceName"], period, top: { count: 10 } },
              },
              trend: {
                summary: "By day, held against the month before",
                value: { measures: ["effectiveCost"], period, grain: "day", compare: "previous-period" },
              },
              team: {
                summary: "One team's tag",
                value: {
                  measures: ["billedCost"],
                  groupBy: ["tag:team"],
                  period,
                  filter: { dimension: "tag:team", isNull: false },
                },
              },
            },
          },
        },
      },
    },
    responses: { 200: json(CostAnswer, "The groups, exact to the last digit, with their totals"), ...problemResponses },
  }),
  queryCostRows: createRoute({
    method: "post",
    path: "/cost/rows",
    operationId: "queryCostRows",
    tags: ["Costs"],
    summary: "The charge rows behind a figure",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: CostRowsQuery,
            example: { period, columns: ["chargePeriodStart", "serviceName", "resourceId", "billedCost"], limit: 50 },
          },
        },
      },
    },
    responses: { 200: json(CostRowsAnswer, "A page of charge rows"), ...problemResponses },
  }),
  listCostValues: createRoute({
    method: "get",
    path: "/cost/dimensions/{name}/values",
    operationId: "listCostValues",
    tags: ["Costs"],
    summary: "The values of a dimension with their cost, biggest first",
    request: {
      params: z.object({
        name: z.string().min(1).max(300).describe("A dimension, such as serviceName, tag:team or tagKey"),
      }),
      query: CostValuesParameters,
    },
    responses: { 200: json(CostValuesAnswer, "A page of values"), ...problemResponses },
  }),
  getCostCatalog: createRoute({
    method: "get",
    path: "/cost/catalog",
    operationId: "getCostCatalog",
    tags: ["Costs"],
    summary: "Measures, dimensions, tag keys and the days with data",
    responses: { 200: json(CostCatalog, "What can be asked"), ...problemResponses },
  }),
};
