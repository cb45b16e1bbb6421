import { createAdaptorServer, type ServerType } from "@hono/node-server";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createApi } from "@finops/api/app";
import { systemClock } from "@finops/kernel/clock";
import { allPermissions } from "@finops/platform/access/permissions";
import { dayToColumn } from "@finops/platform/db/day-column";
import { createApiKey } from "@finops/platform/identity/api-keys";
import { createSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { enqueue } from "@finops/platform/jobs/work-items";
import { createContext } from "@finops/platform/tenancy/context";
import { createTenant, type Tenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { DuckDBStore } from "@finops/warehouse/engines/duckdb/duckdb-store";
import { type ServedLive, serveLive } from "./serve-live.ts";

let test: TestDatabase;
let store: DuckDBStore;
let root: string;
let server: ServerType;
let live: ServedLive;
let port: number;
let acme: Tenant;
let beta: Tenant;
const open: WebSocket[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  root = mkdtempSync(join(tmpdir(), "finops-live-"));
  store = new DuckDBStore({ root, threads: 1, memoryMb: 256, tenantsMax: 1, generationsMax: 1, timeoutMs: 5000 });
  acme = await createTenant(test.db, { slug: "acme", name: "Acme" });
  beta = await createTenant(test.db, { slug: "beta", name: "Beta" });
  const api = createApi({
    host: createTestHost({ db: test.db }),
    store,
    engine: null,
    isReady: () => Promise.resolve(true),
    local: null,
  });
  server = createAdaptorServer({ fetch: api.fetch });
  live = serveLive(server, { fetch: api.fetch, sendMaxMs: 700 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as { port: number }).port;
});

afterAll(async () => {
  live.stop();
  server.close();
  await store.close();
  rmSync(root, { recursive: true, force: true });
  await test.drop();
});

afterEach(() => {
  for (const socket of open.splice(0)) socket.terminate();
});

interface Message {
  type: string;
  position: string;
  events?: { topic: string; key: string; body: Record<string, unknown> }[];
}

interface Listening {
  socket: WebSocket;
  heard: Message[];
  /** `topic key` of all events that were heard. */
  keys(): string[];
  ended: Promise<{ code: number; reason: string }>;
}

/** Connects and waits for the first word; rejects with the status when it is refused. */
async function listen(options: { headers: Record<string, string>; after?: string }): Promise<Listening> {
  const query = options.after === undefined ? "" : `?after=${options.after}`;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/live${query}`, { headers: options.headers });
  open.push(socket);
  const heard: Message[] = [];
  const ended = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  await new Promise<void>((resolve, reject) => {
    socket.on("message", (data: Buffer) => {
      heard.push(JSON.parse(data.toString()) as Message);
      resolve();
    });
    socket.on("unexpected-response", (_, response) => reject(new Error(String(response.statusCode))));
    socket.on("error", reject);
  });
  const keys = () => heard.flatMap((message) => (message.events ?? []).map((event) => `${event.topic} ${event.key}`));
  return { socket, heard, keys, ended };
}

let people = 0;
async function signIn(tenant: Tenant, role = "owner"): Promise<{ headers: Record<string, string>; userId: string }> {
  const userId = await ensureUser(test.db, { email: `p${people++}@example.com`, name: "Ann" });
  await setMember(test.db, tenant.id, userId, role);
  const { token } = await createSession(test.db, systemClock, { tenantId: tenant.id, userId, method: "test" });
  return { userId, headers: { cookie: `__Host-finops_session=${token}`, origin: `http://127.0.0.1:${port}` } };
}

async function makeKey(tenant: Tenant, permissions: string[]): Promise<Record<string, string>> {
  const ctx = createContext(createTestHost({ db: test.db }), {
    tenantId: tenant.id,
    actor: { kind: "system", id: "test", name: "test" },
    via: "system",
    permissions: allPermissions,
  });
  return { authorization: `Bearer ${(await createApiKey(ctx, { name: "key", permissions })).key}` };
}

const publish = (tenant: Tenant, billingPeriod: string) =>
  test.db.inTenant(tenant.id, (tx) =>
    tx.publication.create({
      data: { billingPeriod: dayToColumn(billingPeriod), kind: "publish", versionIds: [], actor: "test" },
    }),
  );
const startImport = (tenant: Tenant, importId: string) =>
  test.db.inTenant(tenant.id, (tx) => enqueue(tx, { kind: "import", pool: "imports", payload: { importId } }));

describe("who listens", () => {
  it("hears what changes from then on", async () => {
    await publish(acme, "2026-01-01");
    const reader = await listen(await signIn(acme));
    expect(reader.heard[0]).toMatchObject({ type: "ready", position: expect.stringMatching(/^\d+$/) });
    await startImport(acme, "one");
    await publish(acme, "2026-02-01");
    await expect.poll(reader.keys).toEqual(["import one", "published 2026-02-01"]);
  });

  it("hears after a break what happened meanwhile, and nothing twice", async () => {
    const person = await signIn(acme);
    const first = await listen(person);
    await publish(acme, "2026-03-01");
    await expect.poll(first.keys).toEqual(["published 2026-03-01"]);
    first.socket.terminate();
    await publish(acme, "2026-04-01");
    await startImport(acme, "meanwhile");
    const second = await listen({ ...person, after: first.heard.at(-1)!.position });
    await expect.poll(second.keys).toEqual(["published 2026-04-01", "import meanwhile"]);
  });

  it("is told to read everything anew when its position is of another history", async () => {
    const reader = await listen({ ...(await signIn(acme)), after: "99999999" });
    await expect.poll(() => reader.heard.map((message) => message.type)).toEqual(["ready", "reset"]);
  });

  it("hears nothing of another company", async () => {
    const [ofAcme, ofBeta] = [await listen(await signIn(acme)), await listen(await signIn(beta))];
    await publish(beta, "2026-05-01");
    await expect.poll(ofBeta.keys).toEqual(["published 2026-05-01"]);
    await publish(acme, "2026-06-01");
    await expect.poll(ofAcme.keys).toEqual(["published 2026-06-01"]);
  });

  it("hears with a key what the key may read, and no more", async () => {
    const reader = await listen({ headers: await makeKey(acme, ["costs:read"]) });
    await startImport(acme, "hidden");
    await publish(acme, "2026-07-01");
    await expect.poll(reader.keys).toEqual(["published 2026-07-01"]);
  });

  it("is let go when the session ends", async () => {
    const person = await signIn(acme);
    const reader = await listen(person);
    const out = await fetch(`http://127.0.0.1:${port}/sign-out`, {
      method: "POST",
      headers: { ...person.headers, "x-finops-request": "1" },
    });
    expect(out.status).toBe(204);
    expect(await reader.ended).toEqual({ code: 4401, reason: "The session has ended." });
  });

  it("is let go when the person leaves the company", async () => {
    const person = await signIn(acme, "viewer");
    const reader = await listen(person);
    await test.db.inTenant(acme.id, (tx) => tx.membership.deleteMany({ where: { userId: person.userId } }));
    expect((await reader.ended).code).toBe(4401);
  });

  it("is let go when it does not take what it is told, and misses nothing when it is back", async () => {
    const person = await signIn(acme);
    const reader = await listen(person);
    const { position } = reader.heard[0]!;
    reader.socket.pause();
    const body = JSON.stringify({ filler: "x".repeat(200_000) });
    await test.db.inTenant(acme.id, async (tx) => {
      for (let index = 0; index < 60; index++)
        await tx.$queryRaw`select append_live_event(${acme.id}::uuid, 'job', ${`big-${index}`}, ${body}::jsonb)::text`;
    });
    // Memory is bounded by one message: the next is read when this one has left.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    reader.socket.resume();
    expect((await reader.ended).code).toBe(1006);
    const back = await listen({ ...person, after: position });
    await expect.poll(() => back.keys().length).toBe(60);
  });

  it("is cut off when it talks", async () => {
    const reader = await listen(await signIn(acme));
    reader.socket.send("hello");
    expect((await reader.ended).code).toBe(1008);
  });
});

describe("who may not listen", () => {
  it.each([
    ["without a session", 401, {}],
    ["with a session that is none", 401, { cookie: "__Host-finops_session=none" }],
    ["with a key that is none", 401, { authorization: "Bearer finops_none" }],
  ])("is refused %s", async (_, status, headers) => {
    await expect(listen({ headers: { ...headers, origin: `http://127.0.0.1:${port}` } })).rejects.toThrow(
      String(status),
    );
  });

  it("is a page of another site, whose browser sends the cookie along", async () => {
    const { headers } = await signIn(acme);
    for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1"])
      await expect(listen({ headers: { ...headers, origin } })).rejects.toThrow("403");
    await expect(listen({ headers: { cookie: headers["cookie"]! } })).rejects.toThrow("403");
  });

  it("is a key that may read nothing of it", async () => {
    await expect(listen({ headers: await makeKey(acme, ["exports:write"]) })).rejects.toThrow("403");
  });

  it("is the twenty-first page of one person", async () => {
    const person = await signIn(acme);
    for (let index = 0; index < 20; index++) await listen(person);
    await expect(listen(person)).rejects.toThrow("429");
    await listen(await signIn(acme));
  });

  it("is whoever names a position that is none", async () => {
    await expect(listen({ ...(await signIn(acme)), after: "first" })).rejects.toThrow("400");
  });
});

it("answers once to those who poll", async () => {
  const { headers } = await signIn(beta);
  const ask = async (after?: string) =>
    (await (
      await fetch(`http://127.0.0.1:${port}/api/v1/live${after === undefined ? "" : `?after=${after}`}`, { headers })
    ).json()) as Message;
  const { position } = await ask();
  await publish(beta, "2026-08-01");
  expect(await ask(position)).toMatchObject({ isReset: false, events: [{ topic: "published", key: "2026-08-01" }] });
});
