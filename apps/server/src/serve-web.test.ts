import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import type { AppEnv } from "@finops/platform/http/app-env";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, it } from "vitest";
import { serveWeb } from "./serve-web.ts";

const script = `export const answer = ${"4".repeat(2000)}2;`;
let root: string;
let app: Hono<AppEnv>;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "finops-web-"));
  const web = join(root, "web");
  mkdirSync(join(web, "assets"), { recursive: true });
  writeFileSync(join(web, "index.html"), '<head><script nonce="%CSP_NONCE%"></script></head>');
  writeFileSync(
    join(web, "routes.json"),
    JSON.stringify([
      { route: "/", files: ["assets/overview-9z.js"] },
      { route: "/reports/$id", files: ["assets/report-8y.js", "assets/table-7x.js"] },
    ]),
  );
  writeFileSync(join(web, "assets/page-1a2b.js"), script);
  writeFileSync(join(web, "service-worker.js"), "self;");
  writeFileSync(join(root, "secret.json"), "{}");
  app = new Hono<AppEnv>();
  serveWeb(app, web);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });

it("gives every answer of the page a nonce of its own, and lets nobody keep it", async () => {
  const [one, two] = await Promise.all([get("/"), get("/bills?x=1")]);
  const nonce = /nonce="([\w-]{20,})"/.exec(await one.text())?.[1];
  expect(one.headers.get("content-security-policy")).toContain(`'nonce-${nonce}'`);
  expect(one.headers.get("cache-control")).toBe("no-store");
  expect(await two.text()).not.toContain(nonce);
});

it("names the files of the page that is asked for, and of no other", async () => {
  const preloads = async (path: string) =>
    [
      ...(await (await get(path)).text()).matchAll(
        /<link rel="modulepreload" crossorigin href="([^"]+)" nonce="[\w-]{20,}">/g,
      ),
    ].map(([, href]) => href);
  expect(await preloads("/")).toEqual(["/assets/overview-9z.js"]);
  expect(await preloads("/reports/019f0a?edit=yes")).toEqual(["/assets/report-8y.js", "/assets/table-7x.js"]);
  expect(await preloads("/reports/019f0a/runs/2")).toEqual([]);
});

it("packs what can be packed, as the browser takes it, for a year", async () => {
  const br = await get("/assets/page-1a2b.js", { "accept-encoding": "gzip, deflate, br" });
  expect(br.headers.get("content-encoding")).toBe("br");
  expect(brotliDecompressSync(Buffer.from(await br.arrayBuffer())).toString()).toBe(script);
  expect(br.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  const gzip = await get("/assets/page-1a2b.js", { "accept-encoding": "gzip" });
  expect(gunzipSync(Buffer.from(await gzip.arrayBuffer())).toString()).toBe(script);
  expect(await (await get("/assets/page-1a2b.js")).text()).toBe(script);
});

it("sends a file as the build has packed it, where it did", async () => {
  const path = join(root, "web/assets/packed-5e6f.js");
  writeFileSync(path, script);
  writeFileSync(`${path}.br`, brotliCompressSync("as the build packed it"));
  writeFileSync(`${path}.gz`, gzipSync("as the build packed it"));
  const br = await get("/assets/packed-5e6f.js", { "accept-encoding": "br" });
  expect(brotliDecompressSync(Buffer.from(await br.arrayBuffer())).toString()).toBe("as the build packed it");
  const gzip = await get("/assets/packed-5e6f.js", { "accept-encoding": "gzip" });
  expect(gunzipSync(Buffer.from(await gzip.arrayBuffer())).toString()).toBe("as the build packed it");
  expect((await get("/assets/packed-5e6f.js.br")).headers.get("content-type")).toContain("text/html");
});

it("does not send again what the browser has", async () => {
  const first = await get("/service-worker.js");
  const again = await get("/service-worker.js", { "if-none-match": `W/"x", ${first.headers.get("etag")}` });
  expect([again.status, await again.text()]).toEqual([304, ""]);
});

it("lets the service worker fetch from here and nowhere else", async () => {
  const answer = await get("/service-worker.js");
  expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; connect-src 'self'");
  expect(answer.headers.get("cache-control")).toBe("no-cache");
});

it("gives no file outside its folder, and no page for a file that is missing", async () => {
  expect(await (await get("/%2e%2e/secret.json")).text()).not.toBe("{}");
  expect(await (await get("/..%2fsecret.json")).text()).not.toBe("{}");
  expect((await get("/assets/gone-3c4d.js")).status).toBe(404);
  expect((await get("/%E0%A4%A")).status).toBe(200);
});
