import type { Logger } from "../observe/log.ts";
import { defineScript } from "./redis-script.ts";
import type { SharedRedis } from "./shared-redis.ts";

export interface Presence {
  /** How many processes were there when it was last heard, this one among them. */
  count(): number;
  close(): Promise<void>;
}

export interface RedisPresenceOptions {
  redis: SharedRedis;
  log: Logger;
  /** How often a process says that it is there. One that has not for three times as long is gone. */
  everyMs?: number;
}

// With Redis's clock, as those of the processes may differ.
const say = defineScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local keepMs = tonumber(ARGV[2])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - keepMs)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '(' .. (now + keepMs), '+inf')
redis.call('PEXPIRE', KEYS[1], keepMs)
return redis.call('ZCARD', KEYS[1])
`);
const leave = defineScript("return redis.call('ZREM', KEYS[1], ARGV[1])");

const key = "processes";

/** Counts the processes of an installation. While Redis is away the last count stands: they are most likely all still there. */
export function createRedisPresence({ redis, log, everyMs = 5000 }: RedisPresenceOptions): Presence {
  const id = crypto.randomUUID();
  let count = 1;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const beat = async () => {
    let nextMs = everyMs;
    try {
      const found = Number(await redis.run(say, [key], [id, 3 * everyMs]));
      if (found !== count && !isClosed) log.info({ processes: found }, "processes of this installation");
      count = Math.max(1, found);
    } catch {
      // Said where Redis is away (openSharedRedis), and asked again sooner.
      nextMs = everyMs / 10;
    }
    if (isClosed) return;
    timer = setTimeout(() => void (beating = beat()), nextMs);
    timer.unref();
  };
  let beating = beat();
  return {
    count: () => count,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await beating;
      await redis.run(leave, [key], [id]).catch(() => undefined);
    },
  };
}
