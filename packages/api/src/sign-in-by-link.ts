import {
  admitByLink,
  issuerOf,
  LinkRequest,
  readAddress,
  sendLink,
  signInErrors,
} from "@finops/capabilities/sign-in/index";
import {
  type FoundLink,
  findLinkOwner,
  findRefusedLink,
  findSignInLink,
  useSignInLink,
} from "@finops/platform/identity/sign-in-links";
import { type Context as HonoContext, Hono } from "hono";
import { html } from "hono/html";
import { ensureBrowser, findBrowser } from "./browser-cookie.ts";
import { isHere } from "./company-host.ts";
import { findCompany } from "./company-of-request.ts";
import type { Door } from "./identify.ts";
import { countSignIn } from "./rate-limits.ts";
import { readBody } from "./read-body.ts";
import { requireOwnOrigin, requireOwnPage, wayOf, whyUnsafe } from "./request-way.ts";
import { contextOfSignedIn, startSession } from "./start-session.ts";

/**
 * Signing in by a link. One from a terminal is used up by opening it, for no mail scanner opens it first; one from a mail shows
 * a page with a button.
 */
export function signInByLinkRoutes(door: Door): Hono {
  const { host } = door;
  const app = new Hono();

  // Whoever asks, and whatever for: the answer is written before anything is looked up.
  app.post("/api/sign-in/link", async (c) => {
    requireOwnPage(door, c);
    const { email, remember, company: named } = await readBody(c, LinkRequest);
    await countSignIn(door, c, readAddress(email));
    const browserHash = await ensureBrowser(c);
    door.later(async () => {
      const { company, address } = await findCompany(door, c, named);
      if (company === null) return;
      await sendLink(host, { tenantId: company.id, email, isRemembered: remember, browserHash, origin: address });
    });
    return c.json({ sent: "If this address may sign in here, a mail with a link is on its way." }, 202);
  });

  app.get("/sign-in/:token", async (c) => {
    c.header("Cache-Control", "no-store");
    // A HEAD, as previews send it, uses nothing up.
    if (c.req.method === "HEAD") return c.body(null, 204);
    const reason = whyUnsafe(door, c);
    if (reason !== null) return c.html(page("Nobody can sign in on this way", html`<p>${reason}</p>`), 412);
    await countSignIn(door, c);
    const token = c.req.param("token");
    const found = await findHere(c, token);
    if (found === null) return usedUp(c, token);
    if (found.kind === "mail") {
      c.header(
        "Content-Security-Policy",
        "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      return c.html(await buttonPage(found, await findBrowser(c)));
    }
    if (found.kind === "switch") return openByRules(c, token, found);
    // The operator's asks no rules: it is the way back in for who locked themselves out.
    const used = await useSignInLink(host.db, host.clock, token);
    if (used === null) return usedUp(c, token);
    const { tenantId, userId } = used;
    const isRemembered = c.req.query("remember") === "1";
    if ((await startSession(door, c, { tenantId, userId, method: "terminal", isRemembered })) === null)
      return usedUp(c, token);
    return c.redirect("/", 303);
  });

  app.post("/sign-in/:token", async (c) => {
    c.header("Cache-Control", "no-store");
    requireOwnOrigin(door, c);
    await countSignIn(door, c);
    const token = c.req.param("token");
    const found = await findHere(c, token);
    if (found === null || found.kind !== "mail") return usedUp(c, token);
    return openByRules(c, token, found);
  });

  async function openByRules(c: HonoContext, token: string, found: FoundLink) {
    const use = await admitByLink(host, token, found, await findBrowser(c), {
      address: wayOf(door, c).address,
      requestId: c.res.headers.get("x-request-id") ?? "",
      userId: null,
    });
    if (use.kind === "out") {
      const who = { tenantId: found.tenantId, userId: found.userId, name: found.email, email: found.email };
      const refusal = { method: "link", reason: signInErrors[use.code] };
      await door.refusals.note(contextOfSignedIn(door, c, who), "sign-in.refused", refusal);
      return c.redirect(`/sign-in?error=${use.code}`, 303);
    }
    const { tenantId, userId, isRemembered } = use;
    const method = found.kind === "switch" ? "switch" : "link";
    if ((await startSession(door, c, { tenantId, userId, method, isRemembered })) === null) return usedUp(c, token);
    return c.redirect("/", 303);
  }

  /** A link of one company is nothing on the host name of another, and is not used up there. */
  async function findHere(c: HonoContext, token: string): Promise<FoundLink | null> {
    const owner = await findLinkOwner(host.db, token);
    return owner !== null && isHere(c, owner) ? findSignInLink(host.db, host.clock, token) : null;
  }

  async function usedUp(c: HonoContext, token: string) {
    const refused = await findRefusedLink(host.db, host.clock, token);
    // A link that never was belongs to no company that could be told.
    if (refused !== null) {
      const { tenantId, userId, userName, reason } = refused;
      const ctx = contextOfSignedIn(door, c, { tenantId, userId, name: userName, email: "" });
      await door.refusals.note(ctx, "sign-in.refused", { method: "link", reason });
    }
    return c.html(usedPage, 410);
  }

  return app;
}

/** Says whose link it is, so that nobody is signed in to the account of who sent it to them. */
function buttonPage({ email, companyName, browserHash, identityProvider }: FoundLink, browser: string | null) {
  const isElsewhere = browserHash !== null && browserHash !== browser;
  const about =
    identityProvider === null
      ? html`<p>Sign in to ${companyName} as ${email}.</p>`
      : html`<p>Sign in to ${companyName} as ${email}, from now on with ${issuerOf(identityProvider)} too.</p>`;
  const elsewhere = isElsewhere
    ? html`<p>This link was asked for in another browser. Go on only if it was you who asked.</p>`
    : "";
  return page(
    "Sign in",
    html`${about}${elsewhere}
      <form method="post"><button>Sign in</button></form>`,
  );
}

function page(title: string, body: ReturnType<typeof html>) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
}

const usedPage = page(
  "This link is used up",
  html`<p>It was used before, or is too old. Ask for a new one, or run <code>pnpm finops link</code>.</p>`,
);
