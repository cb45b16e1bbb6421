import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { Prisma } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import { decodePlace, encodePlace } from "@finops/platform/http/page";
import type { Context } from "@finops/platform/tenancy/context";
import * as z from "zod";
import { type Grant, GrantInput, type GrantPage, type GrantsParameters, type Scope } from "./contract.ts";
import { notToOneself, readScope, requireMayGive } from "./delegation.ts";
import { isInUnit } from "./unit-grants.ts";
import { findGroup } from "./groups.ts";
import { lastingAccess } from "./lasting-access.ts";
import { nameOf } from "./member-name.ts";
import { findMember } from "./members.ts";
import { openAt } from "./grant-state.ts";
import { scopeOfGrant } from "./open-grants.ts";
import { findRole, permissionsOf } from "./roles.ts";
import { findUnit } from "./units.ts";

/** Grants by when they were given, the newest first. For who gives access, and for who checks it. */
export async function listGrants(ctx: Context, wish: Partial<GrantsParameters> = {}): Promise<GrantPage> {
  if (!ctx.permissions.has("audit:read")) requirePermission(ctx, "access:write");
  const { limit = 100, cursor, subject, state = "open" } = wish;
  const after = cursor === undefined ? null : decodePlace(cursor, z.tuple([z.uuid()]))[0];
  const rows = await ctx.inTenant((tx) =>
    tx.grant.findMany({
      where: {
        AND: [
          after === null ? {} : { id: { lt: after } },
          subject === undefined ? {} : isId(subject) ? ofSubject(subject) : { id: { in: [] } },
          state === "all" ? {} : openAt(ctx.host.clock.now()),
        ],
      },
      include: grantParts,
      // Ids rise with the time at which they were made.
      orderBy: { id: "desc" },
      take: limit + 1,
    }),
  );
  const page = rows.slice(0, limit);
  return {
    grants: page.map((row) => toGrant(ctx, row)),
    nextCursor: rows.length > limit ? encodePlace([page.at(-1)!.id]) : null,
  };
}

/**
 * Gives a role beside what somebody has anyway: for a time, for a unit's costs, or for any part of the costs. It holds from the
 * next request on. Throws `forbidden` for what is beyond one's own or would outlast it, and for what one would give to oneself.
 */
export async function giveGrant(ctx: Context, input: unknown): Promise<Grant> {
  requirePermission(ctx, "access:write");
  const { subject, role: roleKey, unitId, scope: wished, validUntil, reason, ...wish } = GrantInput.parse(input);
  const now = ctx.host.clock.now();
  const [validFrom, end] = [wish.validFrom === undefined ? now : new Date(wish.validFrom), validUntil];
  const scope = readScope(wished);
  if (end !== null && new Date(end) <= (validFrom > now ? validFrom : now))
    throw new AppError("invalid", "validUntil: The end lies before the beginning, or has passed.");
  return ctx.inTenant(async (tx) => {
    const role = await findRole(tx, roleKey);
    if (role.key === "owner")
      throw new AppError("invalid", "role: Owners are made by changing their role in the company, not by a grant.");
    if (subject.kind === "person" && subject.id === ctx.actor.id) throw notToOneself();
    if (subject.kind === "unit" && (await isInUnit(tx, ctx.actor.id, subject.id))) throw notToOneself();
    const subjectColumn = await findSubject(tx, subject);
    if (unitId !== null) await findUnit(tx, unitId);
    const own = await lastingAccess(tx, ctx, end === null ? null : new Date(end));
    requireMayGive(own, permissionsOf(role), await scopeOfGrant(tx, { unitId, scope }));
    const { id } = await tx.grant.create({
      data: {
        id: newId(now.getTime()),
        ...subjectColumn,
        roleId: role.id,
        unitId,
        ...(scope === null ? {} : { scope: toJsonColumn(scope) }),
        validFrom,
        validUntil: end === null ? null : new Date(end),
        reason,
        grantedById: ctx.actor.id,
        grantedByName: ctx.actor.name,
        createdAt: now,
      },
    });
    const grant = toGrant(ctx, await findGrant(tx, id));
    await audit(tx, ctx, "grant.given", { after: toJsonColumn(grant) });
    return grant;
  });
}

/** Ends a grant at once. Throws `not_found` for one that there is not, or that was revoked before. */
export async function revokeGrant(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "access:write");
  await ctx.inTenant(async (tx) => {
    const before = toGrant(ctx, await findGrant(tx, id));
    if (before.ruleId !== null)
      throw new AppError(
        "conflict",
        "A rule gives this, and would give it again. Delete the rule, or change the attribute.",
      );
    const { count } = await tx.grant.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: ctx.host.clock.now(), revokedByName: ctx.actor.name },
    });
    if (count === 0) throw new AppError("not_found", "This grant was revoked before.");
    await audit(tx, ctx, "grant.revoked", { before: toJsonColumn(before) });
  });
}

export const grantParts = {
  role: { include: { permissions: true } },
  member: { include: { user: true } },
  group: true,
  apiKey: { select: { name: true } },
  serviceAccount: { select: { name: true } },
  memberUnit: { select: { name: true } },
} as const;

type GrantRow = Awaited<ReturnType<typeof findGrant>>;

/** Throws `not_found` for a grant that there is not. */
export async function findGrant(tx: Tx, id: string) {
  const row = isId(id) ? await tx.grant.findFirst({ where: { id }, include: grantParts }) : null;
  if (row === null) throw new AppError("not_found", "There is no such grant.");
  return row;
}

function ofSubject(id: string): Prisma.GrantWhereInput {
  return { OR: [{ userId: id }, { groupId: id }, { apiKeyId: id }, { serviceAccountId: id }, { memberUnitId: id }] };
}

/** The column that names the subject. Throws `not_found` for one that the company does not have. */
async function findSubject(tx: Tx, { kind, id }: Grant["subject"] | { kind: Grant["subject"]["kind"]; id: string }) {
  if (kind === "person") return { userId: (await findMember(tx, id)).userId };
  if (kind === "group") return { groupId: (await findGroup(tx, id)).id };
  if (kind === "unit") return { memberUnitId: (await findUnit(tx, id)).id };
  if (kind === "service-account") return { serviceAccountId: (await findAccount(tx, id)).id };
  const key = isId(id) ? await tx.apiKey.findFirst({ where: { id, revokedAt: null } }) : null;
  if (key === null) throw new AppError("not_found", "The company has no such key, or it was revoked.");
  return { apiKeyId: key.id };
}

/** Keys have their capability, which uses this one, so an account is looked up here. */
async function findAccount(tx: Tx, id: string) {
  const account = isId(id) ? await tx.serviceAccount.findFirst({ where: { id }, select: { id: true } }) : null;
  if (account === null) throw new AppError("not_found", "The company has no such service account.");
  return account;
}

export function toGrant(ctx: Context, row: GrantRow): Grant {
  const now = ctx.host.clock.now();
  return {
    id: row.id,
    subject: subjectOf(row),
    role: row.role.key,
    unitId: row.unitId,
    scope: row.scope as Scope,
    validFrom: row.validFrom.toISOString(),
    validUntil: row.validUntil?.toISOString() ?? null,
    reason: row.reason,
    grantedBy: { id: row.grantedById, name: row.grantedByName },
    revokedAt: row.revokedAt?.toISOString() ?? null,
    revokedBy: row.revokedByName,
    ruleId: row.ruleId,
    isDelegated: row.delegatedBy !== null,
    isInForce: row.revokedAt === null && row.validFrom <= now && (row.validUntil === null || row.validUntil > now),
  };
}

function subjectOf(row: GrantRow): Grant["subject"] {
  if (row.member !== null)
    return { kind: "person", id: row.member.userId, name: nameOf(row.member) || row.member.user.email };
  if (row.group !== null) return { kind: "group", id: row.group.id, name: row.group.name };
  if (row.memberUnit !== null) return { kind: "unit", id: row.memberUnitId!, name: row.memberUnit.name };
  if (row.serviceAccount !== null)
    return { kind: "service-account", id: row.serviceAccountId!, name: row.serviceAccount.name };
  return { kind: "key", id: row.apiKeyId!, name: row.apiKey!.name };
}
