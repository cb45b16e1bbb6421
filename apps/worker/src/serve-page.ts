import type { Fetcher } from "@cloudflare/workers-types";
import { pagePolicy } from "@finops/api/security-headers";

/**
 * The web app's page is a template whose nonce is new in every answer, and is never cached; every path that is no file is the app's
 * own to route. What has a hash in its name never comes here: static assets answer it (wrangler.jsonc).
 */
export async function servePage(assets: Fetcher, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const isFile = /\.\w+$/.test(url.pathname) && url.pathname !== "/index.html";
  const path = isFile ? url.pathname : "/index.html";
  const asked = new Request(new URL(path, url), { headers: isFile ? request.headers : {} });
  const found = (await assets.fetch(asked as never)) as unknown as Response;
  return isFile ? withHeaders(found, url.pathname) : fillNonce(found);
}

function withHeaders(found: Response, path: string): Response {
  if (!found.ok) return found;
  const headers = new Headers(found.headers);
  headers.set("Cache-Control", "no-cache");
  // A worker obeys the policy of its own file.
  if (path === "/service-worker.js") headers.set("Content-Security-Policy", "default-src 'none'; connect-src 'self'");
  return new Response(found.body, { status: found.status, headers });
}

function fillNonce(template: Response): Response {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
  const fill = (element: RewrittenElement) => {
    for (const name of ["nonce", "content"])
      if (element.getAttribute(name) === "%CSP_NONCE%") element.setAttribute(name, nonce);
  };
  const page = new HTMLRewriter().on("script, style, link, meta", { element: fill }).transform(template);
  return new Response(page.body, {
    status: template.status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": pagePolicy(nonce),
    },
  });
}
