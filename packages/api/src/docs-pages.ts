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
  for (const [name, asset] of Object.entries(assets)) {
    const content = typeof asset.content === "string" ? Promise.resolve(asset.content) : null;
    app.get(`/docs/assets/${name}`, async () => {
      const body = content === null ? new Uint8Array(await readSwaggerFile(name)) : await content;
      return new Response(body, { headers: { "content-type": asset.type, "cache-control": "no-cache" } });
    });
  }
  return app;
}

const assets: Record<string, { type: string; content?: string }> = {
  "docs.css": { type: "text/css", content: docsStyle },
  "try-api.js": { type: "text/javascript", content: tryApiScript },
  "swagger-ui.css": { type: "text/css" },
  "swagger-ui-bundle.js": { type: "text/javascript" },
};

function readSwaggerFile(name: string): Promise<Buffer> {
  return readFile(createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`));
}
