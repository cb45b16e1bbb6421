import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import type { ChangeKind, PolicyInfo } from "@finops/platform/approvals/change-kind";
import { requestOrApply, type Requested } from "@finops/platform/approvals/request-or-apply";
import {
  type ApiKeySummary,
  listApiKeys,
  prepareApiKey,
  revokeApiKey,
  type TakenApiKey,
  takeApiKey,
} from "@finops/platform/identity/api-keys";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import type * as z from "zod";
import { lastingAccess, readScope } from "../people/index.ts";
import { type Key, KeyInput, type KeyList, type NewKey } from "./contract.ts";
import { findAccount, requireMayGiveAccount } from "./service-accounts.ts";

/** What of keys a company can have approved. To revoke one asks nobody. */
export const keyPolicies: readonly PolicyInfo[] = [
  { key: "keys", about: "Make API keys, and let service accounts do something else than before" },
];

/** Makes a key, and answers it this once; where a policy wants it approved, it waits, and its maker takes it afterwards. */
export async function createKey(ctx: Context, input: unknown): Promise<Requested<NewKey>> {
  requirePermission(ctx, "keys:write");
  const made = await requestOrApply(ctx, keyChange, input);
  return made.isApplied ? { isApplied: true, result: toNewKey(await takeApiKey(ctx, made.result.id)) } : made;
}

/** Shows a key that was approved, once, to who asked for it. */
export async function takeKey(ctx: Context, id: string): Promise<NewKey> {
  requirePermission(ctx, "keys:write");
  if (!isId(id)) throw new AppError("not_found", "There is no such key that waits for you.");
  return ctx.inTenant(async (tx) => {
    const taken = toNewKey(await takeApiKey(ctx, id));
    await audit(tx, ctx, "api-key.taken", { after: { id, name: taken.name } });
    return taken;
  });
}

/** The key is made without its text, which no request may hold. */
export const keyChange: ChangeKind<z.output<typeof KeyInput>, Key> = {
  key: "key.create",
  policy: "keys",
  payload: KeyInput,
  apply: async (ctx, payload) => ({ result: await prepareKey(ctx, payload) }),
  describe: ({ name, permissions, scope, expiresAt }, { serviceAccountId }) =>
    `Make the API key "${name}"${serviceAccountId === null ? "" : " of a service account"}, which allows ${permissions.join(", ") || "what its account may"}, ${scope === null ? "for the whole company" : "for a part of the costs"}, ${expiresAt === null ? "for good" : `until ${expiresAt}`}.`,
};

/**
 * It can do what its maker can at most; a key of a service account has the account's role and grants as well, so its maker must
 * have those too.
 */
async function prepareKey(ctx: Context, input: z.output<typeof KeyInput>): Promise<Key> {
  requirePermission(ctx, "keys:write");
  const { name, permissions, scope: wished, serviceAccountId, ratePerMinute, expiresAt: until } = input;
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
      await requireMayGiveAccount(tx, ctx, own, account);
    }
    const maker = { ...ctx, rowFilters: own.rowFilters };
    return toKey(await prepareApiKey(maker, { name, permissions, scope, serviceAccountId, ratePerMinute, expiresAt }));
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

function toNewKey({ apiKey, key }: TakenApiKey): NewKey {
  return { ...toKey(apiKey), key };
}

function toKey(row: ApiKeySummary): Key {
  const { id, name, prefix, permissions, serviceAccountId, ratePerMinute, createdBy } = row;
  return {
    id,
    name,
    prefix,
    isTaken: row.awaits === null,
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
