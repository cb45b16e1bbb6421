import type { KVNamespace } from "@cloudflare/workers-types";
import type { OutsideFetch } from "@finops/platform/network/outside-call";

const keptSeconds = 3600;

/**
 * Asks addresses that people wrote down. A Worker's fetch reaches the internet alone, so there is no network inside to keep them
 * from. A redirect is an answer, and is followed nowhere.
 */
export const outsideFetch: OutsideFetch = (url, { method, headers, body, signal }) =>
  fetch(url, {
    method,
    headers,
    redirect: "manual",
    ...(body === undefined ? {} : { body: body.toString() }),
    ...(signal === undefined ? {} : { signal }),
  });

/**
 * For providers that people sign in with: discovery documents are kept in KV, for all places at once. They may be an hour old, as in a
 * process's own memory; keys are asked for each time.
 */
export function createIssuerFetch(cache: KVNamespace): OutsideFetch {
  return async (url, call) => {
    const isDiscovery = call.method === "GET" && new URL(url).pathname.includes("/.well-known/");
    const kept = isDiscovery ? await cache.get(`issuer ${url}`) : null;
    if (kept !== null) return new Response(kept, { headers: { "content-type": "application/json" } });
    const answer = await outsideFetch(url, call);
    if (isDiscovery && answer.ok)
      await cache.put(`issuer ${url}`, await answer.clone().text(), { expirationTtl: keptSeconds });
    return answer;
  };
}
