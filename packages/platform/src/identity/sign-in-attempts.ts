import type { Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import type { Database } from "../db/database.ts";
import type { SignInAttempt } from "../db/generated/client.ts";
import { toJsonColumn } from "../db/json-column.ts";
import { FoundIdentity } from "./found-identity.ts";
import { hashToken, newToken } from "./tokens.ts";

export type Attempt = Pick<
  SignInAttempt,
  | "id"
  | "tenantId"
  | "provider"
  | "nonce"
  | "verifier"
  | "origin"
  | "returnPath"
  | "isRemembered"
  | "userId"
  | "browserHash"
>;

export interface NewAttempt {
  tenantId: string;
  provider: string;
  origin: string;
  returnPath: string;
  isRemembered: boolean;
  browserHash: string;
  /** Somebody who is signed in and adds a way to sign in. */
  userId: string | null;
}

/** What a SAML provider said once, and may not say again. */
export interface TakenAssertion {
  issuer: string;
  assertionId: string;
  endsAt: Date;
}

const attemptMinutes = 10;
const ticketSeconds = 60;

/** Notes that somebody sets out, and returns what must come back with them. What never came back is swept away here. */
export async function startAttempt(
  db: Database,
  clock: Clock,
  attempt: NewAttempt,
): Promise<{ state: string; nonce: string; verifier: string }> {
  const secrets = { state: newToken(), nonce: newToken(), verifier: newToken() };
  const now = clock.now();
  const stateHash = await hashToken(secrets.state);
  const { nonce, verifier } = secrets;
  await db.inTenant(attempt.tenantId, async (tx) => {
    await tx.signInAttempt.deleteMany({ where: { tenantId: attempt.tenantId, expiresAt: { lt: now } } });
    const expiresAt = new Date(now.getTime() + attemptMinutes * 60_000);
    await tx.signInAttempt.create({
      data: { id: newId(), ...attempt, stateHash, nonce, verifier, createdAt: now, expiresAt },
    });
  });
  return secrets;
}

/** What was started with this state, once; null when it was taken, is too old or never was. */
export async function takeAttempt(db: Database, clock: Clock, state: string): Promise<Attempt | null> {
  const stateHash = await hashToken(state);
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<Attempt[]>`
      select id, tenant_id as "tenantId", provider, nonce, verifier, origin, return_path as "returnPath",
             is_remembered as "isRemembered", user_id as "userId", browser_hash as "browserHash"
      from take_sign_in_attempt(${stateHash}, ${clock.now()}::timestamptz)`,
  );
  return rows[0] ?? null;
}

/** Keeps who came back, and returns the ticket with which the browser fetches it on the company's host, once within a minute. */
export async function createTicket(
  db: Database,
  clock: Clock,
  { id, tenantId }: Attempt,
  found: FoundIdentity,
): Promise<string> {
  const ticket = newToken();
  const ticketHash = await hashToken(ticket);
  const ticketExpiresAt = new Date(clock.now().getTime() + ticketSeconds * 1000);
  await db.inTenant(tenantId, (tx) =>
    tx.signInAttempt.updateMany({
      where: { tenantId, id },
      data: { found: toJsonColumn(found), ticketHash, ticketExpiresAt },
    }),
  );
  return ticket;
}

/** Who came back, for the browser that started and once; null for any other ticket or browser. */
export async function takeTicket(
  db: Database,
  clock: Clock,
  ticket: string,
  browserHash: string,
): Promise<{ attempt: Attempt; found: FoundIdentity } | null> {
  const ticketHash = await hashToken(ticket);
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<(Attempt & { found: unknown })[]>`
      select id, tenant_id as "tenantId", provider, nonce, verifier, origin, return_path as "returnPath",
             is_remembered as "isRemembered", user_id as "userId", browser_hash as "browserHash", found
      from take_sign_in_ticket(${ticketHash}, ${browserHash}, ${clock.now()}::timestamptz)`,
  );
  if (!rows[0]) return null;
  const { found, ...attempt } = rows[0];
  return { attempt, found: FoundIdentity.parse(found) };
}

/** Takes an assertion for good: false where it was taken before. What is too old to be taken is swept away here. */
export async function takeAssertion(
  db: Database,
  clock: Clock,
  tenantId: string,
  { issuer, assertionId, endsAt }: TakenAssertion,
): Promise<boolean> {
  const assertionHash = await hashToken(`${issuer} ${assertionId}`);
  return db.inTenant(tenantId, async (tx) => {
    await tx.takenAssertion.deleteMany({ where: { tenantId, endsAt: { lt: clock.now() } } });
    const { count } = await tx.takenAssertion.createMany({
      data: [{ tenantId, assertionHash, endsAt }],
      skipDuplicates: true,
    });
    return count === 1;
  });
}
