import { newId } from "@finops/kernel/id";
import type { Notices, OnNotice } from "../events/notices.ts";
import type { Logger } from "../observe/log.ts";
import { defineScript } from "./redis-script.ts";
import type { SharedRedis } from "./shared-redis.ts";

export interface RedisNoticesOptions {
  redis: SharedRedis;
  /** Where notices come from; one process listens to it for all. */
  source: Notices;
  log: Logger;
  /** After how long another process takes over from one that stands still. */
  leaseMs?: number;
}

const channel = "notices";
const leaseKey = "notices:relay";

const holdLease = defineScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);
const leaveLease = defineScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`);

/**
 * Notices of the database, told on over Redis: one process, the relay, listens and tells the others, so that those need no
 * connection that listens. A process that cannot hear Redis listens itself. Whenever something may have been missed, everybody
 * reads anew; so it does not matter that Redis forgets, or that two are relay for a moment.
 */
export function createRedisNotices(options: RedisNoticesOptions): Notices & { close(): Promise<void> } {
  const { redis, source, log, leaseMs = 5000 } = options;
  const self = newId();
  const listeners = new Set<OnNotice>();
  let isHearing = false;
  let isRelay = false;
  let restUntilMs = 0;
  let stopListening: (() => void) | null = null;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const tellHere: OnNotice = (because, tenantId) => {
    for (const onNotice of listeners) onNotice(because, tenantId);
  };
  const tellAll: OnNotice = (because, tenantId) => {
    tellHere(because, tenantId);
    // Who cannot be told now reads anew once it hears Redis again.
    if (isRelay) redis.publish(channel, `${self} ${because} ${tenantId ?? ""}`).catch(() => undefined);
  };

  /** One look at who is relay, and what follows of it. */
  async function round(): Promise<void> {
    // Who could not listen leaves it to the others for a while.
    const isResting = performance.now() < restUntilMs;
    const lease = isResting ? 0 : await redis.run(holdLease, [leaseKey], [self, leaseMs]).catch(() => null);
    if (isClosed) return;
    const [wasRelay, wasListening] = [isRelay, stopListening !== null];
    isRelay = lease === 1;
    if (lease === 0 && isHearing) {
      stopListening?.();
      stopListening = null;
      return;
    }
    try {
      stopListening ??= await source.listen(tellAll);
      // What changed while nobody listened for this process, or for the others.
      if (!wasListening || (isRelay && !wasRelay)) tellAll("access", null);
    } catch (error) {
      log.warn({ reason: String(error) }, "the database's notices cannot be heard; live updates may come late");
      if (isRelay) await redis.run(leaveLease, [leaseKey], [self]).catch(() => undefined);
      isRelay = false;
      restUntilMs = performance.now() + 2 * leaseMs;
    }
  }
  const roundSoon = (): Promise<void> => (running = (running ?? Promise.resolve()).then(round));

  return {
    async listen(onNotice) {
      listeners.add(onNotice);
      if (timer === undefined) {
        timer = setInterval(() => void roundSoon(), leaseMs / 3);
        timer.unref();
        redis.hear(channel, {
          onMessage(text) {
            const [from, because, tenantId = ""] = text.split(" ");
            if (from !== self)
              tellHere(because === "changed" ? "changed" : "access", tenantId === "" ? null : tenantId);
          },
          onHearing(nowHearing) {
            isHearing = nowHearing;
            if (nowHearing) tellHere("access", null);
            void roundSoon();
          },
        });
        await roundSoon();
      }
      return () => void listeners.delete(onNotice);
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      await running;
      stopListening?.();
      if (isRelay) await redis.run(leaveLease, [leaseKey], [self]).catch(() => undefined);
    },
  };
}
