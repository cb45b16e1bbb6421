import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@finops/kernel/app-error";
import { Client, DatabaseError } from "pg";
import { withDatabase } from "./connection-url.ts";
import { defaultMigrationsDir, listMigrations, writtenByNewer } from "./migrate.ts";
import { ensureDatabase, ensureRoles, giveSchemaToOwner } from "./roles.ts";

const oldestVersion = 150_000;

/** Makes roles and database as the other two logins name them. Safe to repeat, and from several processes at once. */
export async function preparePostgres(adminUrl: string, ownerUrl: string, appUrl: string): Promise<void> {
  const [owner, app] = [loginOf(ownerUrl, "finops_owner"), loginOf(appUrl, "finops_app")];
  if (owner.database !== app.database)
    throw new AppError(
      "precondition",
      `DATABASE_URL names the database ${app.database}, FINOPS_DATABASE_OWNER_URL ${owner.database}. Name one.`,
    );
  await asLogin(adminUrl, "FINOPS_DATABASE_ADMIN_URL", async (admin) => {
    // Two that make a role at once would both find that it is missing.
    await admin.query("select pg_advisory_lock(7303015)");
    await ensureRoles(admin, { owner: owner.password, app: app.password });
    await ensureDatabase(admin, app.database);
    await giveSchemaToOwner(withDatabase(adminUrl, app.database));
  });
}

/**
 * Looks whether row-level security holds for the login that serves requests, and returns when the schema is the program's own.
 * @param waitMaxMs how long another process may take to migrate
 * @throws precondition for a login that policies do not bind, an older PostgreSQL, and for a schema that is older or newer
 */
export async function requireReadyPostgres(
  appUrl: string,
  { waitMaxMs = 300_000, migrationsDir = defaultMigrationsDir } = {},
): Promise<void> {
  await asLogin(appUrl, "DATABASE_URL", async (app) => {
    await requireBound(app);
    await awaitSchema(app, listMigrations(migrationsDir), waitMaxMs);
  });
}

interface Login {
  name: string;
  version: number;
  encoding: string;
  bypasses: boolean;
  owns: boolean;
  isMember: boolean;
}

async function requireBound(app: Client): Promise<void> {
  const { rows } = await app.query<Login>(`
    select current_user as name, current_setting('server_version_num')::int as version,
      current_setting('server_encoding') as encoding,
      rolsuper or rolbypassrls as bypasses,
      exists (select from pg_roles r where r.rolname in ('finops_owner', 'finops_directory') and pg_has_role(r.oid, 'member'))
        or exists (select from pg_class c where c.relnamespace = 'public'::regnamespace and c.relowner = pg_roles.oid) as owns,
      exists (select from pg_roles r where r.rolname = 'finops_app' and pg_has_role(r.oid, 'usage')) as "isMember"
    from pg_roles where rolname = current_user`);
  const { name, version, encoding, bypasses, owns, isMember } = rows[0]!;
  if (version < oldestVersion)
    throw new AppError(
      "precondition",
      `DATABASE_URL leads to a PostgreSQL ${Math.floor(version / 10_000)}. Use 15 or later.`,
    );
  if (encoding !== "UTF8")
    throw new AppError(
      "precondition",
      `DATABASE_URL leads to a database that is encoded as ${encoding}. Make one with encoding 'UTF8'.`,
    );
  if (bypasses || owns)
    throw new AppError(
      "precondition",
      `DATABASE_URL logs in as ${name}, whom row-level security does not keep to one company: ${bypasses ? "it is a superuser or has BYPASSRLS" : "it owns tables, or is a member of the role that does"}. Log in as finops_app.`,
    );
  if (!isMember)
    throw new AppError("precondition", `DATABASE_URL logs in as ${name}. Log in as finops_app, or as a member of it.`);
}

/** A process that may not migrate waits for the one that does. */
async function awaitSchema(app: Client, wanted: readonly string[], waitMaxMs: number): Promise<void> {
  const deadline = performance.now() + waitMaxMs;
  for (;;) {
    const applied = await listApplied(app);
    const newer = applied.find((name) => !wanted.includes(name));
    if (newer !== undefined) throw writtenByNewer(newer);
    const missing = wanted.find((name) => !applied.includes(name));
    if (missing === undefined) return;
    if (performance.now() > deadline)
      throw new AppError(
        "precondition",
        `The database is older than this program (it misses ${missing}), and nobody brought it up to date. Start one process with FINOPS_DATABASE_OWNER_URL; FINOPS_ROLE=migrate does it and ends.`,
      );
    await sleep(Math.min(500, waitMaxMs));
  }
}

/** Nothing where the schema is from before processes could ask, or is not there. */
async function listApplied(app: Client): Promise<string[]> {
  try {
    const { rows } = await app.query<{ name: string }>("select name from list_applied_migrations() as name");
    return rows.map(({ name }) => name);
  } catch (error) {
    const undefinedFunction = "42883";
    if (error instanceof DatabaseError && error.code === undefinedFunction) return [];
    throw error;
  }
}

/** Connects for a while. What the server refuses is told with the setting that led there, and without the address: it has a password. */
async function asLogin(url: string, setting: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message || String((cause as { code?: string }).code) : String(cause);
    throw new AppError("precondition", `PostgreSQL does not let ${setting} in: ${reason}.`, { cause });
  }
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function loginOf(url: string, role: string): { password: string; database: string } {
  const { username, password, pathname } = new URL(url);
  const database = decodeURIComponent(pathname.slice(1));
  if (decodeURIComponent(username) !== role || password === "" || database === "")
    throw new AppError(
      "precondition",
      `With FINOPS_DATABASE_ADMIN_URL, the other addresses are postgresql://${role === "finops_app" ? "finops_app:…" : "finops_owner:…"}@host/database, each with the password that the role shall get.`,
    );
  return { password: decodeURIComponent(password), database };
}
