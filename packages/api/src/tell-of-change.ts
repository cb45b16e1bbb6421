import type { AppEnv } from "@finops/platform/http/app-env";
import type { MiddlewareHandler } from "hono";

const readingMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Tells the host of a company in which something may have changed, for those who listen to live updates. */
export function tellOfChange(changed: ((tenantId: string) => void) | undefined): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    if (changed !== undefined && !readingMethods.has(c.req.method) && c.res.ok) changed(c.get("ctx").tenantId);
  };
}
