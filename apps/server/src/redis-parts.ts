import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { AppError } from "@finops/kernel/app-error";
import { createDatabaseEvents } from "@finops/platform/events/database-events";
import type { LiveEvents } from "@finops/platform/events/live-events";
import { createDatabaseNotices } from "@finops/platform/events/notices";
import type { Host } from "@finops/platform/host";
import { createRateLimiter, type RateLimiter } from "@finops/platform/limits/rate-limiter";
import { createRedisAnswers, type RedisAnswers } from "@finops/platform/redis/redis-answers";
import { createRedisPresence } from "@finops/platform/redis/redis-presence";
import { createRedisNotices } from "@finops/platform/redis/redis-notices";
import { createRedisRateLimiter } from "@finops/platform/redis/redis-rate-limiter";
import type { HostParts } from "./host-parts.ts";
import type { Role } from "./process-settings.ts";

export interface RedisSettings {
  url: string;
  prefix: string;
}

/** What the processes of an installation share by Redis. */
export interface RedisParts {
  limiter: RateLimiter;
  live: LiveEvents;
  answers: RedisAnswers;
  /** How many processes of the installation answer, as last heard. */
  processes(): number;
  close(): Promise<void>;
}

/**
 * The Redis of `FINOPS_REDIS_URL` (`redis://user:password@host:6379/0`, `rediss:` for TLS) and what its keys start with
 * (`FINOPS_REDIS_PREFIX`, finops); null where there is none. @throws precondition for what is no such address or prefix
 */
export function readRedis(env: NodeJS.ProcessEnv): RedisSettings | null {
  const url = env["FINOPS_REDIS_URL"] ?? "";
  const prefix = env["FINOPS_REDIS_PREFIX"] || "finops";
  if (url === "") return null;
  // The address is not repeated: it may hold a password.
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === "")
    throw new AppError(
      "precondition",
      "FINOPS_REDIS_URL takes an address such as rediss://user:password@redis.example.com:6379/0.",
    );
  if (!/^[\w:.-]{1,60}$/.test(prefix))
    throw new AppError("precondition", "FINOPS_REDIS_PREFIX takes up to 60 letters, digits and any of : . - _");
  return { url, prefix };
}

/** Opens what is shared. Redis need not be there: what it does then stands with each part. */
export async function openRedisParts(
  settings: RedisSettings,
  { host: { db, log }, deriveKey }: { host: Pick<Host, "db" | "log">; deriveKey: HostParts["deriveKey"] },
  role: Role,
): Promise<RedisParts> {
  // Only who has Redis loads its client.
  const { openSharedRedis } = await import("@finops/platform/redis/shared-redis");
  const redis = openSharedRedis({ ...settings, log });
  const purpose = `answers of ${hashProgram()}`;
  const notices = createRedisNotices({ redis, source: createDatabaseNotices(db), log });
  // Workers answer nobody.
  const presence = role === "worker" ? null : createRedisPresence({ redis, log });
  return {
    limiter: createRedisRateLimiter({ redis, local: createRateLimiter(), log }),
    live: createDatabaseEvents(db, notices),
    answers: createRedisAnswers({ redis, log, key: () => deriveKey(purpose) }),
    processes: () => presence?.count() ?? 1,
    async close() {
      await presence?.close();
      await notices.close();
      redis.close();
    },
  };
}

/** Another release may answer with other fields, so none opens what another one kept. */
function hashProgram(): string {
  return createHash("sha256").update(readFileSync(process.argv[1]!)).digest("hex");
}
