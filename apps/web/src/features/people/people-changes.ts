import type { Invitation, InvitationInput } from "@finops/capabilities/companies/contract";
import type {
  AccessRule,
  AccessRuleInput,
  GrantInput,
  Grant,
  Group,
  GroupChange,
  GroupInput,
  GroupSummary,
  Member,
  MemberChange,
  Role,
  RoleChange,
  RoleInput,
  RoleList,
  Unit,
  UnitChange,
  UnitInput,
} from "@finops/capabilities/people/contract";
import { useQueryClient } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { sessionKey } from "../../lib/query-client.ts";
import { useApprovedChange } from "../../lib/use-approved-change.ts";
import { useQuickChange } from "../../lib/use-quick-change.ts";
import {
  accessRulesQuery,
  groupQuery,
  grantsQuery,
  groupsQuery,
  invitationsQuery,
  membersQuery,
  peopleKey,
  rolesQuery,
  unitsQuery,
} from "../../lib/people-queries.ts";

/** What one may do oneself can change with any of these. */
const stale = [peopleKey, sessionKey];

// People -----------------------------------------------------------------------------------------------------------------

export function useInvite() {
  return useApprovedChange<Invitation[], InvitationInput, Invitation>({
    key: invitationsQuery.queryKey,
    stale,
    send: (body) => request("/api/v1/invitations", { method: "POST", body }),
    refused: "Nobody was invited.",
  });
}

export function useResendInvitation() {
  return useQuickChange<Invitation[], string, Invitation>({
    key: invitationsQuery.queryKey,
    stale: [],
    send: (id) => request(`${path("invitations", id)}/resend`, { method: "POST" }),
    refused: "No mail was sent.",
  });
}

export function useRevokeInvitation() {
  return useQuickChange<Invitation[], string>({
    key: invitationsQuery.queryKey,
    stale: [],
    send: (id) => request(path("invitations", id), { method: "DELETE" }),
    show: (invitations, id) => invitations.filter((one) => one.id !== id),
    refused: "The invitation was not taken back.",
  });
}

export function useChangeMember() {
  const client = useQueryClient();
  return useApprovedChange<Member[], { id: string; change: MemberChange }>({
    key: membersQuery.queryKey,
    stale,
    send: ({ id, change }) => request(path("members", id), { method: "PATCH", body: change }),
    show: (members, { id, change }) => {
      const roles = client.getQueryData(rolesQuery.queryKey)?.roles ?? [];
      return members.map((member) => (member.id === id ? withChange(member, change, roles) : member));
    },
    refused: "The person was not changed.",
  });
}

export function withChange(member: Member, change: MemberChange, roles: readonly Role[]): Member {
  const { role: key, ...rest } = change;
  const role = roles.find((one) => one.key === key);
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { ...member, ...given, ...(role === undefined ? {} : { role: { key: role.key, name: role.name } }) };
}

export function useRemoveMember() {
  return useQuickChange<Member[], string>({
    key: membersQuery.queryKey,
    stale,
    send: (id) => request(path("members", id), { method: "DELETE" }),
    show: (members, id) => members.filter((member) => member.id !== id),
    refused: "The person was not removed.",
  });
}

// Groups -----------------------------------------------------------------------------------------------------------------

export function useCreateGroup() {
  return useQuickChange<GroupSummary[], GroupInput, Group>({
    key: groupsQuery.queryKey,
    stale,
    send: (body) => request("/api/v1/groups", { method: "POST", body }),
    refused: "The group was not made.",
  });
}

export function useChangeGroup() {
  return useQuickChange<GroupSummary[], { id: string; change: GroupChange }>({
    key: groupsQuery.queryKey,
    stale,
    send: ({ id, change }) => request(path("groups", id), { method: "PATCH", body: change }),
    show: (groups, { id, change }) =>
      groups.map((group) =>
        group.id === id
          ? { ...group, name: change.name ?? group.name, description: change.description ?? group.description }
          : group,
      ),
    refused: "The group was not changed.",
  });
}

export function useDeleteGroup() {
  return useQuickChange<GroupSummary[], string>({
    key: groupsQuery.queryKey,
    stale,
    send: (id) => request(path("groups", id), { method: "DELETE" }),
    show: (groups, id) => groups.filter((group) => group.id !== id),
    refused: "The group was not deleted.",
  });
}

/** Into a group or out of it, as the group shows it. */
export function useGroupMembers(groupId: string) {
  return useApprovedChange<Group, Membership>({
    key: groupQuery(groupId).queryKey,
    stale,
    send: (membership) => sendMembership(groupId, membership),
    show: (group, { person, isIn }) => ({
      ...group,
      members: [...group.members.filter((one) => one.id !== person.id), ...(isIn ? [person] : [])],
    }),
    refused: "The group was not changed.",
  });
}

/** The same as the person shows it. */
export function usePersonGroups(person: Member) {
  return useApprovedChange<Member[], { group: { id: string; name: string }; isIn: boolean }>({
    key: membersQuery.queryKey,
    stale,
    send: ({ group, isIn }) => sendMembership(group.id, { person, isIn }),
    show: (members, { group, isIn }) =>
      members.map((member) =>
        member.id === person.id
          ? { ...member, groups: [...member.groups.filter((one) => one.id !== group.id), ...(isIn ? [group] : [])] }
          : member,
      ),
    refused: "The group was not changed.",
  });
}

interface Membership {
  person: { id: string; name: string; email: string };
  isIn: boolean;
}

function sendMembership(groupId: string, { person, isIn }: Membership): Promise<unknown> {
  return request(`${path("groups", groupId)}/members/${encodeURIComponent(person.id)}`, {
    method: isIn ? "PUT" : "DELETE",
  });
}

// Roles ------------------------------------------------------------------------------------------------------------------

export function useCreateRole() {
  return useApprovedChange<RoleList, RoleInput, Role>({
    key: rolesQuery.queryKey,
    stale,
    send: (body) => request("/api/v1/roles", { method: "POST", body }),
    refused: "The role was not made.",
  });
}

export function useChangeRole() {
  return useApprovedChange<RoleList, { key: string; change: RoleChange }, Role>({
    key: rolesQuery.queryKey,
    stale,
    send: ({ key, change }) => request(path("roles", key), { method: "PATCH", body: change }),
    show: (list, { key, change }) => ({
      ...list,
      roles: list.roles.map((role) =>
        role.key === key
          ? { ...role, name: change.name ?? role.name, permissions: change.permissions ?? role.permissions }
          : role,
      ),
    }),
    refused: "The role was not changed.",
  });
}

export function useDeleteRole() {
  return useQuickChange<RoleList, string>({
    key: rolesQuery.queryKey,
    stale,
    send: (key) => request(path("roles", key), { method: "DELETE" }),
    show: (list, key) => ({ ...list, roles: list.roles.filter((role) => role.key !== key) }),
    refused: "The role was not deleted.",
  });
}

// Grants -----------------------------------------------------------------------------------------------------------------

export function useGiveGrant() {
  return useApprovedChange<Grant[], GrantInput, Grant>({
    key: grantsQuery(null, "open").queryKey,
    stale,
    send: (body) => request("/api/v1/grants", { method: "POST", body }),
    refused: "Nothing was given.",
  });
}

/** `subject` and `state` say which list it is revoked in. */
export function useRevokeGrant(subject: string | null, state: "open" | "all") {
  return useQuickChange<Grant[], string>({
    key: grantsQuery(subject, state).queryKey,
    stale,
    send: (id) => request(path("grants", id), { method: "DELETE" }),
    show: (grants, id) =>
      state === "open"
        ? grants.filter((grant) => grant.id !== id)
        : grants.map((grant) => (grant.id === id ? { ...grant, isInForce: false } : grant)),
    refused: "The access was not revoked.",
  });
}

// Rules by attribute -------------------------------------------------------------------------------------------------------

export function useCreateRule() {
  return useApprovedChange<AccessRule[], AccessRuleInput, AccessRule>({
    key: accessRulesQuery.queryKey,
    stale,
    send: (body) => request("/api/v1/access-rules", { method: "POST", body }),
    refused: "The rule was not made.",
  });
}

export function useDeleteRule() {
  return useQuickChange<AccessRule[], string>({
    key: accessRulesQuery.queryKey,
    stale,
    send: (id) => request(path("access-rules", id), { method: "DELETE" }),
    show: (rules, id) => rules.filter((rule) => rule.id !== id),
    refused: "The rule was not deleted.",
  });
}

// Units ------------------------------------------------------------------------------------------------------------------

export function useCreateUnit() {
  return useQuickChange<Unit[], UnitInput, Unit>({
    key: unitsQuery.queryKey,
    stale,
    send: (body) => request("/api/v1/units", { method: "POST", body }),
    refused: "The unit was not made.",
  });
}

export function useChangeUnit() {
  return useQuickChange<Unit[], { id: string; change: UnitChange }>({
    key: unitsQuery.queryKey,
    stale,
    send: ({ id, change }) => request(path("units", id), { method: "PATCH", body: change }),
    show: (units, { id, change }) =>
      units.map((unit) =>
        unit.id === id
          ? {
              ...unit,
              name: change.name ?? unit.name,
              kind: change.kind ?? unit.kind,
              parentId: change.parentId === undefined ? unit.parentId : change.parentId,
            }
          : unit,
      ),
    refused: "The unit was not changed.",
  });
}

export function useUnitAccounts() {
  return useQuickChange<Unit[], { id: string; accounts: string[] }>({
    key: unitsQuery.queryKey,
    stale,
    send: ({ id, accounts }) => request(`${path("units", id)}/accounts`, { method: "PUT", body: { accounts } }),
    show: (units, { id, accounts }) => units.map((unit) => (unit.id === id ? { ...unit, accounts } : unit)),
    refused: "The accounts were not changed.",
  });
}

export function useDeleteUnit() {
  return useQuickChange<Unit[], string>({
    key: unitsQuery.queryKey,
    stale,
    send: (id) => request(path("units", id), { method: "DELETE" }),
    show: (units, id) => units.filter((unit) => unit.id !== id),
    refused: "The unit was not deleted.",
  });
}

function path(list: string, id: string): string {
  return `/api/v1/${list}/${encodeURIComponent(id)}`;
}
