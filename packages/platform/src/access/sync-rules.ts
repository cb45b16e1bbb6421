import { newId } from "@finops/kernel/id";
import type { Tx } from "../db/database.ts";
import type { AccessRule } from "../db/generated/client.ts";
import { toJsonColumn } from "../db/json-column.ts";

/** What one person got or lost by a rule. */
export interface RuleChange {
  rule: string;
  userId: string;
}

/**
 * Makes grants and memberships of groups be what the rules say: for one person, for one rule, or for everybody. What a rule
 * gives is a grant or a place in a group like any other, so that there is one way to work out what somebody may do.
 */
export async function syncRules(
  tx: Tx,
  now: Date,
  of: { userId?: string; ruleId?: string },
): Promise<{ given: RuleChange[]; ended: RuleChange[] }> {
  const ofUser = of.userId === undefined ? {} : { userId: of.userId };
  const ofRule = of.ruleId === undefined ? {} : { ruleId: of.ruleId };
  const rules = await tx.accessRule.findMany({ where: of.ruleId === undefined ? {} : { id: of.ruleId } });
  if (rules.length === 0) return { given: [], ended: [] };
  const people = await tx.memberAttributes.findMany({ where: ofUser });
  const wanted = new Map<string, { rule: AccessRule; userId: string }>();
  for (const { userId, attributes } of people)
    for (const rule of rules) if (ruleFits(rule, attributes)) wanted.set(keyOf(rule.id, userId), { rule, userId });

  const grants = await tx.grant.findMany({
    where: { revokedAt: null, ...ofUser, ...(of.ruleId === undefined ? { NOT: { ruleId: null } } : ofRule) },
  });
  const places = await tx.groupMember.findMany({
    where: { ...ofUser, ...(of.ruleId === undefined ? { NOT: { ruleId: null } } : ofRule) },
  });
  const had = new Set([...grants, ...places].map(({ ruleId, userId }) => keyOf(ruleId!, userId!)));
  const given = [...wanted].filter(([key]) => !had.has(key)).map(([, one]) => one);

  await tx.grant.createMany({
    data: given.flatMap(({ rule, userId }) => (rule.roleId === null ? [] : [toGrant(rule, rule.roleId, userId, now)])),
  });
  // Who was put there by hand stays there by hand.
  await tx.groupMember.createMany({
    data: given.flatMap(({ rule, userId }) =>
      rule.groupId === null ? [] : [{ groupId: rule.groupId, userId, ruleId: rule.id, addedAt: now }],
    ),
    skipDuplicates: true,
  });
  const endedGrants = grants.filter(({ ruleId, userId }) => !wanted.has(keyOf(ruleId!, userId!)));
  await tx.grant.updateMany({
    where: { id: { in: endedGrants.map(({ id }) => id) } },
    data: { revokedAt: now, revokedByName: "rule" },
  });
  const endedPlaces = places.filter(({ ruleId, userId }) => !wanted.has(keyOf(ruleId!, userId)));
  for (const { groupId, userId } of endedPlaces) await tx.groupMember.deleteMany({ where: { groupId, userId } });

  const names = new Map(rules.map((rule) => [rule.id, rule.name]));
  return {
    given: given.map(({ rule, userId }) => ({ rule: rule.name, userId })),
    ended: [...endedGrants, ...endedPlaces].map(({ ruleId, userId }) => ({
      rule: names.get(ruleId!) ?? "",
      userId: userId!,
    })),
  };
}

/** Whether an attribute of the person has the rule's value. */
export function ruleFits({ attribute, value }: Pick<AccessRule, "attribute" | "value">, attributes: unknown): boolean {
  const all = attributes as Readonly<Record<string, readonly string[]>>;
  return Object.hasOwn(all, attribute) && all[attribute]!.includes(value);
}

const keyOf = (ruleId: string, userId: string) => `${ruleId} ${userId}`;

function toGrant(rule: AccessRule, roleId: string, userId: string, now: Date) {
  return {
    id: newId(now.getTime()),
    userId,
    roleId,
    unitId: rule.unitId,
    ...(rule.scope === null ? {} : { scope: toJsonColumn(rule.scope) }),
    validFrom: now,
    reason: `${rule.attribute} is ${rule.value}`.slice(0, 500),
    grantedById: rule.createdById,
    grantedByName: rule.createdByName,
    createdAt: now,
    ruleId: rule.id,
  };
}
