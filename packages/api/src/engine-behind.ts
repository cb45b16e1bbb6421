import { AppError } from "@finops/kernel/app-error";
import type { AppEnv } from "@finops/platform/http/app-env";
import type { Context as HonoContext, MiddlewareHandler } from "hono";
import * as z from "zod";
import type { Door } from "./identify.ts";
import { wayOf } from "./request-way.ts";

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
/** As far as the clocks of two machines may differ, and no longer: whoever sees the header once must not use it again. */
const wayMaxMs = 120_000;
const SealedWay = z.object({
  isEncrypted: z.boolean(),
  host: z.string(),
  address: z.string().nullable(),
  at: z.number(),
});

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
    told.set(wayHeader, await door.host.vault.seal(JSON.stringify(wayNow(door, c)), bindingOf(method, path)));
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
 * Believes how a request came to the host that handed it on. That host alone could seal it, having the same database and master
 * key: so it need not be a proxy that is trusted, and everybody else may reach this process as well.
 * @throws forbidden for a way that was not sealed for this request, just now
 */
export function believeSealedWay(door: Pick<Door, "host">): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const sealed = c.req.header(wayHeader);
    if (sealed !== undefined) c.set("way", await openWay(door, c, sealed));
    await next();
  };
}

async function openWay({ host }: Pick<Door, "host">, c: HonoContext, sealed: string) {
  const opened = await host.vault.open(sealed, bindingOf(c.req.raw.method, pathOf(c))).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "internal") return null;
    throw error;
  });
  const way = opened === null ? null : SealedWay.parse(JSON.parse(opened));
  if (way === null || Math.abs(host.clock.now().getTime() - way.at) > wayMaxMs)
    throw new AppError(
      "forbidden",
      "This was not handed on by a host of this installation just now. Hosts need the same database and FINOPS_MASTER_KEY, and clocks that agree.",
    );
  return way;
}

function wayNow(door: Door, c: HonoContext): z.input<typeof SealedWay> {
  return { ...wayOf(door, c), at: door.host.clock.now().getTime() };
}

function pathOf(c: HonoContext): string {
  const { pathname, search } = new URL(c.req.url);
  return `${pathname}${search}`;
}

function bindingOf(method: string, path: string): string {
  return `way of ${method} ${path}`;
}
