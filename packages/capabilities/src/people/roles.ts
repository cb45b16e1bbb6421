import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import {
  allPermissions,
  builtInRoles,
  computeRolePermissions,
  currentRoleKey,
  limitedPermissions,
  permissionCatalog,
} from "@finops/platform/access/permissions";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { type Role, RoleChange, RoleInput, type RoleList } from "./contract.ts";
import { requireMayGive } from "./delegation.ts";
import { openAt } from "./grant-state.ts";
import { lastingAccess } from "./lasting-access.ts";

const rolesMax = 200;

/** The company's roles, the built-in ones first, with everything that can be allowed. */
export async function listRoles(ctx: Context): Promise<RoleList> {
  requirePermission(ctx, "members:read");
  const rows = await ctx.inTenant((tx) => tx.role.findMany({ include: withUse, orderBy: { name: "asc" } }));
  const order = Object.keys(builtInRoles);
  const place = (row: RoleRow) => (row.builtIn ? order.indexOf(row.key) : order.length);
  return {
    roles: rows.toSorted((a, b) => place(a) - place(b)).map(toRole),
    permissions: allPermissions.map((key) => ({
      key,
      about: permissionCatalog[key],
      canBeLimited: limitedPermissions.has(key),
    })),
  };
}

export async function createRole(ctx: Context, input: unknown): Promise<Role> {
  requirePermission(ctx, "access:write");
  const { key, name, permissions } = RoleInput.parse(input);
  requireMayGive(ctx, permissions, null);
  return ctx.inTenant(async (tx) => {
    if (currentRoleKey(key) !== key || (await tx.role.count({ where: { key } })) > 0)
      throw new AppError("conflict", `There is a role "${key}" already. Choose another key.`);
    if ((await tx.role.count()) >= rolesMax)
      throw new AppError("limit", `A company has at most ${rolesMax} roles. Delete one that nobody has.`);
    const { id } = await tx.role.create({
      data: { id: newId(), tenantId: ctx.tenantId, key, name, createdAt: ctx.host.clock.now() },
    });
    await tx.permission.createMany({ data: [...new Set(permissions)].map((one) => ({ roleId: id, key: one })) });
    const role = toRole(await findRole(tx, key));
    await audit(tx, ctx, "role.created", { after: role });
    return role;
  });
}

/** Everybody who has the role may do from the next request on what it says then. */
export async function changeRole(ctx: Context, key: string, input: unknown): Promise<Role> {
  requirePermission(ctx, "access:write");
  const { name, permissions } = RoleChange.parse(input);
  return ctx.inTenant(async (tx) => {
    const row = await findOwnRole(tx, key);
    const before = toRole(row);
    if (name !== undefined) await tx.role.updateMany({ where: { id: row.id }, data: { name } });
    if (permissions !== undefined) {
      requireMayGive(
        await lastingAccess(tx, ctx, null),
        permissions.filter((permission) => !before.permissions.includes(permission)),
        null,
      );
      await tx.permission.deleteMany({ where: { roleId: row.id } });
      await tx.permission.createMany({ data: [...new Set(permissions)].map((one) => ({ roleId: row.id, key: one })) });
    }
    const after = toRole(await findRole(tx, key));
    await audit(tx, ctx, "role.changed", { before, after });
    return after;
  });
}

export async function deleteRole(ctx: Context, key: string): Promise<void> {
  requirePermission(ctx, "access:write");
  await ctx.inTenant(async (tx) => {
    const row = await findOwnRole(tx, key);
    const given = { AND: [{ roleId: row.id }, openAt(ctx.host.clock.now())] };
    const isInUse =
      row._count.memberships > 0 ||
      (await tx.grant.count({ where: given })) > 0 ||
      (await tx.serviceAccount.count({ where: { roleId: row.id } })) > 0;
    if (isInUse) throw new AppError("conflict", `Somebody has the role "${row.name}". Give them another one first.`);
    await tx.role.deleteMany({ where: { id: row.id } });
    await audit(tx, ctx, "role.deleted", { before: toRole(row) });
  });
}

const withUse = { permissions: true, _count: { select: { memberships: true } } } as const;

export type RoleRow = Awaited<ReturnType<typeof findRole>>;

/** Throws `not_found` when the company has no such role. */
export async function findRole(tx: Tx, key: string) {
  const row = await tx.role.findFirst({ where: { key: currentRoleKey(key) }, include: withUse });
  if (row === null) throw new AppError("not_found", `The company has no role "${key.slice(0, 60)}".`);
  return row;
}

/** Throws `forbidden` for a role beyond one's own, and `not_found` for one that there is not. */
export async function requireMayGiveRole(tx: Tx, ctx: Context, roleKey: string): Promise<void> {
  const role = await findRole(tx, roleKey);
  requireMayGive(await lastingAccess(tx, ctx, null), permissionsOf(role), null);
}

/** A role of the company's own. Throws `conflict` for a built-in one. */
async function findOwnRole(tx: Tx, key: string): Promise<RoleRow> {
  const row = await findRole(tx, key);
  if (row.builtIn)
    throw new AppError("conflict", `"${row.name}" is built in and stays as it is. Make a role of your own instead.`);
  return row;
}

export function permissionsOf(role: { key: string; permissions: readonly { key: string }[] }): ReadonlySet<string> {
  return computeRolePermissions(
    role.key,
    role.permissions.map((permission) => permission.key),
  );
}

export function toRole(row: RoleRow): Role {
  return {
    key: row.key,
    name: row.name,
    isBuiltIn: row.builtIn,
    permissions: [...permissionsOf(row)].toSorted(),
    memberCount: row._count.memberships,
  };
}
