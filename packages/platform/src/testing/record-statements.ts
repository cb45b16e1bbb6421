import { Client } from "pg";

export interface RecordedStatement {
  text: string;
  values: readonly unknown[];
}

type Query = (...args: unknown[]) => unknown;

/** Everything that this process asks of PostgreSQL while the work runs, each text once, with the values of its first time. */
export async function recordStatements(work: () => Promise<void>): Promise<RecordedStatement[]> {
  const found = new Map<string, RecordedStatement>();
  const real = Client.prototype.query as Query;
  const recording: Query = function (this: Client, ...args) {
    const [asked] = args as [string | { text: string; values?: unknown[] }];
    const { text, values = [] } = typeof asked === "string" ? { text: asked } : asked;
    // Which request it belongs to stands behind it.
    const bare = text.replace(/\s*\/\*.*\*\/$/, "");
    if (/^\s*(select|insert|update|delete|with)\b/i.test(bare) && !found.has(bare))
      found.set(bare, { text: bare, values });
    return real.apply(this, args);
  };
  Client.prototype.query = recording as typeof Client.prototype.query;
  try {
    await work();
  } finally {
    Client.prototype.query = real as typeof Client.prototype.query;
  }
  return [...found.values()];
}

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  Plans?: PlanNode[];
}

interface FullReads {
  /** The tables of companies that have more rows than that. */
  tables: readonly string[];
  /** Statements for which PostgreSQL would read all rows of one of them. */
  faults: readonly string[];
}

/** Asks how PostgreSQL would answer a company's statements, without having it do so. */
export async function findFullReads(
  appUrl: string,
  tenantId: string,
  statements: readonly RecordedStatement[],
  rowsMax: number,
): Promise<FullReads> {
  const client = new Client({ connectionString: appUrl });
  await client.connect();
  const faults: string[] = [];
  try {
    const { rows: large } = await client.query<{ relname: string }>(
      `select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
       where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.reltuples > $1`,
      [rowsMax],
    );
    const tables = large.map(({ relname }) => relname);
    for (const { text, values } of statements) {
      await client.query("begin");
      await client.query("select set_config('app.tenant_id', $1, true)", [tenantId]);
      const { rows } = await client.query<{ "QUERY PLAN": { Plan: PlanNode }[] }>(`explain (format json) ${text}`, [
        ...values,
      ]);
      await client.query("rollback");
      const read = fullReadsOf(rows[0]!["QUERY PLAN"][0]!.Plan).filter((name) => tables.includes(name));
      faults.push(...read.map((table) => `${table}: ${text}`));
    }
    return { tables, faults };
  } finally {
    await client.end();
  }
}

function fullReadsOf(node: PlanNode): string[] {
  const own = node["Node Type"] === "Seq Scan" ? [node["Relation Name"]!] : [];
  return [...own, ...(node.Plans ?? []).flatMap(fullReadsOf)];
}
