import { AppError } from "@finops/kernel/app-error";
import type { RateLimit, RateLimiter, RateTaken } from "@finops/platform/limits/rate-limiter";
import { hashToken } from "@finops/platform/identity/tokens";
import type { AppEnv } from "@finops/platform/http/app-env";
import type { Context as HonoContext, MiddlewareHandler } from "hono";
import type { Door } from "./identify.ts";
import { wayOf } from "./request-way.ts";

/** Whom a limit counts. */
export type RateSubject = "address" | "company" | "person" | "key" | "sign-in" | "account";

export type RateLimits = Readonly<Record<RateSubject, RateLimit>>;

/** Far above what people and honest programs need, and below what one of them could take from all others. */
export const defaultRateLimits: RateLimits = {
  address: { quota: 60_000, windowSeconds: 60 },
  company: { quota: 60_000, windowSeconds: 60 },
  person: { quota: 12_000, windowSeconds: 60 },
  key: { quota: 30_000, windowSeconds: 60 },
  // Ways to sign in, by address, and by the account that is named, whether it exists or not.
  "sign-in": { quota: 60, windowSeconds: 600 },
  account: { quota: 10, windowSeconds: 600 },
};

export interface CountedRate extends RateTaken {
  subject: RateSubject;
  limit: RateLimit;
}

/**
 * Counts each request by its address before anything is looked up for it, and writes what is left of every limit that the
 * request counts for into the answer, as draft-ietf-httpapi-ratelimit-headers has it.
 */
export function rateLimits(door: Door): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (door.limits === null) return next();
    c.set("rates", []);
    try {
      await countAddress(door, c);
      await next();
    } finally {
      writeRates(c.res.headers, c.get("rates") as CountedRate[]);
    }
  };
}

async function countAddress(door: Door, c: HonoContext<AppEnv>): Promise<void> {
  const { address } = wayOf(door, c);
  if (address !== null) await countRequest(door, c, "address", address);
}

/** @throws limit, with the seconds after which to come again */
export async function countRequest(
  door: Pick<Door, "limits" | "limiter">,
  c: HonoContext,
  subject: RateSubject,
  id: string,
  own?: RateLimit,
): Promise<void> {
  if (door.limits === null) return;
  const limit = own ?? door.limits[subject];
  const taken = await door.limiter.take(`${subject} ${id}`, limit);
  (c.get("rates") as CountedRate[] | undefined)?.push({ ...taken, subject, limit });
  if (taken.isAllowed) return;
  throw new AppError("limit", `Too many requests. Try again in ${taken.retrySeconds} s.`, {
    facts: { limit: subject, retryAfterSeconds: taken.retrySeconds },
  });
}

/**
 * Counts one try to sign in, before it is known whether it is a good one: who tries learns nothing of an account by it.
 * @param account what names the account, such as the address that was typed in
 * @throws limit
 */
export async function countSignIn(door: Door, c: HonoContext, account: string | null = null): Promise<void> {
  const { address } = wayOf(door, c);
  if (address !== null) await countRequest(door, c, "sign-in", address);
  if (account !== null) await countRequest(door, c, "account", await hashToken(account.trim().toLowerCase()));
}

function writeRates(headers: Headers, rates: readonly CountedRate[]): void {
  if (rates.length === 0) return;
  const list = (item: (rate: CountedRate) => string) =>
    rates.map((rate) => `"${rate.subject}";${item(rate)}`).join(", ");
  headers.set(
    "RateLimit-Policy",
    list(({ limit }) => `q=${limit.quota};w=${limit.windowSeconds}`),
  );
  headers.set(
    "RateLimit",
    list(({ remaining, resetSeconds }) => `r=${remaining};t=${resetSeconds}`),
  );
  const refused = rates.filter((rate) => !rate.isAllowed).map((rate) => rate.retrySeconds);
  if (refused.length > 0) headers.set("Retry-After", String(Math.max(...refused)));
}

/** What counts requests: here, or where several processes share it. */
export interface RateParts {
  limiter: RateLimiter;
  /** Null counts nothing. */
  limits: RateLimits | null;
}
