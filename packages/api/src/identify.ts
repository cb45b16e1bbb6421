import { AppError } from "@finops/kernel/app-error";
import { allPermissions } from "@finops/platform/access/permissions";
import { findApiKey } from "@finops/platform/identity/api-keys";
import { findSession } from "@finops/platform/identity/sessions";
import { findSessionToken } from "@finops/platform/identity/session-cookie";
import { hashToken } from "@finops/platform/identity/tokens";
import type { Host } from "@finops/platform/host";
import type { AppEnv } from "@finops/platform/http/app-env";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { getTenant } from "@finops/platform/tenancy/tenants";
import type { Context as HonoContext, MiddlewareHandler } from "hono";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Finds out who asks, by key or by session, and gives the routes their context; nobody gets further without one. */
export function identify(host: Host, localKey: string | null): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.set("ctx", await findContext(host, localKey, c, c.res.headers.get("x-request-id") ?? ""));
    await next();
  };
}

/** Who asks. Asked again while an answer goes on, it says whether they still may. @throws unauthenticated */
export async function findContext(
  host: Host,
  localKey: string | null,
  c: HonoContext,
  requestId: string,
): Promise<Context> {
  const key = /^Bearer (\S+)$/.exec(c.req.header("authorization") ?? "")?.[1];
  if (key === undefined) return contextOfSession(host, c, requestId);
  return (await contextOfLocalKey(host, localKey, key, c, requestId)) ?? (await contextOfKey(host, key, requestId));
}

async function contextOfLocalKey(host: Host, localKey: string | null, key: string, c: HonoContext, requestId: string) {
  // Compared by hash, so that the time it takes tells nothing of the key.
  if (localKey === null || (await hashToken(key)) !== (await hashToken(localKey))) return null;
  const slug = c.req.header("x-finops-tenant");
  if (slug === undefined) throw new AppError("invalid", "Name the company in the header X-Finops-Tenant.");
  const tenant = await getTenant(host.db, slug);
  return createContext(host, {
    tenantId: tenant.id,
    actor: { kind: "system", id: "local", name: "command line" },
    permissions: allPermissions,
    requestId,
  });
}

async function contextOfKey(host: Host, key: string, requestId: string) {
  const holder = await findApiKey(host.db, host.clock, key);
  if (holder === null) throw new AppError("unauthenticated", "This key is not valid, or has expired.");
  return createContext(host, {
    tenantId: holder.tenantId,
    actor: { kind: "key", id: holder.keyId, name: holder.name },
    permissions: holder.permissions,
    rowFilters: holder.rowFilters,
    requestId,
  });
}

async function contextOfSession(host: Host, c: HonoContext, requestId: string) {
  const token = findSessionToken(c.req.header("cookie"), { isSecure: isSecure(c) });
  const who = token === null ? null : await findSession(host.db, host.clock, token);
  if (who === null)
    throw new AppError("unauthenticated", "Sign in to see this. `finops link` prints a new sign-in link.");
  // A form of another site cannot set this header, and a script of another site may not.
  if (!safeMethods.has(c.req.method) && c.req.header("x-finops-request") === undefined)
    throw new AppError("forbidden", "Requests that change something carry the header X-Finops-Request.");
  return createContext(host, {
    tenantId: who.tenantId,
    actor: { kind: "person", id: who.userId, name: who.name || who.email },
    permissions: who.permissions,
    rowFilters: who.rowFilters,
    requestId,
  });
}

export function isSecure(c: HonoContext): boolean {
  return new URL(c.req.url).protocol === "https:";
}
