import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixedClock } from "@finops/kernel/clock";
import { allPermissions } from "@finops/platform/access/permissions";
import { createFolderStore } from "@finops/platform/files/folder-store";
import { createApiKey } from "@finops/platform/identity/api-keys";
import { createContext } from "@finops/platform/tenancy/context";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { DuckDBStore } from "@finops/warehouse/engines/duckdb/duckdb-store";
import { createApi } from "./app.ts";
import { readSwaggerFile } from "./swagger-files.ts";

const clock = fixedClock("2026-11-22T12:00:00Z");
let test: TestDatabase;
let api: ReturnType<typeof createApi>;
let store: DuckDBStore;
let root: string;
const keys = { all: "", reader: "", other: "" };

beforeAll(async () => {
  test = await createTestDatabase();
  root = mkdtempSync(join(tmpdir(), "finops-door-"));
  store = new DuckDBStore({ root, threads: 1, memoryMb: 256, tenantsMax: 1, generationsMax: 1, timeoutMs: 5000 });
  const files = createFolderStore({ root: join(root, "files"), draftsDir: join(root, "drafts") });
  const host = createTestHost({ db: test.db, clock, files });
  const contextOf = async (slug: string) =>
    createContext(host, {
      tenantId: (await createTenant(test.db, { slug, name: slug })).id,
      actor: { kind: "system", id: "test", name: "test" },
      via: "system",
      permissions: allPermissions,
    });
  const acme = await contextOf("acme");
  keys.all = (await createApiKey(acme, { name: "all", permissions: [...allPermissions] })).key;
  keys.reader = (await createApiKey(acme, { name: "reader", permissions: ["costs:read"] })).key;
  keys.other = (await createApiKey(await contextOf("beta"), { name: "all", permissions: [...allPermissions] })).key;
  const isReady = () => Promise.resolve(true);
  api = createApi({ host, store, engine: null, docsFile: readSwaggerFile, isReady, local: null });
});

afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
  await test.drop();
});

interface Sent {
  method?: string;
  body?: string;
  key?: string;
  headers?: Record<string, string>;
}

async function send(path: string, { method, body, key = keys.all, headers = {} }: Sent = {}) {
  const answer = await api.request(path, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  const json = (text.startsWith("{") ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { status: answer.status, headers: answer.headers, text, json };
}

const period = { start: "2026-01-01", end: "2026-02-01" };
const question = JSON.stringify({ measures: ["billedCost"], period });

describe("a body", () => {
  it.each([
    ["is cut off", `{"measures":`, 400, "is not JSON"],
    ["is 10 MB", `{"measures":["${"x".repeat(10_000_000)}"]}`, 413, "larger than 2 MiB"],
    ["is nested 100,000 deep", "[".repeat(100_000), 400, "nested deeper"],
    ["holds a zero character", `{"name":"a\\u0000b"}`, 400, "code zero"],
    ["is a list", "[]", 400, ""],
    ["is a text", `"x"`, 400, ""],
  ])("that %s is refused with a sentence", async (_, body, status, sentence) => {
    const answer = await send("/api/v1/views", { body });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.json.detail).toContain(sentence);
  });

  it("of hostile texts does no harm", async () => {
    for (const text of [
      `'; drop table tenant; --`,
      `"><script>alert(1)</script>`,
      "../../etc/passwd",
      "\u202Eevil",
      "𓀀",
    ]) {
      const body = JSON.stringify({ measures: ["billedCost"], period, filter: { dimension: "serviceName", is: text } });
      expect((await send("/api/v1/cost/query", { body })).status).toBe(200);
      expect((await send(`/api/v1/imports/${encodeURIComponent(text)}`)).status).toBe(404);
    }
    expect((await send("/api/v1/imports/a%00b")).status).toBe(400);
  });
});

describe("the values of a dimension", () => {
  const path = "/api/v1/cost/dimensions/serviceName/values?start=2026-01-01&end=2026-02-01";

  it("are listed, and 304 says that nothing was published since", async () => {
    const first = await send(path);
    expect([first.status, first.json]).toMatchObject([200, { dimension: "serviceName", values: [], total: 0 }]);
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    const tag = first.headers.get("etag")!;
    const again = await send(path, { headers: { "if-none-match": tag } });
    expect([again.status, again.text, again.headers.get("etag")]).toEqual([304, "", tag]);
    expect((await send(`${path}&search=a`, { headers: { "if-none-match": tag } })).status).toBe(200);
  });

  it.each([
    ["/api/v1/cost/dimensions/servic/values?start=2026-01-01&end=2026-02-01", "Did you mean"],
    ["/api/v1/cost/dimensions/serviceName/values", "start"],
    [`${path}&filter=%7B`, "JSON text"],
    [`${path}&filter=%7B%22x%22%3A1%7D`, "filter"],
    [`${path}&limit=5000`, "limit"],
    [`${path}&asOf=0000-00-00`, "is not a day"],
  ])("are refused where the request is wrong: %s", async (wrong, sentence) => {
    const answer = await send(wrong);
    expect([answer.status, answer.json.detail]).toEqual([400, expect.stringContaining(sentence)]);
  });

  it("are for who may see costs", async () => {
    expect((await send(path, { key: "finops_wrong" })).status).toBe(401);
  });
});

describe("an answer that a client has", () => {
  it("to a cost query is not read again, and not told to who may not see it", async () => {
    const first = await send("/api/v1/cost/query", { body: question });
    const tag = first.headers.get("etag")!;
    expect(tag).toMatch(/^W\/"/);
    const headers = { "if-none-match": tag };
    expect((await send("/api/v1/cost/query", { body: question, headers })).status).toBe(304);
    expect((await send("/api/v1/cost/query", { body: question, headers, key: keys.other })).status).toBe(200);
    const asOf = JSON.stringify({ measures: ["billedCost"], period, grain: "day" });
    expect((await send("/api/v1/cost/query", { body: asOf, headers })).status).toBe(200);
  });

  it("to any GET is known by its bytes", async () => {
    const first = await send("/api/v1/cost/catalog");
    expect(first.headers.get("etag")).toMatch(/^"/);
    const again = await send("/api/v1/cost/catalog", { headers: { "if-none-match": first.headers.get("etag")! } });
    expect([again.status, again.text]).toEqual([304, ""]);
    expect(again.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
  });

  it("of an error has no tag", async () => {
    const wrong = await send("/api/v1/imports/none");
    expect([wrong.headers.get("etag"), wrong.headers.get("cache-control")]).toEqual([null, "no-store"]);
  });
});

describe("a request with an idempotency key", () => {
  const open = (key: string, more: Sent = {}) =>
    send("/api/v1/imports", { body: "{}", headers: { "idempotency-key": key }, ...more });

  it("is done once, and its repetition says so", async () => {
    const [first, again] = [await open("a-1"), await open("a-1")];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.json).toEqual(first.json);
    expect([first.headers.get("idempotency-replayed"), again.headers.get("idempotency-replayed")]).toEqual([
      null,
      "true",
    ]);
    expect((await open("a-2")).json.id).not.toBe(first.json.id);
  });

  it("is another one for another company", async () => {
    const first = await open("b-1");
    expect((await open("b-1", { key: keys.other })).json.id).not.toBe(first.json.id);
  });

  it("conflicts with another body under the same key", async () => {
    await open("c-1");
    const answer = await open("c-1", { body: `{"x":1}` });
    expect([answer.status, answer.json.detail]).toEqual([409, expect.stringContaining("another body")]);
  });

  it("is done by one of those sent at once", async () => {
    const answers = await Promise.all(["d-1", "d-1", "d-1", "d-1"].map((key) => open(key)));
    const done = answers.filter((answer) => answer.status === 201);
    expect(new Set(done.map((answer) => answer.json.id)).size).toBe(1);
    for (const answer of answers) expect([201, 409]).toContain(answer.status);
  });

  it("that was refused may be tried again", async () => {
    const headers = { "idempotency-key": "e-1" };
    const refused = await send("/api/v1/datasets/rollback", { body: `{"position":"1"}`, headers });
    expect(refused.status).toBe(404);
    expect(
      (await send("/api/v1/datasets/rollback", { body: `{"position":"1"}`, headers })).headers.get(
        "idempotency-replayed",
      ),
    ).toBeNull();
  });

  it("is refused for a key that is none", async () => {
    expect((await open("with space")).status).toBe(400);
  });

  it.each(["/api/v1/keys", "/api/v1/keys/0/take"])(
    "is refused where the answer would have a secret: %s",
    async (path) => {
      const answer = await send(path, { body: "{}", headers: { "idempotency-key": "g-1" } });
      expect([answer.status, answer.json.detail]).toEqual([
        400,
        expect.stringContaining("a secret, which is not kept"),
      ]);
    },
  );

  it("is forgotten after a day", async () => {
    await open("f-1");
    const swept = await test.db.inDirectory(
      (tx) =>
        tx.$queryRaw<
          { n: bigint }[]
        >`select sweep_idempotency_keys(${new Date("2026-11-23T12:00:01Z")}::timestamptz) as n`,
    );
    expect(Number(swept[0]!.n)).toBeGreaterThan(0);
    expect((await open("f-1")).headers.get("idempotency-replayed")).toBeNull();
  });
});

describe("the documentation", () => {
  it("has a place for the code of every problem", async () => {
    const problem = await send("/api/v1/imports/none");
    const page = await (await api.request("/docs/errors")).text();
    for (const code of ["invalid", "not_found", "too_large", "internal"]) expect(page).toContain(`id="${code}"`);
    expect(problem.json.type).toBe("/docs/errors#not_found");
  });

  it("has a page to try the API, all of it from this server and nothing inline", async () => {
    const answer = await api.request("/docs/api");
    const page = await answer.text();
    expect(answer.headers.get("content-security-policy")).not.toContain("unsafe");
    expect(page).not.toMatch(/<script>|<style|style=|https?:/);
    const sources = [...page.matchAll(/(?:src|href)="(\/docs\/assets\/[^"]+)"/g)].map((match) => match[1]!);
    expect(sources).toHaveLength(4);
    for (const source of sources) expect((await api.request(source)).status).toBe(200);
  });

  it("names, groups and secures every operation, and says how each can fail", async () => {
    const document = (await (await api.request("/api/openapi.json")).json()) as {
      openapi: string;
      security: unknown[];
      paths: Record<
        string,
        Record<string, { operationId: string; summary: string; tags: string[]; responses: object }>
      >;
    };
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
    expect(document.openapi).toBe("3.1.0");
    expect(document.security).toEqual([{ session: [] }, { key: [] }]);
    for (const operation of operations) {
      expect(operation.summary).toBeTruthy();
      expect(operation.tags).not.toEqual([]);
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(["400", "401", "403", "404", "409", "413", "429", "500"]),
      );
    }
    const names = operations.map((operation) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });
});
