import type { Host } from "@finops/platform/host";
import type { AppEnv } from "@finops/platform/http/app-env";
import { inRequestScope } from "@finops/platform/observe/request-scope";
import type { Context } from "@finops/platform/tenancy/context";
import type { Context as HonoContext, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";

/** A span and a time for each request, by its route; what it does in the database and queues carries its id. */
export function observeRequests({ telemetry }: Pick<Host, "telemetry">): MiddlewareHandler<AppEnv> {
  return (c, next) => {
    const { method } = c.req;
    const requestId = c.res.headers.get("x-request-id") ?? "";
    const route = routeOf(c);
    const startedAt = performance.now();
    const attributes = { "http.request.method": method, "http.route": route };
    return inRequestScope({ requestId, route: `${method} ${route}` }, () =>
      telemetry.span(
        `${method} ${route}`,
        { kind: "server", attributes: { ...attributes, request_id: requestId }, root: { link: null } },
        async (span) => {
          await next();
          const { status } = c.res;
          // Nobody is known while they are still at the door.
          const ctx = c.get("ctx") as Context | undefined;
          span.set({ "http.response.status_code": status, ...(ctx === undefined ? {} : { tenant: ctx.tenantId }) });
          const seconds = (performance.now() - startedAt) / 1000;
          telemetry.record("finops.request.seconds", seconds, { ...attributes, "http.response.status_code": status });
        },
      ),
    );
  };
}

/** The template of the route that will answer, and not the address: ids would make a series of figures each. */
function routeOf(c: HonoContext): string {
  const route = matchedRoutes(c).findLast(({ path }) => !path.endsWith("*"));
  return route?.path.replaceAll(/:(\w+)(\{[^}]*\})?/g, "{$1}") ?? "*";
}
