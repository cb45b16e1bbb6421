import type { RateLimit as RateLimitBinding } from "@cloudflare/workers-types";
import { createRateLimiter, type RateLimit, type RateLimiter } from "@finops/platform/limits/rate-limiter";

/** The bindings of wrangler.jsonc; the quotas of sign-in stand there. */
export interface RateBindings {
  minute: RateLimitBinding;
  signIn: RateLimitBinding;
  account: RateLimitBinding;
}

/**
 * Counts twice: exactly for this isolate, which gives the headers their figures, and by the binding for the whole place of Cloudflare's
 * network, which refuses. Neither knows of other places; what that leaves open is told in decision 14.
 */
export function createEdgeRateLimiter(bindings: RateBindings): RateLimiter {
  const here = createRateLimiter();
  return {
    async take(key, limit) {
      const taken = await here.take(key, limit);
      if (!taken.isAllowed) return taken;
      const { success } = await bindingFor(bindings, key, limit).limit({ key });
      return success ? taken : { isAllowed: false, remaining: 0, resetSeconds: 60, retrySeconds: 60 };
    },
  };
}

function bindingFor({ minute, signIn, account }: RateBindings, key: string, { windowSeconds }: RateLimit) {
  if (windowSeconds <= 60) return minute;
  return key.startsWith("account ") ? account : signIn;
}
