import { newId } from "@finops/kernel/id";
import type { MiddlewareHandler } from "hono";

/**
 * Headers of every answer. The page's policy allows no inline script and no inline style; the nonce of index.html is filled
 * in by the host that serves it, which also sets the policy with it.
 */
export function securityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    const given = c.req.header("x-request-id");
    c.header("X-Request-Id", given !== undefined && /^[\w-]{8,64}$/.test(given) ? given : newId());
    await next();
    const headers = c.res.headers;
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
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
