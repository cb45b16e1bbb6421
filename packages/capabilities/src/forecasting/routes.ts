import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { ExpectedCost, ExpectedCostRequest } from "./contract.ts";
import { expectCost } from "./service.ts";

const expectedRoute = createRoute({
  method: "post",
  path: "/cost/expected",
  summary: "What a month is expected to have cost when it is over",
  request: { body: { required: true, content: { "application/json": { schema: ExpectedCostRequest } } } },
  responses: {
    200: {
      description: "The expected cost with its range, or the reason why there is none",
      content: { "application/json": { schema: ExpectedCost } },
    },
    ...problemResponses,
  },
});

export function forecastingRoutes(reader: CostReader): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>().openapi(expectedRoute, async (c) =>
    c.json(await expectCost(c.var.ctx, reader, c.req.valid("json"), { signal: c.req.raw.signal }), 200),
  );
}
