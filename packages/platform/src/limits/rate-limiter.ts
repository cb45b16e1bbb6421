/** So many requests in so many seconds. */
export interface RateLimit {
  quota: number;
  windowSeconds: number;
}

/** What is left after one more. */
export interface RateTaken {
  isAllowed: boolean;
  remaining: number;
  /** Seconds until the whole quota is there again. */
  resetSeconds: number;
  /** Seconds until one is allowed again; 0 where one is. */
  retrySeconds: number;
}

/** Counts how often something is done. One process counts for itself; several share a store. */
export interface RateLimiter {
  take(key: string, limit: RateLimit): Promise<RateTaken>;
}

interface Bucket {
  tokens: number;
  atMs: number;
  /** When it is full again, and so can be forgotten. */
  fullAtMs: number;
}

export interface RateLimiterOptions {
  /** A clock that never jumps. */
  nowMs?: () => number;
  /** How many are counted at once; the longest unused are forgotten first. */
  bucketsMax?: number;
}

/**
 * A bucket for each key: it holds the quota, and refills evenly over the window. So a burst up to the quota is fine, and no
 * moment exists at which twice the quota fits, as at the edge of a fixed window.
 */
export function createRateLimiter({
  nowMs = () => performance.now(),
  bucketsMax = 100_000,
}: RateLimiterOptions = {}): RateLimiter {
  // In the order of their last use.
  const buckets = new Map<string, Bucket>();

  function forget(now: number): void {
    for (const [key, bucket] of buckets) {
      if (bucket.fullAtMs > now && buckets.size <= bucketsMax) return;
      buckets.delete(key);
    }
  }

  return {
    take(key, { quota, windowSeconds }) {
      const now = nowMs();
      const perMs = quota / (windowSeconds * 1000);
      const before = buckets.get(key);
      const tokens = before === undefined ? quota : Math.min(quota, before.tokens + (now - before.atMs) * perMs);
      const left = tokens >= 1 ? tokens - 1 : tokens;
      buckets.delete(key);
      buckets.set(key, { tokens: left, atMs: now, fullAtMs: now + (quota - left) / perMs });
      forget(now);
      return Promise.resolve(computeTaken(tokens, { quota, windowSeconds }));
    },
  };
}

/** What one more request gets from a bucket. @param tokens what it held just before */
export function computeTaken(tokens: number, { quota, windowSeconds }: RateLimit): RateTaken {
  const secondsFor = (count: number) => Math.ceil((count * windowSeconds) / quota);
  const isAllowed = tokens >= 1;
  const left = isAllowed ? tokens - 1 : tokens;
  return {
    isAllowed,
    remaining: Math.floor(left),
    resetSeconds: secondsFor(quota - left),
    retrySeconds: isAllowed ? 0 : Math.max(1, secondsFor(1 - tokens)),
  };
}
