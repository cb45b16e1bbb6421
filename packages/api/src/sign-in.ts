import { AppError } from "@finops/kernel/app-error";
import { createSession, endSession, findSession } from "@finops/platform/identity/sessions";
import {
  findSessionToken,
  renderEndedSessionCookie,
  renderSessionCookie,
} from "@finops/platform/identity/session-cookie";
import { useSignInLink } from "@finops/platform/identity/sign-in-links";
import type { Host } from "@finops/platform/host";
import { Hono } from "hono";
import { isSecure } from "./identify.ts";

/** Ways in and out. More ways to sign in join here; each ends in the same session. */
export function signInRoutes(host: Host): Hono {
  const app = new Hono();

  // Printed in a terminal, so that no mail scanner opens it first. A HEAD, as previews send it, uses nothing up.
  app.get("/sign-in/:token", async (c) => {
    c.header("Cache-Control", "no-store");
    c.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (c.req.method === "HEAD") return c.body(null, 204);
    const used = await useSignInLink(host.db, host.clock, c.req.param("token"));
    if (used === null) return c.html(usedPage, 410);
    const agent = c.req.header("user-agent");
    const { token, expiresAt } = await createSession(host.db, host.clock, {
      ...used,
      method: "link",
      ...(agent === undefined ? {} : { userAgent: agent.slice(0, 300) }),
    });
    c.header("Set-Cookie", renderSessionCookie(token, { expiresAt, isSecure: isSecure(c) }));
    return c.redirect("/", 303);
  });

  app.post("/sign-out", async (c) => {
    if (c.req.header("x-finops-request") === undefined)
      throw new AppError("forbidden", "Requests that change something carry the header X-Finops-Request.");
    const token = findSessionToken(c.req.header("cookie"), { isSecure: isSecure(c) });
    if (token !== null) await endSession(host.db, host.clock, token);
    c.header("Set-Cookie", renderEndedSessionCookie({ isSecure: isSecure(c) }));
    return c.body(null, 204);
  });

  app.get("/api/session", async (c) => {
    const token = findSessionToken(c.req.header("cookie"), { isSecure: isSecure(c) });
    const who = token === null ? null : await findSession(host.db, host.clock, token);
    if (who === null) return c.json({ signedIn: false as const });
    return c.json({
      signedIn: true as const,
      name: who.name,
      email: who.email,
      company: who.tenantSlug,
      role: who.roleKey,
      permissions: [...who.permissions],
      /** Whether the person sees a part of the company's costs only. */
      isScoped: who.rowFilters.has("costs:read"),
      expiresAt: who.expiresAt.toISOString(),
    });
  });

  return app;
}

const usedPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>This link is used up</title></head><body><main><h1>This link is used up</h1><p>It was used before, or is older than 15 minutes. Run <code>pnpm finops link</code> for a new one.</p></main></body></html>`;
