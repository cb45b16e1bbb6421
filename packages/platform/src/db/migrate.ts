import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "@finops/kernel/app-error";
import { Client } from "pg";

export interface MigrateOptions {
  /** A login as finops_owner. */
  ownerUrl: string;
  /** Folders in Prisma's layout, `0001_name/migration.sql`. A bundle names its own copy. */
  migrationsDir?: string;
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

export const defaultMigrationsDir: string = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));

// Any number will do, as long as every version of this program takes the same.
const lockKey = 7_303_014;

/**
 * Applies the migrations that this database has not seen, each in a transaction, in the order of their names, and returns
 * the names of those. Programs that start together wait for each other. The record is Prisma's own table.
 * @throws precondition when an applied migration was changed, or comes from a newer program.
 */
export async function migrate({ ownerUrl, migrationsDir = defaultMigrationsDir }: MigrateOptions): Promise<string[]> {
  const migrations = readMigrations(migrationsDir);
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query("select pg_advisory_lock($1)", [lockKey]);
    const pending = await findPending(owner, migrations);
    for (const migration of pending) await apply(owner, migration);
    return pending.map(({ name }) => name);
  } finally {
    await owner.end();
  }
}

/** The names of the migrations that this program knows, in their order. */
export function listMigrations(migrationsDir: string = defaultMigrationsDir): string[] {
  return readMigrations(migrationsDir).map(({ name }) => name);
}

/** One hash for all migrations: databases with the same hash have the same schema. */
export function computeSchemaHash(migrationsDir: string = defaultMigrationsDir): string {
  return sha256(
    readMigrations(migrationsDir)
      .map(({ name, checksum }) => `${name}:${checksum}`)
      .join("\n"),
  );
}

function readMigrations(migrationsDir: string): Migration[] {
  const names = existsSync(migrationsDir)
    ? readdirSync(migrationsDir)
        .filter((name) => existsSync(join(migrationsDir, name, "migration.sql")))
        .toSorted()
    : [];
  if (names.length === 0)
    throw new AppError("internal", "The program is incomplete.", { internal: `no migrations in ${migrationsDir}` });
  return names.map((name) => {
    const sql = readFileSync(join(migrationsDir, name, "migration.sql"), "utf8");
    return { name, sql, checksum: sha256(sql) };
  });
}

async function findPending(owner: Client, migrations: Migration[]): Promise<Migration[]> {
  await owner.query(`
    create table if not exists _prisma_migrations (
      id varchar(36) primary key,
      checksum varchar(64) not null,
      finished_at timestamptz,
      migration_name varchar(255) not null,
      logs text,
      rolled_back_at timestamptz,
      started_at timestamptz not null default now(),
      applied_steps_count integer not null default 0
    )`);
  const { rows } = await owner.query<{ migration_name: string; checksum: string }>(
    "select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null",
  );
  const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]));
  for (const { name, checksum } of migrations) {
    if (applied.has(name) && applied.get(name) !== checksum) {
      throw new AppError(
        "precondition",
        `The migration ${name} was changed after this database ran it. Restore the file, and put the change into a new migration.`,
      );
    }
    applied.delete(name);
  }
  const [newer] = applied.keys();
  if (newer !== undefined) throw writtenByNewer(newer);
  const done = new Set(rows.map((row) => row.migration_name));
  return migrations.filter(({ name }) => !done.has(name));
}

export function writtenByNewer(migration: string): AppError {
  return new AppError(
    "precondition",
    `This database was written by a newer version of the program (it knows ${migration}). Start that version.`,
  );
}

async function apply(owner: Client, { name, sql, checksum }: Migration): Promise<void> {
  await owner.query("begin");
  try {
    await owner.query(sql);
    await owner.query(
      "insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) values ($1, $2, $3, now(), 1)",
      [randomUUID(), checksum, name],
    );
    await owner.query("commit");
  } catch (cause) {
    await owner.query("rollback");
    throw new AppError(
      "internal",
      `The database could not be brought up to date: migration ${name} failed, and nothing of it was kept.`,
      {
        internal: cause instanceof Error ? cause.message : String(cause),
        cause,
      },
    );
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
