import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import type { EffectiveAccess } from "@finops/platform/access/effective-access";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { ChangeKind } from "@finops/platform/approvals/change-kind";
import { requestOrApply, type Requested } from "@finops/platform/approvals/request-or-apply";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { Prisma } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import * as z from "zod";
import {
  findRole,
  lastingAccess,
  openGrants,
  permissionsOf,
  readScope,
  requireMayGive,
  scopeOfGrant,
} from "../people/index.ts";
import { type ServiceAccount, ServiceAccountChange, ServiceAccountInput, type ServiceAccountList } from "./contract.ts";

const accountsMax = 500;

export async function listServiceAccounts(ctx: Context): Promise<ServiceAccountList> {
  requirePermission(ctx, "keys:write");
  const rows = await ctx.inTenant((tx) => tx.serviceAccount.findMany({ include: parts, orderBy: { name: "asc" } }));
  return { accounts: rows.map(toAccount) };
}

/** Throws `forbidden` for a role beyond one's own, and `conflict` for a name that is taken. */
export async function createServiceAccount(ctx: Context, input: unknown): Promise<ServiceAccount> {
  requirePermission(ctx, "keys:write");
  const { name, description, role: roleKey, scope: wished } = ServiceAccountInput.parse(input);
  const scope = readScope(wished);
  return ctx.inTenant(async (tx) => {
    const role = await findRole(tx, roleKey);
    requireMayGive(await lastingAccess(tx, ctx, null), permissionsOf(role), scope);
    await requireFreeName(tx, name, null);
    if ((await tx.serviceAccount.count()) >= accountsMax)
      throw new AppError("limit", `A company has at most ${accountsMax} service accounts.`);
    const id = newId();
    await tx.serviceAccount.create({
      data: {
        id,
        tenantId: ctx.tenantId,
        name,
        description,
        roleId: role.id,
        scope: scopeColumn(scope),
        createdBy: ctx.actor.name,
        createdAt: ctx.host.clock.now(),
      },
    });
    const account = toAccount(await findAccount(tx, id));
    await audit(tx, ctx, "service-account.created", { after: toJsonColumn(account) });
    return account;
  });
}

/**
 * Changes what its keys may do, from the next request on. Where it lets them do something else, a policy may want it approved.
 * Throws `forbidden` for a role, old or new, beyond one's own.
 */
export async function changeServiceAccount(
  ctx: Context,
  id: string,
  input: unknown,
): Promise<Requested<ServiceAccount>> {
  requirePermission(ctx, "keys:write");
  const change = ServiceAccountChange.parse(input);
  return letsDoElse(change)
    ? requestOrApply(ctx, serviceAccountChange, { account: id, change })
    : { isApplied: true, result: await applyChange(ctx, id, change) };
}

const AccountChangeInput = z.strictObject({ account: z.string().max(60), change: ServiceAccountChange });
export const serviceAccountChange: ChangeKind<z.output<typeof AccountChangeInput>, ServiceAccount> = {
  key: "service-account.change",
  policy: "keys",
  payload: AccountChangeInput,
  apply: async (ctx, { account, change }) => ({ result: await applyChange(ctx, account, change) }),
  describe: ({ name, role, scope, disabledAt }) =>
    `Let the service account "${name}" have the role ${role.key}, ${scope === null ? "for the whole company" : "for a part of the costs"}${disabledAt === null ? "" : "; it is disabled"}.`,
};

function letsDoElse({ role, scope, isDisabled }: z.output<typeof ServiceAccountChange>): boolean {
  return role !== undefined || scope !== undefined || isDisabled === false;
}

async function applyChange(
  ctx: Context,
  id: string,
  change: z.output<typeof ServiceAccountChange>,
): Promise<ServiceAccount> {
  requirePermission(ctx, "keys:write");
  return ctx.inTenant(async (tx) => {
    const row = await findAccount(tx, id);
    const before = toAccount(row);
    const role = change.role === undefined ? row.role : await findRole(tx, change.role);
    const scope = change.scope === undefined ? before.scope : readScope(change.scope);
    if (letsDoElse(change)) {
      const own = await lastingAccess(tx, ctx, null);
      await requireMayGiveAccount(tx, ctx, own, row);
      requireMayGive(own, permissionsOf(role), scope);
    }
    if (change.name !== undefined) await requireFreeName(tx, change.name, id);
    const disabledAt = change.isDisabled === false ? null : (row.disabledAt ?? ctx.host.clock.now());
    await tx.serviceAccount.updateMany({
      where: { id },
      data: {
        roleId: role.id,
        scope: scopeColumn(scope),
        ...(change.name === undefined ? {} : { name: change.name }),
        ...(change.description === undefined ? {} : { description: change.description }),
        ...(change.isDisabled === undefined ? {} : { disabledAt }),
      },
    });
    const after = toAccount(await findAccount(tx, id));
    await audit(tx, ctx, "service-account.changed", { before: toJsonColumn(before), after: toJsonColumn(after) });
    return after;
  });
}

/** Who lets others act as an account has all that it has: its role, and what it was given beside. Throws `forbidden`. */
export async function requireMayGiveAccount(
  tx: Tx,
  ctx: Context,
  own: EffectiveAccess,
  account: Awaited<ReturnType<typeof findAccount>>,
): Promise<void> {
  requireMayGive(own, permissionsOf(account.role), account.scope as CostFilter | null);
  for (const grant of await openGrants(tx, ctx, { serviceAccountId: account.id }))
    requireMayGive(own, permissionsOf(grant.role), await scopeOfGrant(tx, grant));
}

/** Throws `not_found` when the company has no such account. */
export async function findAccount(tx: Tx, id: string) {
  const row = isId(id) ? await tx.serviceAccount.findFirst({ where: { id }, include: parts }) : null;
  if (row === null) throw new AppError("not_found", "There is no such service account.");
  return row;
}

const parts = {
  role: { include: { permissions: true } },
  _count: { select: { keys: { where: { revokedAt: null } } } },
} as const;

async function requireFreeName(tx: Tx, name: string, id: string | null): Promise<void> {
  const taken = await tx.serviceAccount.findFirst({ where: { name, ...(id === null ? {} : { id: { not: id } }) } });
  if (taken !== null)
    throw new AppError("conflict", `There is a service account "${name}" already. Choose another name.`);
}

function scopeColumn(scope: CostFilter | null) {
  return scope === null ? Prisma.DbNull : toJsonColumn(scope);
}

function toAccount(row: Awaited<ReturnType<typeof findAccount>>): ServiceAccount {
  const { id, name, description, role, createdBy } = row;
  return {
    id,
    name,
    description,
    role: { key: role.key, name: role.name },
    scope: row.scope as CostFilter | null,
    createdBy,
    createdAt: row.createdAt.toISOString(),
    disabledAt: row.disabledAt?.toISOString() ?? null,
    keyCount: row._count.keys,
  };
}
