import { AppError } from "@finops/kernel/app-error";
import type { Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import { accessFacts, type BaseRole, type FoundGrants, rolesOfKey } from "../access/access-facts.ts";
import { computeEffectiveAccess, type EffectiveAccess } from "../access/effective-access.ts";
import { requirePermission } from "../access/require-permission.ts";
import { allOf, type RowFilter } from "../access/row-filter.ts";
import { audit } from "../audit/audit.ts";
import type { Database } from "../db/database.ts";
import { type ApiKey, Prisma } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "../db/json-column.ts";
import type { Context } from "../tenancy/context.ts";
import type { CompanyState } from "../tenancy/tenants.ts";
import { hashToken, newToken } from "./tokens.ts";

export interface NewApiKey {
  name: string;
  permissions: readonly string[];
  expiresAt?: Date | null;
  /** Limits it further than its maker is limited. */
  scope?: RowFilter | null;
  /** Whose key it is; null for one of the company itself. */
  serviceAccountId?: string | null;
  ratePerMinute?: number | null;
}

export type ApiKeySummary = Omit<ApiKey, "tokenHash">;

/** Who a request with a key is. */
export interface KeyHolder extends EffectiveAccess {
  keyId: string;
  tenantId: string;
  tenantSlug: string;
  companyState: CompanyState;
  /** The company's settings, for those of their sections that hold at the door. */
  companySettings: unknown;
  name: string;
  /** Requests in a minute; null is what every key may. */
  ratePerMinute: number | null;
}

const withoutHash = { tokenHash: true } as const;

/** Makes a key and takes it at once; see `prepareApiKey` and `takeApiKey`. */
export async function createApiKey(ctx: Context, input: NewApiKey): Promise<TakenApiKey> {
  return ctx.inTenant(async () => takeApiKey(ctx, (await prepareApiKey(ctx, input)).id));
}

/**
 * Makes a key that can do at most what its maker can, of the costs that they see. It lets nobody in until its maker has taken
 * it: a key that others approve is nobody's to see before.
 */
export async function prepareApiKey(ctx: Context, input: NewApiKey): Promise<ApiKeySummary> {
  requirePermission(ctx, "keys:write");
  const excess = input.permissions.filter((permission) => !ctx.permissions.has(permission));
  if (excess.length > 0) throw new AppError("forbidden", `A key cannot do more than you can: ${excess.join(", ")}.`);
  const { name, expiresAt = null, serviceAccountId = null, ratePerMinute = null } = input;
  const own = input.permissions.map((permission) => ctx.rowFilters.get(permission) ?? null);
  const scope = allOf([...own, input.scope ?? null]);
  return ctx.inTenant(async (tx) => {
    const apiKey = await tx.apiKey.create({
      data: {
        id: newId(),
        tenantId: ctx.tenantId,
        name,
        prefix: "",
        awaits: ctx.actor.id,
        permissions: [...input.permissions],
        ...(scope === null ? {} : { scope: toJsonColumn(scope) }),
        serviceAccountId,
        ratePerMinute,
        createdBy: ctx.actor.name,
        createdAt: ctx.host.clock.now(),
        expiresAt,
      },
      omit: withoutHash,
    });
    await audit(tx, ctx, "api-key.created", {
      after: toJsonColumn({
        id: apiKey.id,
        name,
        permissions: input.permissions,
        scope,
        expiresAt,
        serviceAccountId,
        ratePerMinute,
      }),
    });
    return apiKey;
  });
}

export interface TakenApiKey {
  /** Its start says what it is, for people and for scanners of leaked secrets. */
  key: string;
  apiKey: ApiKeySummary;
}

/**
 * Gives a key that was made to its maker, once; the database keeps its hash.
 * @throws not_found for one that is not theirs to take, was taken before, or works no more
 */
export async function takeApiKey(ctx: Context, id: string): Promise<TakenApiKey> {
  const key = `finops_${newToken()}`;
  const tokenHash = await hashToken(key);
  const now = ctx.host.clock.now();
  return ctx.inTenant(async (tx) => {
    const lives = { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
    const { count } = await tx.apiKey.updateMany({
      where: { tenantId: ctx.tenantId, id, awaits: ctx.actor.id, ...lives },
      data: { tokenHash, prefix: key.slice(0, 12), awaits: null },
    });
    if (count === 0)
      throw new AppError(
        "not_found",
        "There is no such key that waits for you. A key is shown once, to who asked for it.",
      );
    return { key, apiKey: await tx.apiKey.findUniqueOrThrow({ where: { id }, omit: withoutHash }) };
  });
}

export async function listApiKeys(ctx: Context): Promise<ApiKeySummary[]> {
  requirePermission(ctx, "keys:write");
  return ctx.inTenant((tx) =>
    tx.apiKey.findMany({ where: { tenantId: ctx.tenantId }, omit: withoutHash, orderBy: { createdAt: "desc" } }),
  );
}

/** Ends a key at once. @throws not_found when there is no such key that still works. */
export async function revokeApiKey(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "keys:write");
  await ctx.inTenant(async (tx) => {
    const revoked = await tx.apiKey.updateMany({
      where: { tenantId: ctx.tenantId, id, revokedAt: null },
      data: { revokedAt: ctx.host.clock.now() },
    });
    if (revoked.count === 0) throw new AppError("not_found", "There is no such key, or it was revoked before.");
    await audit(tx, ctx, "api-key.revoked", { before: { id } });
  });
}

type KeyHolderRow = Omit<KeyHolder, keyof EffectiveAccess> & {
  permissions: string[];
  scope: RowFilter | null;
  found: FoundGrants;
  /** The role of the service account that the key belongs to. */
  account: BaseRole | null;
};

const holderColumns = Prisma.sql`key_id as "keyId", tenant_id as "tenantId", tenant_slug as "tenantSlug",
  tenant_state as "companyState", tenant_settings as "companySettings", name, permissions, scope, given as found, account,
  rate_per_minute as "ratePerMinute"`;

/** Whose key this is, and what it may do now. Null when it is unknown, revoked or too old. */
export async function findApiKey(db: Database, clock: Clock, key: string): Promise<KeyHolder | null> {
  const tokenHash = await hashToken(key);
  const now = clock.now();
  const rows = await db.askDirectory(
    (tx) => tx.$queryRaw<KeyHolderRow[]>`select ${holderColumns} from find_api_key(${tokenHash}, ${now}::timestamptz)`,
  );
  return rows[0] ? toHolder(rows[0], now) : null;
}

/** Who acts with an access token that was given for a key. Null once the key or the client's family of tokens ended. */
export async function findTokenHolder(
  db: Database,
  clock: Clock,
  { keyId, familyId }: { keyId: string; familyId: string },
): Promise<KeyHolder | null> {
  const now = clock.now();
  const rows = await db.askDirectory(
    (tx) => tx.$queryRaw<KeyHolderRow[]>`
      select ${holderColumns} from find_token_holder(${keyId}::uuid, ${familyId}::uuid, ${now}::timestamptz)`,
  );
  return rows[0] ? toHolder(rows[0], now) : null;
}

function toHolder({ permissions, scope, found, account, ...who }: KeyHolderRow, now: Date): KeyHolder {
  const base = [...rolesOfKey(permissions, scope), ...(account === null ? [] : [account])];
  return { ...who, ...computeEffectiveAccess(accessFacts(base, found), now) };
}

/** Whose a key is that was refused, and why in words. Null for one that never was. */
export async function findRefusedKey(
  db: Database,
  clock: Clock,
  key: string,
): Promise<{ tenantId: string; keyId: string; keyName: string; reason: string } | null> {
  const tokenHash = await hashToken(key);
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<{ tenantId: string; keyId: string; keyName: string; reason: string }[]>`
      select tenant_id as "tenantId", key_id as "keyId", key_name as "keyName", reason
      from find_refused_key(${tokenHash}, ${clock.now()}::timestamptz)`,
  );
  return rows[0] ?? null;
}
