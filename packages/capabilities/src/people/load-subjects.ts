import { isId } from "@finops/kernel/id";
import { rolesOfKey } from "@finops/platform/access/access-facts";
import type { GivenRole, UnitNode } from "@finops/platform/access/effective-access";
import type { RowFilter } from "@finops/platform/access/row-filter";
import type { Tx } from "@finops/platform/db/database";
import { openAt } from "./grant-state.ts";
import { nameOf } from "./member-name.ts";
import { listUnitsIn } from "./units.ts";

/** A role with the group by which somebody has it. */
export interface TracedRole extends GivenRole {
  group: { id: string; name: string } | null;
}

export interface Subject {
  kind: "person" | "key";
  id: string;
  name: string;
  email: string | null;
  given: TracedRole[];
}

/** People by e-mail address, then keys by name, each with all that gives them something; one of them only where one is named. */
export async function loadSubjects(
  tx: Tx,
  now: Date,
  only: Pick<Subject, "kind" | "id"> | null = null,
): Promise<{ subjects: Subject[]; units: UnitNode[] }> {
  const withRole = { role: { include: { permissions: true } } } as const;
  const members = await tx.membership.findMany({
    where: { user: { disabledAt: null }, ...wanted("person", "userId", only) },
    include: { ...withRole, user: true, groups: true },
    orderBy: { user: { email: "asc" } },
  });
  const keys = await tx.apiKey.findMany({
    where: {
      revokedAt: null,
      AND: [{ OR: [{ serviceAccountId: null }, { serviceAccount: { disabledAt: null } }] }],
      OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
      ...wanted("key", "id", only),
    },
    include: { serviceAccount: { include: withRole } },
    orderBy: { name: "asc" },
  });
  const grants = (await tx.grant.findMany({ where: openAt(now), include: { ...withRole, group: true } })).map(
    (row) => ({
      row,
      role: {
        ...rolePart(row.role),
        grantId: row.id,
        unitId: row.unitId,
        scope: row.scope as RowFilter | null,
        validFromMs: row.validFrom.getTime(),
        validUntilMs: row.validUntil?.getTime() ?? null,
        group: row.group === null ? null : { id: row.group.id, name: row.group.name },
      } satisfies TracedRole,
    }),
  );
  const people = members.map((member): Subject => {
    const groupIds = new Set(member.groups.map((group) => group.groupId));
    const own = { ...rolePart(member.role), ...always, scope: member.scope as RowFilter | null };
    const given = grants
      .filter(({ row }) => row.userId === member.userId || (row.groupId !== null && groupIds.has(row.groupId)))
      .map(({ role }) => role);
    const { id, email } = member.user;
    return { kind: "person", id, name: nameOf(member) || email, email, given: [own, ...given] };
  });
  const programs = keys.map((key): Subject => {
    const own = rolesOfKey(key.permissions, key.scope as RowFilter | null).map((role) => ({ ...role, ...always }));
    const given = grants.filter(({ row }) => row.apiKeyId === key.id).map(({ role }) => role);
    const account = key.serviceAccount;
    const ofAccount =
      account === null ? [] : [{ ...rolePart(account.role), ...always, scope: account.scope as RowFilter | null }];
    return { kind: "key", id: key.id, name: key.name, email: null, given: [...own, ...ofAccount, ...given] };
  });
  return { subjects: [...people, ...programs], units: await listUnitsIn(tx) };
}

/** All of a kind, the one of it that is named, or none. */
function wanted<Column extends string>(
  kind: Subject["kind"],
  column: Column,
  only: Pick<Subject, "kind" | "id"> | null,
) {
  if (only === null) return {};
  const ids = only.kind === kind && isId(only.id) ? [only.id] : [];
  return { [column]: { in: ids } } as { [C in Column]: { in: string[] } };
}

const always = { grantId: null, unitId: null, validFromMs: 0, validUntilMs: null, group: null };

function rolePart(role: { key: string; permissions: { key: string }[] }) {
  return { roleKey: role.key, permissions: role.permissions.map((permission) => permission.key) };
}
