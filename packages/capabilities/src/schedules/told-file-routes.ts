import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { answerFile, type Exporter } from "../exports/index.ts";
import { downloadToldTable } from "./told-file-service.ts";

const route = createRoute({
  method: "get",
  path: "/schedules/runs/{runId}/tables/{number}",
  summary: "A table that was too large for a mail, as CSV, of the costs that you may see",
  request: { params: z.object({ runId: z.string(), number: z.coerce.number().int().min(1).max(100) }) },
  responses: {
    200: { description: "The file", content: { "text/csv": { schema: z.string().meta({ format: "binary" }) } } },
    ...problemResponses,
  },
});

/** For hosts that export. */
export function toldFileRoutes(exporter: Exporter): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>().openapi(route, async (c) =>
    answerFile(await downloadToldTable(c.var.ctx, exporter, c.req.valid("param"), c.req.raw.signal)),
  );
}
