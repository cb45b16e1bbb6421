import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
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

// A worker obeys the policy of its own file: this one fetches files of this server and does nothing else.
const workerPolicy = "default-src 'none'; connect-src 'self'";

/** What the page of a route loads beyond the app's own files; the build writes the list. */
type RouteFiles = { route: string; files: string[] }[];

/**
 * Serves the built web app. Hashed assets never change and are cached for a year; the page itself is a template whose nonce
 * is new in every answer, and is never cached. Every other path is the app's own to route.
 */
export function serveWeb(app: Hono<AppEnv>, webDir: string): void {
  const template = readFileSync(join(webDir, "index.html"), "utf8");
  const preloads = readPreloads(join(webDir, "routes.json"));
  const files = new Map<string, WebFile>();
  app.get("*", async (c) => {
    const path = pathOf(webDir, c.req.path);
    const type = path === null ? undefined : types[extname(path)];
    if (path !== null && type !== undefined) {
      const file = files.get(path) ?? (await readWebFile(path));
      if (file === null) return c.notFound();
      files.set(path, file);
      return answerFile(file, c.req.raw.headers, {
        "Content-Type": type,
        "Cache-Control": c.req.path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
        ...(c.req.path === "/service-worker.js" ? { "Content-Security-Policy": workerPolicy } : {}),
      });
    }
    const nonce = randomBytes(16).toString("base64url");
    const links = preloads.find(({ pattern }) => pattern.test(c.req.path))?.links ?? "";
    const page = template.replace("</head>", () => `${links}</head>`).replaceAll("%CSP_NONCE%", nonce);
    return c.body(page, 200, {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": pagePolicy(nonce),
    });
  });
}

/** Links that start the files of a page while the app's own are still on their way: without them they come a round trip later. */
function readPreloads(path: string): { pattern: RegExp; links: string }[] {
  if (!existsSync(path)) return [];
  return (JSON.parse(readFileSync(path, "utf8")) as RouteFiles).map(({ route, files }) => ({
    pattern: new RegExp(`^${route.replaceAll(/\$\w+/g, "[^/]+")}$`),
    links: files.map((file) => `<link rel="modulepreload" crossorigin href="/${file}" nonce="%CSP_NONCE%">`).join(""),
  }));
}

/** A file of the build in the forms that browsers take. There are few of them, so each is compressed once and kept. */
interface WebFile {
  etag: string;
  plain: Uint8Array<ArrayBuffer>;
  /** None where a file is compressed by its own format. */
  packed: { br: Uint8Array<ArrayBuffer>; gzip: Uint8Array<ArrayBuffer> } | null;
}

const packable = new Set([".js", ".css", ".svg", ".json", ".webmanifest", ".map"]);
const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** The file that a path of the URL names; null where it names none below the folder. */
function pathOf(webDir: string, urlPath: string): string | null {
  try {
    const path = normalize(join(webDir, decodeURIComponent(urlPath)));
    return path.startsWith(`${webDir}${sep}`) ? path : null;
  } catch {
    // Not every text after a percent sign is a letter; such a path is the app's own to call missing.
    return null;
  }
}

async function readWebFile(path: string): Promise<WebFile | null> {
  const content = await readFile(path).catch(() => null);
  if (content === null) return null;
  const plain = new Uint8Array(content);
  return {
    etag: `"${createHash("sha256").update(plain).digest("base64url").slice(0, 24)}"`,
    plain,
    packed: packable.has(extname(path)) ? ((await readPacked(path)) ?? (await pack(plain))) : null,
  };
}

/** As the build has packed it, which took its time over it; null where it did not. */
async function readPacked(path: string): Promise<WebFile["packed"]> {
  const [br, zipped] = await Promise.all([`${path}.br`, `${path}.gz`].map((one) => readFile(one).catch(() => null)));
  return br && zipped ? { br: new Uint8Array(br), gzip: new Uint8Array(zipped) } : null;
}

async function pack(plain: Uint8Array): Promise<WebFile["packed"]> {
  const [br, zipped] = await Promise.all([
    toBrotli(plain, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
    }),
    toGzip(plain, { level: 9 }),
  ]);
  return { br: new Uint8Array(br), gzip: new Uint8Array(zipped) };
}

function answerFile(file: WebFile, asked: Headers, headers: Record<string, string>): Response {
  const known = asked
    .get("if-none-match")
    ?.split(",")
    .some((tag) => tag.trim().replace(/^W\//, "") === file.etag);
  const common = { ...headers, ETag: file.etag, Vary: "Accept-Encoding" };
  if (known === true) return new Response(null, { status: 304, headers: common });
  const accepted = asked.get("accept-encoding") ?? "";
  const encoding =
    file.packed === null ? null : /\bbr\b/.test(accepted) ? "br" : /\bgzip\b/.test(accepted) ? "gzip" : null;
  if (encoding === null) return new Response(file.plain, { headers: common });
  return new Response(file.packed![encoding], { headers: { ...common, "Content-Encoding": encoding } });
}
