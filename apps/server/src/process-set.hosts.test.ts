import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "@finops/kernel/clock";
import { type Database, openDatabase } from "@finops/platform/db/database";
import { createSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { createTenant, type Tenant } from "@finops/platform/tenancy/tenants";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { type ProcessSet, startProcessSet } from "./testing/process-set.ts";
import type { ServerProcess } from "./testing/server-process.ts";

vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

let set: ProcessSet;
let apis: ServerProcess[];
let worker: ServerProcess;
let urls: string[];
let db: Database;
let acme: Tenant;
let cookie: string;

beforeAll(async () => {
  set = await startProcessSet();
  // One may migrate; the others wait for it.
  apis = [
    set.start("api-1", { FINOPS_ROLE: "api" }),
    set.start("api-2", { FINOPS_ROLE: "api", FINOPS_DATABASE_OWNER_URL: set.postgres.ownerUrl }),
  ];
  worker = set.start("worker-1", { FINOPS_ROLE: "worker" });
  urls = await Promise.all(apis.map((api) => api.ready()));
  await worker.ready();
  db = openDatabase({ appUrl: set.postgres.appUrl, connectionsMax: 3 });
  acme = await createTenant(db, { slug: "acme", name: "Acme" });
  cookie = await signIn();
});
afterAll(async () => {
  await db?.close();
  await set?.stop();
});

async function signIn(): Promise<string> {
  const userId = await ensureUser(db, { email: "ann@acme.example", name: "Ann" });
  await setMember(db, acme.id, userId, "owner");
  const { token } = await createSession(db, systemClock, { tenantId: acme.id, userId, method: "test" });
  return `__Host-finops_session=${token}`;
}

type Sent = Omit<RequestInit, "headers"> & { headers?: Record<string, string>; duplex?: "half" };

const ask = (api: number, path: string, sent: Sent = {}) =>
  fetch(`${urls[api]}${path}`, {
    ...sent,
    headers: { cookie, "x-finops-request": "1", "content-type": "application/json", ...sent.headers },
  });

async function answer<T>(api: number, path: string, init: Sent = {}): Promise<T> {
  const response = await ask(api, path, init);
  if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** A bill whose rows add up to that many dollars, larger than one piece of an upload. */
function bill(dollars: number): string {
  const description = "An hour of a machine. ".repeat(180);
  const rows = Array.from({ length: 2_100 }, (_, index) => ({
    BilledCost: index === 0 ? String(dollars) : "0",
    EffectiveCost: "0",
    ResourceId: `i-${index}`,
    ChargeDescription: description,
  }));
  return focusBill(rows);
}

interface ImportState {
  id: string;
  state: string;
  error: unknown;
  reports: { rowsPublished: number }[];
}

/** Sends a bill in two pieces, each to another process, and starts its import. */
async function startImport(content: string): Promise<string> {
  const bytes = new TextEncoder().encode(content);
  const half = 8 * 1024 ** 2;
  expect(bytes.length).toBeGreaterThan(half);
  const { id } = await answer<ImportState>(0, "/api/v1/imports", { method: "POST" });
  for (const [api, offset, end] of [
    [0, 0, half],
    [1, half, bytes.length],
  ] as const) {
    const piece = { "upload-offset": String(offset), "upload-length": String(bytes.length) };
    await answer(api, `/api/v1/imports/${id}/file?name=may.csv`, {
      method: "PUT",
      body: bytes.slice(offset, end),
      headers: { ...piece, "content-type": "application/octet-stream" },
    });
  }
  await answer(1, `/api/v1/imports/${id}/start`, { method: "POST", body: "{}" });
  return id;
}

const importOf = (api: number, id: string) => answer<ImportState>(api, `/api/v1/imports/${id}`);

async function billed(api: number): Promise<string | null> {
  const query = { measures: ["billedCost"], period: { start: "2026-05-01", end: "2026-06-01" } };
  const { totals } = await answer<{ totals: { values: { billedCost: { value: string } } }[] }>(
    api,
    "/api/v1/cost/query",
    { method: "POST", body: JSON.stringify(query) },
  );
  return totals[0]?.values.billedCost.value ?? null;
}

/** What a page of that process is told of. */
async function listen(api: number) {
  const url = urls[api]!;
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/live`, { headers: { cookie, origin: url } });
  const topics: string[] = [];
  const ended = new Promise<number>((resolve) => socket.on("close", resolve));
  await new Promise<void>((resolve, reject) => {
    socket.on("message", (data: Buffer) => {
      const { events = [] } = JSON.parse(data.toString()) as { events?: { topic: string }[] };
      topics.push(...events.map(({ topic }) => topic));
      resolve();
    });
    socket.on("error", reject);
  });
  return { topics, ended };
}

const imported = (id: string) =>
  expect.poll(async () => (await importOf(1, id)).state, { timeout: 60_000, interval: 200 });

it("takes a bill in by two processes, works it off in a third, and shows and tells it everywhere", async () => {
  const page = await listen(1);
  const id = await startImport(bill(3));
  await imported(id).toBe("done");
  expect([await billed(0), await billed(1)]).toEqual(["3", "3"]);
  await expect.poll(() => page.topics).toEqual(expect.arrayContaining(["import", "published"]));
});

it("serves nothing but its health from a worker", async () => {
  const url = await worker.ready();
  const paths = ["/healthz", "/readyz", "/api/v1/datasets", "/"];
  expect(await Promise.all(paths.map(async (path) => (await fetch(`${url}${path}`)).status))).toEqual([
    200, 200, 404, 404,
  ]);
});

it("finishes an import once whose worker is killed in the middle of it", async () => {
  const id = await startImport(bill(5));
  await expect.poll(async () => (await importOf(0, id)).state, { interval: 20, timeout: 20_000 }).toBe("running");
  await sleep(300);
  expect((await importOf(0, id)).state).toBe("running");
  worker.child.kill("SIGKILL");
  await worker.ended;
  expect(await billed(1)).toBe("3");
  worker = set.start("worker-2", { FINOPS_ROLE: "worker" });
  await imported(id).toBe("done");
  expect([await billed(0), await billed(1)]).toEqual(["5", "5"]);
  const [item] = await db.inTenant(acme.id, (tx) => tx.workItem.findMany({ orderBy: { id: "desc" }, take: 1 }));
  const current = await db.inTenant(acme.id, (tx) => tx.datasetVersion.count({ where: { state: "published" } }));
  expect([item!.attempts, current]).toEqual([2, 1]);
});

it("ends a session everywhere that was ended on one", async () => {
  const page = await listen(1);
  expect((await ask(1, "/api/v1/datasets")).status).toBe(200);
  expect((await ask(0, "/sign-out", { method: "POST" })).status).toBe(204);
  expect((await ask(1, "/api/v1/datasets")).status).toBe(401);
  expect(await page.ended).toBeGreaterThanOrEqual(4000);
  cookie = await signIn();
});

it("ends in order when it is told to: first it is not ready, then it takes no more requests", async () => {
  const [first] = apis;
  const { id } = await answer<ImportState>(0, "/api/v1/imports", { method: "POST" });
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const sender = writable.getWriter();
  const slow = ask(0, `/api/v1/imports/${id}/file?name=slow.csv`, {
    method: "PUT",
    body: readable,
    duplex: "half",
    headers: { "content-type": "application/octet-stream" },
  });
  await sender.write(new Uint8Array([1]));
  first!.child.kill("SIGTERM");
  await expect.poll(async () => (await fetch(`${urls[0]}/readyz`)).status).toBe(503);
  // Who sends requests learns of it a moment later; until then they are answered.
  expect([(await fetch(`${urls[0]}/healthz`)).status, await billed(0), await billed(1)]).toEqual([200, "5", "5"]);
  const isRefused = () =>
    fetch(`${urls[0]}/healthz`).then(
      () => false,
      () => true,
    );
  await expect.poll(isRefused, { timeout: 15_000 }).toBe(true);
  // What was under way ends as if nothing were.
  await sender.write(new Uint8Array([2]));
  await sender.close();
  expect([(await slow).status, await first!.ended]).toEqual([200, 0]);
  apis[0] = set.start("api-1", { FINOPS_ROLE: "api" });
  urls[0] = await apis[0].ready();
  expect(await billed(0)).toBe("5");
});
