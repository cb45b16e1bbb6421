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

export const swaggerFiles = { "swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript" } as const;
export type SwaggerFile = keyof typeof swaggerFiles;

/** What reads the files of the page that tries the API. */
export type ReadSwaggerFile = (name: SwaggerFile) => Promise<string>;

/**
 * Pages for people who write programs: what errors mean, and the API to try.
 * @param readSwagger null where something else serves these files
 */
export function docsPages(readSwagger: ReadSwaggerFile | null): Hono {
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
  const asset = (name: string, type: string, read: () => Promise<string> | string) =>
    app.get(
      `/docs/assets/${name}`,
      async () => new Response(await read(), { headers: { "content-type": type, "cache-control": "no-cache" } }),
    );
  asset("docs.css", "text/css", () => docsStyle);
  asset("try-api.js", "text/javascript", () => tryApiScript);
  if (readSwagger !== null)
    for (const name of Object.keys(swaggerFiles) as SwaggerFile[])
      asset(name, swaggerFiles[name], () => readSwagger(name));
  return app;
}
