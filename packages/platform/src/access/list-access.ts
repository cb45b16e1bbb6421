import type { Tx } from "../db/database.ts";
import { accessFacts, type BaseRole, type FoundGrants, type FoundRole, rolesOfKey } from "./access-facts.ts";
import { type AccessFacts, computeEffectiveAccess, type EffectiveAccess } from "./effective-access.ts";
import type { RowFilter } from "./row-filter.ts";

/** A person or a key of a company, with all that gives them something. */
export interface AccessSubject {
  kind: "person" | "key";
  id: string;
  /** A person's e-mail address where they have no name. */
  name: string;
  email: string | null;
  facts: AccessFacts<FoundRole>;
}

interface SubjectRow extends Pick<AccessSubject, "kind" | "id" | "name" | "email"> {
  roleKey: string | null;
  permissions: string[];
  scope: RowFilter | null;
  found: FoundGrants;
  /** What the service account has that a key is of. */
  account: BaseRole | null;
}

/**
 * People by e-mail address, then keys by name; of one kind, or one of them only. Who is disabled, deactivated, revoked or ended
 * is not among them. It is the same answer of the database from which a request learns what it may do.
 */
export async function listAccess(
  tx: Tx,
  now: Date,
  only: { kind?: AccessSubject["kind"]; id?: string } = {},
): Promise<AccessSubject[]> {
  const { kind = null, id = null } = only;
  const rows = await tx.$queryRaw<SubjectRow[]>`
    select kind, id::text, name, email, role_key as "roleKey", permissions, scope, given as found, account
    from list_access(${kind}, ${id}::uuid, ${now}::timestamptz)`;
  return rows.map(({ roleKey, permissions, scope, found, account, ...who }) => {
    const own = roleKey === null ? rolesOfKey(permissions, scope) : [{ roleKey, permissions, scope }];
    const base = account === null ? own : [...own, account];
    return { ...who, facts: accessFacts(base, found) };
  });
}

/** What a person may do in the transaction's company now; null for who does not belong to it. */
export async function findMemberAccess(tx: Tx, now: Date, userId: string): Promise<EffectiveAccess | null> {
  const [member] = await listAccess(tx, now, { kind: "person", id: userId });
  return member === undefined ? null : computeEffectiveAccess(member.facts, now);
}

/** What somebody has of themselves, without what others delegated to them. */
export function computeOwnAccess({ facts }: Pick<AccessSubject, "facts">, now: Date): EffectiveAccess {
  const given = facts.given.filter(({ delegatedBy }) => delegatedBy === null);
  return computeEffectiveAccess({ ...facts, given }, now);
}
