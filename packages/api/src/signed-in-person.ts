import { AppError } from "@finops/kernel/app-error";
import type { SignedIn } from "@finops/platform/identity/sessions";
import type { Context } from "@finops/platform/tenancy/context";
import type { Context as HonoContext } from "hono";
import { requireEntry } from "./company-state.ts";
import { type Door, findSignedIn, requireLetIn } from "./identify.ts";
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
  const { token, who } = await findSignedIn(door, c);
  if (token === null || who === null) return null;
  requireEntry(who.companyState, { isOwner: who.roleKey === "owner" });
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
