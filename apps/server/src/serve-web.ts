import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { pagePolicy } from "@finops/api/security-headers";
import type { Hono } from "hono";
import type { AppEnv } from "@finops/platform/http/app-env";

const types: Record<string, string> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".map": "application/json",
};

/**
 * Serves the built web app. Hashed assets never change and are cached for a year; the page itself is a template whose nonce
 * is new in every answer, and is never cached. Every other path is the app's own to route.
 */
export function serveWeb(app: Hono<AppEnv>, webDir: string): void {
  const template = readFileSync(join(webDir, "index.html"), "utf8");
  app.get("*", async (c) => {
    const path = normalize(join(webDir, decodeURIComponent(c.req.path)));
    const type = types[extname(path)];
    if (type !== undefined && path.startsWith(`${webDir}${sep}`)) {
      const content = await readFile(path).catch(() => null);
      if (content === null) return c.notFound();
      return c.body(new Uint8Array(content), 200, {
        "Content-Type": type,
        "Cache-Control": c.req.path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      });
    }
    const nonce = randomBytes(16).toString("base64url");
    return c.body(template.replaceAll("%CSP_NONCE%", nonce), 200, {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": pagePolicy(nonce),
    });
  });
}
