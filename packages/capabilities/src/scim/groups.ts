import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { Prisma } from "@finops/platform/db/generated/client";
import type { Context } from "@finops/platform/tenancy/context";
import { type ListParameters, PatchInput, type ScimGroup, type ScimList, urns } from "./contract.ts";
import type { FilterTest } from "./filter.ts";
import { patchGroupDraft, type GroupDraft, groupDraftOf } from "./group-draft.ts";
import { listAnswer, readListWish } from "./list-answer.ts";
import { scimError } from "./scim-error.ts";

/** The groups that the identity provider keeps. Those that people make here are none of its business. */
export async function listGroups(ctx: Context, input: ListParameters): Promise<ScimList> {
  requirePermission(ctx, "scim:write");
  const wish = readListWish(input);
  return ctx.inTenant(async (tx) => {
    const where: Prisma.GroupWhereInput = { AND: [{ isProvisioned: true }, ...wish.tests.map(toWhere)] };
    const total = await tx.group.count({ where });
    const rows = await tx.group.findMany({
      where,
      include: groupParts,
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      skip: wish.skip,
      take: wish.take,
    });
    return listAnswer(
      wish,
      total,
      rows.map((row) => toScimGroup(ctx, row)),
      input,
    );
  });
}

export async function getGroup(ctx: Context, id: string): Promise<ScimGroup> {
  requirePermission(ctx, "scim:write");
  return ctx.inTenant(async (tx) => toScimGroup(ctx, await findGroup(tx, id)));
}

export async function createGroup(ctx: Context, input: unknown): Promise<ScimGroup> {
  requirePermission(ctx, "scim:write");
  const draft = groupDraftOf(input as Record<string, unknown>);
  return ctx.inTenant(async (tx) => {
    await requireFreeName(tx, draft.displayName, null);
    const now = ctx.host.clock.now();
    const { displayName, externalId } = draft;
    const { id } = await tx.group.create({
      data: {
        id: newId(now.getTime()),
        name: displayName,
        externalId,
        isProvisioned: true,
        createdAt: now,
        changedAt: now,
      },
    });
    await setMembers(tx, now, id, [], draft.members);
    const made = toScimGroup(ctx, await findGroup(tx, id));
    await audit(tx, ctx, "group.provisioned", { after: { id, name: displayName, members: [...draft.members] } });
    return made;
  });
}

/** Replaces a group by what the resource says, its members included. */
export function replaceGroup(ctx: Context, id: string, input: unknown): Promise<ScimGroup> {
  return changeGroup(ctx, id, () => groupDraftOf(input as Record<string, unknown>));
}

export function patchGroup(ctx: Context, id: string, input: unknown): Promise<ScimGroup> {
  const { data: patch } = PatchInput.safeParse(input);
  if (patch === undefined)
    throw scimError("invalidSyntax", "A PATCH has Operations, each with op, and path or a value of attributes.");
  return changeGroup(ctx, id, (draft) => patchGroupDraft(draft, patch));
}

/** What the group was given ends with it. */
export async function deleteGroup(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "scim:write");
  await ctx.inTenant(async (tx) => {
    const row = await findGroup(tx, id);
    await tx.group.deleteMany({ where: { id: row.id } });
    await audit(tx, ctx, "group.deleted", { before: { id: row.id, name: row.name, members: memberIds(row) } });
  });
}

async function changeGroup(ctx: Context, id: string, change: (draft: GroupDraft) => GroupDraft): Promise<ScimGroup> {
  requirePermission(ctx, "scim:write");
  return ctx.inTenant(async (tx) => {
    // Two changes of one group at once would each undo the other's.
    if (isId(id)) await tx.$queryRaw`select id::text from person_group where id = ${id}::uuid for update`;
    const row = await findGroup(tx, id);
    const before = { displayName: row.name, externalId: row.externalId, members: new Set(memberIds(row)) };
    const after = change(before);
    if (after.displayName !== before.displayName) await requireFreeName(tx, after.displayName, id);
    const now = ctx.host.clock.now();
    const { displayName, externalId } = after;
    await tx.group.updateMany({ where: { id }, data: { name: displayName, externalId, changedAt: now } });
    const moved = await setMembers(tx, now, id, before.members, after.members);
    const isSame =
      displayName === before.displayName &&
      externalId === before.externalId &&
      moved.added.length + moved.removed.length === 0;
    if (!isSame)
      await audit(tx, ctx, "group.changed", {
        before: { id, name: before.displayName, externalId: before.externalId },
        after: { id, name: displayName, externalId, ...moved },
      });
    return toScimGroup(ctx, await findGroup(tx, id));
  });
}

/** Throws `invalid` for members who do not belong to the company. */
async function setMembers(tx: Tx, now: Date, groupId: string, before: Iterable<string>, after: ReadonlySet<string>) {
  const had = new Set(before);
  const added = [...after].filter((id) => !had.has(id));
  const removed = [...had].filter((id) => !after.has(id));
  const known = await tx.membership.count({ where: { userId: { in: added.filter(isId) } } });
  if (known < added.length) throw scimError("invalidValue", "members: One of them is no user. Create the user first.");
  await tx.groupMember.createMany({
    data: added.map((userId) => ({ groupId, userId, addedAt: now })),
    skipDuplicates: true,
  });
  await tx.groupMember.deleteMany({ where: { groupId, userId: { in: removed } } });
  return { added, removed };
}

const groupParts = { members: { include: { member: { include: { user: true, provisioned: true } } } } } as const;

type GroupRow = Prisma.GroupGetPayload<{ include: typeof groupParts }>;

async function findGroup(tx: Tx, id: string): Promise<GroupRow> {
  const row = isId(id) ? await tx.group.findFirst({ where: { id, isProvisioned: true }, include: groupParts }) : null;
  if (row === null) throw new AppError("not_found", "There is no such group.");
  return row;
}

function toWhere({ attribute, value }: FilterTest): Prisma.GroupWhereInput {
  if (attribute === "displayname") return { name: value };
  if (attribute === "externalid") return { externalId: value };
  if (attribute === "id") return { id: { in: isId(value) ? [value] : [] } };
  if (/^members(\.value)?$/.test(attribute))
    return { members: { some: { userId: { in: isId(value) ? [value] : [] } } } };
  throw scimError("invalidFilter", "Groups are found by displayName, externalId, id and members.");
}

async function requireFreeName(tx: Tx, name: string, own: string | null): Promise<void> {
  const taken = await tx.group.findFirst({ where: { name } });
  if (taken !== null && taken.id !== own)
    throw scimError("uniqueness", "There is a group with this displayName already.");
}

const memberIds = (row: GroupRow) => row.members.map(({ userId }) => userId).toSorted();

function toScimGroup(ctx: Context, row: GroupRow): ScimGroup {
  return {
    schemas: [urns.group],
    id: row.id,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    displayName: row.name,
    members: row.members
      .map(({ userId, member }) => ({
        value: userId,
        display: member.provisioned?.userName ?? member.user.email,
        type: "User" as const,
      }))
      .toSorted((a, b) => (a.display < b.display ? -1 : 1)),
    meta: {
      resourceType: "Group",
      created: row.createdAt.toISOString(),
      lastModified: (row.changedAt ?? row.createdAt).toISOString(),
      location: `${ctx.host.baseUrl}/scim/v2/Groups/${row.id}`,
    },
  };
}
