import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { Prisma } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { decodePlace, encodePlace } from "@finops/platform/http/page";
import type { Context } from "@finops/platform/tenancy/context";
import * as z from "zod";
import { type Member, MemberChange, type MemberPage, type Scope } from "./contract.ts";
import { accessOfRole, readScope, requireMayGive } from "./delegation.ts";
import { lastingAccess } from "./lasting-access.ts";
import { nameOf } from "./member-name.ts";
import { findRole, permissionsOf, type RoleRow } from "./roles.ts";
import { requireMayPlace } from "./unit-grants.ts";
import { keepUnitMove } from "./unit-moves.ts";
import { findUnit } from "./units.ts";

export async function listMembers(
  ctx: Context,
  { limit = 100, cursor }: { limit?: number; cursor?: string | undefined } = {},
): Promise<MemberPage> {
  requirePermission(ctx, "members:read");
  const after =
    cursor === undefined ? null : decodePlace(cursor, z.tuple([z.string().regex(/^[^\p{Cc}]{1,254}$/u)]))[0];
  const rows = await ctx.inTenant((tx) =>
    tx.membership.findMany({
      where: after === null ? {} : { user: { email: { gt: after } } },
      include: memberParts,
      orderBy: { user: { email: "asc" } },
      take: limit + 1,
    }),
  );
  const page = rows.slice(0, limit);
  return {
    members: page.map(toMember),
    nextCursor: rows.length > limit ? encodePlace([page.at(-1)!.user.email]) : null,
  };
}

/**
 * Gives a member another role, other costs or another unit, from the next request on. Throws `forbidden` for a role, old or new,
 * beyond one's own, and `conflict` for the last owner.
 */
export async function changeMember(ctx: Context, id: string, input: unknown): Promise<Member> {
  requirePermission(ctx, "members:write");
  const change = MemberChange.parse(input);
  return ctx.inTenant(async (tx) => {
    const row = await findMember(tx, id);
    const before = toMember(row);
    const role = change.role === undefined ? row.role : await findRole(tx, change.role);
    const scope = change.scope === undefined ? before.scope : readScope(change.scope);
    if (change.role !== undefined || change.scope !== undefined) {
      requireWholeOwner(role, scope);
      requireMayGive(ctx, permissionsOf(row.role), before.scope);
      // What one has by a grant or a group is not made one's own role by oneself.
      const isOwn = id === ctx.actor.id;
      const own = isOwn ? accessOfRole(roleFacts(row.role), before.scope) : await lastingAccess(tx, ctx, null);
      requireMayGive(own, permissionsOf(role), scope);
      if (role.key !== "owner") await requireAnotherOwner(tx, id);
    }
    if (change.unitId != null && change.unitId !== before.unitId)
      await requireMayPlace(tx, ctx, (await findUnit(tx, change.unitId)).id, id);
    await tx.membership.updateMany({
      where: { userId: id },
      data: {
        roleId: role.id,
        scope: scope === null ? Prisma.DbNull : toJsonColumn(scope),
        ...(change.unitId === undefined ? {} : { unitId: change.unitId }),
      },
    });
    const after = toMember(await findMember(tx, id));
    await keepUnitMove(tx, ctx, { personId: id, from: before.unitId, to: after.unitId });
    await audit(tx, ctx, "member.changed", { before: toJsonColumn(before), after: toJsonColumn(after) });
    return after;
  });
}

/** Ends a person's membership with all of their sessions, groups and grants here. Other companies of theirs know nothing of it. */
export async function removeMember(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "members:write");
  await ctx.inTenant(async (tx) => {
    const row = await findMember(tx, id);
    const before = toMember(row);
    requireMayGive(ctx, permissionsOf(row.role), before.scope);
    await requireAnotherOwner(tx, id);
    await keepUnitMove(tx, ctx, { personId: id, from: before.unitId, to: null });
    await tx.session.updateMany({ where: { userId: id, endedAt: null }, data: { endedAt: ctx.host.clock.now() } });
    await tx.signInLink.deleteMany({ where: { userId: id } });
    await audit(tx, ctx, "member.removed", { before: toJsonColumn(before) });
    await tx.membership.deleteMany({ where: { userId: id } });
  });
}

const memberParts = {
  user: true,
  role: { include: { permissions: true } },
  groups: { include: { group: true } },
} as const;

type MemberRow = Awaited<ReturnType<typeof findMember>>;

/** Throws `not_found` for who does not belong to the company. */
export async function findMember(tx: Tx, id: string) {
  const row = isId(id) ? await tx.membership.findFirst({ where: { userId: id }, include: memberParts }) : null;
  if (row === null) throw new AppError("not_found", "Nobody with this id belongs to the company.");
  return row;
}

export function toMember(row: MemberRow): Member {
  return {
    id: row.userId,
    email: row.user.email,
    name: nameOf(row),
    role: { key: row.role.key, name: row.role.name },
    scope: row.scope as Scope,
    unitId: row.unitId,
    groups: row.groups
      .map(({ group }) => ({ id: group.id, name: group.name }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    joinedAt: row.createdAt.toISOString(),
    acceptedAt: row.acceptedAt?.toISOString() ?? null,
    isActive: row.deactivatedAt === null,
  };
}

function roleFacts(role: MemberRow["role"]) {
  return { roleKey: role.key, permissions: role.permissions.map((permission) => permission.key) };
}

/** Throws `invalid` for an owner who is to see a part of the costs only. */
export function requireWholeOwner(role: Pick<RoleRow, "key">, scope: Scope): void {
  if (role.key === "owner" && scope !== null)
    throw new AppError("invalid", "scope: An owner sees all of the company's costs. Choose another role, or no scope.");
}

/** Two owners who leave at the same moment wait for each other here, and the second one stays. */
export async function requireAnotherOwner(tx: Tx, id: string): Promise<void> {
  const owners = await tx.$queryRaw<{ id: string }[]>`
    select m.user_id::text as id from membership m
    join role r on r.tenant_id = m.tenant_id and r.id = m.role_id
    join app_user u on u.id = m.user_id
    where r.built_in and r.key = 'owner' and u.disabled_at is null and m.deactivated_at is null
    order by m.user_id for update of m`;
  if (owners.length === 1 && owners[0]!.id === id)
    throw new AppError("conflict", "This is the last owner of the company. Make somebody else an owner first.");
}
