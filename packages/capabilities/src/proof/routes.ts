import { AppError } from "@finops/kernel/app-error";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { FigureProof, FigureRequest } from "./contract.ts";
import { packProof, proveFigure } from "./service.ts";

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

const packRoute = createRoute({
  method: "get",
  path: "/proof/pack",
  summary: "The proof of a figure as a zip that a stranger checks with plain DuckDB",
  request: {
    query: z.object({
      figure: z.string().min(2).max(12_000).describe("A figure, as `POST /proof` takes it, as JSON text"),
    }),
  },
  responses: {
    200: {
      description: "A zip with the figure, its rows, the bill files' hashes and a statement to check it with",
      content: { "application/zip": { schema: z.string().meta({ format: "binary" }) } },
    },
    ...problemResponses,
  },
});

export function proofRoutes(reader: CostReader): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(proofRoute, async (c) =>
      c.json(await proveFigure(c.var.ctx, reader, c.req.valid("json"), { signal: c.req.raw.signal }), 200),
    )
    .openapi(packRoute, async (c) => {
      const figure = parseFigure(c.req.valid("query").figure);
      const bytes = packProof(c.var.ctx, reader, figure, { signal: c.req.raw.signal });
      // What is refused is refused before the first byte, with a status that says so.
      const first = await bytes.next();
      return new Response(streamOf(first, bytes), {
        headers: {
          "content-type": "application/zip",
          "content-disposition": `attachment; filename="proof-${figure.measure}-${figure.period.start}.zip"`,
        },
      });
    });
}

function parseFigure(text: string): FigureRequest {
  try {
    return FigureRequest.parse(JSON.parse(text));
  } catch (error) {
    throw new AppError("invalid", "figure: That is no figure. Send what POST /proof takes, as JSON text.", {
      cause: error,
    });
  }
}

function streamOf(first: IteratorResult<Uint8Array>, rest: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (first.done !== true) controller.enqueue(first.value);
    },
    async pull(controller) {
      const next = await rest.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await rest.return(undefined);
    },
  });
}
