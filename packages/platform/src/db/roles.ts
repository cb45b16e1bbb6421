import { type Client, escapeIdentifier, escapeLiteral } from "pg";

export interface RolePasswords {
  owner: string;
  app: string;
}

/**
 * Makes the three roles that migrations expect, and gives the owner the public schema. Safe to repeat; sets the passwords.
 *
 * NOINHERIT keeps the owner from seeing through the directory's policies: it is a member only to hand functions over.
 */
export async function ensureRoles(admin: Client, passwords: RolePasswords): Promise<void> {
  await ensureRole(admin, "finops_directory", "nologin");
  await ensureRole(admin, "finops_owner", `login noinherit password ${escapeLiteral(passwords.owner)}`);
  await ensureRole(admin, "finops_app", `login password ${escapeLiteral(passwords.app)}`);
  await admin.query("grant finops_directory to finops_owner");
}

/** Makes a database that belongs to finops_owner and that nobody but our roles may enter. Safe to repeat. */
export async function ensureDatabase(admin: Client, name: string): Promise<void> {
  const { rowCount } = await admin.query("select from pg_database where datname = $1", [name]);
  if (rowCount === 0) await admin.query(`create database ${escapeIdentifier(name)} owner finops_owner`);
  await admin.query(`revoke all on database ${escapeIdentifier(name)} from public`);
  await admin.query(`grant connect on database ${escapeIdentifier(name)} to finops_app`);
}

async function ensureRole(admin: Client, name: string, attributes: string): Promise<void> {
  const { rowCount } = await admin.query("select from pg_roles where rolname = $1", [name]);
  await admin.query(
    `${rowCount === 0 ? "create" : "alter"} role ${name} nosuperuser nobypassrls nocreatedb nocreaterole ${attributes}`,
  );
}
