import type { AppEnv } from "@finops/platform/http/app-env";
import { attachment } from "@finops/platform/http/attachment";
import { problemResponses } from "@finops/platform/http/problem";
import { body } from "@finops/platform/http/route-parts";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { PrintViewInput } from "./contract.ts";
import { type PrintedFile, printReportRun, printShownView, printView } from "./print-service.ts";
import type { Printer } from "./printer.ts";

const ById = z.object({ id: z.string() });
const pdf = {
  200: {
    description: "The file",
    content: { "application/pdf": { schema: z.string().meta({ format: "binary" }) } },
  },
  ...problemResponses,
};

const printRunRoute = createRoute({
  method: "get",
  path: "/reports/{id}/runs/{number}/pdf",
  summary: "A run of a report on paper",
  request: { params: ById.extend({ number: z.coerce.number().int().min(1).max(1_000_000) }) },
  responses: pdf,
});
const printViewRoute = createRoute({
  method: "get",
  path: "/views/{id}/pdf",
  summary: "A saved view on paper, with the costs of now",
  request: { params: ById },
  responses: pdf,
});

const printShownViewRoute = createRoute({
  method: "post",
  path: "/views/pdf",
  summary: "A view on paper that need not be saved, with the costs of now",
  request: { body: body(PrintViewInput) },
  responses: pdf,
});

/** For hosts that can print. */
export function printRoutes(parts: { printer: Printer; reader: CostReader }): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(printRunRoute, async (c) => {
      const { id, number } = c.req.valid("param");
      return answer(await printReportRun(c.var.ctx, parts.printer, id, number));
    })
    .openapi(printShownViewRoute, async (c) =>
      answer(await printShownView(c.var.ctx, parts, c.req.valid("json"), { signal: c.req.raw.signal })),
    )
    .openapi(printViewRoute, async (c) =>
      answer(await printView(c.var.ctx, parts, c.req.valid("param").id, { signal: c.req.raw.signal })),
    );
}

function answer({ fileName, content }: PrintedFile): Response {
  return new Response(Buffer.from(content), {
    headers: { "content-type": "application/pdf", "content-disposition": attachment(fileName) },
  });
}
