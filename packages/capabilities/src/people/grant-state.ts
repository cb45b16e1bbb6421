import type { Prisma } from "@finops/platform/db/generated/client";

/** Neither revoked nor ended. */
export function openAt(now: Date): Prisma.GrantWhereInput {
  return { revokedAt: null, OR: [{ validUntil: null }, { validUntil: { gt: now } }] };
}
