import { AppError } from "@finops/kernel/app-error";
import type { SignedIn } from "@finops/platform/identity/sessions";
import { findSessionToken } from "@finops/platform/identity/session-cookie";
import type { Context } from "@finops/platform/tenancy/context";
import type { Context as HonoContext } from "hono";
import { type Door, requireLetIn, requireOpen } from "./identify.ts";
import { requireSecondFactor } from "./require-second-factor.ts";
import { contextOfSignedIn } from "./start-session.ts";

/** Somebody in their own page, who may not have shown their second factor yet. */
export interface PersonHere {
  who: SignedIn;
  /** Allowed nothing but what is one's own. */
  ctx: Context;
  token: string;
}

export async function findPerson(door: Door, c: HonoContext): Promise<PersonHere | null> {
  const token = findSessionToken(c.req.header("cookie"));
  const who = token === null ? null : await door.sessions.find(token);
  if (token === null || who === null) return null;
  requireOpen(who.companyState);
  const ctx = contextOfSignedIn(door, c, who);
  await requireLetIn(door, c, ctx, who.companySettings, who.method);
  return { who, ctx, token };
}

/** @throws unauthenticated for nobody, forbidden for who has not shown the second factor that is needed */
export async function requirePerson(door: Door, c: HonoContext): Promise<PersonHere> {
  const person = await requirePersonWithout(door, c);
  requireSecondFactor(person.who);
  return person;
}

/** The same, whether a second factor was shown or not: for showing it. @throws unauthenticated */
export async function requirePersonWithout(door: Door, c: HonoContext): Promise<PersonHere> {
  const person = await findPerson(door, c);
  if (person === null) throw new AppError("unauthenticated", "Sign in to see this.");
  return person;
}
