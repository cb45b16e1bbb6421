import { AppError } from "@finops/kernel/app-error";
import { allPermissions } from "@finops/platform/access/permissions";
import type { PermissionUses } from "@finops/platform/access/permission-uses";
import type { Refusals } from "@finops/platform/audit/refusals";
import { findApiKey, findRefusedKey } from "@finops/platform/identity/api-keys";
import { findSession } from "@finops/platform/identity/sessions";
import { findSessionToken } from "@finops/platform/identity/session-cookie";
import { hashToken } from "@finops/platform/identity/tokens";
import type { Host } from "@finops/platform/host";
import type { AppEnv } from "@finops/platform/http/app-env";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { getTenant } from "@finops/platform/tenancy/tenants";
import type { Context as HonoContext, MiddlewareHandler } from "hono";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** What is needed to find out who is at the door, and to note who was refused. */
export interface Door {
  host: Host;
  /** The key of commands on the same machine; null where there is no such machine. */
  localKey: string | null;
  /** Where a request comes from, as the host knows it. */
  addressOf: (c: HonoContext) => string | null;
  refusals: Refusals;
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
    const ctx = await findContext(door, c, c.res.headers.get("x-request-id") ?? "");
    c.set("ctx", ctx);
    // A form of another site cannot set this header, and a script of another site may not.
    if (ctx.via === "page" && !safeMethods.has(c.req.method) && c.req.header("x-finops-request") === undefined)
      throw new AppError("forbidden", "Requests that change something carry the header X-Finops-Request.");
    await next();
  };
}

/** Who asks. Asked again while an answer goes on, it says whether they still may. @throws unauthenticated */
export async function findContext(door: Door, c: HonoContext, requestId: string): Promise<Context> {
  const caller = { requestId, address: door.addressOf(c) };
  const key = /^Bearer (\S+)$/.exec(c.req.header("authorization") ?? "")?.[1];
  if (key === undefined) return contextOfSession(door, c, caller);
  return (await contextOfLocalKey(door, key, c, caller)) ?? (await contextOfKey(door, key, c, caller));
}

async function contextOfLocalKey({ host, localKey }: Door, key: string, c: HonoContext, caller: Caller) {
  // Compared by hash, so that the time it takes tells nothing of the key.
  if (localKey === null || (await hashToken(key)) !== (await hashToken(localKey))) return null;
  const slug = c.req.header("x-finops-tenant");
  if (slug === undefined) throw new AppError("invalid", "Name the company in the header X-Finops-Tenant.");
  const tenant = await getTenant(host.db, slug);
  return createContext(host, {
    tenantId: tenant.id,
    actor: { kind: "system", id: "local", name: "command line" },
    via: "cli",
    permissions: allPermissions,
    ...caller,
  });
}

async function contextOfKey(door: Door, key: string, c: HonoContext, caller: Caller) {
  const holder = await findApiKey(door.host.db, door.host.clock, key);
  if (holder === null) {
    await noteRefusedKey(door, key, c, caller);
    throw new AppError("unauthenticated", "This key is not valid, or has expired.");
  }
  const actor = { kind: "key" as const, id: holder.keyId, name: holder.name };
  return createContext(door.host, {
    tenantId: holder.tenantId,
    actor,
    noteUse: door.uses.noteFor(door.host, holder.tenantId, actor),
    via: "key",
    permissions: holder.permissions,
    rowFilters: holder.rowFilters,
    ...caller,
  });
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

async function contextOfSession({ host, uses }: Door, c: HonoContext, caller: Caller) {
  const token = findSessionToken(c.req.header("cookie"), { isSecure: isSecure(c) });
  const who = token === null ? null : await findSession(host.db, host.clock, token);
  if (who === null)
    throw new AppError("unauthenticated", "Sign in to see this. `finops link` prints a new sign-in link.");
  const actor = { kind: "person" as const, id: who.userId, name: who.name || who.email };
  return createContext(host, {
    tenantId: who.tenantId,
    actor,
    noteUse: uses.noteFor(host, who.tenantId, actor),
    via: "page",
    permissions: who.permissions,
    rowFilters: who.rowFilters,
    ...caller,
  });
}

export function isSecure(c: HonoContext): boolean {
  return new URL(c.req.url).protocol === "https:";
}
