import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { json } from "@finops/platform/http/route-parts";
import { AuditFilter, AuditPage, AuditQuery, AuditSealInput, AuditSealing, AuditVerification } from "./contract.ts";
import { exportAudit, listAudit, sealAudit, verifyAudit } from "./service.ts";

const listRoute = createRoute({
  method: "get",
  path: "/audit",
  summary: "Who changed what, who signed in, and who was refused",
  request: { query: AuditQuery },
  responses: { 200: json(AuditPage, "Newest first"), ...problemResponses },
});

const exportRoute = createRoute({
  method: "get",
  path: "/audit/export",
  summary: "Entries of the audit as CSV",
  description:
    "All that the filter leaves, newest first. A text that a sheet would run as a formula begins with an apostrophe.",
  request: { query: AuditFilter },
  responses: {
    200: { description: "The file", content: { "text/csv": { schema: z.string() } } },
    ...problemResponses,
  },
});

const verifyRoute = createRoute({
  method: "get",
  path: "/audit/verify",
  summary: "Whether every entry of the audit is there as it was written",
  description:
    "Walks the whole chain of hashes, files of sealed segments included, so it takes a while where much is written.",
  responses: { 200: json(AuditVerification, "What was found"), ...problemResponses },
});

const sealRoute = createRoute({
  method: "post",
  path: "/audit/seal",
  summary: "Put old entries of the audit into files, and drop them here",
  request: { body: { required: true, content: { "application/json": { schema: AuditSealInput } } } },
  responses: { 200: json(AuditSealing, "The new segments; none when nothing is so old"), ...problemResponses },
});

export function auditRoutes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(listRoute, async (c) => c.json(await listAudit(c.var.ctx, c.req.valid("query")), 200))
    .openapi(exportRoute, async (c) => {
      const bytes = await exportAudit(c.var.ctx, c.req.valid("query"));
      return new Response(ReadableStream.from(bytes), {
        headers: {
          "content-type": "text/csv; charset=utf-8",
          "content-disposition": `attachment; filename="audit-${c.var.ctx.host.clock.today()}.csv"`,
        },
      });
    })
    .openapi(verifyRoute, async (c) => c.json(await verifyAudit(c.var.ctx), 200))
    .openapi(sealRoute, async (c) => c.json(await sealAudit(c.var.ctx, c.req.valid("json")), 200));
}
