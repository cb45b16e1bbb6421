import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRedisRateLimiter } from "../redis/redis-rate-limiter.ts";
import type { SharedRedis } from "../redis/shared-redis.ts";
import { silentLog } from "../observe/log.ts";
import { openTestProcess, startTestRedis, type TestRedis } from "../testing/redis-server.ts";
import { createRateLimiter, type RateLimiter } from "./rate-limiter.ts";

const limit = { quota: 3, windowSeconds: 60 };
const nobody: RateLimiter = { take: () => Promise.reject(new Error("Redis was to count")) };

let server: TestRedis;
let redis: SharedRedis;
let counted = 0;
beforeAll(async () => {
  server = await startTestRedis();
  // A busy machine is no Redis that is away.
  redis = await openTestProcess({ url: server.url, prefix: "test", log: silentLog, answerMaxMs: 60_000 });
});
afterAll(async () => {
  redis.close();
  await server.stop();
});

const inMemory = (nowMs: () => number) => createRateLimiter({ nowMs });
/** Counts anew each time, by keys of its own. */
function inRedis(nowMs: () => number): RateLimiter {
  const limiter = createRedisRateLimiter({ redis, local: nobody, log: silentLog, nowMs });
  const own = (counted += 1);
  return { take: (key, of) => limiter.take(`${own} ${key}`, of) };
}

describe.each([
  ["in one process", inMemory],
  ["in Redis", inRedis],
])("a limiter %s", (_, make) => {
  function counting() {
    let now = 0;
    const limiter = make(() => now);
    return { take: (key = "ann") => limiter.take(key, limit), pass: (seconds: number) => (now += seconds * 1000) };
  }

  it("lets a burst up to the quota through, and says when to come again", async () => {
    const { take } = counting();
    expect(await take()).toEqual({ isAllowed: true, remaining: 2, resetSeconds: 20, retrySeconds: 0 });
    await take();
    expect(await take()).toEqual({ isAllowed: true, remaining: 0, resetSeconds: 60, retrySeconds: 0 });
    expect(await take()).toEqual({ isAllowed: false, remaining: 0, resetSeconds: 60, retrySeconds: 20 });
  });

  it("refills evenly, and never lets twice the quota through in one window", async () => {
    const { take, pass } = counting();
    let allowed = 0;
    for (let second = 0; second < 60; second += 1) {
      for (let request = 0; request < 5; request += 1) if ((await take()).isAllowed) allowed += 1;
      pass(1);
    }
    expect(allowed).toBe(5);
  });

  it("counts each key for itself", async () => {
    const { take, pass } = counting();
    for (const key of ["ann", "ann", "ann", "bob"]) expect((await take(key)).isAllowed).toBe(true);
    expect((await take("ann")).isAllowed).toBe(false);
    pass(60);
    for (const key of ["cara", "dan", "ann"]) expect((await take(key)).remaining).toBe(2);
  });
});

it("forgets those that are full again when it counts many", async () => {
  let now = 0;
  const limiter = createRateLimiter({ nowMs: () => now, bucketsMax: 2 });
  for (const key of ["ann", "ann", "ann", "bob", "cara"]) await limiter.take(key, limit);
  // Cara came while two were counted already, and Ann was the longest unused.
  expect((await limiter.take("ann", limit)).remaining).toBe(2);
  now += 60_000;
  expect((await limiter.take("cara", limit)).remaining).toBe(2);
});

it("gives the same answers in Redis as in one process, whatever comes when", async () => {
  const any = fc.record({
    quota: fc.integer({ min: 1, max: 20 }),
    windowSeconds: fc.integer({ min: 1200, max: 7000 }),
  });
  const request = fc.record({
    key: fc.constantFrom("ann" as const, "bob" as const),
    afterMs: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: 0, max: 8_000_000, noNaN: true })),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.record({ ann: any, bob: any }),
      fc.array(request, { maxLength: 40 }),
      async (limits, requests) => {
        let now = 0;
        const [here, there] = [inMemory(() => now), inRedis(() => now)];
        for (const { key, afterMs } of requests) {
          now += afterMs;
          expect(await there.take(key, limits[key])).toEqual(await here.take(key, limits[key]));
        }
      },
    ),
    { numRuns: 100 },
  );
});
