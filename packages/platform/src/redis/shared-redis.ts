import { Redis } from "ioredis";
import type { Logger } from "../observe/log.ts";
import type { RedisScript } from "./redis-script.ts";

export interface Hearing {
  onMessage(text: string): void;
  /** True once messages come in, also after a reconnect: what was said before is lost. False when they no longer do. */
  onHearing(isHearing: boolean): void;
}

/** What several processes share by one Redis. Every call fails within a moment where Redis is away; nothing is sent later. */
export interface SharedRedis {
  /** Runs a script in one step, with nothing of others in between. */
  run(script: RedisScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  /** Null where there is nothing, or no longer. */
  get(key: string): Promise<Uint8Array | null>;
  put(key: string, bytes: Uint8Array, keepSeconds: number): Promise<void>;
  publish(channel: string, text: string): Promise<void>;
  /** Hears a channel from now on. At most one may hear each. */
  hear(channel: string, hearing: Hearing): void;
  close(): void;
}

export interface SharedRedisOptions {
  /** `redis://user:password@host:6379/0`, or `rediss:` for TLS. */
  url: string;
  /** Stands before every key and channel, so that installations can share a server. */
  prefix: string;
  log: Logger;
  answerMaxMs?: number;
}

/** Connects to Redis 6 or later in the background, by one connection, and again whenever it breaks. */
export function openSharedRedis({ url, prefix, log, answerMaxMs = 500 }: SharedRedisOptions): SharedRedis {
  const client = new Redis(url, {
    protocol: 3,
    connectTimeout: 2000,
    commandTimeout: answerMaxMs,
    // A connection that takes what is sent and never answers is as good as none.
    socketTimeout: 4 * answerMaxMs,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2000),
    // What waits in a queue is counted or told when nobody waits for it any more.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
  });
  const name = (key: string) => `${prefix}:${key}`;
  const hearings = new Map<string, Hearing>();
  let isAway = false;
  let isClosed = false;

  const away = (error?: Error) => {
    if (isAway || isClosed) return;
    isAway = true;
    // The error itself would bring along what was sent.
    log.warn({ reason: error?.message ?? "the connection is gone" }, "Redis is away; it is tried again");
  };
  const subscribe = async (channel: string, hearing: Hearing) => {
    try {
      await client.subscribe(channel);
      hearing.onHearing(true);
    } catch {
      // Without an answer there is no telling what is heard. A new connection tries again.
      if (client.status === "ready") client.disconnect(true);
    }
  };
  client.on("error", away);
  client.on("close", () => {
    away();
    for (const hearing of hearings.values()) hearing.onHearing(false);
  });
  client.on("ready", () => {
    if (isAway) log.warn("Redis is back");
    isAway = false;
    for (const [channel, hearing] of hearings) void subscribe(channel, hearing);
  });
  client.on("message", (channel, text) => hearings.get(channel)?.onMessage(text));

  return {
    async run({ lua, sha1 }, keys, args) {
      const rest = [keys.length, ...keys.map(name), ...args] as const;
      try {
        return await client.evalsha(sha1, ...rest);
      } catch (error) {
        // Redis forgets scripts when it starts anew.
        if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
        return client.eval(lua, ...rest);
      }
    },
    get: (key) => client.getBuffer(name(key)),
    async put(key, bytes, keepSeconds) {
      await client.set(name(key), Buffer.from(bytes), "EX", keepSeconds);
    },
    async publish(channel, text) {
      await client.publish(name(channel), text);
    },
    hear(channel, hearing) {
      hearings.set(name(channel), hearing);
      if (client.status === "ready") void subscribe(name(channel), hearing);
    },
    close() {
      isClosed = true;
      client.disconnect();
    },
  };
}
