import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { createApi } from "@finops/api/app";

type HttpFetch = ReturnType<typeof createApi>["fetch"];

/** Shorter ones are as few packets either way. */
const bytesMin = 4_096;
/** What is said of costs is long; and nowhere else does a secret stand beside what a stranger may have chosen. */
const packedPath = /^https?:\/\/[^/]+\/api\/v1\/cost\//;
const toGzip = promisify(gzip);

/** Packs answers about costs for who takes gzip, to about a seventh, on a thread beside the event loop. */
export function packAnswers(fetch: HttpFetch): HttpFetch {
  return async (request, ...rest) => {
    const answer = await fetch(request, ...rest);
    if (answer.status !== 200 || !packedPath.test(request.url)) return answer;
    if (!(answer.headers.get("content-type") ?? "").startsWith("application/json")) return answer;
    const headers = new Headers(answer.headers);
    headers.append("vary", "Accept-Encoding");
    const bytes = await answer.arrayBuffer();
    if (bytes.byteLength < bytesMin || !/\bgzip\b/.test(request.headers.get("accept-encoding") ?? ""))
      return new Response(bytes, { headers });
    headers.set("content-encoding", "gzip");
    headers.delete("content-length");
    // A strong tag is of the very bytes that are sent.
    const tag = headers.get("etag");
    if (tag !== null && !tag.startsWith("W/")) headers.set("etag", `W/${tag}`);
    return new Response(new Uint8Array(await toGzip(bytes, { level: constants.Z_BEST_SPEED })), { headers });
  };
}
