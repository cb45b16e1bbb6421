import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import { readOrMakeLocalKey } from "@finops/platform/data-folder";
import { silentLog } from "@finops/platform/observe/log";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openEmbeddedHost } from "./embedded-host.ts";
import { readKeepStates } from "./process-settings.ts";
import { firstStart } from "./first-start.ts";
import type { ServerHost } from "./host-parts.ts";
import { findPaths } from "./paths.ts";
import { serve, type Served } from "./serve.ts";
import { localUrl, readTlsFiles } from "./tls-files.ts";

let root: string;
let embedded: ServerHost;
let webDir: string;
let certs: { ca: Buffer; certPath: string; keyPath: string };

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "finops-serve-"));
  // PostgreSQL does not run as root, so its own user must be able to walk into the folder.
  chmodSync(root, 0o711);
  webDir = join(root, "web");
  mkdirSync(join(webDir, "assets"), { recursive: true });
  writeFileSync(join(webDir, "index.html"), '<script nonce="%CSP_NONCE%" src="/assets/app.js"></script>');
  writeFileSync(join(webDir, "assets/app.js"), "start()");
  writeFileSync(join(root, "secret.js"), "secret");
  certs = makeCerts(join(root, "certs"));
  embedded = await openEmbeddedHost({
    dataDir: join(root, "data"),
    purpose: "finops start",
    log: silentLog,
    baseUrl: "http://localhost:3000",
    paths: findPaths(),
  });
});

afterAll(async () => {
  await embedded.close();
  rmSync(root, { recursive: true, force: true });
});

async function withServer(tls: boolean, work: (served: Served) => Promise<void>): Promise<void> {
  const files = tls ? readTlsFiles({ FINOPS_TLS_CERT: certs.certPath, FINOPS_TLS_KEY: certs.keyPath }) : null;
  const served = await serve(embedded, { port: 0, webDir, tls: files });
  try {
    await work(served);
  } finally {
    await served.stop();
  }
}

/** The audit of the demo company, the newest entry first. */
async function auditOf(url: string, query: string): Promise<object[]> {
  const key = readOrMakeLocalKey(embedded.folder.root);
  const headers = { authorization: `Bearer ${key}`, "x-finops-tenant": "demo" };
  const answer = await fetch(`${url}/api/v1/audit?${query}`, { headers });
  return ((await answer.json()) as { entries: object[] }).entries;
}

/** What the first start prints. */
async function printed(url: string): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  await firstStart(embedded, url, { demoRows: 0 });
  log.mockRestore();
  return lines.join("\n");
}

describe("the server", () => {
  it("prints a link that signs the owner in once, and serves the page with a nonce of its own each time", () =>
    withServer(false, async ({ url }) => {
      const link = /Sign in .*: (\S+)/.exec(await printed(url))![1]!;
      expect(link.startsWith(`${url}/sign-in/`)).toBe(true);
      const signedIn = await fetch(link, { redirect: "manual" });
      expect(signedIn.headers.get("set-cookie")).toMatch(/^__Host-finops_session=/);
      const cookie = signedIn.headers.get("set-cookie")!.split(";")[0]!;
      expect((await fetch(`${url}/api/v1/datasets`, { headers: { cookie } })).status).toBe(200);
      expect((await fetch(link, { redirect: "manual" })).headers.get("set-cookie")).toBeNull();

      const nonceOf = async (path: string) => /nonce="([^"]+)"/.exec(await (await fetch(`${url}${path}`)).text())![1]!;
      const [first, second] = [await nonceOf("/"), await nonceOf("/costs?by=service")];
      expect(first).toMatch(/^[\w-]{20,}$/);
      expect(second).not.toBe(first);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
    }));

  it("lets hashed files be cached for a year, the page never, and reads nothing outside its folder", () =>
    withServer(false, async ({ url }) => {
      const asset = await fetch(`${url}/assets/app.js`);
      expect(await asset.text()).toBe("start()");
      expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect((await fetch(url)).headers.get("cache-control")).toBe("no-store");
      expect((await fetch(`${url}/assets/none.js`)).status).toBe(404);
      expect(await (await fetch(`${url}/assets/..%2f..%2fsecret.js`)).text()).not.toContain("secret");
    }));

  it("notes the address of who signs in, and at its end what it has only counted of those who were refused", async () => {
    await withServer(false, async ({ url }) => {
      const link = /Sign in .*: (\S+)/.exec(await printed(url))![1]!;
      for (const address of ["198.51.100.1", "198.51.100.2", "198.51.100.3"])
        await fetch(link, { redirect: "manual", headers: { "x-forwarded-for": address } });
      expect(await auditOf(url, "limit=2")).toMatchObject([
        { action: "sign-in.refused", via: "page", address: "127.0.0.1", after: { reason: "the link was used before" } },
        { action: "session.started", via: "page", address: "127.0.0.1" },
      ]);
    });
    await withServer(false, async ({ url }) => {
      expect(await auditOf(url, "limit=1")).toMatchObject([
        { action: "sign-in.refused", address: "127.0.0.1", after: { count: 1 } },
      ]);
    });
  });

  it("says which port is taken and how to choose another", () =>
    withServer(false, async ({ url }) => {
      const port = Number(new URL(url).port);
      await expect(serve(embedded, { port, webDir: null })).rejects.toMatchObject({
        code: "precondition",
        message: `Port ${port} is in use. Choose another one with PORT=${port + 1}.`,
      });
    }));
});

describe("one of several processes", () => {
  it("serves its health alone as a worker", async () => {
    const { url, stop } = await serve(embedded, { port: 0, webDir, role: "worker" });
    const paths = ["/healthz", "/readyz", "/api/openapi.json", "/"];
    expect(await Promise.all(paths.map(async (path) => (await fetch(`${url}${path}`)).status))).toEqual([
      200, 200, 404, 404,
    ]);
    await stop();
  });

  it("is not ready before it ends, and answers until then", async () => {
    const ending = { drainMs: 1500, graceMs: 1000 };
    const { url, stop } = await serve(embedded, { port: 0, webDir, role: "api", ending });
    const stopped = stop();
    expect([(await fetch(`${url}/readyz`)).status, (await fetch(`${url}/healthz`)).status]).toEqual([503, 200]);
    await stopped;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow("fetch failed");
  });

  it("says so when it shall listen where this machine is not", async () => {
    const options = { port: 0, webDir: null, role: "api", listenHost: "192.0.2.1" } as const;
    await expect(serve(embedded, options)).rejects.toMatchObject({
      code: "precondition",
      message: expect.stringContaining("FINOPS_HOST takes an address of this machine"),
    });
  });
});

describe("the server with a certificate", () => {
  it("answers by HTTPS, prints such a link, and binds the session's cookie to it", () =>
    withServer(true, async ({ url }) => {
      expect(url).toMatch(/^https:\/\/localhost:\d+$/);
      expect(await get(`${url}/healthz`)).toMatchObject({ status: 200, body: '{"status":"ok"}' });
      const link = /Sign in .*: (\S+)/.exec(await printed(url))![1]!;
      expect(link.startsWith(`${url}/sign-in/`)).toBe(true);
      const [cookie] = (await get(link)).headers["set-cookie"]!;
      expect(cookie).toMatch(/^__Host-finops_session=[^;]+;.*Secure/);
      const session = { cookie: cookie!.split(";")[0]! };
      expect((await get(`${url}/api/v1/datasets`, session)).status).toBe(200);
    }));

  it("does not answer who speaks plain HTTP to it", () =>
    withServer(true, async ({ url }) => {
      await expect(fetch(url.replace("https:", "http:"))).rejects.toThrow();
    }));
});

describe("how many states of a month are kept", () => {
  it("is all of them, or a whole number from 1 on", () => {
    expect(readKeepStates({})).toBeNull();
    expect(readKeepStates({ FINOPS_KEEP_STATES: "12" })).toBe(12);
    for (const odd of ["0", "-1", "many", "1.5"])
      expect(() => readKeepStates({ FINOPS_KEEP_STATES: odd })).toThrow(`not "${odd}"`);
  });
});

describe("certificate and key", () => {
  it("are not needed", () => {
    expect(readTlsFiles({})).toBeNull();
    expect(localUrl(3000, null)).toBe("http://localhost:3000");
  });

  it("go together, and have to be what they are said to be", () => {
    expect(() => readTlsFiles({ FINOPS_TLS_CERT: certs.certPath })).toThrow(/go together/);
    const swapped = { FINOPS_TLS_CERT: certs.keyPath, FINOPS_TLS_KEY: certs.certPath };
    expect(() => readTlsFiles(swapped)).toThrow(/cannot be used as certificate and key.*`make certs` makes a pair/);
    const missing = { FINOPS_TLS_CERT: join(root, "none.pem"), FINOPS_TLS_KEY: certs.keyPath };
    expect(() => readTlsFiles(missing)).toThrow(/none\.pem/);
  });
});

async function get(url: string, headers: Record<string, string> = {}) {
  const sent = request(url, { ca: certs.ca, headers }).end();
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

/** As `make certs` does. */
function makeCerts(folder: string): typeof certs {
  const made = spawnSync("bash", [join(findPaths().root, "scripts/make-certs.sh"), folder], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  return {
    ca: readFileSync(join(folder, "ca.pem")),
    certPath: join(folder, "localhost.pem"),
    keyPath: join(folder, "localhost-key.pem"),
  };
}
