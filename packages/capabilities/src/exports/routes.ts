import type { AppEnv } from "@finops/platform/http/app-env";
import { attachment } from "@finops/platform/http/attachment";
import { OpenAPIHono } from "@hono/zod-openapi";
import { exportOperations } from "./operations.ts";
import type { ExportDownload, Exporter } from "./exporter.ts";

export function exportRoutes(exporter: Exporter): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>().openapi(exportOperations.exportCosts, async (c) =>
    answerFile(await exporter.download(c.var.ctx, c.req.valid("json"), { signal: c.req.raw.signal })),
  );
}

/** A file of costs as an answer that a browser saves. */
export function answerFile(file: ExportDownload): Response {
  return new Response(file.body, {
    headers: {
      "content-type": file.contentType,
      ...(file.bytes === null ? {} : { "content-length": String(file.bytes) }),
      "content-disposition": attachment(file.fileName),
      "x-finops-rows": String(file.rows),
      "x-finops-scoped": String(file.isScoped),
    },
  });
}
