import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { Prisma } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { decodePlace, encodePlace } from "@finops/platform/http/page";
import { createSignInLink } from "@finops/platform/identity/sign-in-links";
import { ensureUser } from "@finops/platform/identity/users";
import type { Context } from "@finops/platform/tenancy/context";
import * as z from "zod";
import { type Member, MemberChange, MemberInput, type MemberPage, type Scope } from "./contract.ts";
import { accessOfRole, readScope, requireMayGive } from "./delegation.ts";
import { lastingAccess } from "./lasting-access.ts";
import { nameOf } from "./member-name.ts";
import { findRole, permissionsOf, type RoleRow } from "./roles.ts";
import { requireMayPlace } from "./unit-grants.ts";
import { keepUnitMove } from "./unit-moves.ts";
import { findUnit } from "./units.ts";

/** An invitation is read when there is time for it. */
const invitationDays = 7;

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
 * Makes a person a member and sends them a link to sign in with, which stands in the mail alone. Throws `conflict` for who is a
 * member already, `forbidden` for a role or costs beyond one's own.
 */
export async function inviteMember(ctx: Context, input: unknown): Promise<Member> {
  const { result, afterwards } = await prepareInvitation(ctx, input);
  await afterwards();
  return result;
}

/** An invitation whose mail is sent by `afterwards`. */
export async function prepareInvitation(
  ctx: Context,
  input: unknown,
): Promise<{ result: Member; afterwards: () => Promise<void> }> {
  requirePermission(ctx, "members:write");
  const { email, name, role: roleKey, scope: wished, unitId } = MemberInput.parse(input);
  const scope = readScope(wished);
  const { member, token } = await ctx.inTenant(async (tx) => {
    const role = await findRole(tx, roleKey);
    requireWholeOwner(role, scope);
    requireMayGive(await lastingAccess(tx, ctx, null), permissionsOf(role), scope);
    if (unitId !== null) await requireMayPlace(tx, ctx, (await findUnit(tx, unitId)).id);
    // What a person is called elsewhere is theirs to tell, and what we call them is ours.
    const userId = await ensureUser(ctx.host.db, { email, name: "" });
    if ((await tx.membership.count({ where: { userId } })) > 0)
      throw new AppError("conflict", `${email} belongs to the company already. Change the role, or send a new link.`);
    await tx.membership.create({
      data: { userId, roleId: role.id, unitId, name, createdAt: ctx.host.clock.now(), ...scopeColumn(scope) },
    });
    await keepUnitMove(tx, ctx, { personId: userId, from: null, to: unitId });
    const invited = toMember(await findMember(tx, userId));
    await audit(tx, ctx, "member.invited", { after: toJsonColumn(invited) });
    return { member: invited, token: await createInvitation(ctx, userId) };
  });
  return { result: member, afterwards: () => sendInvitation(ctx, member, token) };
}

/** Sends a member a new link to sign in with; those that were sent before work no more. */
export async function sendSignInLink(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "members:write");
  const { member, token } = await ctx.inTenant(async (tx) => {
    const found = toMember(await findMember(tx, id));
    if (!found.isActive)
      throw new AppError(
        "conflict",
        `${found.email} is deactivated by your identity provider. Activate them there first.`,
      );
    await tx.signInLink.deleteMany({ where: { userId: found.id, usedAt: null } });
    await audit(tx, ctx, "member.sign-in-link-sent", { after: { id, email: found.email } });
    return { member: found, token: await createInvitation(ctx, found.id) };
  });
  await sendInvitation(ctx, member, token);
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

function toMember(row: MemberRow): Member {
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

function scopeColumn(scope: Scope) {
  return scope === null ? {} : { scope: toJsonColumn(scope) };
}

async function createInvitation(ctx: Context, userId: string): Promise<string> {
  const who = { tenantId: ctx.tenantId, userId };
  return (await createSignInLink(ctx.host.db, ctx.host.clock, who, invitationDays * 24 * 60)).token;
}

async function sendInvitation(ctx: Context, member: Member, token: string): Promise<void> {
  const { name } = await ctx.inTenant((tx) => tx.tenant.findFirstOrThrow({ where: { id: ctx.tenantId } }));
  await ctx.host.mail.send({
    to: member.email,
    subject: `Sign in to the costs of ${name}`,
    text: `${ctx.actor.name} invites you to ${name}. This link signs you in, once, within ${invitationDays} days:\n\n${ctx.host.baseUrl}/sign-in/${token}\n`,
  });
}
