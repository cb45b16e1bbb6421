import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRateLimiter, type RateLimiter } from "../limits/rate-limiter.ts";
import { createLog } from "../observe/log.ts";
import { openTestProcess, startTestRedis, type TestRedis } from "../testing/redis-server.ts";
import { createRedisRateLimiter } from "./redis-rate-limiter.ts";
import { openSharedRedis, type SharedRedis } from "./shared-redis.ts";

const limit = { quota: 20, windowSeconds: 600 };
const rate = "finops:rate:";

let server: TestRedis;
let logged: string[];
const opened: SharedRedis[] = [];

beforeEach(async () => {
  server = await startTestRedis();
  logged = [];
});
afterEach(async () => {
  for (const redis of opened.splice(0)) redis.close();
  await server.stop();
});

/** What one process has of the limits. A busy machine is no Redis that is away, so by default it is waited for. */
async function openProcess({ pauseMs = 100, prefix = "finops", answerMaxMs = 10_000 } = {}): Promise<RateLimiter> {
  const log = createLog({ level: "warn", destination: { write: (line) => void logged.push(JSON.parse(line).msg) } });
  const redis = await openTestProcess({ url: server.url, prefix, log, answerMaxMs });
  opened.push(redis);
  return createRedisRateLimiter({ redis, local: createRateLimiter(), log, pauseMs });
}

async function takeOften(limiters: readonly RateLimiter[], times: number, key = "account ann"): Promise<number> {
  const turns = Array.from({ length: times }, (_, turn) => limiters[turn % limiters.length]!.take(key, limit));
  return (await Promise.all(turns)).filter((taken) => taken.isAllowed).length;
}

describe("processes that share a Redis", () => {
  it("let exactly the quota through together, also when all ask at once", async () => {
    const processes = [await openProcess(), await openProcess(), await openProcess()];
    expect(await takeOften(processes, 300)).toBe(limit.quota);
    expect(await takeOften(processes, 30, "account bob")).toBe(limit.quota);
  });

  it("count nothing of another installation on the same server", async () => {
    const [one, other] = [await openProcess(), await openProcess({ prefix: "other" })];
    expect(await takeOften([one], 30)).toBe(limit.quota);
    expect(await takeOften([other], 30)).toBe(limit.quota);
  });

  it("leave nothing behind of a bucket that is full again", async () => {
    const limiter = await openProcess();
    await limiter.take("account ann", limit);
    // One of twenty comes back in 30 s.
    const leftMs = await server.call("PTTL", `${rate}account ann`);
    expect(leftMs).toBeGreaterThan(29_000);
    expect(leftMs).toBeLessThan(30_100);
  });

  it("refill nothing, and shut nobody out for longer, when Redis's clock goes back", async () => {
    const limiter = await openProcess();
    expect(await takeOften([limiter], 30)).toBe(limit.quota);
    await server.call("HSET", `${rate}account ann`, "at", String(Date.parse("2040-01-01T00:00:00Z")));
    expect(await limiter.take("account ann", limit)).toMatchObject({ isAllowed: false, retrySeconds: 30 });
    expect(await limiter.take("account ann", limit)).toMatchObject({ isAllowed: false, retrySeconds: 30 });
  });
});

describe("while Redis is away", () => {
  it("each process counts for itself, says so once, and counts with the others again after it", async () => {
    const processes = [await openProcess(), await openProcess()];
    expect(await takeOften(processes, 100)).toBe(limit.quota);
    await server.kill();
    expect(await takeOften([processes[0]!], 100)).toBe(limit.quota);
    expect(await takeOften([processes[1]!], 100)).toBe(limit.quota);
    expect(logged.filter((line) => line.includes("counts requests for itself"))).toHaveLength(2);
    await server.restart();
    // Redis forgot what it had counted.
    await expect
      .poll(async () => {
        await processes[0]!.take("other", limit);
        await processes[1]!.take("other", limit);
        return logged.filter((line) => line.includes("for all processes again")).length;
      })
      .toBe(2);
    expect(await takeOften(processes, 100, "account cara")).toBe(limit.quota);
  });

  it("an answer waits for it no longer than a moment, and only one of many", async () => {
    const limiter = await openProcess({ pauseMs: 60_000, answerMaxMs: 200 });
    process.kill(server.pid(), "SIGSTOP");
    const started = performance.now();
    await limiter.take("account ann", limit);
    expect(performance.now() - started).toBeLessThan(1500);
    const next = performance.now();
    expect(await takeOften([limiter], 1000)).toBe(limit.quota - 1);
    expect(performance.now() - next).toBeLessThan(500);
  });

  it("a process starts all the same", async () => {
    await server.kill();
    const log = createLog({ level: "silent" });
    const redis = openSharedRedis({ url: server.url, prefix: "finops", log });
    opened.push(redis);
    const limiter = createRedisRateLimiter({ redis, local: createRateLimiter(), log });
    expect(await takeOften([limiter], 30)).toBe(limit.quota);
  });
});
