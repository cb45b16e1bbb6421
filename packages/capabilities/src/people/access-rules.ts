import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { ruleFits, syncRules } from "@finops/platform/access/sync-rules";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import { type AccessRule, AccessRuleInput, type Scope } from "./contract.ts";
import { notToOneself, readScope, requireMayGive } from "./delegation.ts";
import { findGroup, requireKeptByHand } from "./groups.ts";
import { lastingAccess } from "./lasting-access.ts";
import { openGrants, scopeOfGrant } from "./open-grants.ts";
import { findRole, permissionsOf } from "./roles.ts";
import { findUnit } from "./units.ts";

const rulesMax = 500;

/** The rules by which people get roles and groups from their attributes, by name. */
export async function listAccessRules(ctx: Context): Promise<AccessRule[]> {
  if (!ctx.permissions.has("audit:read")) requirePermission(ctx, "access:write");
  const rows = await ctx.inTenant((tx) =>
    tx.accessRule.findMany({ include: ruleParts, orderBy: [{ name: "asc" }, { id: "asc" }] }),
  );
  return rows.map(toRule);
}

/**
 * Gives a role or a place in a group to everybody of whom an attribute has a value, now and whenever it does. Throws `forbidden`
 * for what is beyond one's own, and for a rule that would give something to the one who makes it.
 */
export async function createAccessRule(ctx: Context, input: unknown): Promise<AccessRule> {
  requirePermission(ctx, "access:write");
  const { name, attribute, value, gives } = AccessRuleInput.parse(input);
  return ctx.inTenant(async (tx) => {
    if ((await tx.accessRule.count()) >= rulesMax)
      throw new AppError("limit", `A company has at most ${rulesMax} rules. Delete one that fits nobody.`);
    const given = "role" in gives ? await readRole(tx, ctx, gives) : await readGroup(tx, ctx, gives.groupId);
    const own = await tx.memberAttributes.findFirst({ where: { userId: isId(ctx.actor.id) ? ctx.actor.id : newId() } });
    if (own !== null && ruleFits({ attribute, value }, own.attributes)) throw notToOneself();
    const now = ctx.host.clock.now();
    const { id } = await tx.accessRule.create({
      data: {
        id: newId(now.getTime()),
        name,
        attribute,
        value,
        ...given,
        createdById: ctx.actor.id,
        createdByName: ctx.actor.name,
        createdAt: now,
      },
    });
    const changes = await syncRules(tx, now, { ruleId: id });
    const rule = toRule(await findRule(tx, id));
    await audit(tx, ctx, "access-rule.created", {
      after: toJsonColumn({ ...rule, peopleGiven: changes.given.length }),
    });
    return rule;
  });
}

/** Takes from everybody what the rule gave. */
export async function deleteAccessRule(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, "access:write");
  await ctx.inTenant(async (tx) => {
    const before = toRule(await findRule(tx, id));
    const revoked = await tx.grant.updateMany({
      where: { ruleId: id, revokedAt: null },
      data: { revokedAt: ctx.host.clock.now(), revokedByName: ctx.actor.name },
    });
    const left = await tx.groupMember.deleteMany({ where: { ruleId: id } });
    await tx.accessRule.deleteMany({ where: { id } });
    await audit(tx, ctx, "access-rule.deleted", {
      before: toJsonColumn({ ...before, peopleLosing: revoked.count + left.count }),
    });
  });
}

type Gives = Extract<ReturnType<typeof AccessRuleInput.parse>["gives"], { role: string }>;

async function readRole(tx: Tx, ctx: Context, { role: roleKey, unitId, scope: wished }: Gives) {
  const role = await findRole(tx, roleKey);
  if (role.key === "owner")
    throw new AppError("invalid", "gives: Owners are made by changing their role in the company, not by a rule.");
  const scope = readScope(wished);
  if (unitId !== null) await findUnit(tx, unitId);
  requireMayGive(await lastingAccess(tx, ctx, null), permissionsOf(role), await scopeOfGrant(tx, { unitId, scope }));
  return { roleId: role.id, unitId, ...(scope === null ? {} : { scope: toJsonColumn(scope) }) };
}

async function readGroup(tx: Tx, ctx: Context, id: string) {
  const group = await findGroup(tx, id);
  requireKeptByHand(group);
  for (const grant of await openGrants(tx, ctx, { groupId: group.id })) {
    const own = await lastingAccess(tx, ctx, grant.validUntil);
    requireMayGive(own, permissionsOf(grant.role), await scopeOfGrant(tx, grant));
  }
  return { groupId: group.id };
}

const ruleParts = {
  role: true,
  group: true,
  _count: { select: { grants: { where: { revokedAt: null } }, members: true } },
} as const;

async function findRule(tx: Tx, id: string) {
  const row = isId(id) ? await tx.accessRule.findFirst({ where: { id }, include: ruleParts }) : null;
  if (row === null) throw new AppError("not_found", "There is no such rule.");
  return row;
}

function toRule(row: Awaited<ReturnType<typeof findRule>>): AccessRule {
  const { id, name, attribute, value, role, group, _count: counts } = row;
  return {
    id,
    name,
    attribute,
    value,
    gives: role === null ? { groupId: group!.id } : { role: role.key, unitId: row.unitId, scope: row.scope as Scope },
    memberCount: counts.grants + counts.members,
    createdBy: { id: row.createdById, name: row.createdByName },
    createdAt: row.createdAt.toISOString(),
  };
}
