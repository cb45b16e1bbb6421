import type { Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import type { Database } from "../db/database.ts";
import { findTokenHolder, type KeyHolder } from "./api-keys.ts";
import { hashToken, newToken } from "./tokens.ts";

export const refreshDays = 30;

/** Two processes of a client may refresh at once, and neither is to lose its way; later than this, one of them is a thief. */
const graceSeconds = 30;

/** The start of a token says what it is, for people and for scanners of leaked secrets. */
const prefix = "finops_refresh_";

export interface NewFamily {
  tenantId: string;
  keyId: string;
  /** A name that the client gives itself. */
  client: string;
  address: string | null;
}

/** Starts a client's chain of refresh tokens, each of which is good for the next one. */
export async function startTokenFamily(
  db: Database,
  clock: Clock,
  { tenantId, keyId, client, address }: NewFamily,
): Promise<{ familyId: string; refreshToken: string }> {
  const familyId = newId();
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + refreshDays * 86_400_000);
  return db.inTenant(tenantId, async (tx) => {
    await tx.tokenFamily.create({
      data: { id: familyId, tenantId, apiKeyId: keyId, client, address, createdAt: now, expiresAt },
    });
    return { familyId, refreshToken: await addToken(db, clock, tenantId, familyId) };
  });
}

/** Whose a refresh token is. */
export interface TokenOwner {
  tenantId: string;
  familyId: string;
  keyId: string;
  keyName: string;
}

export type Refreshed =
  | (TokenOwner & { outcome: "rotated" | "grace"; holder: KeyHolder; refreshToken: string })
  /** It was replaced before, and long enough ago: the whole family is over now. */
  | (TokenOwner & { outcome: "reused" })
  /** The family or the key was over before. */
  | (TokenOwner & { outcome: "ended" });

/**
 * Takes a refresh token and gives the next one; null for one that never was.
 * @param admit throws for a holder who may not come in at the moment; then the token is not used up
 */
export async function takeRefreshToken(
  db: Database,
  clock: Clock,
  token: string,
  admit: (holder: KeyHolder) => void,
): Promise<Refreshed | null> {
  const tokenHash = await hashToken(token);
  return db.inDirectory(async (tx) => {
    const rows = await tx.$queryRaw<(TokenOwner & { outcome: "rotated" | "grace" | "reused" | "ended" })[]>`
      select outcome, tenant_id as "tenantId", family_id as "familyId", key_id as "keyId", key_name as "keyName"
      from use_refresh_token(${tokenHash}, ${clock.now()}::timestamptz, ${graceSeconds}::integer)`;
    if (!rows[0]) return null;
    const { outcome, ...owner } = rows[0];
    if (outcome === "reused" || outcome === "ended") return { ...owner, outcome };
    const holder = await findTokenHolder(db, clock, owner);
    if (holder === null) return { ...owner, outcome: "ended" };
    admit(holder);
    return { ...owner, outcome, holder, refreshToken: await addToken(db, clock, owner.tenantId, owner.familyId) };
  });
}

/** Ends a client's family of tokens; null when there was none that went on. */
export async function endTokenFamily(db: Database, clock: Clock, token: string): Promise<TokenOwner | null> {
  const tokenHash = await hashToken(token);
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<TokenOwner[]>`
      select tenant_id as "tenantId", family_id as "familyId", key_id as "keyId", key_name as "keyName"
      from end_token_family(${tokenHash}, ${clock.now()}::timestamptz)`,
  );
  return rows[0] ?? null;
}

async function addToken(db: Database, clock: Clock, tenantId: string, familyId: string): Promise<string> {
  const token = `${prefix}${newToken()}`;
  const tokenHash = await hashToken(token);
  await db.inTenant(tenantId, (tx) =>
    tx.refreshToken.create({ data: { id: newId(), tenantId, familyId, tokenHash, createdAt: clock.now() } }),
  );
  return token;
}
