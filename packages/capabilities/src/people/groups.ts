import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { type Group, GroupChange, GroupInput, type GroupSummary } from "./contract.ts";
import { notToOneself, requireMayGive } from "./delegation.ts";
import { lastingAccess } from "./lasting-access.ts";
import { nameOf } from "./member-name.ts";
import { findMember } from "./members.ts";
import { openGrants, scopeOfGrant } from "./open-grants.ts";
import { permissionsOf } from "./roles.ts";

const groupsMax = 1000;

export async function listGroups(ctx: Context): Promise<GroupSummary[]> {
  requirePermission(ctx, "members:read");
  const rows = await ctx.inTenant((tx) =>
    tx.group.findMany({ include: { _count: { select: { members: true } } }, orderBy: { name: "asc" } }),
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    isProvisioned: row.isProvisioned,
    memberCount: row._count.members,
    createdAt: row.createdAt.toISOString(),
  }));
}

export async function getGroup(ctx: Context, id: string): Promise<Group> {
  requirePermission(ctx, "members:read");
  return ctx.inTenant((tx) => findGroup(tx, id));
}

export async function createGroup(ctx: Context, input: unknown): Promise<Group> {
  requirePermission(ctx, "members:write");
  const { name, description } = GroupInput.parse(input);
  return ctx.inTenant(async (tx) => {
    await requireFreeName(tx, name);
    if ((await tx.group.count()) >= groupsMax)
      throw new AppError("limit", `A company has at most ${groupsMax} groups. Delete one that nobody is in.`);
    const data = { id: newId(), tenantId: ctx.tenantId, name, description, createdAt: ctx.host.clock.now() };
    await tx.group.create({ data });
    const group = await findGroup(tx, data.id);
    await audit(tx, ctx, "group.created", { after: group });
    return group;
  });
}

export async function changeGroup(ctx: Context, id: string, input: unknown): Promise<Group> {
  requirePermission(ctx, "members:write");
  const change = GroupChange.parse(input);
  return ctx.inTenant(async (tx) => {
    const before = await findGroup(tx, id);
    const { name = before.name, description = before.description } = change;
    if (name !== before.name) await requireFreeName(tx, name);
    await tx.group.updateMany({ where: { id }, data: { name, description } });
    const after = await findGroup(tx, id);
    await audit(tx, ctx, "group.changed", {
      before: { id, name: before.name, description: before.description },
      after: { id, name, description },
    });
    return after;
  });
}

/** Its grants end with it. */
export async function deleteGroup(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "members:write");
  await ctx.inTenant(async (tx) => {
    const before = await findGroup(tx, id);
    const grants = (await openGrants(tx, ctx, { groupId: id })).map((grant) => grant.id);
    await tx.group.deleteMany({ where: { id } });
    await audit(tx, ctx, "group.deleted", { before: { ...before, grants } });
  });
}

/**
 * Puts a person into a group; one who is in it stays in it. Whoever does it must have what the group is given, and nobody does
 * it for themselves where the group is given anything.
 */
export async function addGroupMember(ctx: Context, id: string, personId: string): Promise<Group> {
  requirePermission(ctx, "members:write");
  return ctx.inTenant(async (tx) => {
    requireKeptByHand(await findGroup(tx, id));
    const { user } = await findMember(tx, personId);
    const grants = await openGrants(tx, ctx, { groupId: id });
    if (grants.length > 0 && personId === ctx.actor.id) throw notToOneself();
    for (const grant of grants) {
      const own = await lastingAccess(tx, ctx, grant.validUntil);
      requireMayGive(own, permissionsOf(grant.role), await scopeOfGrant(tx, grant));
    }
    // Who is put there by hand stays when a rule does not fit them any more.
    await tx.groupMember.updateMany({ where: { groupId: id, userId: personId }, data: { ruleId: null } });
    const added = await tx.groupMember.createMany({
      data: [{ groupId: id, userId: personId, addedAt: ctx.host.clock.now() }],
      skipDuplicates: true,
    });
    const group = await findGroup(tx, id);
    const after = { id, name: group.name, person: personId, email: user.email };
    if (added.count > 0) await audit(tx, ctx, "group.member-added", { after });
    return group;
  });
}

export async function removeGroupMember(ctx: Context, id: string, personId: string): Promise<void> {
  requirePermission(ctx, "members:write");
  await ctx.inTenant(async (tx) => {
    const group = await findGroup(tx, id);
    requireKeptByHand(group);
    const member = group.members.find((one) => one.id === personId);
    if (member === undefined) throw new AppError("not_found", "Nobody with this id is in the group.");
    await tx.groupMember.deleteMany({ where: { groupId: id, userId: personId } });
    const before = { id, name: group.name, person: personId, email: member.email };
    await audit(tx, ctx, "group.member-removed", { before });
  });
}

/** Throws `not_found` for a group that the company does not have. */
export async function findGroup(tx: Tx, id: string): Promise<Group> {
  const row = isId(id)
    ? await tx.group.findFirst({
        where: { id },
        include: { members: { include: { member: { include: { user: true } } } } },
      })
    : null;
  if (row === null) throw new AppError("not_found", "The company has no such group.");
  const members = row.members
    .map(({ member }) => ({ id: member.userId, email: member.user.email, name: nameOf(member) }))
    .toSorted((a, b) => (a.email < b.email ? -1 : 1));
  const { name, description } = row;
  const { isProvisioned, createdAt } = row;
  return {
    id,
    name,
    description,
    isProvisioned,
    memberCount: members.length,
    createdAt: createdAt.toISOString(),
    members,
  };
}

/** Throws `conflict` for a group that an identity provider keeps: it would undo what is done here. */
export function requireKeptByHand({ name, isProvisioned }: Pick<Group, "name" | "isProvisioned">): void {
  if (isProvisioned)
    throw new AppError("conflict", `"${name}" is kept by your identity provider. Change who is in it there.`);
}

async function requireFreeName(tx: Tx, name: string): Promise<void> {
  if ((await tx.group.count({ where: { name } })) > 0)
    throw new AppError("conflict", `There is a group "${name}" already. Choose another name.`);
}
