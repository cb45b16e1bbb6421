import type { ChangeKind, PolicyInfo } from "@finops/platform/approvals/change-kind";
import * as z from "zod";
import { createAccessRule } from "./access-rules.ts";
import {
  type AccessRule,
  AccessRuleInput,
  DelegationInput,
  type Grant,
  GrantInput,
  type Group,
  type Member,
  MemberChange,
  type Role,
  RoleChange,
  RoleInput,
} from "./contract.ts";
import { delegate } from "./delegations.ts";
import { giveGrant } from "./grants.ts";
import { addGroupMember, findGroup } from "./groups.ts";
import { changeMember, findMember, toMember } from "./members.ts";
import { changeRole, createRole, findRole, toRole } from "./roles.ts";

/** What of people and their access a company can have approved. To take access away asks nobody. */
export const peoplePolicies: readonly PolicyInfo[] = [
  {
    key: "grants",
    about: "Give roles beside what somebody has: by a grant, by putting them into a group, or by a rule on attributes",
  },
  { key: "roles", about: "The roles of people in the company, and what a role of the company's own allows" },
  { key: "delegations", about: "Let a colleague do for a time what one may do oneself" },
];

const Id = z.string().max(60);

export const grantChange: ChangeKind<z.output<typeof GrantInput>, Grant> = {
  key: "grant.give",
  policy: "grants",
  payload: GrantInput,
  apply: async (ctx, payload) => ({ result: await giveGrant(ctx, payload) }),
  describe: (grant) =>
    `Give the role ${grant.role} to the ${grant.subject.kind} "${grant.subject.name}", ${scopeText(grant)}, ${grant.validUntil === null ? "for good" : `until ${grant.validUntil}`}.`,
};

const GroupMemberInput = z.strictObject({ group: Id, person: Id });
export const groupMemberChange: ChangeKind<z.output<typeof GroupMemberInput>, Group> = {
  key: "group.add-member",
  policy: "grants",
  payload: GroupMemberInput,
  before: (ctx, { group }) => ctx.inTenant((tx) => findGroup(tx, group)),
  apply: async (ctx, { group, person }) => ({ result: await addGroupMember(ctx, group, person) }),
  describe: (group, { person }) =>
    `Put ${group.members.find(({ id }) => id === person)?.email ?? person} into the group "${group.name}".`,
};

export const ruleChange: ChangeKind<z.output<typeof AccessRuleInput>, AccessRule> = {
  key: "access-rule.create",
  policy: "grants",
  payload: AccessRuleInput,
  apply: async (ctx, payload) => ({ result: await createAccessRule(ctx, payload) }),
  describe: ({ name, attribute, value, gives }) =>
    `Make the rule "${name}": whose ${attribute} is "${value}" gets ${"role" in gives ? `the role ${gives.role}, ${scopeText(gives)}` : "into a group"}.`,
};

const MemberRoleInput = z.strictObject({ person: Id, change: MemberChange });
export const memberChange: ChangeKind<z.output<typeof MemberRoleInput>, Member> = {
  key: "member.change",
  policy: "roles",
  payload: MemberRoleInput,
  before: (ctx, { person }) => ctx.inTenant(async (tx) => toMember(await findMember(tx, person))),
  apply: async (ctx, { person, change }) => ({ result: await changeMember(ctx, person, change) }),
  describe: (member) => `Let ${member.email} have the role ${member.role.key}, ${scopeText(member)}.`,
};

export const newRoleChange: ChangeKind<z.output<typeof RoleInput>, Role> = {
  key: "role.create",
  policy: "roles",
  payload: RoleInput,
  apply: async (ctx, payload) => ({ result: await createRole(ctx, payload) }),
  describe: (role) => `Make the role "${role.name}", which allows ${role.permissions.join(", ") || "nothing"}.`,
};

const OwnRoleInput = z.strictObject({ key: z.string().max(60), change: RoleChange });
export const roleChange: ChangeKind<z.output<typeof OwnRoleInput>, Role> = {
  key: "role.change",
  policy: "roles",
  payload: OwnRoleInput,
  before: (ctx, { key }) => ctx.inTenant(async (tx) => toRole(await findRole(tx, key))),
  apply: async (ctx, { key, change }) => ({ result: await changeRole(ctx, key, change) }),
  describe: (role) => `Let the role "${role.name}" allow ${role.permissions.join(", ") || "nothing"}.`,
};

export const delegationChange: ChangeKind<z.output<typeof DelegationInput>, Grant> = {
  key: "access.delegate",
  policy: "delegations",
  payload: DelegationInput,
  apply: async (ctx, payload) => ({ result: await delegate(ctx, payload) }),
  describe: (grant) =>
    `Delegate the role ${grant.role} to "${grant.subject.name}", ${scopeText(grant)}, until ${grant.validUntil}.`,
};

export const peopleChanges = [
  grantChange,
  groupMemberChange,
  ruleChange,
  memberChange,
  newRoleChange,
  roleChange,
  delegationChange,
] as const;

function scopeText({ scope, unitId = null }: { scope: unknown; unitId?: string | null }): string {
  if (scope === null && unitId === null) return "for the whole company";
  return unitId === null ? "for a part of the costs" : "for the costs of a unit";
}
