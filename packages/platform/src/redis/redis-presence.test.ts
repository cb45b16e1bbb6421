import { afterEach, beforeEach, expect, it } from "vitest";
import { silentLog } from "../observe/log.ts";
import { openTestProcess, startTestRedis, type TestRedis } from "../testing/redis-server.ts";
import { createRedisPresence, type Presence } from "./redis-presence.ts";
import { openSharedRedis, type SharedRedis } from "./shared-redis.ts";

const everyMs = 100;

let server: TestRedis;
const opened: { redis: SharedRedis; presence: Presence }[] = [];

beforeEach(async () => {
  server = await startTestRedis();
});
afterEach(async () => {
  for (const { redis, presence } of opened.splice(0)) {
    await presence.close();
    redis.close();
  }
  await server.stop();
});

async function openProcess(prefix = "finops") {
  const redis = await openTestProcess({ url: server.url, prefix, log: silentLog, answerMaxMs: 10_000 });
  const presence = createRedisPresence({ redis, log: silentLog, everyMs });
  opened.push({ redis, presence });
  return { redis, presence };
}

it("counts the processes that are there, and no other installation's", async () => {
  const [first, second] = [await openProcess(), await openProcess()];
  await openProcess("other");
  await expect.poll(() => [first.presence.count(), second.presence.count()]).toEqual([2, 2]);
  await second.presence.close();
  await expect.poll(() => first.presence.count()).toBe(1);
});

it("no longer counts one that is gone without a word", async () => {
  const [first, second] = [await openProcess(), await openProcess()];
  await expect.poll(() => first.presence.count()).toBe(2);
  second.redis.close();
  await expect.poll(() => first.presence.count()).toBe(1);
});

it("keeps the last count while Redis is away, and counts again after it", async () => {
  const [first, second] = [await openProcess(), await openProcess()];
  await expect.poll(() => first.presence.count()).toBe(2);
  await server.kill();
  await new Promise((resolve) => setTimeout(resolve, 4 * everyMs));
  expect([first.presence.count(), second.presence.count()]).toEqual([2, 2]);
  await server.restart();
  await expect.poll(() => server.call("ZCARD", "finops:processes")).toBe(2);
  await expect.poll(() => [first.presence.count(), second.presence.count()]).toEqual([2, 2]);
});

it("is alone before it has heard anything", async () => {
  await server.kill();
  const redis = openSharedRedis({ url: server.url, prefix: "x", log: silentLog });
  const presence = createRedisPresence({ redis, log: silentLog, everyMs });
  opened.push({ redis, presence });
  expect(presence.count()).toBe(1);
});
