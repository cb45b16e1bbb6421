import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixedClock } from "@finops/kernel/clock";
import { allPermissions } from "@finops/platform/access/permissions";
import { createApiKey } from "@finops/platform/identity/api-keys";
import { createSignInLink } from "@finops/platform/identity/sign-in-links";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { createContext } from "@finops/platform/tenancy/context";
import { createTenant, type Tenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { DuckDBStore } from "@finops/warehouse/engines/duckdb/duckdb-store";
import { createApi } from "./app.ts";

const clock = fixedClock("2026-11-22T12:00:00Z");
const localKey = "key-of-this-machine";
let test: TestDatabase;
let api: ReturnType<typeof createApi>;
let acme: Tenant;
let store: DuckDBStore;
let root: string;
const keys: Record<"reader" | "exporter", string> = { reader: "", exporter: "" };

beforeAll(async () => {
  test = await createTestDatabase();
  root = mkdtempSync(join(tmpdir(), "finops-api-"));
  store = new DuckDBStore({ root, threads: 1, memoryMb: 256, tenantsMax: 1, generationsMax: 1, timeoutMs: 5000 });
  const host = createTestHost({ db: test.db, clock });
  acme = await createTenant(test.db, { slug: "acme", name: "Acme" });
  const owner = createContext(host, {
    tenantId: acme.id,
    actor: { kind: "system", id: "test", name: "test" },
    via: "system",
    permissions: allPermissions,
  });
  keys.reader = (await createApiKey(owner, { name: "reader", permissions: ["costs:read"] })).key;
  keys.exporter = (await createApiKey(owner, { name: "exporter", permissions: ["exports:write"] })).key;
  api = createApi({
    host,
    store,
    engine: null,
    isReady: async () => true,
    local: {
      localKey,
      createLink: async (tenant) => `http://localhost/sign-in/${tenant.slug}`,
      removeCompany: () => Promise.resolve(),
      rotateSecrets: async () => ({ rewrapped: 0, source: "file" }),
      renewDataKeys: () => Promise.resolve(0),
    },
  });
});

afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
  await test.drop();
});

const period = { start: "2026-01-01", end: "2026-02-01" };
const question = { measures: ["billedCost"], period };

function send(path: string, options: { body?: unknown; method?: string; headers?: Record<string, string> } = {}) {
  const { body, method = body === undefined ? "GET" : "POST", headers = {} } = options;
  return api.request(path, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
const withKey = (key: string) => ({ authorization: `Bearer ${key}` });

async function newLink(): Promise<string> {
  const userId = await ensureUser(test.db, { email: "ann@acme.example", name: "Ann" });
  await setMember(test.db, acme.id, userId, "owner");
  return (await createSignInLink(test.db, clock, { tenantId: acme.id, userId }, { kind: "terminal" })).token;
}

async function signIn(): Promise<string> {
  const answer = await send(`/sign-in/${await newLink()}`);
  return answer.headers.get("set-cookie")!.split(";")[0]!;
}

describe("a cost query", () => {
  it("is answered to a key that may read costs", async () => {
    const answer = await send("/api/v1/cost/query", { body: question, headers: withKey(keys.reader) });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      rows: [],
      totals: [],
      nextCursor: null,
      period,
      meta: { position: "0", tables: [], freshAt: null, fromCache: false },
    });
  });

  it("says when its answer was worked out before", async () => {
    const ask = async () =>
      (
        (await (
          await send("/api/v1/cost/query", {
            body: { ...question, groupBy: ["region"] },
            headers: withKey(keys.reader),
          })
        ).json()) as { meta: { fromCache: boolean } }
      ).meta.fromCache;
    expect([await ask(), await ask()]).toEqual([false, true]);
  });

  it.each([
    ["a measure that does not exist", { ...question, measures: ["price"] }, "measures.0"],
    ["a dimension that does not exist", { ...question, groupBy: ["servic"] }, "Did you mean service"],
    ["a filter without a test", { ...question, filter: { dimension: "serviceName" } }, "has no test"],
    ["an empty period", { ...question, period: { start: "2026-01-01", end: "2026-01-01" } }, "is empty"],
    ["a day that does not exist", { ...question, period: { start: "2026-02-30", end: "2026-03-01" } }, "is not a day"],
    ["an order by what is not asked", { ...question, orderBy: { by: "listCost" } }, "orderBy"],
    ["a field that nobody knows", { ...question, grupBy: [] }, "grupBy"],
    ["a cursor that is none", { ...question, cursor: "!" }, "not a cursor"],
  ])("is refused for %s", async (_, body, sentence) => {
    const answer = await send("/api/v1/cost/query", { body, headers: withKey(keys.reader) });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { detail: string }).detail).toContain(sentence);
  });

  it("needs somebody to ask it", async () => {
    for (const headers of [{}, withKey("finops_wrong"), { cookie: "__Host-finops_session=wrong" }]) {
      const answer = await send("/api/v1/cost/query", { body: question, headers });
      expect(answer.status).toBe(401);
    }
  });

  it("is not answered to who may not see costs", async () => {
    for (const path of ["query", "rows"])
      expect(
        (
          await send(`/api/v1/cost/${path}`, {
            body: path === "rows" ? { period } : question,
            headers: withKey(keys.exporter),
          })
        ).status,
      ).toBe(403);
    expect((await send("/api/v1/cost/catalog", { headers: withKey(keys.exporter) })).status).toBe(403);
  });
});

describe("rows and the catalog", () => {
  it("are there for who may read costs", async () => {
    const rows = await send("/api/v1/cost/rows", {
      body: { period, columns: ["serviceName"] },
      headers: withKey(keys.reader),
    });
    expect([rows.status, await rows.json()]).toMatchObject([
      200,
      { columns: ["serviceName"], rows: [], nextCursor: null },
    ]);
    const catalog = (await (await send("/api/v1/cost/catalog", { headers: withKey(keys.reader) })).json()) as {
      measures: { name: string }[];
      available: unknown;
    };
    expect(catalog.measures.map((measure) => measure.name)).toContain("effectiveSavingsRate");
    expect(catalog.available).toBeNull();
  });
});

describe("a sign-in link", () => {
  it("signs in once, with a cookie that scripts and other sites cannot use", async () => {
    const token = await newLink();
    const first = await send(`/sign-in/${token}`);
    expect([first.status, first.headers.get("location")]).toEqual([303, "/"]);
    expect(first.headers.get("set-cookie")).toMatch(
      /^__Host-finops_session=[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(first.headers.get("cache-control")).toBe("no-store");
    const second = await send(`/sign-in/${token}`);
    expect([second.status, second.headers.get("set-cookie")]).toEqual([410, null]);
  });

  it("is not used up by a preview that only looks", async () => {
    const token = await newLink();
    expect((await send(`/sign-in/${token}`, { method: "HEAD" })).status).toBe(204);
    expect((await send(`/sign-in/${token}`)).status).toBe(303);
  });

  it("sets a cookie bound to the host where the way is encrypted", async () => {
    const answer = await api.request(`https://localhost/sign-in/${await newLink()}`);
    expect(answer.headers.get("set-cookie")).toMatch(/^__Host-finops_session=.*; Secure;/);
  });
});

describe("a session", () => {
  it("says who is signed in", async () => {
    expect(await (await send("/api/session")).json()).toEqual({ signedIn: false });
    expect(await (await send("/api/session", { headers: { cookie: await signIn() } })).json()).toMatchObject({
      signedIn: true,
      name: "Ann",
      company: "acme",
      role: "owner",
    });
  });

  it("may look, but changes and asks only with the header that other sites cannot set", async () => {
    const cookie = await signIn();
    expect((await send("/api/v1/cost/catalog", { headers: { cookie } })).status).toBe(200);
    expect((await send("/api/v1/cost/query", { body: question, headers: { cookie } })).status).toBe(403);
    expect(
      (await send("/api/v1/cost/query", { body: question, headers: { cookie, "x-finops-request": "1" } })).status,
    ).toBe(200);
    expect((await send("/sign-out", { method: "POST", headers: { cookie } })).status).toBe(403);
  });

  it("ends when its holder signs out", async () => {
    const headers = { cookie: await signIn(), "x-finops-request": "1" };
    const out = await send("/sign-out", { method: "POST", headers });
    expect([out.status, out.headers.get("set-cookie")]).toEqual([
      204,
      expect.stringContaining("__Host-finops_session=; "),
    ]);
    expect((await send("/api/v1/cost/catalog", { headers })).status).toBe(401);
  });
});

describe("the key of this machine", () => {
  it("opens every company that it names, and none unnamed or unknown", async () => {
    const headers = withKey(localKey);
    expect(
      (await send("/api/v1/cost/query", { body: question, headers: { ...headers, "x-finops-tenant": "acme" } })).status,
    ).toBe(200);
    expect((await send("/api/v1/cost/query", { body: question, headers })).status).toBe(400);
    expect(
      (await send("/api/v1/cost/query", { body: question, headers: { ...headers, "x-finops-tenant": "nobody" } }))
        .status,
    ).toBe(404);
  });

  it("makes companies and links, which nobody else can", async () => {
    const made = await send("/api/local/tenants", { body: { slug: "beta" }, headers: withKey(localKey) });
    expect([made.status, await made.json()]).toEqual([200, { slug: "beta" }]);
    const link = await send("/api/local/link", {
      body: {},
      headers: { ...withKey(localKey), "x-finops-tenant": "beta" },
    });
    expect(await link.json()).toEqual({ link: "http://localhost/sign-in/beta" });
    for (const headers of [{}, withKey("guess"), withKey(keys.reader)])
      expect((await send("/api/local/tenants", { body: { slug: "gamma" }, headers })).status).toBe(401);
  });
});

describe("every answer", () => {
  it("of an error is a problem that names its request", async () => {
    const answer = await send("/api/v1/cost/query", {
      body: { ...question, measures: [] },
      headers: { ...withKey(keys.reader), "x-request-id": "request-12345" },
    });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toEqual({
      type: "/docs/errors#invalid",
      title: "invalid",
      status: 400,
      detail: expect.stringContaining("measures"),
      code: "invalid",
      requestId: "request-12345",
      facts: { path: "measures" },
    });
  });

  it("of an unknown address is a problem as well", async () => {
    const answer = await send("/api/v1/nothing", { headers: withKey(keys.reader) });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
  });

  it.each(["/healthz", "/api/session", "/api/v1/cost/catalog", "/sign-in/none"])(
    "carries the headers that keep a browser safe: %s",
    async (path) => {
      const { headers } = await send(path, { headers: { "x-request-id": "<script>" } });
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("referrer-policy")).toBe("same-origin");
      expect(headers.get("x-request-id")).toMatch(/^[\w-]{8,64}$/);
      if (path.startsWith("/api/")) expect(headers.get("cache-control")).toBe("no-store");
    },
  );

  it("is described by a document that lists the routes", async () => {
    const document = (await (await send("/api/openapi.json")).json()) as { paths: Record<string, unknown> };
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(["/api/v1/cost/query", "/api/v1/cost/rows", "/api/v1/cost/catalog"]),
    );
  });
});
