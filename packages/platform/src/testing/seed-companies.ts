import { Client, escapeIdentifier as quoted } from "pg";

interface Column {
  name: string;
  type: string;
  isGenerated: boolean;
  /** Part of something that is unique over all companies. */
  isUnique: boolean;
}

/**
 * Makes companies in the image of one: of each of its tables a row, under ids of their own. Nothing checks that they belong
 * together, and nobody is to look at them: they are there so that tables are as large as those of an installation.
 */
export async function seedCompanies(adminUrl: string, tenantId: string, count: number): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    // Neither triggers nor foreign keys: ids are made from ids in the same way, so most of them fit all the same.
    await admin.query("set session_replication_role = replica");
    const { rows: tables } = await admin.query<{ name: string; columns: Column[] }>(columnsOfTables);
    for (const { name, columns } of tables) {
      const kept = columns.filter(({ isGenerated }) => !isGenerated);
      const key = name === "tenant" ? "id" : "tenant_id";
      const values = kept.map((column) => (column.name === key ? "md5('company' || n)::uuid" : copyOf(column)));
      await admin.query(
        `insert into ${quoted(name)} (${kept.map((column) => quoted(column.name)).join(", ")}) overriding system value
         select ${values.join(", ")}
         from (select * from ${quoted(name)} where ${key} = $1 limit 1) t, generate_series(1, $2::int) n on conflict do nothing`,
        [tenantId, count],
      );
    }
    await admin.query("analyze");
  } finally {
    await admin.end();
  }
}

function copyOf({ name, type, isUnique }: Column): string {
  const column = `t.${quoted(name)}`;
  if (type === "uuid") return `md5(${column}::text || n)::uuid`;
  if (!isUnique) return column;
  if (type === "text") return `${column} || '-' || n`;
  if (type === "bigint" || type === "integer") return `${column} + n * 1000`;
  return type === "bytea" ? `sha256(${column} || convert_to(n::text, 'UTF8'))` : column;
}

const columnsOfTables = `
  select c.relname as name, json_agg(json_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, null), 'isGenerated', a.attgenerated <> '',
    'isUnique', exists (
      select from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum = any (i.indkey)
        and not exists (select from pg_attribute k where k.attrelid = c.oid and k.attname = 'tenant_id' and k.attnum = any (i.indkey)))
  ) order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
    and (c.relname = 'tenant' or exists (select from pg_attribute k where k.attrelid = c.oid and k.attname = 'tenant_id'))
  group by c.relname order by c.relname`;
