import type { ApprovalPoliciesInput, ChangeRequestDetails } from "@finops/capabilities/approvals/contract";
import type { Invitation } from "@finops/capabilities/companies/contract";
import type {
  AccessRule,
  Grant,
  Group,
  Member,
  Role,
  RoleList,
  Scope,
  Unit,
} from "@finops/capabilities/people/contract";
import { formatInstant } from "@finops/ui/text/format-day";
import type { z } from "zod";
import { policyTitle } from "./kind-words.ts";
import { unitPath } from "../../lib/unit-path.ts";

/** One thing that a change sets: null is nothing there. */
export interface ChangeLine {
  label: string;
  before: string | null;
  after: string | null;
}

export interface Names {
  roles: readonly Pick<Role, "key" | "name">[];
  permissions: readonly Pick<RoleList["permissions"][number], "key" | "about">[];
  units: readonly Unit[];
  groups: readonly { id: string; name: string }[];
  scope: (scope: Scope) => string;
}

/**
 * What a change sets, line by line, as it is before and after. Once the change is made only the latter is known; of one that
 * ended otherwise, and of a kind that this page does not know, there are no lines: its sentence says it.
 */
export function changeLines(
  { kind, effect, result }: Pick<ChangeRequestDetails, "kind" | "effect" | "result">,
  names: Names,
): ChangeLine[] {
  const [before, after] = [effect?.before ?? null, effect === null ? result : effect.after];
  const describe = Object.hasOwn(describers, kind) ? describers[kind]! : null;
  if (describe === null || after === null || after === undefined) return [];
  const then = describe(after, names);
  if (before === null) return toLines(new Map(), then);
  const now = describe(before, names);
  const lines = toLines(now, then);
  return lines.filter((line) => line.before !== line.after);
}

type Words = ReadonlyMap<string, string>;
type Describe = (value: unknown, names: Names) => Words;

function toLines(now: Words, then: Words): ChangeLine[] {
  return [...new Set([...now.keys(), ...then.keys()])].map((label) => ({
    label,
    before: now.get(label) ?? null,
    after: then.get(label) ?? null,
  }));
}

const describers: Readonly<Record<string, Describe>> = {
  "member.change": (value, names) => {
    const member = value as Member;
    return new Map([
      ["Person", member.name === "" ? member.email : `${member.name}, ${member.email}`],
      ["Role in the company", member.role.name],
      ["Sees", names.scope(member.scope)],
      ["Unit", unitPath(names.units, member.unitId) || "None"],
    ]);
  },
  "member.invite": (value, names) => {
    const invitation = value as Invitation;
    return new Map([
      ["E-mail address", invitation.email],
      ["Role in the company", invitation.role.name],
      ["Sees", names.scope(invitation.scope)],
      ["Unit", unitPath(names.units, invitation.unitId) || "None"],
    ]);
  },
  "role.create": describeRole,
  "role.change": describeRole,
  "grant.give": describeGrant,
  "access.delegate": describeGrant,
  "group.add-member": (value) => {
    const group = value as Group;
    return new Map([
      ["Group", group.name],
      ...group.members.map((member): [string, string] => [member.email, "In it"]),
    ]);
  },
  "access-rule.create": (value, names) => {
    const { name, attribute, value: is, gives } = value as AccessRule;
    return new Map<string, string>([
      ["Rule", name],
      ["Whose", `${attribute} is “${is}”`],
      ...("role" in gives
        ? ([
            ["Gets the role", roleName(gives.role, names)],
            ["Sees", whereOf(gives, names)],
          ] as const)
        : ([["Gets into", names.groups.find(({ id }) => id === gives.groupId)?.name ?? "a group"]] as const)),
    ]);
  },
  "approval-policies.set": (value) => {
    const { policies, validDays } = value as z.output<typeof ApprovalPoliciesInput>;
    return new Map<string, string>([
      ...Object.entries(policies).map(([key, { people, permission }]): [string, string] => [
        policyTitle(key),
        `${people === 1 ? "one person" : `${people} people`} with ${permission}`,
      ]),
      ["Days to approve", String(validDays)],
    ]);
  },
};

function describeRole(value: unknown, names: Names): Words {
  const role = value as Role;
  return new Map([
    ["Role", role.name],
    ...role.permissions.map((permission): [string, string] => [
      names.permissions.find(({ key }) => key === permission)?.about ?? permission,
      "Allowed",
    ]),
  ]);
}

function describeGrant(value: unknown, names: Names): Words {
  const grant = value as Grant;
  return new Map([
    ["To", grant.subject.kind === "person" ? grant.subject.name : `${grant.subject.name} (${grant.subject.kind})`],
    ["Role", roleName(grant.role, names)],
    ["Sees", whereOf(grant, names)],
    ["Ends", grant.validUntil === null ? "Never by itself" : formatInstant(grant.validUntil)],
    ...(grant.reason === "" ? [] : ([["Why", grant.reason]] as const)),
  ]);
}

function roleName(role: string, { roles }: Names): string {
  return roles.find(({ key }) => key === role)?.name ?? role;
}

function whereOf({ unitId, scope }: { unitId: string | null; scope: Scope }, names: Names): string {
  if (unitId === null) return names.scope(scope);
  const unit = unitPath(names.units, unitId) || "a unit";
  return scope === null ? `The costs of ${unit}` : `Of the costs of ${unit}: ${names.scope(scope)}`;
}
