import { Client, escapeIdentifier, escapeLiteral } from "pg";

export interface RolePasswords {
  owner: string;
  app: string;
}

/**
 * Makes the three roles that migrations expect. Safe to repeat; sets the passwords. The administrator is a superuser, or one who
 * may make roles and databases, as hosted PostgreSQL gives: that one becomes a member of the owner.
 *
 * NOINHERIT keeps the owner from seeing through the directory's policies: it is a member only to hand functions over.
 */
export async function ensureRoles(admin: Client, passwords: RolePasswords): Promise<void> {
  await ensureRole(admin, "finops_directory", "nologin");
  await ensureRole(admin, "finops_owner", `login noinherit password ${escapeLiteral(passwords.owner)}`);
  await ensureRole(admin, "finops_app", `login password ${escapeLiteral(passwords.app)}`);
  await admin.query("grant finops_directory to finops_owner");
  if (!(await isSuperuser(admin))) await admin.query("grant finops_owner to current_user");
}

/** Makes a database that belongs to finops_owner and that nobody but our roles may enter. Safe to repeat. */
export async function ensureDatabase(admin: Client, name: string): Promise<void> {
  const { rowCount } = await admin.query("select from pg_database where datname = $1", [name]);
  await admin.query(
    rowCount === 0
      ? `create database ${escapeIdentifier(name)} owner finops_owner template template0 encoding 'UTF8'`
      : `alter database ${escapeIdentifier(name)} owner to finops_owner`,
  );
  await admin.query(`revoke all on database ${escapeIdentifier(name)} from public`);
  await admin.query(`grant connect on database ${escapeIdentifier(name)} to finops_app`);
}

async function ensureRole(admin: Client, name: string, attributes: string): Promise<void> {
  const { rowCount } = await admin.query("select from pg_roles where rolname = $1", [name]);
  const rights = "nosuperuser nobypassrls nocreatedb nocreaterole";
  if (rowCount === 0) await admin.query(`create role ${name} ${rights} ${attributes}`);
  // Only a superuser changes these rights, even to none; a role that has them is refused at the start.
  else await admin.query(`alter role ${name} ${(await isSuperuser(admin)) ? rights : ""} ${attributes}`);
}

async function isSuperuser(admin: Client): Promise<boolean> {
  const { rows } = await admin.query<{ rolsuper: boolean }>(
    "select rolsuper from pg_roles where rolname = current_user",
  );
  return rows[0]!.rolsuper;
}

/** Gives the owner the schema that migrations write into. */
export async function giveSchemaToOwner(adminUrlOfDatabase: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrlOfDatabase });
  await admin.connect();
  try {
    await admin.query("alter schema public owner to finops_owner");
  } finally {
    await admin.end();
  }
}
