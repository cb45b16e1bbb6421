import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixedClock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { allPermissions } from "@finops/platform/access/permissions";
import { createApiKey } from "@finops/platform/identity/api-keys";
import { createContext } from "@finops/platform/tenancy/context";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { DuckDBStore } from "@finops/warehouse/engines/duckdb/duckdb-store";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createApi } from "./app.ts";

let test: TestDatabase;
let store: DuckDBStore;
let root: string;
let api: ReturnType<typeof createApi>;
let [keeper, reader, outsider] = ["", "", ""];

beforeAll(async () => {
  test = await createTestDatabase();
  root = mkdtempSync(join(tmpdir(), "finops-views-"));
  store = new DuckDBStore({ root, threads: 1, memoryMb: 256, tenantsMax: 1, generationsMax: 1, timeoutMs: 5000 });
  const host = createTestHost({ db: test.db, clock: fixedClock("2026-11-22T12:00:00Z") });
  const { id: tenantId } = await createTenant(test.db, { slug: "acme", name: "Acme" });
  const owner = createContext(host, {
    tenantId,
    actor: { kind: "system", id: "test", name: "test" },
    via: "system",
    permissions: allPermissions,
  });
  keeper = (await createApiKey(owner, { name: "keeper", permissions: ["costs:read", "views:write"] })).key;
  reader = (await createApiKey(owner, { name: "reader", permissions: ["costs:read"] })).key;
  outsider = (await createApiKey(owner, { name: "outsider", permissions: ["sources:read"] })).key;
  api = createApi({ host, store, engine: null, isReady: async () => true, local: null });
});
afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
  await test.drop();
});

async function send(key: string, method: string, path: string, body?: unknown) {
  const answer = await api.request(`/api/v1${path}`, {
    method,
    headers: {
      ...(key === "" ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === "" ? null : JSON.parse(text)) as Record<string, unknown> };
}

it("keeps, changes, copies and deletes a view, and says what stands in the way", async () => {
  const draft = { name: "Teams", view: { groupBy: ["tag:team"] }, visibility: "company" };
  const made = await send(keeper, "POST", "/views", draft);
  expect(made).toMatchObject({ status: 201, body: { name: "Teams", version: 1, view: { measures: ["billedCost"] } } });
  const path = `/views/${String(made.body["id"])}`;
  expect(await send(reader, "GET", path)).toMatchObject({ status: 200, body: { mayChange: false } });
  expect((await send("", "GET", path)).status).toBe(401);
  expect((await send(outsider, "GET", path)).status).toBe(403);
  expect((await send(reader, "PATCH", path, { version: 1, name: "Mine" })).status).toBe(403);
  expect((await send(keeper, "PATCH", path, { version: 1, name: "" })).status).toBe(400);
  expect((await send(keeper, "POST", "/views", { ...draft, view: { chart: "sankey" } })).status).toBe(400);
  expect((await send(keeper, "GET", `/views/${newId()}`)).status).toBe(404);
  expect((await send(keeper, "PATCH", path, { version: 1, name: "By team" })).body).toMatchObject({ version: 2 });
  expect(await send(keeper, "PATCH", path, { version: 1, name: "Late" })).toMatchObject({
    status: 409,
    body: { code: "conflict", facts: { version: 2 } },
  });
  expect(await send(reader, "POST", `${path}/duplicate`)).toMatchObject({
    status: 201,
    body: { name: "By team (copy)", visibility: "private" },
  });
  expect(await send(reader, "PUT", `${path}/preference`, { isPinned: true })).toMatchObject({
    status: 200,
    body: { isPinned: true },
  });
  expect(((await send(reader, "GET", `${path}/versions`)).body["versions"] as unknown[]).length).toBe(2);
  expect((await send(keeper, "DELETE", `${path}?version=1`)).status).toBe(409);
  expect((await send(keeper, "DELETE", `${path}?version=2`)).status).toBe(204);
  expect((await send(reader, "GET", path)).status).toBe(404);
});
