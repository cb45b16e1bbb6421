import type { Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import type { Database } from "../db/database.ts";
import { hashToken, newToken } from "./tokens.ts";

export interface SignInLink {
  id: string;
  /** Stands in the link, and nowhere else: the database has its hash. */
  token: string;
  expiresAt: Date;
}

export const signInLinkMinutes = 15;

/**
 * Where a link stands: in a terminal of the operator's, or in the answer to somebody who switches to another company of theirs,
 * it is used up by opening it; in a mail, which scanners open first, by a button.
 */
export type LinkKind = "terminal" | "switch" | "mail";

/** What a link does besides signing in, and where it may be used. */
export interface LinkOptions {
  validMinutes?: number;
  kind?: LinkKind;
  isRemembered?: boolean;
  /** SHA-256 of the cookie of the browser that asked for it. */
  browserHash?: string | null;
  /** A way to sign in that using the link adds to the person. */
  identity?: { provider: string; subject: string } | null;
  /** The role that using the link gives to who does not belong to the company yet. */
  joinsAs?: string | null;
}

/**
 * Makes a link for a mail that signs one person in to one company, once, within 15 minutes or as many as are given. Inside
 * `inTenant` of that company it joins the transaction.
 */
export async function createSignInLink(
  db: Database,
  clock: Clock,
  who: { tenantId: string; userId: string },
  options: LinkOptions = {},
): Promise<SignInLink> {
  const {
    validMinutes = signInLinkMinutes,
    kind = "mail",
    isRemembered = false,
    browserHash = null,
    identity = null,
    joinsAs = null,
  } = options;
  const token = newToken();
  const createdAt = clock.now();
  const expiresAt = new Date(createdAt.getTime() + validMinutes * 60_000);
  const tokenHash = await hashToken(token);
  const { tenantId, userId } = who;
  const id = newId();
  const data = {
    id,
    tenantId,
    userId,
    tokenHash,
    createdAt,
    expiresAt,
    kind,
    isRemembered,
    browserHash,
    identityProvider: identity?.provider ?? null,
    identitySubject: identity?.subject ?? null,
    joinsAs,
  };
  await db.inTenant(tenantId, (tx) => tx.signInLink.create({ data }));
  return { id, token, expiresAt };
}

/** What a link would do. */
export interface FoundLink {
  tenantId: string;
  userId: string;
  kind: LinkKind;
  email: string;
  companyName: string;
  browserHash: string | null;
  identityProvider: string | null;
}

/** A link that still works, without using it up; null for any other. */
export async function findSignInLink(db: Database, clock: Clock, token: string): Promise<FoundLink | null> {
  const tokenHash = await hashToken(token);
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<FoundLink[]>`
      select tenant_id as "tenantId", user_id as "userId", kind, email, tenant_name as "companyName",
             browser_hash as "browserHash", identity_provider as "identityProvider"
      from find_sign_in_link(${tokenHash}, ${clock.now()}::timestamptz)`,
  );
  return rows[0] ?? null;
}

/** Whose a link is that was refused, and why in words. Null for one that never was. */
export async function findRefusedLink(
  db: Database,
  clock: Clock,
  token: string,
): Promise<{ tenantId: string; userId: string; userName: string; reason: string } | null> {
  const tokenHash = await hashToken(token);
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<{ tenantId: string; userId: string; userName: string; reason: string }[]>`
      select tenant_id as "tenantId", user_id as "userId", user_name as "userName", reason
      from find_refused_link(${tokenHash}, ${clock.now()}::timestamptz)`,
  );
  return rows[0] ?? null;
}

/** The company that a link is of, used or not. Null for one that never was. */
export async function findLinkOwner(
  db: Database,
  token: string,
): Promise<{ tenantId: string; tenantSlug: string } | null> {
  const tokenHash = await hashToken(token);
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<{ tenantId: string; tenantSlug: string }[]>`
      select tenant_id as "tenantId", tenant_slug as "tenantSlug" from find_link_owner(${tokenHash})`,
  );
  return rows[0] ?? null;
}

export interface UsedLink {
  tenantId: string;
  userId: string;
  isRemembered: boolean;
  identity: { provider: string; subject: string } | null;
  joinsAs: string | null;
}

type UsedLinkRow = Omit<UsedLink, "identity"> & { identityProvider: string | null; identitySubject: string | null };

/** Uses a link up. Null when it was used before, is too old, or never was; two uses at once cannot both succeed. */
export async function useSignInLink(db: Database, clock: Clock, token: string): Promise<UsedLink | null> {
  const tokenHash = await hashToken(token);
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<UsedLinkRow[]>`
      select tenant_id as "tenantId", user_id as "userId", is_remembered as "isRemembered",
             identity_provider as "identityProvider", identity_subject as "identitySubject", joins_as as "joinsAs"
      from use_sign_in_link(${tokenHash}, ${clock.now()}::timestamptz)`,
  );
  if (!rows[0]) return null;
  const { identityProvider, identitySubject, ...used } = rows[0];
  const identity =
    identityProvider === null || identitySubject === null
      ? null
      : { provider: identityProvider, subject: identitySubject };
  return { ...used, identity };
}
