import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { type ApiKeySummary, createApiKey, listApiKeys, revokeApiKey } from "@finops/platform/identity/api-keys";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { lastingAccess, permissionsOf, readScope, requireMayGive } from "../people/index.ts";
import { type Key, KeyInput, type KeyList, type NewKey } from "./contract.ts";
import { findAccount } from "./service-accounts.ts";

/**
 * Makes a key, and answers it this once. It can do what its maker can at most; a key of a service account has the account's role
 * as well, so its maker must have that too.
 */
export async function createKey(ctx: Context, input: unknown): Promise<NewKey> {
  requirePermission(ctx, "keys:write");
  const { name, permissions, scope: wished, serviceAccountId, ratePerMinute, expiresAt: until } = KeyInput.parse(input);
  const scope = readScope(wished);
  const expiresAt = until === null ? null : new Date(until);
  if (expiresAt !== null && expiresAt <= ctx.host.clock.now())
    throw new AppError("invalid", "expiresAt: A key cannot end before it begins. Give a time to come.");
  return ctx.inTenant(async (tx) => {
    // Who has something for a time makes no key that has it for longer.
    const own = await lastingAccess(tx, ctx, expiresAt);
    const missing = permissions.filter((permission) => !own.permissions.has(permission));
    if (missing.length > 0)
      throw new AppError(
        "forbidden",
        `A key cannot do more than you can, nor for longer: ${missing.join(", ")}. Leave it out, or end the key earlier.`,
        { facts: { permissions: missing } },
      );
    if (serviceAccountId !== null) {
      const account = await findAccount(tx, serviceAccountId);
      if (account.disabledAt !== null)
        throw new AppError("conflict", "The service account is disabled. Enable it before it gets a key.");
      requireMayGive(own, permissionsOf(account.role), account.scope as CostFilter | null);
    }
    const maker = { ...ctx, rowFilters: own.rowFilters };
    const made = await createApiKey(maker, { name, permissions, scope, serviceAccountId, ratePerMinute, expiresAt });
    return { ...toKey(made.apiKey), key: made.key };
  });
}

export async function listKeys(ctx: Context): Promise<KeyList> {
  return { keys: (await listApiKeys(ctx)).map(toKey) };
}

/** Ends a key at once, and with it every token that was given for it. */
export async function revokeKey(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "keys:write");
  if (!isId(id)) throw new AppError("not_found", "There is no such key, or it was revoked before.");
  await revokeApiKey(ctx, id);
}

function toKey(row: ApiKeySummary): Key {
  const { id, name, prefix, permissions, serviceAccountId, ratePerMinute, createdBy } = row;
  return {
    id,
    name,
    prefix,
    permissions,
    scope: row.scope as CostFilter | null,
    serviceAccountId,
    ratePerMinute,
    createdBy,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
