import { AppError } from "@finops/kernel/app-error";
import { auditAlone } from "@finops/platform/audit/audit";
import { createSession, endSession, findSession, type SignedIn } from "@finops/platform/identity/sessions";
import {
  findSessionToken,
  renderEndedSessionCookie,
  renderSessionCookie,
} from "@finops/platform/identity/session-cookie";
import { findLinkOwner, findRefusedLink, useSignInLink } from "@finops/platform/identity/sign-in-links";
import { stateReasonOf } from "@finops/platform/tenancy/company-state";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { type Context as HonoContext, Hono } from "hono";
import { isHere } from "./company-host.ts";
import { type Door, findSignedIn, isSecure } from "./identify.ts";

/** Ways in and out. More ways to sign in join here; each ends in the same session. */
export function signInRoutes(door: Door): Hono {
  const { host } = door;
  const app = new Hono();

  // Printed in a terminal, so that no mail scanner opens it first. A HEAD, as previews send it, uses nothing up.
  app.get("/sign-in/:token", async (c) => {
    c.header("Cache-Control", "no-store");
    c.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (c.req.method === "HEAD") return c.body(null, 204);
    const used = (await isOfAnotherHost(door, c, c.req.param("token")))
      ? null
      : await useSignInLink(host.db, host.clock, c.req.param("token"));
    if (used === null) {
      await noteRefusedLink(door, c, c.req.param("token"));
      return c.html(usedPage, 410);
    }
    const agent = c.req.header("user-agent");
    const { token, expiresAt } = await createSession(host.db, host.clock, {
      ...used,
      method: "link",
      ...(agent === undefined ? {} : { userAgent: agent.slice(0, 300) }),
    });
    await noteSession(door, c, "session.started", await findSession(host.db, host.clock, token), { method: "link" });
    c.header("Set-Cookie", renderSessionCookie(token, { expiresAt, isSecure: isSecure(c) }));
    return c.redirect("/", 303);
  });

  app.post("/sign-out", async (c) => {
    if (c.req.header("x-finops-request") === undefined)
      throw new AppError("forbidden", "Requests that change something carry the header X-Finops-Request.");
    const token = findSessionToken(c.req.header("cookie"), { isSecure: isSecure(c) });
    if (token !== null) {
      const who = await findSignedIn(door, c);
      if (who !== null) await endSession(host.db, host.clock, token);
      await noteSession(door, c, "session.ended", who);
    }
    c.header("Set-Cookie", renderEndedSessionCookie({ isSecure: isSecure(c) }));
    return c.body(null, 204);
  });

  app.get("/api/session", async (c) => {
    const who = await findSignedIn(door, c);
    if (who === null) return c.json({ signedIn: false as const });
    return c.json({
      signedIn: true as const,
      name: who.name,
      email: who.email,
      company: who.tenantSlug,
      companyState: who.companyState,
      companyReason: stateReasonOf(who.companySettings),
      role: who.roleKey,
      permissions: [...who.permissions],
      /** Whether the person sees a part of the company's costs only. */
      isScoped: who.rowFilters.has("costs:read"),
      expiresAt: who.expiresAt.toISOString(),
    });
  });

  return app;
}

async function noteSession(
  door: Door,
  c: HonoContext,
  action: string,
  who: SignedIn | null,
  how: { method?: string } = {},
): Promise<void> {
  if (who === null) return;
  const ctx = contextOf(door, c, { tenantId: who.tenantId, userId: who.userId, userName: who.name || who.email });
  await auditAlone(ctx, action, { after: { session: who.sessionId, ...how } });
}

/** A link of one company is nothing on the host name of another, and is not used up there. */
async function isOfAnotherHost({ host }: Door, c: HonoContext, token: string): Promise<boolean> {
  const link = await findLinkOwner(host.db, token);
  return link !== null && !isHere(c, link);
}

async function noteRefusedLink(door: Door, c: HonoContext, token: string): Promise<void> {
  const refused = await findRefusedLink(door.host.db, door.host.clock, token);
  // A link that never was belongs to no company that could be told.
  if (refused === null) return;
  await door.refusals.note(contextOf(door, c, refused), "sign-in.refused", { method: "link", reason: refused.reason });
}

function contextOf(
  { host, addressOf }: Door,
  c: HonoContext,
  who: { tenantId: string; userId: string; userName: string },
): Context {
  return createContext(host, {
    tenantId: who.tenantId,
    actor: { kind: "person", id: who.userId, name: who.userName },
    via: "page",
    address: addressOf(c),
    permissions: [],
    requestId: c.res.headers.get("x-request-id") ?? "",
  });
}

const usedPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>This link is used up</title></head><body><main><h1>This link is used up</h1><p>It was used before, or is older than 15 minutes. Run <code>pnpm finops link</code> for a new one.</p></main></body></html>`;
