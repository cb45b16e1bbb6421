import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { AppError } from "@finops/kernel/app-error";
import type { LiveEvents } from "@finops/platform/events/live-events";
import { isFor, topicsFor } from "@finops/platform/events/topics";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { createBell } from "@finops/platform/jobs/bell";
import type { Context } from "@finops/platform/tenancy/context";
import type { Context as HonoContext } from "hono";
import { type Door, findContext } from "./identify.ts";
import { requireOwnOrigin } from "./request-way.ts";

/** One end of a WebSocket, whatever the host makes it of. */
export interface LiveSocket {
  /** Settles once the text has left; rejects when the other side does not take it in time. Nothing is sent meanwhile. */
  send(text: string): Promise<void>;
  close(code: number, reason: string): void;
  /** Aborted when the connection is gone. */
  readonly closed: AbortSignal;
}

/** Who listens, and from where on. */
export interface LiveReader {
  tenantId: string;
  after: string | null;
}

/**
 * What the host of a request for an upgrade gives along, and gets back: what to do with the socket once it is there. A host
 * whose sockets outlive its requests takes the reader instead, and asks without an upgrade whenever there may be news.
 */
export interface LiveUpgrade {
  acceptLive?: (converse: (socket: LiveSocket) => Promise<void>, reader: LiveReader) => void;
}

export interface LiveParts {
  door: Door;
  live: LiveEvents;
  /** How long nothing may be said: then a beat is sent, and it is asked whether the other side still may listen. */
  beatMs?: number;
  /** How many may listen in this process, and how many for one person or key. */
  socketsMax?: number;
  socketsOfOneMax?: number;
}

/** Codes with which the server ends a conversation, beside those of RFC 6455. */
export const liveCloseCodes = { sessionEnded: 4401, notAllowed: 4403 } as const;

const LiveEvent = z.object({
  position: z.string(),
  topic: z.string(),
  key: z.string(),
  at: z.string(),
  body: z.record(z.string(), z.unknown()),
});
const LiveAnswer = z.object({ events: z.array(LiveEvent), position: z.string(), isReset: z.boolean() });

const liveRoute = createRoute({
  method: "get",
  path: "/live",
  summary: "What changes: imports, other work, and what is published",
  description:
    "As a WebSocket it goes on: first `{type:'ready', position}`, then `{type:'events', events, position}` with each change, `{type:'reset', position}` when the position is of another history and everything is to be read anew, and `{type:'beat', position}` when nothing changed for a while. Without an upgrade it answers once, for those who poll. Either goes on after the position that was told last.",
  request: {
    query: z.object({
      after: z
        .string()
        .regex(/^\d{1,18}$/)
        .optional(),
    }),
  },
  responses: {
    200: { description: "What changed after the position", content: { "application/json": { schema: LiveAnswer } } },
    ...problemResponses,
  },
});

/** Live updates. Everyone hears of their own company, and only of what they may read. */
export function liveRoutes(parts: LiveParts): OpenAPIHono<AppEnv> {
  const { door, live, socketsMax = 500, socketsOfOneMax = 20 } = parts;
  const listening = new Map<string, number>();
  const total = () => [...listening.values()].reduce((sum, count) => sum + count, 0);

  return new OpenAPIHono<AppEnv>().openapi(liveRoute, async (c) => {
    const { ctx } = c.var;
    const { after = null } = c.req.valid("query");
    requireTopics(ctx);
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
      const { events, position, isReset } = await live.read(ctx.tenantId, after, topicsFor(ctx.permissions));
      return c.json({ events: events.filter((event) => isFor(ctx.actor.id, event)), position, isReset }, 200);
    }
    requireSocketOfOwnPage(door, c);
    const accept = (c.env as LiveUpgrade | undefined)?.acceptLive;
    if (accept === undefined)
      throw new AppError(
        "precondition",
        "This host has no WebSockets. Ask again without an upgrade from time to time.",
      );
    const who = `${ctx.tenantId} ${ctx.actor.id}`;
    if ((listening.get(who) ?? 0) >= socketsOfOneMax || total() >= socketsMax)
      throw new AppError("limit", "Too many pages listen at the same time. Close some, or ask without an upgrade.");
    accept(
      async (socket) => {
        listening.set(who, (listening.get(who) ?? 0) + 1);
        try {
          await converse(parts, ctx, () => findContext(door, c, ctx.requestId), after, socket);
        } finally {
          const left = (listening.get(who) ?? 1) - 1;
          if (left > 0) listening.set(who, left);
          else listening.delete(who);
        }
      },
      { tenantId: ctx.tenantId, after },
    );
    return c.body(null, 204) as never;
  });
}

/**
 * Tells what changes until the connection is gone or may not go on. Holds no queue: what changes while a slow reader takes
 * the last message waits in the table, as the newest state of each thing.
 */
async function converse(
  { door: { host }, live, beatMs = 15_000 }: LiveParts,
  first: Context,
  findAgain: () => Promise<Context>,
  after: string | null,
  socket: LiveSocket,
): Promise<void> {
  let ctx = first;
  let isAccessSure = true;
  const bell = createBell();
  const tell = (message: Record<string, unknown>) => socket.send(JSON.stringify(message));
  const stopWaking = await live.wake(ctx.tenantId, (because) => {
    if (because === "access") isAccessSure = false;
    bell.ring();
  });
  socket.closed.addEventListener("abort", () => bell.ring(), { once: true });
  try {
    let position = (await live.read(ctx.tenantId, null, [])).position;
    await tell({ type: "ready", position: after ?? position, at: host.clock.now().toISOString() });
    position = after ?? position;
    while (!socket.closed.aborted) {
      if (!isAccessSure) ctx = await findAgain();
      isAccessSure = true;
      const batch = await live.read(ctx.tenantId, position, requireTopics(ctx));
      const { actor } = ctx;
      const events = batch.events.filter((event) => isFor(actor.id, event));
      const hasMoved = batch.position !== position;
      position = batch.position;
      if (batch.isReset) await tell({ type: "reset", position });
      else if (events.length > 0) await tell({ type: "events", events, position });
      else if (!hasMoved && (await isSilent(bell, beatMs))) {
        await tell({ type: "beat", position });
        isAccessSure = false;
      }
    }
  } catch (error) {
    const [code, reason] = farewell(error);
    socket.close(code, reason);
    if (code === 1011 && !socket.closed.aborted) host.log.warn({ err: error }, "live updates of one reader ended");
  } finally {
    stopWaking();
  }
}

/** Waits for a ring; true when none came in time. */
async function isSilent(bell: { wait(timeoutMs: number): Promise<void> }, beatMs: number): Promise<boolean> {
  const started = performance.now();
  await bell.wait(beatMs);
  return performance.now() - started >= beatMs - 1;
}

function farewell(error: unknown): [number, string] {
  const code = error instanceof AppError ? error.code : null;
  if (code === "unauthenticated") return [liveCloseCodes.sessionEnded, "The session has ended."];
  if (code === "forbidden") return [liveCloseCodes.notAllowed, "You may not listen any more."];
  return [1011, "Live updates were interrupted. Connect again."];
}

function requireTopics(ctx: Context) {
  const topics = topicsFor(ctx.permissions);
  if (topics.length === 0)
    throw new AppError("forbidden", "You may neither see costs nor imports, so there is nothing to tell.");
  return topics;
}

/**
 * A browser sends the cookie along with a WebSocket that any site opens, and no rule of CORS holds it back: only its Origin
 * tells. Programs with a key send none and need none.
 */
function requireSocketOfOwnPage(door: Door, c: HonoContext): void {
  if (c.req.header("authorization") !== undefined) return;
  if (c.req.header("origin") === undefined)
    throw new AppError("forbidden", "Live updates are told to pages of this server only.");
  requireOwnOrigin(door, c);
}
