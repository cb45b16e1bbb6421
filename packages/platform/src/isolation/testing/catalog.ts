import type { Client } from "pg";

export interface OwnedTable {
  name: string;
  /** `tenant_id`, or `id` of the company itself. */
  tenantColumn: string;
  /** Those that are not generated. */
  columns: readonly Column[];
}

interface Column {
  name: string;
  type: string;
  /** Whether a row needs a value that nothing else gives it. */
  isNeeded: boolean;
}

/** The tables whose rows belong to companies. */
export async function listTables(admin: Client): Promise<OwnedTable[]> {
  const { rows } = await admin.query<{ name: string; column: string; type: string; needed: boolean }>(
    `select quote_ident(c.relname) as name, quote_ident(a.attname) as "column", format_type(a.atttypid, null) as type,
            a.attnotnull and not a.atthasdef and a.attidentity = '' as needed
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and (c.relname = 'tenant' or exists (
         select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped))
     order by c.relname, a.attnum`,
  );
  return [...new Set(rows.map((row) => row.name))].map((name) => ({
    name,
    tenantColumn: name === "tenant" ? "id" : "tenant_id",
    columns: rows
      .filter((row) => row.name === name)
      .map(({ column, type, needed }) => ({ name: column, type, isNeeded: needed })),
  }));
}

/** SQL of some value of a type. */
const values: Readonly<Record<string, string>> = {
  uuid: "gen_random_uuid()",
  text: "gen_random_uuid()::text",
  "character varying": "gen_random_uuid()::text",
  smallint: "1",
  integer: "1",
  bigint: "1",
  numeric: "1",
  boolean: "false",
  date: "date '2026-10-01'",
  "timestamp with time zone": "now()",
  jsonb: "'{}'",
  bytea: "''",
  inet: "'::1'",
  cidr: "'::1/128'",
  interval: "'1 day'",
  xid8: "'1'",
};

/**
 * Gives a company a row in a table, whatever the table asks of its values: checks, references and triggers are none of this
 * test's business, so they do not hold for the administrator who fills it.
 */
export async function fillTable(admin: Client, table: OwnedTable, tenantId: string): Promise<void> {
  const { name, tenantColumn, columns } = table;
  const { rows } = await admin.query<{ has: boolean }>(
    `select exists (select from ${name} where ${tenantColumn} = $1) as has`,
    [tenantId],
  );
  if (rows[0]!.has) return;
  const checks = await admin.query<{ name: string }>(
    `select quote_ident(conname) as name from pg_constraint where conrelid = '${name}'::regclass and contype = 'c'`,
  );
  for (const check of checks.rows) await admin.query(`alter table ${name} drop constraint ${check.name}`);
  const needed = columns.filter((column) => column.isNeeded && column.name !== tenantColumn);
  const made = needed.map(({ name: column, type }) => {
    const value = type.endsWith("[]") ? "'{}'" : values[type];
    if (value === undefined) throw new Error(`No value of type ${type} is known for ${name}.${column}.`);
    return value;
  });
  await admin.query("begin");
  await admin.query("set local session_replication_role = replica");
  await admin.query(
    `insert into ${name} (${[tenantColumn, ...needed.map((column) => column.name)].join(", ")})
     values (${["$1", ...made].join(", ")})`,
    [tenantId],
  );
  await admin.query("commit");
}

export interface ForeignKey {
  table: string;
  columns: readonly string[];
  to: string;
  toColumns: readonly string[];
}

export async function listForeignKeys(admin: Client): Promise<ForeignKey[]> {
  const names = (numbers: string, relation: string) =>
    `array(select attname::text from unnest(${numbers}) with ordinality as n(number, at)
           join pg_attribute on attrelid = ${relation} and attnum = n.number order by n.at)`;
  const { rows } = await admin.query<ForeignKey>(
    `select conrelid::regclass::text as "table", ${names("conkey", "conrelid")} as columns,
            confrelid::regclass::text as "to", ${names("confkey", "confrelid")} as "toColumns"
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  );
  return rows;
}
