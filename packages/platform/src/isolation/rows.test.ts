import { Client, type QueryResult } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureUser, setMember } from "../identity/users.ts";
import { createTenant, type Tenant } from "../tenancy/tenants.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { fillTable, listForeignKeys, listTables, type OwnedTable } from "./testing/catalog.ts";

/**
 * What SQL of any kind can do as the application's own role. Tables come from the catalog, and get a row of each company made
 * from their columns, so that a new table takes part by being there.
 */
let test: TestDatabase;
let admin: Client;
let app: Client;
let ours: Tenant;
let theirs: Tenant;
let tables: OwnedTable[];
/** Of each company, somebody who was told something. */
const told = new Map<string, string>();

beforeAll(async () => {
  test = await createTestDatabase();
  [admin, app] = [new Client({ connectionString: test.adminUrl }), new Client({ connectionString: test.appUrl })];
  await Promise.all([admin.connect(), app.connect()]);
  ours = await createTenant(test.db, { slug: "alphaworks", name: "Alphaworks" });
  theirs = await createTenant(test.db, { slug: "betaworks", name: "Betaworks" });
  for (const tenant of [ours, theirs]) {
    const userId = await ensureUser(test.db, { email: `owner@${tenant.slug}.example`, name: tenant.name });
    await setMember(test.db, tenant.id, userId, "owner");
  }
  tables = await listTables(admin);
  for (const table of tables) for (const { id } of [ours, theirs]) await fillTable(admin, table, id);
  const { rows } = await admin.query<{ company: string; person: string }>(
    "select tenant_id as company, person_id as person from notice",
  );
  for (const { company, person } of rows) told.set(company, person);
});

afterAll(async () => {
  await Promise.all([admin.end(), app.end()]);
  await test.drop();
});

/** Runs a statement as the application, and takes it back. */
async function attempt(
  tenantId: string,
  sql: string,
  values: unknown[] = [],
  personId = told.get(tenantId) ?? "",
): Promise<QueryResult | string> {
  await app.query("begin");
  try {
    await app.query("select set_config('app.tenant_id', $1, true), set_config('app.person_id', $2, true)", [
      tenantId,
      personId,
    ]);
    return await app.query(sql, values);
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await app.query("rollback");
  }
}

async function rowsOf(tenantId: string, relation: string): Promise<string[]> {
  const found = await attempt(tenantId, `select t::text as row from ${relation} t`);
  if (typeof found === "string") throw new Error(`${relation} answers ${found}`);
  return found.rows.map(({ row }: { row: string }) => row);
}

/** Everything that the application may read: tables and views. */
async function readableRelations(): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') and not relispartition
       and has_table_privilege('finops_app', oid, 'select') order by relname`,
  );
  return rows.map((row) => row.name);
}

const refused = "42501";
const pointsNowhere = "23503";

describe("SQL as the application's role", () => {
  it("reads nothing at all before a company is set", async () => {
    const relations = await readableRelations();
    expect(relations.length).toBeGreaterThan(20);
    for (const relation of relations) expect([relation, await rowsOf("", relation)]).toEqual([relation, []]);
  });

  it("reads the rows of the company that is set, and of no other", async () => {
    for (const relation of await readableRelations()) {
      const [own, others] = [await rowsOf(ours.id, relation), await rowsOf(theirs.id, relation)];
      // Both have rows, so that a policy that lets through too much would show.
      expect([relation, own.length > 0, others.length > 0]).toEqual([relation, true, true]);
      expect([relation, own.filter((row) => others.includes(row))]).toEqual([relation, []]);
      expect([relation, own.filter((row) => row.includes(theirs.id))]).toEqual([relation, []]);
    }
  });

  it("reads what a person is told as that person alone", async () => {
    const [person, another] = [told.get(ours.id)!, told.get(theirs.id)!];
    const countFor = async (personId: string) => {
      const found = await attempt(ours.id, "select * from notice", [], personId);
      return typeof found === "string" ? found : found.rowCount;
    };
    expect([await countFor(person), await countFor(another), await countFor("")]).toEqual([1, 0, 0]);
    const given = await attempt(ours.id, "update notice set person_id = $1", [another]);
    expect(given).toBe(refused);
  });

  it("cannot add a row to another company", async () => {
    for (const table of tables) {
      const columns = table.columns.map((column) => column.name).join(", ");
      const { rows } = await admin.query<{ row: string }>(
        `select to_jsonb(t)::text as row from ${table.name} t where ${table.tenantColumn} = $1 limit 1`,
        [theirs.id],
      );
      const answer = await attempt(
        ours.id,
        `insert into ${table.name} (${columns}) overriding system value
         select ${columns} from jsonb_populate_record(null::${table.name}, $1::jsonb)`,
        [rows[0]!.row],
      );
      expect([table.name, answer]).toEqual([table.name, refused]);
    }
  });

  it("cannot give a row away, change one of another company, or delete it", async () => {
    for (const { name, tenantColumn } of tables) {
      const given = await attempt(ours.id, `update ${name} set ${tenantColumn} = $1`, [theirs.id]);
      expect([name, given]).toEqual([name, refused]);
      for (const sql of [
        `update ${name} set ${tenantColumn} = ${tenantColumn} where ${tenantColumn} = $1`,
        `delete from ${name} where ${tenantColumn} = $1`,
      ]) {
        const answer = await attempt(ours.id, sql, [theirs.id]);
        expect([sql, typeof answer === "string" ? answer : answer.rowCount]).toEqual([
          sql,
          typeof answer === "string" ? refused : 0,
        ]);
      }
    }
  });

  it("cannot change or delete what is only added to, not even its own company's", async () => {
    const appended = [
      "audit_entry",
      "publication",
      "saved_view_version",
      "document_version",
      "report_run",
      "change_decision",
      "alert_event",
    ];
    for (const table of appended)
      for (const sql of [`update ${table} set tenant_id = tenant_id`, `delete from ${table}`])
        expect([sql, await attempt(ours.id, sql)]).toEqual([sql, refused]);
  });

  it("cannot let a row point at one of another company", async () => {
    const keys = await listForeignKeys(admin);
    const owned = new Set(tables.map((table) => table.name));
    const between = keys.filter((key) => owned.has(key.table) && owned.has(key.to) && key.to !== "tenant");
    expect(between.length).toBeGreaterThan(10);
    for (const { table, to, columns, toColumns } of between) {
      const at = toColumns.indexOf("tenant_id");
      expect([table, to, at === -1 ? "goes by the id alone" : columns[at]]).toEqual([table, to, "tenant_id"]);
    }
    const source = await admin.query<{ id: string }>("select id from source where tenant_id = $1", [theirs.id]);
    const landing = await attempt(
      ours.id,
      "insert into landing (source_id, content_sha256, format, files, bytes) values ($1, '0', 'focus', '[]', 1)",
      [source.rows[0]!.id],
    );
    expect(landing).toBe(pointsNowhere);
  });
});
