import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { applyAttributes } from "@finops/platform/access/apply-attributes";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { Prisma } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { ensureUser } from "@finops/platform/identity/users";
import { readSettings } from "@finops/platform/tenancy/company-settings";
import type { Context } from "@finops/platform/tenancy/context";
import { requireAnotherOwner } from "../people/index.ts";
import { type ListParameters, PatchInput, type ScimList, type ScimUser, urns } from "./contract.ts";
import type { FilterTest } from "./filter.ts";
import { listAnswer, readListWish } from "./list-answer.ts";
import { provisioningSettings } from "./provisioning.ts";
import { scimError } from "./scim-error.ts";
import { draftOf, patchDraft, type UserDraft } from "./user-draft.ts";

/** The company's members, whoever made them members, in the order in which they became it. */
export async function listUsers(ctx: Context, input: ListParameters): Promise<ScimList> {
  requirePermission(ctx, "scim:write");
  const wish = readListWish(input);
  return ctx.inTenant(async (tx) => {
    const where: Prisma.MembershipWhereInput = { AND: await Promise.all(wish.tests.map((test) => toWhere(tx, test))) };
    const total = await tx.membership.count({ where });
    const rows = await tx.membership.findMany({
      where,
      include: userParts,
      orderBy: [{ createdAt: "asc" }, { userId: "asc" }],
      skip: wish.skip,
      take: wish.take,
    });
    return listAnswer(
      wish,
      total,
      rows.map((row) => toScimUser(ctx, row)),
      input,
    );
  });
}

export async function getUser(ctx: Context, id: string): Promise<ScimUser> {
  requirePermission(ctx, "scim:write");
  return ctx.inTenant(async (tx) => toScimUser(ctx, await findUser(tx, id)));
}

/** Makes a person a member with the default role. Throws `conflict` for a userName or an address that a member has. */
export async function createUser(ctx: Context, input: unknown): Promise<ScimUser> {
  requirePermission(ctx, "scim:write");
  const draft = draftOf(input as Record<string, unknown>);
  requireUserName(draft);
  const email = draft.email ?? draft.userName.toLowerCase();
  if (!/^[^\s@]{1,120}@[^\s@]{1,120}$/.test(email))
    throw scimError("invalidValue", "A user needs an e-mail address, in emails or as userName.");
  return ctx.inTenant(async (tx) => {
    await requireFreeUserName(tx, draft.userName, null);
    const { defaultRole } = await readSettings(tx, ctx.tenantId, provisioningSettings);
    const role =
      (await tx.role.findFirst({ where: { key: defaultRole } })) ??
      (await tx.role.findFirstOrThrow({ where: { key: "viewer" } }));
    // What the provider calls a person is the company's own; what they are called elsewhere is theirs.
    const userId = await ensureUser(ctx.host.db, { email, name: "" });
    if ((await tx.membership.count({ where: { userId } })) > 0)
      throw scimError("uniqueness", "Somebody with this e-mail address is a user already.");
    await tx.membership.create({
      data: { userId, roleId: role.id, name: nameOf(draft), createdAt: ctx.host.clock.now() },
    });
    const made = await saveUser(tx, ctx, await findUser(tx, userId), { ...draft, email });
    await audit(tx, ctx, "member.provisioned", { after: toJsonColumn({ ...auditView(made), role: role.key }) });
    return made;
  });
}

/** Replaces what is kept of a person by what the resource says. */
export function replaceUser(ctx: Context, id: string, input: unknown): Promise<ScimUser> {
  return changeUser(ctx, id, ({ email }) => {
    const draft = draftOf(input as Record<string, unknown>, email);
    requireUserName(draft);
    return draft;
  });
}

export function patchUser(ctx: Context, id: string, input: unknown): Promise<ScimUser> {
  const { data: patch } = PatchInput.safeParse(input);
  if (patch === undefined)
    throw scimError("invalidSyntax", "A PATCH has Operations, each with op, and path or a value of attributes.");
  return changeUser(ctx, id, (draft) => {
    const patched = patchDraft(draft, patch);
    requireUserName(patched);
    return patched;
  });
}

/** Ends the membership with its sessions, groups and grants. The person stays in their other companies. */
export async function deleteUser(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "scim:write");
  await ctx.inTenant(async (tx) => {
    const row = await findUser(tx, id);
    await requireAnotherOwner(tx, row.userId);
    await shutOut(tx, ctx, row.userId);
    await audit(tx, ctx, "member.removed", { before: toJsonColumn(auditView(toScimUser(ctx, row))) });
    await tx.membership.deleteMany({ where: { userId: row.userId } });
  });
}

async function changeUser(ctx: Context, id: string, change: (draft: UserDraft) => UserDraft): Promise<ScimUser> {
  requirePermission(ctx, "scim:write");
  return ctx.inTenant(async (tx) => {
    const row = await findUser(tx, id);
    const before = draftOfRow(row);
    const after = change(before);
    if (after.email !== null && after.email !== before.email)
      throw scimError(
        "mutability",
        "The e-mail address of a person is theirs in all of their companies, so it is not changed here. Make a new user, or keep the address that they sign in with.",
      );
    if (after.userName.toLowerCase() !== before.userName.toLowerCase())
      await requireFreeUserName(tx, after.userName, row.userId);
    const saved = await saveUser(tx, ctx, row, after);
    const [was, is] = [auditView(toScimUser(ctx, row)), auditView(saved)];
    if (JSON.stringify(was) !== JSON.stringify(is)) {
      const action =
        before.isActive === after.isActive
          ? "member.changed"
          : after.isActive
            ? "member.activated"
            : "member.deactivated";
      await audit(tx, ctx, action, { before: toJsonColumn(was), after: toJsonColumn(is) });
    }
    return saved;
  });
}

/** Keeps a person as described, and ends their sessions at once when they are not active any more. */
async function saveUser(tx: Tx, ctx: Context, row: UserRow, draft: UserDraft): Promise<ScimUser> {
  const now = ctx.host.clock.now();
  const { userId } = row;
  const kept = {
    userName: draft.userName,
    externalId: draft.externalId,
    profile: toJsonColumn(draft.profile),
    changedAt: now,
  };
  await tx.provisionedUser.upsert({
    where: { tenantId_userId: { tenantId: ctx.tenantId, userId } },
    create: { userId, createdAt: now, ...kept },
    update: kept,
  });
  const wasActive = row.deactivatedAt === null;
  if (wasActive && !draft.isActive) {
    await requireAnotherOwner(tx, userId);
    await shutOut(tx, ctx, userId);
  }
  await tx.membership.updateMany({
    where: { userId },
    data: {
      name: nameOf(draft) || row.name,
      ...(wasActive === draft.isActive ? {} : { deactivatedAt: draft.isActive ? null : now }),
    },
  });
  await applyAttributes(ctx.host.db, ctx.host.clock, ctx.tenantId, userId, attributesOf(draft));
  return toScimUser(ctx, await findUser(tx, userId));
}

async function shutOut(tx: Tx, ctx: Context, userId: string): Promise<void> {
  await tx.session.updateMany({ where: { userId, endedAt: null }, data: { endedAt: ctx.host.clock.now() } });
  await tx.signInLink.deleteMany({ where: { userId } });
}

/** What rules by attribute may ask for, under the names of SCIM without its schemas. */
const ruleAttributes = ["title", "userType", "employeeNumber", "costCenter", "organization", "division", "department"];

function attributesOf({ profile }: UserDraft): Record<string, string[]> {
  return Object.fromEntries(
    ruleAttributes.map((name) => {
      const value = profile[name] ?? profile[`${urns.enterprise}:${name}`];
      return [name, value === undefined ? [] : [value]];
    }),
  );
}

const userParts = { user: true, role: true, provisioned: true, groups: { include: { group: true } } } as const;

type UserRow = Prisma.MembershipGetPayload<{ include: typeof userParts }>;

/** Throws `not_found` for who does not belong to the company. */
async function findUser(tx: Tx, id: string): Promise<UserRow> {
  const row = isId(id) ? await tx.membership.findFirst({ where: { userId: id }, include: userParts }) : null;
  if (row === null) throw new AppError("not_found", "There is no such user.");
  return row;
}

async function toWhere(tx: Tx, { attribute, value }: FilterTest): Promise<Prisma.MembershipWhereInput> {
  if (attribute === "username") return { userId: { in: await findByUserName(tx, value) } };
  if (attribute === "externalid") return { provisioned: { externalId: value } };
  if (attribute === "id") return { userId: { in: isId(value) ? [value] : [] } };
  if (attribute === "active") return value === "true" ? { deactivatedAt: null } : { NOT: { deactivatedAt: null } };
  if (/^emails(\.value)?$/.test(attribute)) return { user: { email: value.toLowerCase() } };
  throw scimError("invalidFilter", "Users are found by userName, externalId, id, emails and active.");
}

/** Upper and lower case are the same. Who was not made by the provider is known by their address. */
async function findByUserName(tx: Tx, userName: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    select m.user_id::text as id from membership m join app_user u on u.id = m.user_id
    left join provisioned_user p on p.tenant_id = m.tenant_id and p.user_id = m.user_id
    where lower(coalesce(p.user_name, u.email)) = lower(${userName})`;
  return rows.map(({ id }) => id);
}

function requireUserName({ userName }: UserDraft): void {
  if (userName === "") throw scimError("invalidValue", "A user needs a userName.");
}

async function requireFreeUserName(tx: Tx, userName: string, own: string | null): Promise<void> {
  if ((await findByUserName(tx, userName)).some((id) => id !== own))
    throw scimError("uniqueness", "There is a user with this userName already.");
}

function draftOfRow({ provisioned, user, deactivatedAt }: UserRow): UserDraft {
  return {
    userName: provisioned?.userName ?? user.email,
    externalId: provisioned?.externalId ?? null,
    isActive: deactivatedAt === null,
    email: user.email,
    profile: (provisioned?.profile ?? {}) as Record<string, string>,
  };
}

function nameOf({ profile }: Pick<UserDraft, "profile">): string {
  const parts = [profile["name.givenName"], profile["name.familyName"]].filter((part) => part !== undefined);
  return (profile["displayName"] ?? profile["name.formatted"] ?? parts.join(" ")).slice(0, 120);
}

function toScimUser(ctx: Context, row: UserRow): ScimUser {
  const draft = draftOfRow(row);
  const named = (prefix: string) =>
    Object.fromEntries(
      Object.entries(draft.profile).flatMap(([path, value]) =>
        path.startsWith(prefix) ? [[path.slice(prefix.length), value]] : [],
      ),
    ) as Record<string, string>;
  const [name, enterprise] = [named("name."), named(`${urns.enterprise}:`)];
  const plain = Object.fromEntries(Object.entries(draft.profile).filter(([path]) => /^\w+$/.test(path)));
  const hasEnterprise = Object.keys(enterprise).length > 0;
  return {
    schemas: [urns.user, ...(hasEnterprise ? [urns.enterprise] : [])],
    id: row.userId,
    ...(draft.externalId === null ? {} : { externalId: draft.externalId }),
    userName: draft.userName,
    active: draft.isActive,
    ...plain,
    ...(Object.keys(name).length === 0 ? {} : { name }),
    emails: [{ value: row.user.email, type: "work", primary: true }],
    groups: row.groups
      .filter(({ group }) => group.isProvisioned)
      .map(({ group }) => ({ value: group.id, display: group.name })),
    ...(hasEnterprise ? { [urns.enterprise]: enterprise } : {}),
    meta: {
      resourceType: "User",
      created: row.createdAt.toISOString(),
      lastModified: (row.provisioned?.changedAt ?? row.createdAt).toISOString(),
      location: `${ctx.host.baseUrl}/scim/v2/Users/${row.userId}`,
    },
  };
}

/** What the audit keeps of a person: who it is and how they stand, not all that a provider knows of them. */
function auditView({ id, userName, active, emails, externalId }: ScimUser) {
  return { id, userName, email: emails[0]!.value, active, externalId: externalId ?? null };
}
