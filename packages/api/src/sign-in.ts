import { AppError } from "@finops/kernel/app-error";
import { auditAlone } from "@finops/platform/audit/audit";
import { endSessionsOfUser, type SignedIn } from "@finops/platform/identity/sessions";
import { findSessionToken, renderEndedSessionCookie } from "@finops/platform/identity/session-cookie";
import { findRefusedLink, findSignInLink, useSignInLink } from "@finops/platform/identity/sign-in-links";
import { type Context as HonoContext, Hono } from "hono";
import { type Door, requireLetIn } from "./identify.ts";
import { countSignIn } from "./rate-limits.ts";
import { requireOwnPage, whyUnsafe } from "./request-way.ts";
import { contextOfSignedIn, startSession } from "./start-session.ts";

/** Ways in and out. More ways to sign in join here; each ends in the same session. */
export function signInRoutes(door: Door): Hono {
  const { host } = door;
  const app = new Hono();

  // Printed in a terminal, so that no mail scanner opens it first. A HEAD, as previews send it, uses nothing up.
  app.get("/sign-in/:token", async (c) => {
    c.header("Cache-Control", "no-store");
    c.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (c.req.method === "HEAD") return c.body(null, 204);
    const reason = whyUnsafe(door, c);
    if (reason !== null) return c.html(page("Nobody can sign in on this way", reason), 412);
    await countSignIn(door, c);
    const found = await findSignInLink(host.db, host.clock, c.req.param("token"));
    const used = await useSignInLink(host.db, host.clock, c.req.param("token"));
    if (used === null) {
      await noteRefusedLink(door, c, c.req.param("token"));
      return c.html(usedPage, 410);
    }
    const { tenantId, userId } = used;
    const method = found?.kind === "terminal" ? "terminal" : "link";
    const isRemembered = c.req.query("remember") === "1";
    if ((await startSession(door, c, { tenantId, userId, method, isRemembered })) === null)
      return c.html(usedPage, 410);
    return c.redirect("/", 303);
  });

  app.post("/sign-out", async (c) => {
    requireOwnPage(door, c);
    const { token, who } = await findSignedIn(door, c);
    if (token !== null) await door.sessions.end(token);
    if (who !== null)
      await auditAlone(contextOfSignedIn(door, c, who), "session.ended", { after: { session: who.sessionId } });
    c.header("Set-Cookie", renderEndedSessionCookie());
    return c.body(null, 204);
  });

  // Of every device, in every company that the person belongs to.
  app.post("/sign-out/everywhere", async (c) => {
    requireOwnPage(door, c);
    const { who } = await findSignedIn(door, c);
    if (who === null) throw nobody();
    await endSessionsOfUser(host.db, host.clock, who.userId);
    await auditAlone(contextOfSignedIn(door, c, who), "session.ended-everywhere", { after: { user: who.userId } });
    c.header("Set-Cookie", renderEndedSessionCookie());
    return c.body(null, 204);
  });

  app.get("/api/session", async (c) => {
    const { who } = await findSignedIn(door, c);
    if (who === null) return c.json({ signedIn: false as const });
    await requireLetIn(door, c, contextOfSignedIn(door, c, who), who.companySettings, who.method);
    return c.json(tellSession(who, who.idleUntil));
  });

  // A person is there: said by the page where one moves or types, and by the button of its warning.
  app.post("/api/session/stay", async (c) => {
    requireOwnPage(door, c);
    const { token, who } = await findSignedIn(door, c);
    if (token === null || who === null) throw nobody();
    await requireLetIn(door, c, contextOfSignedIn(door, c, who), who.companySettings, who.method);
    return c.json(tellSession(who, await door.sessions.touch(token, who)));
  });

  return app;
}

async function findSignedIn(door: Door, c: HonoContext): Promise<{ token: string | null; who: SignedIn | null }> {
  const token = findSessionToken(c.req.header("cookie"));
  return { token, who: token === null ? null : await door.sessions.find(token) };
}

function tellSession(who: SignedIn, idleUntil: Date | null) {
  return {
    signedIn: true as const,
    name: who.name,
    email: who.email,
    company: who.tenantSlug,
    companyState: who.companyState,
    role: who.roleKey,
    permissions: [...who.permissions],
    /** Whether the person sees a part of the company's costs only. */
    isScoped: who.rowFilters.has("costs:read"),
    /** Over in any case by the first, and without use by the second; null where that does not count. */
    expiresAt: who.expiresAt.toISOString(),
    idleUntil: idleUntil?.toISOString() ?? null,
    isRemembered: who.isRemembered,
    secondFactorAt: who.secondFactorAt?.toISOString() ?? null,
  };
}

async function noteRefusedLink(door: Door, c: HonoContext, token: string): Promise<void> {
  const refused = await findRefusedLink(door.host.db, door.host.clock, token);
  // A link that never was belongs to no company that could be told.
  if (refused === null) return;
  const { tenantId, userId, userName, reason } = refused;
  const ctx = contextOfSignedIn(door, c, { tenantId, userId, name: userName, email: "" });
  await door.refusals.note(ctx, "sign-in.refused", { method: "link", reason });
}

function nobody(): AppError {
  return new AppError("unauthenticated", "Sign in to see this. `finops link` prints a new sign-in link.");
}

function page(title: string, text: string): string {
  const escape = (plain: string) =>
    plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title></head><body><main><h1>${escape(title)}</h1><p>${escape(text)}</p></main></body></html>`;
}

const usedPage = page(
  "This link is used up",
  "It was used before, or is older than 15 minutes. Run `pnpm finops link` for a new one.",
);
