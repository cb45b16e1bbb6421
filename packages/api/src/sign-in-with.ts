import { AppError } from "@finops/kernel/app-error";
import {
  admit,
  findSignInProvider,
  listSignInProviders,
  type SignInErrorCode,
  type SignInOptions,
} from "@finops/capabilities/sign-in/index";
import { type FoundIdentity, FlowRefused } from "@finops/platform/identity/found-identity";
import { finishCodeFlow, startCodeFlow } from "@finops/platform/identity/oidc/code-flow";
import { callbackUrl, type SignInProvider } from "@finops/platform/identity/oidc/providers";
import { describeService, requestIdOf, samlAddresses } from "@finops/platform/identity/saml/saml";
import {
  type Attempt,
  createTicket,
  startAttempt,
  takeAssertion,
  takeAttempt,
  takeTicket,
} from "@finops/platform/identity/sign-in-attempts";
import { signInPolicySection } from "@finops/platform/identity/sign-in-policy";
import { readSettings } from "@finops/platform/tenancy/company-settings";
import { type Context as HonoContext, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as z from "zod";
import { ensureBrowser, findBrowser } from "./browser-cookie.ts";
import { findCompany, originOf } from "./company-of-request.ts";
import { requireFreshProof } from "./fresh-proof.ts";
import type { Door } from "./identify.ts";
import { countSignIn } from "./rate-limits.ts";
import { readBody } from "./read-body.ts";
import { requireOwnPage, requireSafeWay, wayOf } from "./request-way.ts";
import { findPerson, requirePerson } from "./signed-in-person.ts";
import { contextOfSignedIn, startSession } from "./start-session.ts";

/** Signing in with a provider: there, back to one address for all companies, and on to the company's host. */
export function signInWithRoutes(door: Door): Hono {
  const { host } = door;
  const app = new Hono();
  const flow = { clock: host.clock, access: host.signIn, redirectUri: callbackUrl(host.baseUrl) };
  const saml = samlAddresses(host.baseUrl);

  app.get("/api/sign-in/options", async (c) => {
    await countSignIn(door, c);
    const { company, isPlain } = await findCompany(door, c, c.req.query("company"));
    return c.json({ ...(await optionsOf(door, company?.id ?? null)), asksCompany: isPlain } satisfies SignInOptions);
  });

  app.get("/sign-in/with/:provider", async (c) => {
    c.header("Cache-Control", "no-store");
    requireSafeWay(door, c);
    await countSignIn(door, c);
    const { company, origin, query } = await findCompany(door, c, c.req.query("company"));
    const provider = company === null ? null : await findSignInProvider(host, company.id, c.req.param("provider"));
    if (company === null || provider === null) return c.redirect(`${origin}/sign-in?error=unavailable${query}`, 303);
    const location = await setOut(c, provider, {
      tenantId: company.id,
      origin,
      returnPath: readReturnPath(c.req.query("return")),
      isRemembered: c.req.query("remember") === "1",
      userId: null,
    });
    return c.redirect(location ?? `${origin}/sign-in?error=provider${query}`, 303);
  });

  // Who is signed in adds a provider: asked for by their own page, so that no link of somebody else does it.
  app.post("/api/sign-in/identities", async (c) => {
    requireOwnPage(door, c);
    const { who } = await requirePerson(door, c);
    requireFreshProof(who, host.clock.now());
    const { provider: key, return: path } = await readBody(c, LinkWish);
    const provider = await findSignInProvider(host, who.tenantId, key);
    if (provider === null) throw new AppError("not_found", "The company offers no such way to sign in.");
    const { tenantId, userId, isRemembered } = who;
    const attempt = { tenantId, origin: originOf(door, c), returnPath: readReturnPath(path), isRemembered, userId };
    const location = await setOut(c, provider, attempt);
    if (location === null)
      throw new AppError("upstream", `${provider.name} does not answer at the moment. Try again later.`);
    return c.json({ location });
  });

  // Providers allow no pattern of addresses, so all companies share these two. Nothing is decided here: the browser that set out
  // proves itself on the company's host.
  app.get("/sign-in/callback", async (c) => {
    const answer = new URL(c.req.url).searchParams;
    return comeBack(c, answer.get("state") ?? "", (provider, { nonce, verifier }, groupClaim) => {
      if (provider.kind === "saml") throw new FlowRefused("failed", "a SAML provider answers by POST");
      return finishCodeFlow(provider, flow, { state: answer.get("state")!, nonce, verifier }, answer, groupClaim);
    });
  });

  // The one POST that another site's page sends: it brings no cookie, and what it may do is what its RelayState began.
  app.post("/sign-in/saml", limitAnswer, async (c) => {
    const form = await readForm(c);
    return comeBack(c, form.get("RelayState") ?? "", (provider, attempt, groupClaim) =>
      finishSaml(provider, attempt, form.get("SAMLResponse") ?? "", groupClaim),
    );
  });

  app.get("/sign-in/saml/metadata", (c) => {
    if (host.saml === null)
      throw new AppError(
        "precondition",
        "SAML is not offered on this host. Use the address of a host that runs on Node.",
      );
    return c.body(describeService(saml), 200, { "Content-Type": "application/samlmetadata+xml" });
  });

  app.get("/sign-in/arrive", async (c) => {
    c.header("Cache-Control", "no-store");
    requireSafeWay(door, c);
    await countSignIn(door, c);
    const browser = await findBrowser(c);
    if (browser === null) return c.redirect(`${originOf(door, c)}/sign-in?error=browser`, 303);
    const taken = await takeTicket(host.db, host.clock, c.req.query("ticket") ?? "", browser);
    if (taken === null) return c.redirect(`${originOf(door, c)}/sign-in?error=expired`, 303);
    const { attempt, found } = taken;
    const provider = await findSignInProvider(host, attempt.tenantId, attempt.provider);
    if (provider === null) return out(c, attempt, "unavailable", "the provider is not offered any more");
    const person = await findPerson(door, c);
    const admission = await admit(host, provider, attempt, found, {
      address: wayOf(door, c).address,
      requestId: c.res.headers.get("x-request-id") ?? "",
      userId: person?.who.tenantId === attempt.tenantId ? person.who.userId : null,
    });
    if (admission.kind === "out") return out(c, attempt, admission.code, admission.reason, found.email);
    if (admission.kind === "in") {
      const { tenantId, isRemembered } = attempt;
      const method = methodOf(provider);
      await startSession(door, c, { tenantId, userId: admission.userId, method, isRemembered });
    }
    return c.redirect(attempt.returnPath, 303);
  });

  /** Takes what was begun with this state, once, and hands who came back over to the company's host. */
  async function comeBack(
    c: HonoContext,
    state: string,
    finish: (provider: SignInProvider, attempt: Attempt, groupClaim: string) => Promise<FoundIdentity>,
  ) {
    c.header("Cache-Control", "no-store");
    await countSignIn(door, c);
    const attempt = await takeAttempt(host.db, host.clock, state);
    if (attempt === null) return c.redirect(`${originOf(door, c)}/sign-in?error=expired`, 303);
    const provider = await findSignInProvider(host, attempt.tenantId, attempt.provider);
    if (provider === null) return out(c, attempt, "unavailable", "the provider is not offered any more");
    try {
      const { provisioning } = await host.db.inTenant(attempt.tenantId, (tx) =>
        readSettings(tx, attempt.tenantId, signInPolicySection),
      );
      const found = await finish(provider, attempt, provisioning.groupClaim);
      const ticket = await createTicket(host.db, host.clock, attempt, found);
      return c.redirect(`${attempt.origin}/sign-in/arrive?ticket=${ticket}`, 303);
    } catch (error) {
      if (!(error instanceof FlowRefused)) throw error;
      return out(c, attempt, error.reason === "refused" ? "cancelled" : "provider", error.message);
    }
  }

  async function finishSaml(
    provider: SignInProvider,
    attempt: Attempt,
    response: string,
    groupClaim: string,
  ): Promise<FoundIdentity> {
    if (provider.kind !== "saml" || host.saml === null)
      throw new FlowRefused("failed", "only a SAML provider answers by POST");
    const answer = { response, requestId: requestIdOf(attempt), now: host.clock.now(), groupClaim };
    const { found, assertionId, endsAt } = await host.saml.finish(provider, saml, answer);
    const assertion = { issuer: provider.issuer, assertionId, endsAt };
    if (!(await takeAssertion(host.db, host.clock, attempt.tenantId, assertion)))
      throw new FlowRefused("failed", "the assertion was taken before");
    return found;
  }

  async function setOut(
    c: HonoContext,
    provider: SignInProvider,
    start: Omit<Parameters<typeof startAttempt>[2], "provider" | "browserHash">,
  ): Promise<string | null> {
    const browserHash = await ensureBrowser(c);
    const secrets = await startAttempt(host.db, host.clock, { ...start, provider: provider.key, browserHash });
    const location =
      provider.kind === "saml"
        ? host.saml!.start(provider, saml, { state: secrets.state, requestId: requestIdOf(secrets) })
        : startCodeFlow(provider, flow, secrets);
    return location.catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      host.log.warn({ err: error, issuer: provider.issuer }, "a provider does not answer");
      return null;
    });
  }

  async function out(
    c: HonoContext,
    attempt: Attempt,
    code: SignInErrorCode,
    reason: string,
    email: string | null = null,
  ) {
    // A mail that waits is no refusal.
    if (code !== "email-sent") {
      const who = {
        tenantId: attempt.tenantId,
        userId: attempt.userId ?? "unknown",
        name: email ?? "unknown",
        email: "",
      };
      const method = `provider ${attempt.provider}`;
      await door.refusals.note(contextOfSignedIn(door, c, who), "sign-in.refused", { method, reason });
    }
    return c.redirect(`${attempt.origin}/sign-in?error=${code}`, 303);
  }

  return app;
}

/** What a session is marked with. A company's own provider is believed by that company alone, so its sessions stay there. */
export function methodOf({ tenantId, key }: SignInProvider): string {
  return tenantId === null ? key : "company-provider";
}

async function optionsOf({ host }: Door, tenantId: string | null): Promise<Omit<SignInOptions, "asksCompany">> {
  const shared = host.signIn.providers.map(({ key, name, kind }) => ({ key, name, kind }));
  if (tenantId === null) return { providers: shared, emailLink: true, passkey: true };
  const policy = await host.db.inTenant(tenantId, (tx) => readSettings(tx, tenantId, signInPolicySection));
  const providers = await listSignInProviders(host, tenantId);
  const isOpen = policy.requiredIssuer === null;
  return { providers, emailLink: isOpen, passkey: isOpen };
}

/** In base64, and with what a form makes of its signs, an answer is twice as long. */
const limitAnswer = bodyLimit({
  maxSize: 1024 * 1024,
  onError: () => {
    throw new AppError("too_large", "The provider's answer is larger than 1 MiB. Let it name fewer groups.");
  },
});

async function readForm(c: HonoContext): Promise<URLSearchParams> {
  const type = c.req.header("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\b/i.test(type))
    throw new AppError("invalid", "An answer of a SAML provider is a form. Sign in once more.");
  return new URLSearchParams(await c.req.text());
}

const LinkWish = z.strictObject({ provider: z.string().max(60), return: z.string().max(2000).optional() });

/** A path of this host: what could lead to another one is the start page. */
function readReturnPath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,2000}$/.test(path) ? path : "/";
}
