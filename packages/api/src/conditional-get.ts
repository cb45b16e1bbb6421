import { entityTag, isKnown, revalidated } from "@finops/platform/http/entity-tag";
import type { MiddlewareHandler } from "hono";

/** Gives every JSON answer to a GET a strong tag of its bytes, and says 304 to who has them. Routes that know theirs set it. */
export function conditionalGet(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const type = c.res.headers.get("content-type") ?? "";
    if (c.req.method !== "GET" || c.res.status !== 200 || !type.startsWith("application/json")) return;
    if (c.res.headers.has("etag") || c.res.headers.has("cache-control")) return;
    const bytes = new Uint8Array(await c.res.arrayBuffer());
    const tag = await entityTag(bytes, { isWeak: false });
    const headers = new Headers(c.res.headers);
    for (const [name, value] of Object.entries({ etag: tag, ...revalidated })) headers.set(name, value);
    const isUnchanged = isKnown(c.req.header("if-none-match"), tag);
    if (isUnchanged) headers.delete("content-type");
    // Set to nothing first: assigning a response joins the headers of the one before.
    c.res = undefined;
    c.res = new Response(isUnchanged ? null : bytes, { status: isUnchanged ? 304 : 200, headers });
  };
}
