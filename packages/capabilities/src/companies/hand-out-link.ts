import { newId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";
import { hashToken, newToken } from "@finops/platform/identity/tokens";

export interface HandedOutLink {
  id: string;
  /** Stands in the link, and nowhere else: the database has its hash. */
  token: string;
  expiresAt: Date;
}

/**
 * Makes a link that signs a person in to the company of the transaction, once. `switch` is used up by opening it, `mail` by a
 * button, as scanners open what is in a mail; both obey what the company asks of a sign-in.
 */
export async function handOutLink(
  tx: Tx,
  now: Date,
  { userId, validMs, kind }: { userId: string; validMs: number; kind: "switch" | "mail" },
): Promise<HandedOutLink> {
  const link = { id: newId(), token: newToken(), expiresAt: new Date(now.getTime() + validMs) };
  const { id, token, expiresAt } = link;
  await tx.signInLink.create({
    data: { id, userId, kind, expiresAt, createdAt: now, tokenHash: await hashToken(token) },
  });
  return link;
}
