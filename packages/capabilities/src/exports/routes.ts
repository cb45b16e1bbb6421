import type { AppEnv } from "@finops/platform/http/app-env";
import { OpenAPIHono } from "@hono/zod-openapi";
import { exportOperations } from "./operations.ts";
import type { Exporter } from "./exporter.ts";

export function exportRoutes(exporter: Exporter): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>().openapi(exportOperations.exportCosts, async (c) => {
    const file = await exporter.download(c.var.ctx, c.req.valid("json"), c.req.raw.signal);
    return new Response(file.body, {
      headers: {
        "content-type": file.contentType,
        "content-length": String(file.bytes),
        "content-disposition": attachment(file.fileName),
        "x-finops-rows": String(file.rows),
        "x-finops-scoped": String(file.isScoped),
      },
    });
  });
}

/** A name of any letters (RFC 6266), with one of plain letters for who cannot read it. */
function attachment(name: string): string {
  const safe = name.replaceAll(/[\p{Cc}/\\]/gu, "-");
  const plain = safe.replaceAll(/[^\w. -]/g, "_");
  const encoded = encodeURIComponent(safe.replaceAll(/\p{Surrogate}/gu, "\uFFFD")).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
