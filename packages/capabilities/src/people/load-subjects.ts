import { isId } from "@finops/kernel/id";
import type { FoundRole } from "@finops/platform/access/access-facts";
import type { AccessFacts } from "@finops/platform/access/effective-access";
import { type AccessSubject, listAccess } from "@finops/platform/access/list-access";
import type { Tx } from "@finops/platform/db/database";

/** A role with the group by which somebody has it. */
export interface TracedRole extends FoundRole {
  group: { id: string; name: string } | null;
}

export interface Subject extends Omit<AccessSubject, "facts"> {
  facts: AccessFacts<TracedRole>;
}

/** People by e-mail address, then keys by name, each with all that gives them something; one of them only where one is named. */
export async function loadSubjects(
  tx: Tx,
  now: Date,
  only: Pick<Subject, "kind" | "id"> | null = null,
): Promise<Subject[]> {
  if (only !== null && !isId(only.id)) return [];
  const subjects = await listAccess(tx, now, only ?? {});
  const groupIds = subjects.flatMap(({ facts }) => facts.given.flatMap(({ groupId }) => groupId ?? []));
  const groups = await tx.group.findMany({ where: { id: { in: groupIds } }, select: { id: true, name: true } });
  const byId = new Map(groups.map((group) => [group.id, group]));
  return subjects.map(({ facts, ...who }) => ({
    ...who,
    facts: {
      ...facts,
      given: facts.given.map((role) => ({
        ...role,
        group: role.groupId === null ? null : (byId.get(role.groupId) ?? null),
      })),
    },
  }));
}
