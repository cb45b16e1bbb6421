import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, gone, json } from "@finops/platform/http/route-parts";
import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { Inbox, ReadNotices } from "./contract.ts";
import { getInbox, readNotices } from "./service.ts";

const routes = {
  get: createRoute({
    method: "get",
    path: "/inbox",
    summary: "What one is told: mentions, calls, approvals that wait, and what became of what one watches",
    responses: { 200: json(Inbox, "The newest first"), ...problemResponses },
  }),
  read: createRoute({
    method: "post",
    path: "/inbox/read",
    summary: "Say that one has seen some of one's notices, or all",
    request: { body: body(ReadNotices) },
    responses: gone("They are read"),
  }),
};

export function inboxRoutes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(routes.get, async (c) => c.json(await getInbox(c.var.ctx), 200))
    .openapi(routes.read, async (c) => {
      await readNotices(c.var.ctx, c.req.valid("json"));
      return c.body(null, 204);
    });
}
