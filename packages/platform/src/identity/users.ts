import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { currentRoleKey } from "../access/permissions.ts";
import type { Database, Tx } from "../db/database.ts";
import type { CompanyState } from "../tenancy/tenant-input.ts";

export interface Person {
  email: string;
  name: string;
}

export interface Company {
  tenantId: string;
  slug: string;
  name: string;
  roleKey: string;
  state: CompanyState;
}

/**
 * The id of the person with this e-mail address, who is made when unknown. It tells no time, or whoever invites a person would
 * learn from it since when they have been known here. @throws invalid on what is no address.
 */
export async function ensureUser(db: Database, person: Person): Promise<string> {
  const email = person.email.trim().toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(email))
    throw new AppError("invalid", `"${person.email.slice(0, 80)}" is not an e-mail address.`);
  const rows = await db.inDirectory(
    (tx) =>
      tx.$queryRaw<{ id: string }[]>`select ensure_user(${crypto.randomUUID()}::uuid, ${email}, ${person.name}) as id`,
  );
  return rows[0]!.id;
}

/**
 * Gives a person a role in a company, or another role than before, for all of its costs, without asking them.
 * @throws not_found when the company has no such role
 */
export async function setMember(db: Database, tenantId: string, userId: string, roleKey: string): Promise<void> {
  await db.inTenant(tenantId, async (tx) => {
    const role = await tx.role.findUnique({ where: { tenantId_key: { tenantId, key: currentRoleKey(roleKey) } } });
    if (!role) throw new AppError("not_found", `The company has no role "${roleKey}".`);
    // By hand: Prisma would keep the event loop for 40 ms to work the same statement out, the first time that it is asked.
    await tx.$executeRaw`
      insert into membership (tenant_id, user_id, role_id, accepted_at)
      values (${tenantId}::uuid, ${userId}::uuid, ${role.id}::uuid, now())
      on conflict (tenant_id, user_id) do update set
        role_id = excluded.role_id, scope = null, accepted_at = coalesce(membership.accepted_at, excluded.accepted_at)`;
  });
}

/** The companies that a person can sign in to; of those that are shut, the ones that they own. */
export async function listCompaniesOfUser(db: Database, userId: string): Promise<Company[]> {
  return db.inDirectory(
    (tx) => tx.$queryRaw<Company[]>`
      select tenant_id as "tenantId", slug, name, role_key as "roleKey", state from list_companies_of_user(${userId}::uuid)`,
  );
}

/** The person whom an outside provider knows by this subject; null when nobody linked it or the person is disabled. */
export async function findUserByIdentity(db: Database, provider: string, subject: string): Promise<string | null> {
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<{ id: string | null }[]>`select find_identity(${provider}, ${subject}) as id`,
  );
  return rows[0]?.id ?? null;
}

/** Whoever has this e-mail address, in whatever company; null for nobody. */
export async function findUserByEmail(
  db: Database,
  email: string,
): Promise<{ userId: string; isDisabled: boolean } | null> {
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<{ userId: string; isDisabled: boolean }[]>`
      select user_id as "userId", is_disabled as "isDisabled" from find_user_by_email(${email.trim().toLowerCase()})`,
  );
  return rows[0] ?? null;
}

/** What the person is called from now on, in every company. */
export async function setOwnName(tx: Tx, userId: string, name: string): Promise<void> {
  await tx.$queryRaw`select set_own_name(${userId}::uuid, ${name})::text`;
}

/** A way to sign in that a person linked. */
export interface LinkedIdentity {
  id: string;
  provider: string;
  subject: string;
  createdAt: Date;
}

export async function listIdentities(db: Database, userId: string): Promise<LinkedIdentity[]> {
  return db.inDirectory(
    (tx) => tx.$queryRaw<LinkedIdentity[]>`
      select id, provider, subject, created_at as "createdAt" from list_identities(${userId}::uuid)`,
  );
}

/** False when the person has no such identity. */
export async function unlinkIdentity(db: Database, userId: string, id: string): Promise<boolean> {
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<{ gone: boolean }[]>`select unlink_identity(${userId}::uuid, ${id}::uuid) as gone`,
  );
  return rows[0]!.gone;
}

/** @throws conflict when the subject belongs to somebody already. */
export async function linkIdentity(db: Database, userId: string, provider: string, subject: string): Promise<void> {
  await db.inDirectory(
    (tx) => tx.$queryRaw`select link_identity(${newId()}::uuid, ${userId}::uuid, ${provider}, ${subject})::text`,
  );
}
