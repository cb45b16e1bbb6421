import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { FigureProof, FigureRequest } from "./contract.ts";
import { proveFigure } from "./service.ts";

const proofRoute = createRoute({
  method: "post",
  path: "/proof",
  summary: "Where a figure comes from, and that every step to it adds up",
  request: { body: { required: true, content: { "application/json": { schema: FigureRequest } } } },
  responses: {
    200: {
      description: "The figure with its definition, statement, versions, files and reconciliation",
      content: { "application/json": { schema: FigureProof } },
    },
    ...problemResponses,
  },
});

export function proofRoutes(reader: CostReader): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>().openapi(proofRoute, async (c) =>
    c.json(await proveFigure(c.var.ctx, reader, c.req.valid("json"), { signal: c.req.raw.signal }), 200),
  );
}
