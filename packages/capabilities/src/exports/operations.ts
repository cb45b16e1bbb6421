import { problemResponses } from "@finops/platform/http/problem";
import { createRoute, z } from "@hono/zod-openapi";
import { ExportRequest } from "./contract.ts";

const file = z.string().meta({ format: "binary" });

/** What the capability offers over HTTP; its types are the web's client. */
export const exportOperations = {
  exportCosts: createRoute({
    method: "post",
    path: "/export",
    operationId: "exportCosts",
    tags: ["Exports"],
    summary: "Costs as a file: all groups of a query, all charge rows, or FOCUS 1.2",
    description:
      "All rows that you may see, without a cap, in one file. Decimals keep every digit. Header `X-Finops-Rows` has the number of rows, `X-Finops-Scoped` says whether you see a part of the costs only.",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: ExportRequest,
            example: {
              what: {
                kind: "query",
                query: {
                  measures: ["effectiveCost"],
                  groupBy: ["serviceName"],
                  period: { start: "2026-10-01", end: "2026-11-01" },
                },
              },
              format: "csv",
            },
          },
        },
      },
    },
    responses: {
      200: {
        description: "The file",
        content: {
          "text/csv": { schema: file },
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": { schema: file },
          "application/vnd.apache.parquet": { schema: file },
        },
      },
      ...problemResponses,
    },
  }),
};
