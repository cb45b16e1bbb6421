import type { Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import type { Database } from "../db/database.ts";
import { hashToken, newToken } from "./tokens.ts";

export interface SignInLink {
  /** Stands in the link, and nowhere else: the database has its hash. */
  token: string;
  expiresAt: Date;
}

export const signInLinkMinutes = 15;

/** Makes a link that signs one person in to one company, once, within 15 minutes or as many as are given. */
export async function createSignInLink(
  db: Database,
  clock: Clock,
  who: { tenantId: string; userId: string },
  validMinutes: number = signInLinkMinutes,
): Promise<SignInLink> {
  const token = newToken();
  const expiresAt = new Date(clock.now().getTime() + validMinutes * 60_000);
  const tokenHash = await hashToken(token);
  await db.inTenant(who.tenantId, (tx) =>
    tx.signInLink.create({ data: { id: newId(), ...who, tokenHash, createdAt: clock.now(), expiresAt } }),
  );
  return { token, expiresAt };
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

/** Uses a link up. Null when it was used before, is too old, or never was; two uses at once cannot both succeed. */
export async function useSignInLink(
  db: Database,
  clock: Clock,
  token: string,
): Promise<{ tenantId: string; userId: string } | null> {
  const tokenHash = await hashToken(token);
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<{ tenantId: string; userId: string }[]>`
      select tenant_id as "tenantId", user_id as "userId" from use_sign_in_link(${tokenHash}, ${clock.now()}::timestamptz)`,
  );
  return rows[0] ?? null;
}
