import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixedClock } from "@finops/kernel/clock";
import { allPermissions } from "@finops/platform/access/permissions";
import { audit } from "@finops/platform/audit/audit";
import { createRefusals } from "@finops/platform/audit/refusals";
import { createFolderStore } from "@finops/platform/files/folder-store";
import { createApiKey, revokeApiKey } from "@finops/platform/identity/api-keys";
import { createSignInLink } from "@finops/platform/identity/sign-in-links";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { type Context, createSystemContext } from "@finops/platform/tenancy/context";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { DuckDBStore } from "@finops/warehouse/engines/duckdb/duckdb-store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApi } from "./app.ts";

interface Entry {
  sequence: number;
  actor: { kind: string; id: string; name: string };
  via: string;
  address: string | null;
  action: string;
  before: unknown;
  after: Record<string, unknown>;
}

const clock = fixedClock("2026-11-22T12:00:00Z");
let test: TestDatabase;
let store: DuckDBStore;
let root: string;
let api: ReturnType<typeof createApi>;
let acme: Context;
const refusals = createRefusals();
const keys = { all: "", reader: "", other: "" };

beforeAll(async () => {
  test = await createTestDatabase();
  root = mkdtempSync(join(tmpdir(), "finops-audit-api-"));
  store = new DuckDBStore({ root, threads: 1, memoryMb: 256, tenantsMax: 1, generationsMax: 1, timeoutMs: 5000 });
  const files = createFolderStore({ root: join(root, "files"), draftsDir: join(root, "drafts") });
  const host = createTestHost({ db: test.db, clock, files });
  const contextOf = async (slug: string) =>
    createSystemContext(host, (await createTenant(test.db, { slug, name: slug })).id, "test");
  acme = await contextOf("acme");
  const beta = await contextOf("beta");
  keys.all = (await createApiKey(acme, { name: "all", permissions: [...allPermissions] })).key;
  keys.reader = (await createApiKey(acme, { name: "reader", permissions: ["costs:read"] })).key;
  keys.other = (await createApiKey(beta, { name: "other", permissions: [...allPermissions] })).key;
  api = createApi({
    host,
    store,
    engine: null,
    isReady: () => Promise.resolve(true),
    local: null,
    refusals,
    addressOf: (c) => c.req.header("x-test-address") ?? null,
  });
});

afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
  await test.drop();
});

async function get(path: string, key = keys.all, headers: Record<string, string> = {}) {
  const answer = await api.request(path, { headers: { authorization: `Bearer ${key}`, ...headers } });
  const text = await answer.text();
  const json = (text.startsWith("{") ? JSON.parse(text) : {}) as { entries: Entry[]; nextCursor: string | null };
  return { status: answer.status, headers: answer.headers, text, ...json };
}

/** Actions of acme's entries, the newest first. */
const actions = async (query: string) => (await get(`/api/v1/audit?${query}`)).entries.map(({ action }) => action);

describe("the list", () => {
  beforeAll(async () => {
    for (let number = 1; number <= 5; number += 1)
      await acme.inTenant((tx) =>
        audit(tx, acme, number % 2 === 0 ? "thing.changed" : "thing.made", { after: { number, note: "100% Zürich" } }),
      );
    await acme.inTenant((tx) => audit(tx, acme, "things.counted"));
  });

  it("has pages, the newest first, and what is new meanwhile moves nothing", async () => {
    const first = await get("/api/v1/audit?action=thing&limit=2");
    expect(first.entries.map(({ after }) => after["number"])).toEqual([5, 4]);
    await acme.inTenant((tx) => audit(tx, acme, "thing.made", { after: { number: 6 } }));
    const second = await get(`/api/v1/audit?action=thing&limit=2&cursor=${first.nextCursor}`);
    expect(second.entries.map(({ after }) => after["number"])).toEqual([3, 2]);
    const third = await get(`/api/v1/audit?action=thing&limit=2&cursor=${second.nextCursor}`);
    expect([third.entries.map(({ after }) => after["number"]), third.nextCursor]).toEqual([[1], null]);
  });

  it("says who, how, what and where in the chain", async () => {
    const [entry] = (await get("/api/v1/audit?action=things.counted")).entries;
    expect(entry).toMatchObject({
      sequence: expect.any(Number),
      at: expect.stringMatching(/Z$/),
      actor: { kind: "system", name: "test" },
      via: "system",
      address: null,
      before: null,
      after: null,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it.each([
    ["action=thing.changed", ["thing.changed", "thing.changed"]],
    ["action=thin", []],
    ["action=things", ["things.counted"]],
    ["action=things&actor=TES", ["things.counted"]],
    ["action=things&actor=system", ["things.counted"]],
    ["action=things&actor=nobody", []],
    ["action=thing.changed&text=100%25%20z%C3%BCr", ["thing.changed", "thing.changed"]],
    ["action=thing.changed&text=1_0", []],
    ["text=things.cou", ["things.counted"]],
    ["action=things&via=system", ["things.counted"]],
    ["action=things&via=page", []],
    ["action=things&from=2000-01-01", ["things.counted"]],
    ["action=things&to=2000-01-01", []],
    ["action=things&from=2999-01-01", []],
  ])("is narrowed by %s", async (query, expected) => {
    expect(await actions(query)).toEqual(expected);
  });

  it.each([
    ["from=yesterday", "from"],
    ["to=2026-02-30", "to"],
    ["limit=0", "limit"],
    ["limit=501", "limit"],
    ["cursor=abc", "cursor"],
    [`cursor=${Buffer.from('["1;--"]').toString("base64url")}`, "cursor"],
    ["action=DROP%20TABLE", "action"],
    ["via=pigeon", "via"],
  ])("refuses %s", async (query, field) => {
    const { status, text } = await get(`/api/v1/audit?${query}`);
    expect([status, (JSON.parse(text) as { detail: string }).detail]).toEqual([400, expect.stringContaining(field)]);
  });

  it("is nobody's without the permission, nor without a key", async () => {
    for (const path of ["/api/v1/audit", "/api/v1/audit/export", "/api/v1/audit/verify"]) {
      expect((await get(path, keys.reader)).status).toBe(403);
      expect((await get(path, "finops_wrong")).status).toBe(401);
    }
  });

  it("has nothing of another company, whatever id or place is named", async () => {
    const own = await get("/api/v1/audit", keys.other);
    expect(own.entries.map(({ action }) => action)).toEqual(["api-key.created"]);
    const [entry] = (await get("/api/v1/audit?action=thing")).entries;
    const { nextCursor } = await get("/api/v1/audit?limit=1");
    for (const query of [`text=${entry!.actor.name}%20thing`, "action=thing", `cursor=${nextCursor}&action=thing`])
      expect((await get(`/api/v1/audit?${query}`, keys.other)).entries).toEqual([]);
    const key = (await get("/api/v1/audit?action=api-key.created&text=reader")).entries[0]!.after["id"] as string;
    expect((await get(`/api/v1/audit?text=${key}`, keys.other)).entries).toEqual([]);
    expect((await get(`/api/v1/audit?actor=${key}`, keys.other)).entries).toEqual([]);
  });
});

describe("the export", () => {
  it("is CSV whose cells no sheet runs, and an entry of the audit itself", async () => {
    const hostile = createSystemContext(acme.host, acme.tenantId, '=HYPERLINK("http://evil")');
    await hostile.inTenant((tx) => audit(tx, hostile, "sheet.changed", { before: "@SUM(A1)", after: { a: "x,\ny" } }));
    const { headers, text } = await get("/api/v1/audit/export?action=sheet");
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(headers.get("content-disposition")).toBe('attachment; filename="audit-2026-11-22.csv"');
    const [header, line, rest] = text.split("\r\n");
    expect(header).toBe("sequence,at,actorKind,actorId,actorName,via,address,action,before,after,requestId,hash");
    expect(line).toContain(`,system,system,"'=HYPERLINK(""http://evil"")",system,,sheet.changed,`);
    expect(line).toContain(`,"""@SUM(A1)""","{""a"":""x,\\ny""}",`);
    expect(rest).toBe("");
    expect((await get("/api/v1/audit?action=audit.exported")).entries[0]).toMatchObject({
      actor: { kind: "key", name: "all" },
      via: "key",
      after: { filter: { action: "sheet" } },
    });
  });

  it("has all pages", async () => {
    await acme.inTenant((tx) =>
      tx.auditEntry.createMany({
        data: Array.from({ length: 1001 }, (_, index) => ({
          tenantId: acme.tenantId,
          actorKind: "system",
          actorId: "s",
          actorName: "S",
          via: "job",
          action: "many.done",
          requestId: String(index),
        })),
      }),
    );
    expect((await get("/api/v1/audit/export?action=many")).text.split("\r\n")).toHaveLength(1003);
  });
});

describe("who was refused", () => {
  it("stands in the audit with what was asked for, once however often, with its count", async () => {
    const ask = () => get("/api/v1/audit?limit=1", keys.reader, { "x-test-address": "192.0.2.1" });
    await refusals.flush();
    for (let time = 0; time < 4; time += 1) expect((await ask()).status).toBe(403);
    await refusals.flush();
    const { entries } = await get("/api/v1/audit?action=access.denied&actor=reader&limit=2");
    expect(entries).toMatchObject([
      { action: "access.denied", after: { count: 3, examples: [{ request: "GET /api/v1/audit" }] } },
      {
        actor: { kind: "key", name: "reader" },
        via: "key",
        address: "192.0.2.1",
        after: { request: "GET /api/v1/audit", reason: expect.stringContaining("audit:read") },
      },
    ]);
  });

  it("with a key that was revoked is known by its name", async () => {
    const { key, apiKey } = await createApiKey(acme, { name: "old", permissions: [] });
    await revokeApiKey(acme, apiKey.id);
    expect((await get("/api/v1/audit", key)).status).toBe(401);
    expect((await get("/api/v1/audit?action=sign-in.refused&actor=old")).entries).toMatchObject([
      { actor: { id: apiKey.id }, after: { method: "key", reason: "the key is revoked" } },
    ]);
  });
});

describe("signing in and out", () => {
  it("stands in the audit, and so does a link that was used before", async () => {
    const userId = await ensureUser(test.db, { email: "ann@acme.example", name: "Ann" });
    await setMember(test.db, acme.tenantId, userId, "owner");
    const { token } = await createSignInLink(test.db, clock, { tenantId: acme.tenantId, userId }, { kind: "terminal" });
    const headers = { "x-test-address": "192.0.2.2" };
    const answer = await api.request(`/sign-in/${token}`, { headers });
    const cookie = answer.headers.get("set-cookie")!.split(";")[0]!;
    expect((await api.request(`/sign-in/${token}`, { headers })).status).toBe(410);
    expect((await api.request("/sign-in/never-was", { headers })).status).toBe(410);
    // A form of another site, which carries the cookie and cannot carry the header.
    const forged = await api.request("/api/v1/audit/seal", { method: "POST", headers: { cookie, ...headers } });
    expect(forged.status).toBe(403);
    await api.request("/sign-out", { method: "POST", headers: { cookie, "x-finops-request": "1", ...headers } });
    const { entries } = await get(`/api/v1/audit?actor=${userId}`);
    expect(entries).toMatchObject([
      { action: "session.ended" },
      { action: "access.denied", after: { request: "POST /api/v1/audit/seal" } },
      { action: "sign-in.refused", after: { method: "link", reason: "the link was used before" } },
      { action: "session.started", after: { method: "terminal" } },
    ]);
    for (const entry of entries)
      expect(entry).toMatchObject({ actor: { kind: "person", name: "Ann" }, via: "page", address: "192.0.2.2" });
    expect(JSON.stringify(entries)).not.toContain(token);
  });
});

describe("verifying and sealing", () => {
  const seal = (before: unknown, key = keys.all) =>
    api.request("/api/v1/audit/seal", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ before }),
    });

  it("says that the chain is whole, before and after its old part was put away", async () => {
    const before = JSON.parse((await get("/api/v1/audit/verify")).text) as { entries: number };
    expect(before).toMatchObject({ sealed: 0, headHash: expect.stringMatching(/^[0-9a-f]{64}$/), fault: null });
    const answer = await seal("2999-01-01");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ segments: [{ first: 1, last: before.entries }] });
    expect(JSON.parse((await get("/api/v1/audit/verify")).text)).toMatchObject({
      entries: before.entries + 1,
      sealed: before.entries,
      fault: null,
    });
    expect(await actions("")).toEqual(["audit.sealed"]);
    expect(JSON.parse((await get("/api/v1/audit/verify", keys.other)).text)).toMatchObject({ entries: 1, sealed: 0 });
  });

  it("is refused for what is no day, and to who may not", async () => {
    expect((await seal("soon")).status).toBe(400);
    expect((await seal("2026-01-01", keys.reader)).status).toBe(403);
  });
});
