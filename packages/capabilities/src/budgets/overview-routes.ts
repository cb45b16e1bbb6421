import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { json } from "@finops/platform/http/route-parts";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { BudgetPerformance, BudgetPerformanceParameters, BudgetPlanner } from "./contract.ts";
import { getBudgetPerformance } from "./performance-service.ts";
import { getBudgetPlanner } from "./planner-service.ts";

const routes = {
  performance: createRoute({
    method: "get",
    path: "/budgets/performance",
    summary: "How budgets ended in periods that are over, and who is over now",
    request: { query: BudgetPerformanceParameters },
    responses: {
      200: json(BudgetPerformance, "By owner or team and quarter, by budget, and by period"),
      ...problemResponses,
    },
  }),
  planner: createRoute({
    method: "get",
    path: "/budgets/planner",
    summary: "What one plans budgets by: what their last periods cost, and the company's calendar",
    responses: { 200: json(BudgetPlanner, "By budget"), ...problemResponses },
  }),
};

/** Looks over all budgets. They stand before `budgetRoutes`, where their names would be taken for ids. */
export function budgetOverviewRoutes(reader: CostReader): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(routes.performance, async (c) =>
      c.json(await getBudgetPerformance(c.var.ctx, reader, c.req.valid("query"), { signal: c.req.raw.signal }), 200),
    )
    .openapi(routes.planner, async (c) =>
      c.json(await getBudgetPlanner(c.var.ctx, reader, { signal: c.req.raw.signal }), 200),
    );
}
