import {
  addPasskey,
  admitByPasskey,
  askForPasskey,
  beginCodes,
  beginPasskey,
  CodeInput,
  confirmCodes,
  getSecondFactor,
  issuerOf,
  removeCodes,
  removePasskey,
  renewRecoveryCodes,
  secondFactorNeed,
  showCode,
  takePasskey,
  tellOfChange,
} from "@finops/capabilities/sign-in/index";
import { AppError } from "@finops/kernel/app-error";
import { renderSessionCookie } from "@finops/platform/identity/session-cookie";
import { listIdentities, unlinkIdentity } from "@finops/platform/identity/users";
import { audit, auditAlone } from "@finops/platform/audit/audit";
import { type Context as HonoContext, Hono } from "hono";
import * as z from "zod";
import { ensureBrowser, findBrowser } from "./browser-cookie.ts";
import { findCompany, originOf } from "./company-of-request.ts";
import { mustProveAgain, requireFreshProof } from "./fresh-proof.ts";
import type { Door } from "./identify.ts";
import { countSignIn } from "./rate-limits.ts";
import { readBody } from "./read-body.ts";
import { requireOwnPage, requireSafeWay, wayOf } from "./request-way.ts";
import { type PersonHere, requirePerson, requirePersonWithout } from "./signed-in-person.ts";
import { contextOfSignedIn, startSession } from "./start-session.ts";

/** What a person proves themselves with, besides the way in: codes of an app, recovery codes, passkeys. */
export function secondFactorRoutes(door: Door): Hono {
  const { host } = door;
  const app = new Hono();

  app.get("/api/second-factor", async (c) => {
    const { who, ctx } = await requirePersonWithout(door, c);
    const mustProve = mustProveAgain(who, host.clock.now());
    return c.json(await getSecondFactor(ctx, { need: secondFactorNeed(who), mustProve }));
  });

  app.post("/api/second-factor/codes", async (c) => {
    const { ctx } = await requireMayBegin(c);
    return c.json(await beginCodes(ctx), 201);
  });

  app.post("/api/second-factor/codes/confirm", async (c) => {
    const person = await requireMayAdd(c);
    const { ctx } = person;
    const codes = await confirmCodes(ctx, await readBody(c, CodeInput));
    await stepUp(c, person);
    return c.json(codes);
  });

  app.post("/api/second-factor/show", async (c) => {
    requireOwnPage(door, c);
    const person = await requirePersonWithout(door, c);
    const { who, ctx } = person;
    await countSignIn(door, c, `second factor of ${who.tenantId} ${who.userId}`);
    try {
      await showCode(ctx, await readBody(c, CodeInput));
    } catch (error) {
      if (error instanceof AppError && error.code === "forbidden")
        await door.refusals.note(ctx, "sign-in.refused", { method: "second factor", reason: error.message });
      throw error;
    }
    await stepUp(c, person);
    return c.body(null, 204);
  });

  app.delete("/api/second-factor/codes", async (c) => {
    const { ctx } = await requireProven(c);
    await removeCodes(ctx);
    return c.body(null, 204);
  });

  app.post("/api/second-factor/recovery-codes", async (c) => {
    const { ctx } = await requireProven(c);
    return c.json(await renewRecoveryCodes(ctx));
  });

  app.post("/api/second-factor/passkeys/options", async (c) => {
    const { ctx } = await requireMayBegin(c);
    return c.json(await beginPasskey(ctx, { origin: originOf(door, c), browserHash: await ensureBrowser(c) }));
  });

  app.post("/api/second-factor/passkeys", async (c) => {
    const person = await requireMayAdd(c);
    const { ctx } = person;
    const made = await addPasskey(ctx, await placeOf(c), await readBody(c, z.unknown()));
    await stepUp(c, person);
    return c.json(made, 201);
  });

  app.delete("/api/second-factor/passkeys/:id", async (c) => {
    const { ctx } = await requireProven(c);
    await removePasskey(ctx, c.req.param("id"));
    return c.body(null, 204);
  });

  app.post("/api/second-factor/passkeys/show/options", async (c) => {
    requireOwnPage(door, c);
    const { who } = await requirePersonWithout(door, c);
    const place = { origin: originOf(door, c), browserHash: await ensureBrowser(c) };
    return c.json(await askForPasskey(host, who.tenantId, place, who.userId));
  });

  app.post("/api/second-factor/passkeys/show", async (c) => {
    requireOwnPage(door, c);
    const person = await requirePersonWithout(door, c);
    const { who, ctx } = person;
    await countSignIn(door, c);
    const passkey = await takePasskey(host, who.tenantId, await placeOf(c), await readBody(c, z.unknown()), who.userId);
    if (passkey === null) {
      const reason = "the passkey is not one of the person's";
      await door.refusals.note(ctx, "sign-in.refused", { method: "second factor", reason });
      throw unknownPasskey();
    }
    await auditAlone(ctx, "second-factor.shown", { after: { session: ctx.sessionId, kind: "passkey" } });
    await stepUp(c, person);
    return c.body(null, 204);
  });

  app.post("/api/sign-in/passkey/options", async (c) => {
    requireOwnPage(door, c);
    await countSignIn(door, c);
    const { company, origin } = await findCompany(door, c, (await readBody(c, PasskeyWish)).company);
    if (company === null) throw unknownPasskey();
    return c.json(await askForPasskey(host, company.id, { origin, browserHash: await ensureBrowser(c) }, null));
  });

  app.post("/api/sign-in/passkey", async (c) => {
    requireOwnPage(door, c);
    requireSafeWay(door, c);
    await countSignIn(door, c);
    const { company: named, remember, ...answer } = await readBody(c, PasskeyAnswer);
    const { company } = await findCompany(door, c, named);
    if (company === null) throw unknownPasskey();
    const passkey = await admitByPasskey(host, company.id, await placeOf(c), answer);
    if (passkey === null) {
      const who = { tenantId: company.id, userId: "unknown", name: "unknown", email: "" };
      const reason = "the passkey is unknown, or the company lets nobody in by it";
      await door.refusals.note(contextOfSignedIn(door, c, who), "sign-in.refused", { method: "passkey", reason });
      throw unknownPasskey();
    }
    const { tenantId, userId } = passkey;
    const secondFactorAt = host.clock.now();
    await startSession(door, c, { tenantId, userId, method: "passkey", isRemembered: remember, secondFactorAt });
    return c.body(null, 204);
  });

  app.get("/api/sign-in/identities", async (c) => {
    const { who } = await requirePerson(door, c);
    const identities = await listIdentities(host.db, who.userId);
    return c.json({
      identities: identities
        .filter(({ provider }) => isOfCompany(provider, who.tenantId))
        .map(({ id, provider, createdAt }) => ({
          id,
          issuer: issuerOf(provider),
          createdAt: createdAt.toISOString(),
        })),
    });
  });

  app.delete("/api/sign-in/identities/:id", async (c) => {
    const { who, ctx } = await requireProven(c);
    const known = await listIdentities(host.db, who.userId);
    const identity = known.find(({ id, provider }) => id === c.req.param("id") && isOfCompany(provider, who.tenantId));
    if (identity === undefined) throw new AppError("not_found", "You have no such way to sign in.");
    await ctx.inTenant(async (tx) => {
      await unlinkIdentity(host.db, who.userId, identity.id);
      const { provider, subject } = identity;
      await audit(tx, ctx, "identity.unlinked", { before: { provider, subject } });
    });
    await tellOfChange(ctx, who.userId, `Signing in by ${issuerOf(identity.provider)} was removed`);
    return c.body(null, 204);
  });

  /** Who has none adds the first; who has one shows it before they add another. */
  async function requireMayAdd(c: HonoContext): Promise<PersonHere> {
    requireOwnPage(door, c);
    const person = await requirePersonWithout(door, c);
    return secondFactorNeed(person.who) === "show" ? requirePerson(door, c) : person;
  }

  /** What was begun is ended without another proof. Who has to add their first one can do nothing else, and does it at once. */
  async function requireMayBegin(c: HonoContext): Promise<PersonHere> {
    const person = await requireMayAdd(c);
    if (secondFactorNeed(person.who) !== "enroll") requireFreshProof(person.who, host.clock.now());
    return person;
  }

  async function requireProven(c: HonoContext): Promise<PersonHere> {
    requireOwnPage(door, c);
    const person = await requirePerson(door, c);
    requireFreshProof(person.who, host.clock.now());
    return person;
  }

  async function placeOf(c: HonoContext) {
    return { origin: originOf(door, c), browserHash: (await findBrowser(c)) ?? "" };
  }

  /** The session goes on as another one: whoever had its token before knew one factor only. */
  async function stepUp(c: HonoContext, { who, token: before }: PersonHere): Promise<void> {
    const { tenantId, userId, method, isRemembered } = who;
    const started = await door.sessions.start({
      tenantId,
      userId,
      method,
      isRemembered,
      userAgent: (c.req.header("user-agent") ?? "").slice(0, 300),
      address: wayOf(door, c).address,
      secondFactorAt: host.clock.now(),
    });
    await door.sessions.end(before);
    c.header("Set-Cookie", renderSessionCookie(started.token, started.isRemembered ? started.expiresAt : null), {
      append: true,
    });
  }

  return app;
}

const PasskeyWish = z.strictObject({ company: z.string().max(63).optional() });
const PasskeyAnswer = z.looseObject({ company: z.string().max(63).optional(), remember: z.boolean().default(false) });

/** What another company brought is none of this one's business. */
function isOfCompany(provider: string, tenantId: string): boolean {
  return !provider.includes(" ") || provider.startsWith(`${tenantId} `);
}

function unknownPasskey(): AppError {
  return new AppError("unauthenticated", "This passkey signs nobody in here. Choose another way.");
}
