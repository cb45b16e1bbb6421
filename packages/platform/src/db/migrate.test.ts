import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { computeSchemaHash, defaultMigrationsDir, migrate } from "./migrate.ts";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(() => test.drop());

async function asAdmin<T>(work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: test.adminUrl });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

const read = async (sql: string) =>
  asAdmin(async (admin) => (await admin.query(sql)).rows as Record<string, unknown>[]);

describe("the schema", () => {
  // A table that belongs to companies but is not guarded would show every company's rows to every company.
  it("guards every table that has a tenant, for its owner too", async () => {
    const unguarded = await read(`
      select c.relname as "table" from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
        and not (c.relrowsecurity and c.relforcerowsecurity and exists (
          select from pg_policy p where p.polrelid = c.oid and p.polroles = '{0}'
            and pg_get_expr(p.polqual, p.polrelid) like '%tenant_id = %current_tenant()%'
            and pg_get_expr(p.polwithcheck, p.polrelid) like '%tenant_id = %current_tenant()%'))`);
    expect(unguarded).toEqual([]);
  });

  it("has such tables, so that the check above can fail", async () => {
    const [guarded] = await read(
      "select count(*)::int as tables from information_schema.columns where column_name = 'tenant_id' and table_schema = 'public'",
    );
    expect(guarded!.tables).toBeGreaterThan(15);
  });

  it("guards the tables without a tenant as well, all but Prisma's record, which the application cannot read", async () => {
    const unguarded = await read(`
      select relname as "table", has_table_privilege('finops_app', oid, 'select') as readable from pg_class
      where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and not (relrowsecurity and relforcerowsecurity)`);
    expect(unguarded).toEqual([{ table: "_prisma_migrations", readable: false }]);
  });

  it("has no policy that lets the application through without a company", async () => {
    const open = await read(`
      select polrelid::regclass::text as "table", polname as policy from pg_policy
      where pg_get_expr(polqual, polrelid) = 'true' and polroles <> array['finops_directory'::regrole::oid]`);
    expect(open).toEqual([]);
  });

  it("deletes everything of a company with it", async () => {
    const kept = await read(`
      select c.relname as "table" from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and not exists (
        select from pg_constraint k where k.conrelid = c.oid and k.confrelid = 'tenant'::regclass
          and k.conkey = array[a.attnum] and k.confdeltype = 'c')`);
    expect(kept).toEqual([]);
  });

  it("carries the company in every reference between its tables", async () => {
    const loose = await read(`
      select k.conrelid::regclass::text as "table", k.conname as reference from pg_constraint k
      where k.contype = 'f' and k.confrelid <> 'tenant'::regclass
        and exists (select from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'tenant_id')
        and not exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'tenant_id' and a.attnum = any (k.conkey))`);
    expect(loose).toEqual([]);
  });

  it("runs the directory's functions as a role that cannot log in, on a fixed search path", async () => {
    const loose = await read(`
      select p.proname from pg_proc p
      where p.prosecdef and p.pronamespace = 'public'::regnamespace and not (
        pg_get_userbyid(p.proowner) = 'finops_directory' and 'search_path=public, pg_temp' = any (p.proconfig)
        and p.proconfig <@ array['search_path=public, pg_temp', 'plan_cache_mode=force_generic_plan']
        and not has_function_privilege('public', p.oid, 'execute'))`);
    expect(loose).toEqual([]);
    expect(await read("select rolcanlogin, rolbypassrls from pg_roles where rolname = 'finops_directory'")).toEqual([
      { rolcanlogin: false, rolbypassrls: false },
    ]);
  });
});

describe("migrating", () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "finops-migrations-"));
    cpSync(defaultMigrationsDir, dir, { recursive: true });
  });

  afterEach(async () => {
    rmSync(dir, { recursive: true });
    await asAdmin(async (admin) => {
      await admin.query("drop table if exists added, half");
      await admin.query("delete from _prisma_migrations where migration_name > '9'");
    });
  });

  function add(name: string, sql: string): void {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, "migration.sql"), sql);
  }

  const run = () => migrate({ ownerUrl: test.ownerUrl, migrationsDir: dir });

  it("does nothing where everything was done", async () => {
    expect(await run()).toEqual([]);
  });

  it("applies what is new, in the order of names, and only once", async () => {
    add("9002_fill", "insert into added values (1)");
    add("9001_make", "create table added (n int)");
    expect(await run()).toEqual(["9001_make", "9002_fill"]);
    expect(await run()).toEqual([]);
    expect(await read("select n from added")).toEqual([{ n: 1 }]);
  });

  it("applies a migration once when several programs start together", async () => {
    add("9001_make", "create table added (n int); insert into added values (1)");
    const applied = await Promise.all([run(), run(), run()]);
    expect(applied.flat()).toEqual(["9001_make"]);
  });

  it("keeps nothing of a migration that fails", async () => {
    add("9001_bad", "create table half (n int); select 1 / 0");
    await expect(run()).rejects.toMatchObject({
      code: "internal",
      message: expect.stringContaining("9001_bad"),
      internal: expect.stringContaining("division"),
    });
    expect(await read("select to_regclass('half') as half")).toEqual([{ half: null }]);
    expect(await read("select migration_name from _prisma_migrations where migration_name > '9'")).toEqual([]);
  });

  it("refuses a database whose migration was changed afterwards", async () => {
    add("9001_make", "create table added (n int)");
    await run();
    writeFileSync(join(dir, "9001_make/migration.sql"), "create table added (n bigint)");
    await expect(run()).rejects.toMatchObject({
      code: "precondition",
      message: expect.stringContaining("9001_make was changed"),
    });
  });

  it("refuses a database of a newer program", async () => {
    add("9001_make", "create table added (n int)");
    await run();
    rmSync(join(dir, "9001_make"), { recursive: true });
    await expect(run()).rejects.toMatchObject({
      code: "precondition",
      message: expect.stringContaining("newer version"),
    });
  });

  it("finds no migrations in a bundle that forgot them", async () => {
    await expect(migrate({ ownerUrl: test.ownerUrl, migrationsDir: join(dir, "none") })).rejects.toMatchObject({
      code: "internal",
    });
  });

  it("knows two schemas apart by one hash", () => {
    const before = computeSchemaHash(dir);
    add("9001_make", "create table added (n int)");
    expect([before === computeSchemaHash(), computeSchemaHash(dir) === before]).toEqual([true, false]);
  });
});
