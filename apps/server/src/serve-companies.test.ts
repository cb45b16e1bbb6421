import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { silentLog } from "@finops/platform/observe/log";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEmbeddedHost } from "./embedded-host.ts";
import { readCompanyCreation, type ServerHost } from "./host-parts.ts";
import { findPaths } from "./paths.ts";
import { serve, type Served } from "./serve.ts";

let root: string;
let embedded: ServerHost;
let served: Served;
let acme: { id: string; cookie: string };

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "finops-serve-companies-"));
  // PostgreSQL does not run as root, so its own user must be able to walk into the folder.
  chmodSync(root, 0o711);
  const webDir = join(root, "web");
  mkdirSync(webDir);
  writeFileSync(join(webDir, "index.html"), "<title>the app</title>");
  embedded = await openEmbeddedHost({
    dataDir: join(root, "data"),
    purpose: "finops start",
    log: silentLog,
    baseUrl: "http://localhost:3000",
    paths: findPaths(),
  });
  served = await serve(embedded, { port: 0, webDir });
  const { db, clock } = embedded.host;
  const { id } = await createTenant(db, { slug: "acme", name: "Acme" });
  const userId = await ensureUser(db, { email: "ann@acme.example", name: "Ann" });
  await setMember(db, id, userId, "owner");
  acme = {
    id,
    cookie: `__Host-finops_session=${(await createSession(db, clock, { tenantId: id, userId, method: "link" })).token}`,
  };
});

afterAll(async () => {
  await served.stop();
  await embedded.close();
  rmSync(root, { recursive: true, force: true });
});

/** Asks the server as a browser does that was led to it by a host name: over its one port, with that name in the Host header. */
function ask(host: string, path: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  const { port } = new URL(served.url);
  const headers = { host: `${host}:${port}`, cookie: acme.cookie, "x-finops-request": "1", ...options.headers };
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, method: options.method ?? "GET", headers }, (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode!, body }), reject);
    })
      .on("error", reject)
      .end();
  });
}

describe("a company on the server", { timeout: 120_000 }, () => {
  it("is at its subdomain out of the box, with its page and its API", async () => {
    expect(await ask("acme.localhost", "/")).toEqual({ status: 200, body: "<title>the app</title>" });
    expect(await ask("acme.localhost", "/api/v1/company")).toMatchObject({ status: 200 });
    const forged = { headers: { "x-forwarded-host": "acme.localhost" } };
    expect(await ask("nobody.localhost", "/api/v1/company", forged)).toMatchObject({ status: 401 });
    const page = await ask("nobody.localhost", "/", { headers: { accept: "text/html" } });
    expect([page.status, page.body.includes("No company is at this address")]).toEqual([404, true]);
    expect(await ask("evil.example", "/api/v1/company")).toMatchObject({ status: 404 });
  });
});

it("takes who makes companies from the environment", () => {
  expect(readCompanyCreation({})).toBe("owners");
  expect(readCompanyCreation({ FINOPS_COMPANY_CREATION: "operator" })).toBe("operator");
  expect(() => readCompanyCreation({ FINOPS_COMPANY_CREATION: "all" })).toThrow("takes owners or operator");
});
