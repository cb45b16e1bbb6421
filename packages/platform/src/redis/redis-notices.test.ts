import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newId } from "@finops/kernel/id";
import type { Notices, OnNotice } from "../events/notices.ts";
import { silentLog } from "../observe/log.ts";
import { startTestRedis, type TestRedis } from "../testing/redis-server.ts";
import { createRedisNotices } from "./redis-notices.ts";
import { openSharedRedis } from "./shared-redis.ts";

const leaseMs = 600;
const acme = newId();

/** The database's notices, to as many as listen. */
function createSource() {
  const listening = new Set<OnNotice>();
  let isBroken = false;
  const source: Notices = {
    async listen(onNotice) {
      if (isBroken) throw new Error("no connection that listens");
      listening.add(onNotice);
      return () => void listening.delete(onNotice);
    },
  };
  const say: OnNotice = (...notice) => listening.forEach((onNotice) => onNotice(...notice));
  return { source, say, listeners: () => listening.size, setBroken: (now: boolean) => (isBroken = now) };
}

let server: TestRedis;
let database: ReturnType<typeof createSource>;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  server = await startTestRedis();
  database = createSource();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await server.stop();
});

/** What one process hears. */
async function openProcess(source: Notices = database.source) {
  const redis = openSharedRedis({ url: server.url, prefix: "finops", log: silentLog, answerMaxMs: 100 });
  const notices = createRedisNotices({ redis, source, log: silentLog, leaseMs });
  const heard: string[] = [];
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await notices.close();
    redis.close();
  };
  closing.push(close);
  await notices.listen((because, tenantId) => heard.push(`${because} ${tenantId === acme ? "acme" : tenantId}`));
  return { heard, close, redis };
}
type Process = Awaited<ReturnType<typeof openProcess>>;

/** Waits until one process listens for all, and forgets what was heard until then. */
async function settled(...processes: Process[]): Promise<void> {
  await expect.poll(database.listeners).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, leaseMs));
  expect(database.listeners()).toBe(1);
  for (const { heard } of processes) heard.splice(0);
}

describe("processes that share a Redis", () => {
  it("all hear what the one that listens hears, once each", async () => {
    const processes = [await openProcess(), await openProcess(), await openProcess()];
    await settled(...processes);
    database.say("changed", acme);
    database.say("access", acme);
    for (const { heard } of processes) await expect.poll(() => heard).toEqual(["changed acme", "access acme"]);
  });

  it("go on with another that listens when that one ends, and read anew", async () => {
    const first = await openProcess();
    await settled(first);
    const second = await openProcess();
    await settled(first, second);
    await first.close();
    await expect.poll(database.listeners).toBe(1);
    await expect.poll(() => second.heard).toContain("access null");
    database.say("changed", acme);
    await expect.poll(() => second.heard).toContain("changed acme");
  });

  it("go on with another when the one that listens cannot", async () => {
    const poor = createSource();
    poor.setBroken(true);
    const [first, second] = [await openProcess(poor.source), await openProcess()];
    await settled(first, second);
    database.say("changed", acme);
    for (const { heard } of [first, second]) await expect.poll(() => heard).toEqual(["changed acme"]);
  });
});

describe("while Redis is away", () => {
  it("each process listens itself, and leaves it to one again after it", async () => {
    const processes = [await openProcess(), await openProcess()];
    await settled(...processes);
    await server.kill();
    await expect.poll(database.listeners).toBe(2);
    for (const { heard } of processes) heard.splice(0);
    database.say("changed", acme);
    for (const { heard } of processes) expect(heard).toEqual(["changed acme"]);
    await server.restart();
    // Who hears Redis again may have missed something, and reads anew.
    for (const { heard } of processes) await expect.poll(() => heard).toContain("access null");
    await settled(...processes);
    database.say("changed", acme);
    for (const { heard } of processes) await expect.poll(() => heard).toEqual(["changed acme"]);
  });

  it("a Redis that stands still is as good as none", async () => {
    const processes = [await openProcess(), await openProcess()];
    await settled(...processes);
    process.kill(server.pid(), "SIGSTOP");
    await expect.poll(database.listeners).toBe(2);
    process.kill(server.pid(), "SIGCONT");
    await settled(...processes);
  });

  it("a process starts all the same", async () => {
    await server.kill();
    const { heard } = await openProcess();
    database.say("changed", acme);
    expect(heard).toEqual(["access null", "changed acme"]);
  });
});
