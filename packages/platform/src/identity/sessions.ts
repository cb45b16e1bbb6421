import type { Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { accessFacts, type FoundGrants } from "../access/access-facts.ts";
import { computeEffectiveAccess, type EffectiveAccess } from "../access/effective-access.ts";
import type { RowFilter } from "../access/row-filter.ts";
import type { Database } from "../db/database.ts";
import { hashToken, newToken } from "./tokens.ts";

export interface NewSession {
  tenantId: string;
  userId: string;
  /** The way of signing in: `link`, and later the name of a provider. */
  method: string;
  userAgent?: string;
}

export interface SignedIn extends EffectiveAccess {
  sessionId: string;
  tenantId: string;
  tenantSlug: string;
  userId: string;
  email: string;
  name: string;
  /** The role that the person has in the company; grants may give more. */
  roleKey: string;
  expiresAt: Date;
}

export const sessionDays = 30;

/** Starts a session and returns the token for the cookie; the database keeps its hash. */
export async function createSession(
  db: Database,
  clock: Clock,
  session: NewSession,
): Promise<{ token: string; expiresAt: Date }> {
  const token = newToken();
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + sessionDays * 86_400_000);
  const tokenHash = await hashToken(token);
  await db.inTenant(session.tenantId, (tx) =>
    tx.session.create({ data: { id: newId(), ...session, tokenHash, createdAt: now, lastSeenAt: now, expiresAt } }),
  );
  return { token, expiresAt };
}

type SignedInRow = Omit<SignedIn, keyof EffectiveAccess> & {
  storedPermissions: string[];
  scope: RowFilter | null;
  found: FoundGrants;
};

/** Who is signed in with this token, and what they may do now. Null when the session ended or ran out, or the person or the company was shut out. */
export async function findSession(db: Database, clock: Clock, token: string): Promise<SignedIn | null> {
  const tokenHash = await hashToken(token);
  const now = clock.now();
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<SignedInRow[]>`
      select session_id as "sessionId", tenant_id as "tenantId", tenant_slug as "tenantSlug", user_id as "userId", email, name,
             role_key as "roleKey", permissions as "storedPermissions", scope, given as found, expires_at as "expiresAt"
      from find_session(${tokenHash}, ${now}::timestamptz)`,
  );
  if (!rows[0]) return null;
  const { storedPermissions, scope, found, ...who } = rows[0];
  const base = { roleKey: who.roleKey, permissions: storedPermissions, scope };
  return { ...who, ...computeEffectiveAccess(accessFacts([base], found), now) };
}

/** Ends a session; one that ended already is fine. */
export async function endSession(db: Database, clock: Clock, token: string): Promise<void> {
  const tokenHash = await hashToken(token);
  await db.inDirectory((tx) => tx.$queryRaw`select end_session(${tokenHash}, ${clock.now()}::timestamptz)::text`);
}
