import { AppError } from "@finops/kernel/app-error";
import { allPermissions } from "@finops/platform/access/permissions";
import type { PermissionUses } from "@finops/platform/access/permission-uses";
import type { Refusals } from "@finops/platform/audit/refusals";
import type { AccessTokens } from "@finops/platform/identity/access-tokens";
import { findApiKey, findRefusedKey, findTokenHolder, type KeyHolder } from "@finops/platform/identity/api-keys";
import type { SessionStore } from "@finops/platform/identity/session-store";
import type { SignedIn } from "@finops/platform/identity/sessions";
import { findSessionToken } from "@finops/platform/identity/session-cookie";
import { hashToken } from "@finops/platform/identity/tokens";
import type { Host } from "@finops/platform/host";
import { letsIn, networkPolicySection } from "@finops/platform/network/network-policy";
import { parseSection } from "@finops/platform/tenancy/company-settings";
import type { AppEnv } from "@finops/platform/http/app-env";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { getTenant } from "@finops/platform/tenancy/tenants";
import type { Context as HonoContext, MiddlewareHandler } from "hono";
import { isHere } from "./company-host.ts";
import { requireState } from "./company-state.ts";
import { readingPosts } from "./idempotency.ts";
import { countRequest, type RateParts } from "./rate-limits.ts";
import { requireOwnPage, wayOf } from "./request-way.ts";
import { requireSecondFactor } from "./require-second-factor.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** What is needed to find out who is at the door, and to note who was refused. */
export interface Door extends RateParts {
  host: Host;
  /** The key of commands on the same machine; null where there is no such machine. */
  localKey: string | null;
  /** Who is at the other end of the connection, as the host knows it. */
  addressOf: (c: HonoContext) => string | null;
  /** How many proxies in front are believed in what they say of a request. */
  trustedProxies: number;
  /** The header in which those proxies say the country of an address; null where none does. */
  countryHeader: string | null;
  refusals: Refusals;
  /** Does what an answer must not wait for. */
  later: (work: () => Promise<void>) => void;
  sessions: SessionStore;
  tokens: AccessTokens;
  uses: PermissionUses;
}

/** Of one request: the id that answer, log and audit share, and where it comes from. */
interface Caller {
  requestId: string;
  address: string | null;
}

/** Finds out who asks, by key or by session, and gives the routes their context; nobody gets further without one. */
export function identify(door: Door): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const found = await findCaller(door, c, c.res.headers.get("x-request-id") ?? "");
    const { ctx } = found;
    c.set("ctx", ctx);
    const isPage = ctx.via === "page";
    if (isPage && !safeMethods.has(c.req.method)) requireOwnPage(door, c);
    await countCaller(door, c, found);
    // What only reads is also asked by a page that nobody looks at.
    if (found.session !== null && !safeMethods.has(c.req.method) && !readingPosts.has(c.req.path))
      await door.sessions.touch(found.session.token, found.session.who);
    await next();
  };
}

/** Who asks. Asked again while an answer goes on, it says whether they still may. @throws unauthenticated */
export async function findContext(door: Door, c: HonoContext, requestId: string): Promise<Context> {
  return (await findCaller(door, c, requestId)).ctx;
}

interface FoundCaller {
  ctx: Context;
  session: { token: string; who: SignedIn } | null;
  /** Requests in a minute that the caller's key has as its own limit. */
  ratePerMinute: number | null;
}

async function findCaller(door: Door, c: HonoContext, requestId: string): Promise<FoundCaller> {
  const caller = { requestId, address: wayOf(door, c).address };
  const key = bearerOf(c);
  if (key === undefined) return callerOfSession(door, c, caller);
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(key)) return callerOfToken(door, key, c, caller);
  const local = await contextOfLocalKey(door, key, c, caller);
  if (local !== null) return { ctx: local, session: null, ratePerMinute: null };
  return callerOfKey(door, key, c, caller);
}

function bearerOf(c: HonoContext): string | undefined {
  return /^Bearer (\S+)$/.exec(c.req.header("authorization") ?? "")?.[1];
}

async function countCaller(door: Door, c: HonoContext, { ctx, ratePerMinute }: FoundCaller): Promise<void> {
  if (ctx.actor.kind === "system") return;
  await countRequest(door, c, "company", ctx.tenantId);
  await countRequest(
    door,
    c,
    ctx.actor.kind,
    `${ctx.tenantId} ${ctx.actor.id}`,
    ratePerMinute === null ? undefined : { quota: ratePerMinute, windowSeconds: 60 },
  );
}

async function contextOfLocalKey({ host, localKey }: Door, key: string, c: HonoContext, caller: Caller) {
  // Compared by hash, so that the time it takes tells nothing of the key.
  if (localKey === null || (await hashToken(key)) !== (await hashToken(localKey))) return null;
  const slug = c.req.header("x-finops-tenant");
  if (slug === undefined) throw new AppError("invalid", "Name the company in the header X-Finops-Tenant.");
  const tenant = await getTenant(host.db, slug);
  return createContext(host, {
    tenantId: tenant.id,
    companyState: tenant.state,
    actor: { kind: "system", id: "local", name: "command line" },
    via: "cli",
    permissions: allPermissions,
    ...caller,
  });
}

/** Who asks with an API key, and with nothing else. @throws unauthenticated */
export async function findKeyCaller(door: Door, c: HonoContext): Promise<FoundCaller> {
  const caller = { requestId: c.res.headers.get("x-request-id") ?? "", address: wayOf(door, c).address };
  const key = bearerOf(c);
  if (key === undefined)
    throw new AppError("unauthenticated", "Send an API key in the header Authorization: Bearer finops_….");
  const found = await callerOfKey(door, key, c, caller);
  await countCaller(door, c, found);
  return found;
}

async function callerOfKey(door: Door, key: string, c: HonoContext, caller: Caller): Promise<FoundCaller> {
  const found = await findApiKey(door.host.db, door.host.clock, key);
  const holder = found !== null && isHere(c, found) ? found : null;
  if (holder === null) {
    await noteRefusedKey(door, key, c, caller);
    throw new AppError("unauthenticated", "This key is not valid, or has expired.");
  }
  return callerOfHolder(door, c, holder, caller);
}

/** The signature says who asks; whether they still may is asked of the database, so that what is revoked is gone at once. */
async function callerOfToken(door: Door, token: string, c: HonoContext, caller: Caller): Promise<FoundCaller> {
  const subject = await door.tokens.verify(token);
  const holder = subject === null ? null : await findTokenHolder(door.host.db, door.host.clock, subject);
  if (holder === null || holder.tenantId !== subject?.tenantId || !isHere(c, holder))
    throw new AppError(
      "unauthenticated",
      "This access token is not valid, or has run out. Get a new one from /api/tokens.",
    );
  return callerOfHolder(door, c, holder, caller);
}

async function callerOfHolder(door: Door, c: HonoContext, holder: KeyHolder, caller: Caller): Promise<FoundCaller> {
  requireState(holder, { isOwner: false, method: c.req.method, path: c.req.path });
  const actor = { kind: "key" as const, id: holder.keyId, name: holder.name };
  const ctx = createContext(door.host, {
    tenantId: holder.tenantId,
    companyState: holder.companyState,
    actor,
    noteUse: door.uses.noteFor(door.host, holder.tenantId, actor),
    via: "key",
    permissions: holder.permissions,
    rowFilters: holder.rowFilters,
    ...caller,
  });
  await requireLetIn(door, c, ctx, holder.companySettings, "key");
  return { ctx, session: null, ratePerMinute: holder.ratePerMinute };
}

/** Only a key that once was good belongs to a company that can be told. */
async function noteRefusedKey({ host, refusals }: Door, key: string, c: HonoContext, caller: Caller): Promise<void> {
  const refused = await findRefusedKey(host.db, host.clock, key);
  if (refused === null) return;
  const { tenantId, keyId, keyName, reason } = refused;
  const ctx = createContext(host, {
    tenantId,
    actor: { kind: "key", id: keyId, name: keyName },
    via: "key",
    permissions: [],
    ...caller,
  });
  await refusals.note(ctx, "sign-in.refused", { method: "key", reason, path: c.req.path.slice(0, 200) });
}

async function callerOfSession(door: Door, c: HonoContext, caller: Caller): Promise<FoundCaller> {
  const { token, who } = await findSignedIn(door, c);
  if (token === null || who === null) throw nobody();
  requireState(who, { isOwner: who.roleKey === "owner", method: c.req.method, path: c.req.path });
  const actor = { kind: "person" as const, id: who.userId, name: who.name || who.email };
  const ctx = createContext(door.host, {
    tenantId: who.tenantId,
    companyState: who.companyState,
    sessionId: who.sessionId,
    actor,
    noteUse: door.uses.noteFor(door.host, who.tenantId, actor),
    via: "page",
    permissions: who.permissions,
    rowFilters: who.rowFilters,
    ...caller,
  });
  await requireLetIn(door, c, ctx, who.companySettings, who.method);
  requireSecondFactor(who);
  return { ctx, session: { token, who }, ratePerMinute: null };
}

/**
 * Refuses addresses that the company does not let in. A session that was started by a link from the operator's terminal is let
 * in from anywhere: it is the way back for owners who locked themselves out.
 * @throws forbidden
 */
export async function requireLetIn(
  door: Door,
  c: HonoContext,
  ctx: Context,
  companySettings: unknown,
  method: string,
): Promise<void> {
  if (method === "terminal" || letsIn(parseSection(companySettings, networkPolicySection), ctx.address)) return;
  await door.refusals.note(ctx, "network.refused", { path: c.req.path.slice(0, 200) });
  throw refuseAddress(ctx.address);
}

export function refuseAddress(address: string | null): AppError {
  return new AppError(
    "forbidden",
    `Your company lets nobody in from this address (${address ?? "unknown"}). Come from its network, or ask an owner to allow the address.`,
  );
}

/** Who is signed in on the host name that was asked: a session of one company is nothing on that of another. */
export async function findSignedIn(
  door: Pick<Door, "sessions">,
  c: HonoContext,
): Promise<{ token: string | null; who: SignedIn | null }> {
  const token = findSessionToken(c.req.header("cookie"));
  const who = token === null ? null : await door.sessions.find(token);
  return { token, who: who !== null && isHere(c, who) ? who : null };
}

export function nobody(): AppError {
  return new AppError("unauthenticated", "Sign in to see this. `finops link` prints a new sign-in link.");
}
