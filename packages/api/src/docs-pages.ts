import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Hono } from "hono";
import { apiPage, docsStyle, errorsPage, tryApiScript } from "./docs-content.ts";

/** Nothing inline and nothing of another host; images of the API page are data. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Pages for people who write programs: what errors mean, and the API to try. */
export function docsPages(): Hono {
  const app = new Hono();
  const html = (text: string) =>
    new Response(text, {
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": policy,
        "cache-control": "no-cache",
      },
    });
  app.get("/docs", (c) => c.redirect("/docs/api"));
  app.get("/docs/errors", () => html(errorsPage()));
  app.get("/docs/api", () => html(apiPage()));
  for (const [name, { type, read }] of Object.entries(assets))
    app.get(
      `/docs/assets/${name}`,
      async () => new Response(await read(), { headers: { "content-type": type, "cache-control": "no-cache" } }),
    );
  return app;
}

const require = createRequire(import.meta.url);

const assets: Record<string, { type: string; read(): Promise<string> }> = {
  "docs.css": { type: "text/css", read: () => Promise.resolve(docsStyle) },
  "try-api.js": { type: "text/javascript", read: () => Promise.resolve(tryApiScript) },
  "swagger-ui.css": {
    type: "text/css",
    read: () => readFile(require.resolve("swagger-ui-dist/swagger-ui.css"), "utf8"),
  },
  "swagger-ui-bundle.js": {
    type: "text/javascript",
    read: () => readFile(require.resolve("swagger-ui-dist/swagger-ui-bundle.js"), "utf8"),
  },
};
