import type { Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { accessFacts, type FoundGrants } from "../access/access-facts.ts";
import { computeEffectiveAccess, type EffectiveAccess } from "../access/effective-access.ts";
import type { RowFilter } from "../access/row-filter.ts";
import type { Database } from "../db/database.ts";
import { parseSection, readSettings } from "../tenancy/company-settings.ts";
import type { CompanyState } from "../tenancy/tenants.ts";
import { computeSessionEnds, sessionPolicySection } from "./session-policy.ts";
import { hashToken, newToken } from "./tokens.ts";

export interface NewSession {
  tenantId: string;
  userId: string;
  /** The way of signing in: `link`, or the name of a provider. */
  method: string;
  userAgent?: string;
  /** Where it was started from, as the host knows it. */
  address?: string | null;
  /** The country of that address in two letters, where a trusted proxy says it. */
  country?: string | null;
  /** Whether this device was asked to be remembered; a company that remembers none is not overruled. */
  isRemembered?: boolean;
  /** When a second factor was shown. */
  secondFactorAt?: Date | null;
}

export interface SignedIn extends EffectiveAccess {
  sessionId: string;
  tenantId: string;
  tenantSlug: string;
  companyState: CompanyState;
  /** The company's settings, for those of their sections that hold at the door. */
  companySettings: unknown;
  userId: string;
  email: string;
  name: string;
  /** The role that the person has in the company; grants may give more. */
  roleKey: string;
  /** The way in which they signed in. */
  method: string;
  createdAt: Date;
  /** When it is over in any case. */
  expiresAt: Date;
  /** When it is over without use; null where that does not count. */
  idleUntil: Date | null;
  isRemembered: boolean;
  secondFactorAt: Date | null;
  /** Whether the person has one, shown or not. */
  hasSecondFactor: boolean;
}

const touchStepMs = 60_000;

/** Starts a session as the company's policy has it, and returns the token for the cookie; the database keeps its hash. */
export async function createSession(
  db: Database,
  clock: Clock,
  { tenantId, userId, isRemembered = false, ...session }: NewSession,
): Promise<{ token: string; expiresAt: Date; isRemembered: boolean }> {
  const token = newToken();
  const now = clock.now();
  const tokenHash = await hashToken(token);
  return db.inTenant(tenantId, async (tx) => {
    const policy = await readSettings(tx, tenantId, sessionPolicySection);
    const remembers = isRemembered && policy.rememberedDays > 0;
    const ends = computeSessionEnds(policy, now, remembers);
    const select = { sessionEpoch: true } as const;
    const company = await tx.tenant.findUniqueOrThrow({ where: { id: tenantId }, select });
    const person = await tx.user.findUnique({ where: { id: userId }, select });
    await tx.session.create({
      data: {
        id: newId(),
        tenantId,
        userId,
        ...session,
        tokenHash,
        isRemembered: remembers,
        epoch: company.sessionEpoch + (person?.sessionEpoch ?? 0),
        createdAt: now,
        lastSeenAt: now,
        ...ends,
      },
    });
    return { token, expiresAt: ends.expiresAt, isRemembered: remembers };
  });
}

type SignedInRow = Omit<SignedIn, keyof EffectiveAccess> & {
  storedPermissions: string[];
  scope: RowFilter | null;
  found: FoundGrants;
};

/**
 * Who is signed in with this token, and what they may do now. Null when the session ended or ran out, or the person was shut
 * out; whether the company's state lets them in is for the door to say.
 */
export async function findSession(db: Database, clock: Clock, token: string): Promise<SignedIn | null> {
  const tokenHash = await hashToken(token);
  const now = clock.now();
  const rows = await db.askDirectory(
    (tx) => tx.$queryRaw<SignedInRow[]>`
      select session_id as "sessionId", tenant_id as "tenantId", tenant_slug as "tenantSlug", tenant_state as "companyState",
             tenant_settings as "companySettings", user_id as "userId", email, name, role_key as "roleKey",
             permissions as "storedPermissions", scope, given as found, created_at as "createdAt", expires_at as "expiresAt",
             idle_until as "idleUntil", is_remembered as "isRemembered", second_factor_at as "secondFactorAt", method,
             has_second_factor as "hasSecondFactor"
      from find_session(${tokenHash}, ${now}::timestamptz)`,
  );
  if (!rows[0]) return null;
  const { storedPermissions, scope, found, ...who } = rows[0];
  const base = { roleKey: who.roleKey, permissions: storedPermissions, scope };
  return { ...who, ...computeEffectiveAccess(accessFacts([base], found), now) };
}

/**
 * Moves the end without use of somebody who is there, as the company's policy says. What the page asks by itself is no use, so
 * only what a person did may call this.
 * @returns the end that holds from now on
 */
export async function touchSession(db: Database, clock: Clock, token: string, who: SignedIn): Promise<Date | null> {
  if (who.idleUntil === null) return null;
  const { idleMinutes } = parseSection(who.companySettings, sessionPolicySection);
  const now = clock.now();
  const next = new Date(Math.min(now.getTime() + idleMinutes * 60_000, who.expiresAt.getTime()));
  // A second statement for each click would cost more than the minute is worth.
  if (next.getTime() - who.idleUntil.getTime() < touchStepMs) return who.idleUntil;
  const tokenHash = await hashToken(token);
  await db.inDirectory(
    (tx) => tx.$queryRaw`select touch_session(${tokenHash}, ${next}::timestamptz, ${now}::timestamptz)::text`,
  );
  return next;
}

/** Ends a person's sessions in every company, by a number that all of them would have to have. */
export async function endSessionsOfUser(db: Database, clock: Clock, userId: string): Promise<void> {
  await db.inDirectory((tx) => tx.$queryRaw`select end_sessions_of_user(${userId}::uuid, ${clock.now()}::timestamptz)`);
}

/** Ends a session; one that ended already is fine. */
export async function endSession(db: Database, clock: Clock, token: string): Promise<void> {
  const tokenHash = await hashToken(token);
  await db.inDirectory((tx) => tx.$queryRaw`select end_session(${tokenHash}, ${clock.now()}::timestamptz)::text`);
}
