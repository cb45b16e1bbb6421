import { computeTaken, type RateLimiter } from "../limits/rate-limiter.ts";
import type { Logger } from "../observe/log.ts";
import { defineScript } from "./redis-script.ts";
import type { SharedRedis } from "./shared-redis.ts";

export interface RedisRateLimiterOptions {
  redis: SharedRedis;
  /** Counts while Redis is away. */
  local: RateLimiter;
  log: Logger;
  /** How long Redis is left alone after it did not answer. */
  pauseMs?: number;
  /** A clock in place of Redis's own. */
  nowMs?: () => number;
}

// The bucket of createRateLimiter, with Redis's clock: those of the processes may differ. A clock that went back refills
// nothing, and the bucket goes on from there. It is forgotten when it is full again, which another clock says nothing of.
const take = defineScript(`
local now = tonumber(ARGV[3])
if now == nil then
  local time = redis.call('TIME')
  now = time[1] * 1000 + time[2] / 1000
end
local quota = tonumber(ARGV[1])
local perMs = quota / (ARGV[2] * 1000)
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = quota
if kept[1] then
  tokens = math.min(quota, kept[1] + math.max(0, now - kept[2]) * perMs)
end
local left = tokens
if tokens >= 1 then left = tokens - 1 end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', left), 'at', string.format('%.17g', now))
local fullMs = math.ceil((quota - left) / perMs) + 1
if ARGV[3] ~= '' then fullMs = 3600000 end
redis.call('PEXPIRE', KEYS[1], fullMs)
return string.format('%.17g', tokens)
`);

/**
 * Counts for all processes that share a Redis. While that is away each counts for itself, from a full bucket: everybody shut
 * out would be worse than a limit that is as many times as high as there are processes.
 */
export function createRedisRateLimiter(options: RedisRateLimiterOptions): RateLimiter {
  const { redis, local, log, pauseMs = 1000, nowMs } = options;
  let isAway = false;
  let tryAgainAtMs = 0;
  return {
    async take(key, limit) {
      if (isAway) {
        const now = performance.now();
        if (now < tryAgainAtMs) return local.take(key, limit);
        // One request asks whether Redis is back; the others do not wait for its answer.
        tryAgainAtMs = now + pauseMs;
      }
      try {
        const args = [limit.quota, limit.windowSeconds, nowMs?.() ?? ""];
        const tokens = Number(await redis.run(take, [`rate:${key}`], args));
        if (isAway) log.warn("requests are counted for all processes again");
        isAway = false;
        return computeTaken(tokens, limit);
      } catch (error) {
        if (!isAway)
          log.warn({ reason: String(error) }, "Redis does not answer: each process counts requests for itself");
        isAway = true;
        tryAgainAtMs = performance.now() + pauseMs;
        return local.take(key, limit);
      }
    },
  };
}
