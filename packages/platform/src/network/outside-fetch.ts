import { lookup } from "node:dns";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { Readable } from "node:stream";
import { isOutside } from "./outside-address.ts";
import type { OutsideFetch } from "./outside-call.ts";

interface Reach {
  isInsideAllowed: boolean;
  /** Left out, the machine's own. */
  lookupName?: typeof lookup;
}

/**
 * For hosts that run on Node: asks addresses that people wrote down, and none inside of the host's own network. A name is looked
 * up once, and what it is looked at is what is connected to, so that one with two answers (DNS rebinding) gains nothing. Nothing is
 * followed elsewhere: a redirect is an answer.
 */
export function createOutsideFetch({ isInsideAllowed, lookupName = lookup }: Reach): OutsideFetch {
  const lookupOutside: LookupFunction = (name, options, answer) => {
    lookupName(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return answer(error, "");
      const inside = addresses.find(({ address }) => !isInsideAllowed && !isOutside(address));
      if (inside !== undefined) return answer(refusal(name), "");
      if (options.all === true) return answer(null, addresses);
      return answer(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
  return (address, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const url = new URL(address);
      // What is an address already is looked up by nobody.
      const literal = url.hostname.replace(/^\[|\]$/g, "");
      if (isIP(literal) !== 0 && !isInsideAllowed && !isOutside(literal)) return reject(refusal(literal));
      const text = body === undefined ? null : body.toString();
      const request = url.protocol === "http:" ? requestHttp : requestHttps;
      const sent = request(
        url,
        {
          method,
          lookup: lookupOutside,
          // A connection of its own, which nobody else looked up.
          agent: false,
          headers: {
            ...headers,
            "accept-encoding": "identity",
            ...(text === null
              ? {}
              : {
                  ...(typeof body === "string"
                    ? {}
                    : { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" }),
                  "content-length": String(Buffer.byteLength(text)),
                }),
          },
          ...(signal === undefined ? {} : { signal }),
        },
        (answer) => {
          const { statusCode = 0 } = answer;
          if (statusCode >= 200 && statusCode < 600) return resolve(toResponse(answer, statusCode));
          // Not every Response refuses it: the server's own, which stands for the global one, does not.
          answer.destroy();
          reject(new Error(`the provider answers by ${statusCode}, which is no status of HTTP`));
        },
      );
      sent.on("error", reject);
      sent.end(text ?? undefined);
    });
}

function toResponse(answer: IncomingMessage, status: number): Response {
  const isEmpty = status === 204 || status === 205 || status === 304;
  if (isEmpty) answer.resume();
  const content = isEmpty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
  return new Response(content, { status, headers: headersOf(answer.rawHeaders) });
}

function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let at = 0; at < raw.length; at += 2) headers.append(raw[at]!, raw[at + 1]!);
  return headers;
}

function refusal(name: string): Error {
  return new Error(`${name} is inside of this network (FINOPS_ALLOW_PRIVATE_ISSUERS=1 allows it)`);
}
