import { AppError } from "@finops/kernel/app-error";
import type { AppEnv } from "@finops/platform/http/app-env";
import type { Context as HonoContext, MiddlewareHandler } from "hono";
import * as z from "zod";
import type { Door } from "./identify.ts";
import { wayOf } from "./request-way.ts";
import { openWord, sealWord } from "./word-of-host.ts";

/** What needs an engine, a disk or fonts (EngineParts); a host without them may hand it on to a process that has them. */
export const engineRoutes = [
  ["POST", "/api/v1/export"],
  ["GET", "/api/v1/schedules/runs/:runId/tables/:number"],
  ["GET", "/api/v1/reports/:id/runs/:number/pdf"],
  ["GET", "/api/v1/views/:id/pdf"],
  ["POST", "/api/v1/views/pdf"],
  ["POST", "/api/v1/imports/:id/detect"],
  ["GET", "/api/v1/datasets/versions/:id/rejects"],
  ["GET", "/api/v1/datasets/rollback-preview"],
] as const;

/** A request as the process behind is to get it. */
export interface HandedOn {
  method: string;
  /** With what is asked after `?`. */
  path: string;
  headers: Headers;
  body: ReadableStream<Uint8Array> | null;
  signal: AbortSignal;
}

/** Asks the process behind. Rejects when it does not answer. */
export type EngineBehind = (request: HandedOn) => Promise<Response>;

const wayHeader = "x-finops-way";
const Way = z.object({ isEncrypted: z.boolean(), host: z.string(), address: z.string().nullable() });

/**
 * Hands a request on with everything that its sender is known by, before anything is looked up for it: who asks, and whether they
 * may, is decided where it is answered.
 */
export function handOn(door: Door, ask: EngineBehind): MiddlewareHandler<AppEnv> {
  return async (c) => {
    const { method, headers, body, signal } = c.req.raw;
    const path = pathOf(c);
    const told = new Headers(headers);
    // What those in front say of the way is in the seal, and nothing else is.
    for (const name of headers.keys())
      if (/^(host|connection|forwarded|x-real-ip|x-forwarded-.*|cf-.*)$/.test(name)) told.delete(name);
    told.set(wayHeader, await sealWord(door.host, wayOf(door, c), aboutWay(method, path)));
    told.set("x-request-id", c.res.headers.get("x-request-id")!);
    const answer = await ask({ method, path, headers: told, body, signal }).catch((cause: unknown) => {
      throw new AppError("upstream", "What makes files and reads bills does not answer. Try again in a minute.", {
        cause,
      });
    });
    return new Response(answer.body, { status: answer.status, headers: new Headers(answer.headers) });
  };
}

/**
 * Believes how a request came to the host that handed it on, as that host alone could seal it; everybody else may reach this
 * process as well.
 * @throws forbidden for a way that was not sealed for this request, just now
 */
export function believeSealedWay(door: Pick<Door, "host">): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const sealed = c.req.header(wayHeader);
    if (sealed !== undefined)
      c.set("way", await openWord(door.host, sealed, aboutWay(c.req.raw.method, pathOf(c)), Way));
    await next();
  };
}

function pathOf(c: HonoContext): string {
  const { pathname, search } = new URL(c.req.url);
  return `${pathname}${search}`;
}

function aboutWay(method: string, path: string): string {
  return `way of ${method} ${path}`;
}
