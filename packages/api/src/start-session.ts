import { auditAlone } from "@finops/platform/audit/audit";
import type { SignedIn } from "@finops/platform/identity/sessions";
import { findSessionToken, renderSessionCookie } from "@finops/platform/identity/session-cookie";
import { noteSecurityEvent } from "@finops/platform/security/security-events";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import type { Context as HonoContext } from "hono";
import type { Door } from "./identify.ts";
import { countryOf, requireSafeWay, wayOf } from "./request-way.ts";

export interface Proven {
  tenantId: string;
  userId: string;
  /** The way of signing in, as the session and the audit have it. */
  method: string;
  isRemembered?: boolean;
  secondFactorAt?: Date | null;
}

/**
 * Where every way to sign in ends: a session of who proved who they are, its cookie in the answer, and its entry in the audit.
 * A country that the person never came from, or a device and an address, is told to them and to the owners.
 * @returns null for who does not belong to the company
 */
export async function startSession(door: Door, c: HonoContext, proven: Proven): Promise<SignedIn | null> {
  requireSafeWay(door, c);
  const userAgent = (c.req.header("user-agent") ?? "").slice(0, 300);
  const { address } = wayOf(door, c);
  const country = countryOf(door, c);
  const { token, expiresAt, isRemembered } = await door.sessions.start({ ...proven, userAgent, address, country });
  const who = await door.sessions.find(token);
  if (who === null) return null;
  // The browser forgets it, so nobody else is to have it.
  const before = findSessionToken(c.req.header("cookie"));
  if (before !== null) await door.sessions.end(before);
  const ctx = contextOfSignedIn(door, c, who);
  await auditAlone(ctx, "session.started", { after: { session: who.sessionId, method: proven.method } });
  const person = who.name || who.email;
  const isNewCountry = await comesFromNewCountry(ctx, who, country);
  if (isNewCountry || (await isNewDevice(ctx, who, { userAgent, address })))
    await noteSecurityEvent(ctx, {
      kind: isNewCountry ? "new-country" : "new-device",
      sentence: isNewCountry
        ? `${person} signed in from a country that is new: ${country}`
        : `${person} signed in from a device and an address that are new`,
      advice: `If it was not ${person}, end the session, and all others of theirs, and look at what was done.`,
      facts: { session: who.sessionId, userAgent, address, country },
      alsoTo: who.email,
    });
  c.header("Set-Cookie", renderSessionCookie(token, isRemembered ? expiresAt : null));
  return who;
}

/** Who signs in or out, for the audit: it is no request that may do anything. */
export function contextOfSignedIn(
  door: Door,
  c: HonoContext,
  who: Pick<SignedIn, "tenantId" | "userId" | "name" | "email"> & { sessionId?: string },
): Context {
  return createContext(door.host, {
    tenantId: who.tenantId,
    actor: { kind: "person", id: who.userId, name: who.name || who.email },
    via: "page",
    address: wayOf(door, c).address,
    sessionId: who.sessionId ?? null,
    permissions: [],
    requestId: c.res.headers.get("x-request-id") ?? "",
  });
}

/** The first country that is known of somebody is no news. */
async function comesFromNewCountry(
  ctx: Context,
  { userId, sessionId }: SignedIn,
  country: string | null,
): Promise<boolean> {
  if (country === null) return false;
  const before = { tenantId: ctx.tenantId, userId, id: { not: sessionId }, country: { not: null } };
  const select = { id: true } as const;
  return ctx.inTenant(async (tx) => {
    if ((await tx.session.findFirst({ where: before, select })) === null) return false;
    return (await tx.session.findFirst({ where: { ...before, country }, select })) === null;
  });
}

/** Somebody's first session is no news. */
async function isNewDevice(
  ctx: Context,
  { userId, sessionId }: SignedIn,
  { userAgent, address }: { userAgent: string; address: string | null },
): Promise<boolean> {
  if (address === null) return false;
  const before = { tenantId: ctx.tenantId, userId, id: { not: sessionId } };
  const select = { id: true } as const;
  return ctx.inTenant(async (tx) => {
    if ((await tx.session.findFirst({ where: before, select })) === null) return false;
    const similar = { ...before, OR: [{ address }, { userAgent }] };
    return (await tx.session.findFirst({ where: similar, select })) === null;
  });
}
