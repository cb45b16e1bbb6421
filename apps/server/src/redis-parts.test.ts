import { createAdaptorServer, type ServerType } from "@hono/node-server";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createApi } from "@finops/api/app";
import { defaultRateLimits } from "@finops/api/rate-limits";
import { systemClock } from "@finops/kernel/clock";
import { openDatabase, type Database } from "@finops/platform/db/database";
import { createSession, endSessionsOfUser } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { enqueue } from "@finops/platform/jobs/work-items";
import { createTenant, type Tenant } from "@finops/platform/tenancy/tenants";
import { startTestRedis, type TestRedis } from "@finops/platform/testing/redis-server";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { DuckDBStore } from "@finops/warehouse/engines/duckdb/duckdb-store";
import { openRedisParts, readRedis } from "./redis-parts.ts";
import { serveLive } from "./serve-live.ts";
import { startServerProcess } from "./testing/server-process.ts";

const quota = 8;

let test: TestDatabase;
let store: DuckDBStore;
let root: string;
let acme: Tenant;
let redis: TestRedis;
let processes: ApiProcess[];
let people = 0;

interface ApiProcess {
  url: string;
  processes: () => number;
  db: Database;
  close(): Promise<void>;
}

beforeAll(async () => {
  test = await createTestDatabase();
  root = mkdtempSync(join(tmpdir(), "finops-redis-"));
  store = new DuckDBStore({ root, threads: 1, memoryMb: 256, tenantsMax: 1, generationsMax: 1, timeoutMs: 5000 });
  acme = await createTenant(test.db, { slug: "acme", name: "Acme" });
});
afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
  await test.drop();
});
beforeEach(async () => {
  redis = await startTestRedis();
  processes = [await openProcess(), await openProcess()];
});
afterEach(async () => {
  for (const one of processes) await one.close();
  await redis.stop();
});

/** All that one process has of its own: connections, API, sockets. */
async function openProcess(): Promise<ApiProcess> {
  const db = openDatabase({ appUrl: test.appUrl, connectionsMax: 4 });
  const host = createTestHost({ db });
  const parts = await openRedisParts(
    { url: redis.url, prefix: "finops" },
    { host, deriveKey: () => new Uint8Array(32) },
    "api",
  );
  const api = createApi({
    host,
    store,
    engine: null,
    isReady: () => Promise.resolve(true),
    local: null,
    live: parts.live,
    limiter: parts.limiter,
    limits: { ...defaultRateLimits, person: { quota, windowSeconds: 600 } },
  });
  const server: ServerType = createAdaptorServer({ fetch: api.fetch });
  const live = serveLive(server, { fetch: api.fetch });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    processes: parts.processes,
    url: `127.0.0.1:${(server.address() as { port: number }).port}`,
    db,
    async close() {
      live.stop();
      server.close();
      await parts.close();
      await db.close();
    },
  };
}

async function signIn(): Promise<{ userId: string; cookie: string }> {
  const userId = await ensureUser(test.db, { email: `p${people++}@example.com`, name: "Ann" });
  await setMember(test.db, acme.id, userId, "owner");
  const { token } = await createSession(test.db, systemClock, { tenantId: acme.id, userId, method: "test" });
  return { userId, cookie: `__Host-finops_session=${token}` };
}

async function ask({ url }: ApiProcess, cookie: string): Promise<number> {
  return (await fetch(`http://${url}/api/v1/cost/catalog`, { headers: { cookie } })).status;
}

async function listen({ url }: ApiProcess, cookie: string) {
  const socket = new WebSocket(`ws://${url}/api/v1/live`, { headers: { cookie, origin: `http://${url}` } });
  const keys: string[] = [];
  const ended = new Promise<number>((resolve) => socket.on("close", resolve));
  await new Promise<void>((resolve, reject) => {
    socket.on("message", (data: Buffer) => {
      const { events = [] } = JSON.parse(data.toString()) as { events?: { key: string }[] };
      keys.push(...events.map(({ key }) => key));
      resolve();
    });
    socket.on("error", reject);
  });
  return { keys, ended };
}

const startImport = ({ db }: ApiProcess, importId: string) =>
  db.inTenant(acme.id, (tx) => enqueue(tx, { kind: "import", pool: "imports", payload: { importId } }));

/** Waits until both processes are connected and one of them listens to the database for both. */
async function settle(): Promise<void> {
  const heardBy = () => redis.call("PUBSUB", "NUMSUB", "finops:notices");
  await expect.poll(heardBy).toEqual(["finops:notices", 2]);
  await expect.poll(() => redis.call("EXISTS", "finops:notices:relay")).toBe(1);
}

describe("two processes on one Redis", () => {
  it("let exactly a person's quota through together", async () => {
    const { cookie } = await signIn();
    for (const one of processes) await ask(one, (await signIn()).cookie);
    const answers = await Promise.all(Array.from({ length: 30 }, (_, turn) => ask(processes[turn % 2]!, cookie)));
    expect(answers.filter((status) => status === 200)).toHaveLength(quota);
    expect(answers.filter((status) => status === 429)).toHaveLength(30 - quota);
  });

  it("know how many they are, for what one company may ask of all of them", async () => {
    await expect.poll(() => processes.map((one) => one.processes())).toEqual([2, 2]);
  });

  it("tell pages what another process did, while Redis is there, gone and there again", async () => {
    const { cookie } = await signIn();
    const readers = [await listen(processes[0]!, cookie), await listen(processes[1]!, cookie)];
    await settle();
    const both = (expected: string[]) =>
      Promise.all(readers.map(({ keys }) => expect.poll(() => keys).toEqual(expected)));
    await startImport(processes[0]!, "one");
    await startImport(processes[1]!, "two");
    await both(["one", "two"]);
    await redis.kill();
    // Told in the very moment, before anybody knows that Redis is gone.
    await startImport(processes[0]!, "three");
    await both(["one", "two", "three"]);
    await redis.restart();
    await startImport(processes[1]!, "four");
    await settle();
    await startImport(processes[0]!, "five");
    await both(["one", "two", "three", "four", "five"]);
  });

  it("let go of a page whose session another process ended, also while Redis is gone", async () => {
    const [first, second] = [await signIn(), await signIn()];
    const readers = [await listen(processes[0]!, first.cookie), await listen(processes[1]!, second.cookie)];
    await settle();
    await endSessionsOfUser(processes[1]!.db, systemClock, first.userId);
    expect(await readers[0]!.ended).toBe(4401);
    await redis.kill();
    await endSessionsOfUser(processes[0]!.db, systemClock, second.userId);
    expect(await readers[1]!.ended).toBe(4401);
  });

  it("know of a session that another process ended with the next request, whatever Redis does", async () => {
    const { userId, cookie } = await signIn();
    expect(await ask(processes[0]!, cookie)).toBe(200);
    await redis.kill();
    expect(await ask(processes[0]!, cookie)).toBe(200);
    await endSessionsOfUser(processes[1]!.db, systemClock, userId);
    expect(await ask(processes[0]!, cookie)).toBe(401);
    await redis.restart();
    expect(await ask(processes[0]!, cookie)).toBe(401);
  });
});

describe("a server that is started with the setting", { timeout: 120_000 }, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "finops-redis-server-"));
    // PostgreSQL does not run as root, so its own user must be able to walk into the folder.
    chmodSync(folder, 0o711);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("counts in the Redis of the address, by TLS, and ends in order", async () => {
    const certs = join(folder, "certs");
    const made = spawnSync(fileURLToPath(new URL("../../../scripts/make-certs.sh", import.meta.url)), [certs]);
    expect(made.status).toBe(0);
    const shared = await startTestRedis({ cert: join(certs, "localhost.pem"), key: join(certs, "localhost-key.pem") });
    const server = startServerProcess(join(folder, "data"), {
      env: { FINOPS_REDIS_URL: shared.tlsUrl!, NODE_EXTRA_CA_CERTS: join(certs, "ca.pem") },
    });
    try {
      const url = await server.ready();
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      expect(String(await shared.call("INFO", "commandstats"))).toMatch(/cmdstat_evalsha:/);
      server.child.kill("SIGINT");
      expect(await server.ended).toBe(0);
      expect(server.output()).not.toContain("Redis");
    } finally {
      server.child.kill("SIGKILL");
      await shared.stop();
    }
  });

  it("works without that Redis, and says in the log that it is away", async () => {
    await redis.kill();
    const server = startServerProcess(join(folder, "alone"), { env: { FINOPS_REDIS_URL: redis.url } });
    try {
      expect((await fetch(`${await server.ready()}/readyz`)).status).toBe(200);
      expect(server.output()).toContain("Redis is away; it is tried again");
      expect(server.output()).toContain("each process counts requests for itself");
    } finally {
      server.child.kill("SIGKILL");
      await server.ended;
    }
  });
});

describe("the setting", () => {
  it("is an address of Redis and a prefix", () => {
    expect(readRedis({})).toBeNull();
    expect(readRedis({ FINOPS_REDIS_URL: "rediss://:secret@redis.example.com:6380/1" })).toEqual({
      url: "rediss://:secret@redis.example.com:6380/1",
      prefix: "finops",
    });
    expect(readRedis({ FINOPS_REDIS_URL: "redis://localhost", FINOPS_REDIS_PREFIX: "finops:eu-1" })?.prefix).toBe(
      "finops:eu-1",
    );
  });

  it.each([
    [{ FINOPS_REDIS_URL: "localhost:6379" }, "rediss://user:password@"],
    [{ FINOPS_REDIS_URL: "http://:secret@redis.example.com" }, "rediss://user:password@"],
    [{ FINOPS_REDIS_URL: "redis://localhost", FINOPS_REDIS_PREFIX: "two words" }, "FINOPS_REDIS_PREFIX takes"],
  ])("is refused as %j, without repeating a password", (env, sentence) => {
    expect(() => readRedis(env)).toThrow(sentence);
    expect(() => readRedis(env)).not.toThrow("secret");
  });
});
