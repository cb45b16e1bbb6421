import type { KVNamespace } from "@cloudflare/workers-types";
import type { IssuerFetch } from "@finops/platform/identity/oidc/issuer-metadata";

const keptSeconds = 3600;

/**
 * Asks providers that people wrote down. A Worker's fetch reaches the internet alone, so there is no network inside to keep them
 * from. Discovery documents are kept in KV, for all places at once: they may be an hour old, as in a process's own memory; keys are
 * asked for each time.
 */
export function createIssuerFetch(cache: KVNamespace): IssuerFetch {
  return async (url, { method, headers, body, signal }) => {
    const isDiscovery = method === "GET" && new URL(url).pathname.includes("/.well-known/");
    const kept = isDiscovery ? await cache.get(`issuer ${url}`) : null;
    if (kept !== null) return new Response(kept, { headers: { "content-type": "application/json" } });
    const answer = await fetch(url, {
      method,
      headers,
      // A redirect is an answer, and is followed nowhere.
      redirect: "manual",
      ...(body === undefined ? {} : { body: body.toString() }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (isDiscovery && answer.ok)
      await cache.put(`issuer ${url}`, await answer.clone().text(), { expirationTtl: keptSeconds });
    return answer;
  };
}
