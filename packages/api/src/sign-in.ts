import { secondFactorNeed } from "@finops/capabilities/sign-in/index";
import { AppError } from "@finops/kernel/app-error";
import { auditAlone } from "@finops/platform/audit/audit";
import { endSessionsOfUser, type SignedIn } from "@finops/platform/identity/sessions";
import { findSessionToken, renderEndedSessionCookie } from "@finops/platform/identity/session-cookie";
import { type Context as HonoContext, Hono } from "hono";
import { type Door, requireLetIn } from "./identify.ts";
import { requireOwnPage } from "./request-way.ts";
import { contextOfSignedIn } from "./start-session.ts";

/** The session that every way to sign in ends in, and ways out. */
export function signInRoutes(door: Door): Hono {
  const { host } = door;
  const app = new Hono();

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
    /** `show` and `enroll` have to be done before anything else. */
    secondFactor: secondFactorNeed(who),
  };
}

function nobody(): AppError {
  return new AppError("unauthenticated", "Sign in to see this. `finops link` prints a new sign-in link.");
}
