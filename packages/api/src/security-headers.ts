import { newId } from "@finops/kernel/id";
import type { MiddlewareHandler } from "hono";
import { isSafeWay } from "@finops/platform/network/forwarded";
import type { Door } from "./identify.ts";
import { wayOf } from "./request-way.ts";

/**
 * Headers of every answer. The page's policy allows no inline script and no inline style; the nonce of index.html is filled
 * in by the host that serves it, which also sets the policy with it.
 */
export function securityHeaders(door: Pick<Door, "trustedProxies" | "addressOf">): MiddlewareHandler {
  return async (c, next) => {
    const given = c.req.header("x-request-id");
    const requestId = given !== undefined && /^[\w-]{8,64}$/.test(given) ? given : newId();
    c.header("X-Request-Id", requestId);
    await next();
    const headers = c.res.headers;
    // What a route answers whole has only the headers that are set on it.
    headers.set("X-Request-Id", requestId);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    // A browser that was here once comes back encrypted. On localhost it would hold for every other program of the machine.
    const { isEncrypted, host } = wayOf(door, c);
    if (isEncrypted && !isSafeWay({ isEncrypted: false, host }))
      headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    if (!headers.has("Content-Security-Policy"))
      headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (c.req.path.startsWith("/api/") && !headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
  };
}

/** The policy of the web app's page, with the nonce of this one answer. */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
