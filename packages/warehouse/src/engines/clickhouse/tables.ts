import { bookkeeping, comboColumns, exactColumns, factTextColumns, hotColumns } from "../../tables/cost-columns.ts";
import { exactNames } from "../../tables/exact-decimal.ts";
import type { ClickHouseConnection } from "./connection.ts";

/** A table's columns by name, with their types and codecs; those that mark a row's company and period aside. */
interface Table {
  columns: Readonly<Record<string, { type: string; codec?: string }>>;
  /** What rows are sorted by after company, period and generation. */
  order: readonly string[];
}

const dictionary = { type: "LowCardinality(Nullable(String))" };
// Nearly unique texts: LZ4 would leave them twice as large.
const text = { type: "Nullable(String)", codec: "ZSTD(1)" };
const instant = { type: "Nullable(DateTime64(6, 'UTC'))", codec: "Delta, ZSTD(1)" };
const day = { type: "Date32", codec: "Delta, ZSTD(1)" };

const exact = Object.fromEntries(
  exactColumns.flatMap((column) => {
    const { main, lo, big } = exactNames(column);
    return [
      [plain(main), { type: "Nullable(Decimal(18, 8))", codec: "ZSTD(1)" }],
      [plain(lo), { type: "Nullable(Int64)", codec: "ZSTD(1)" }],
      [plain(big), { type: "Nullable(Decimal(38, 8))", codec: "ZSTD(1)" }],
    ];
  }),
);

const hot = Object.fromEntries(hotColumns.map((column) => [column, dictionary]));

const rollup = { row_count: { type: "UInt64", codec: "T64, ZSTD(1)" }, ...exact };

/** The same tables as a period's file of DuckDB, for all companies and periods. */
export const costTables = {
  facts: {
    columns: {
      row_number: { type: "UInt64", codec: "Delta, ZSTD(1)" },
      version_id: { type: "LowCardinality(String)" },
      ChargePeriodStart: { type: "DateTime64(6, 'UTC')", codec: "Delta, ZSTD(1)" },
      ChargePeriodEnd: instant,
      BillingPeriodStart: instant,
      BillingPeriodEnd: instant,
      ...hot,
      ...exact,
      combo_id: { type: "UInt32", codec: "T64, ZSTD(1)" },
      ...Object.fromEntries(factTextColumns.map((column) => [column, text])),
      [bookkeeping.extras]: text,
      [bookkeeping.file]: { type: "Nullable(Int32)", codec: "ZSTD(1)" },
      [bookkeeping.rule]: dictionary,
    },
    order: ["toDate32(ChargePeriodStart)", "ifNull(ServiceName, '')", "ifNull(SubAccountId, '')", "row_number"],
  },
  combos: {
    columns: {
      combo_id: { type: "UInt32" },
      ...Object.fromEntries(comboColumns.map((column) => [column, column === "Tags" ? text : dictionary])),
      tag_map: { type: "Map(LowCardinality(String), Nullable(String))" },
    },
    order: ["combo_id"],
  },
  rollup_day: { columns: { charge_day: day, ...hot, ...rollup }, order: ["charge_day", "ifNull(ServiceName, '')"] },
  rollup_combo: {
    columns: { charge_day: day, combo_id: { type: "UInt32" }, ...rollup },
    order: ["charge_day", "combo_id"],
  },
  rollup_month: { columns: { ...hot, ...rollup }, order: ["ifNull(ServiceName, '')"] },
  rollup_month_combo: { columns: { combo_id: { type: "UInt32" }, ...rollup }, order: ["combo_id"] },
} as const satisfies Record<string, Table>;

export type CostTableName = keyof typeof costTables;
export const costTableNames = Object.keys(costTables) as CostTableName[];

/** Who has rows, for the sweep: no policy hides it, and it holds nothing but ids. Every server of a cluster has all of it. */
export const companiesTable = "companies";

/** The condition of the row policy: a query is marked with its company, and sees no row of another whatever its text says. */
export const policyCondition = "tenant_id = toUUIDOrZero(getSetting('log_comment'))";

/** Makes database and tables where they are missing. Safe at every start, and from several processes at once. */
export async function createTables(connection: ClickHouseConnection): Promise<void> {
  const { database, options } = connection;
  const everywhere = onCluster(options.cluster);
  await connection.command(`CREATE DATABASE IF NOT EXISTS ${database}${everywhere}`);
  const companies =
    options.cluster === undefined
      ? "ReplacingMergeTree"
      : `ReplicatedReplacingMergeTree('/clickhouse/tables/${database}/${companiesTable}', '{shard}-{replica}')`;
  await connection.command(
    `CREATE TABLE IF NOT EXISTS ${database}.${companiesTable}${everywhere} (tenant_id UUID) ENGINE = ${companies} ORDER BY tenant_id`,
  );
  for (const name of costTableNames) {
    for (const sql of tableStatements(database, name, options.cluster)) await connection.command(sql);
    if (options.rowPolicies === false) continue;
    for (const table of new Set([name, storedTable(name, options.cluster)]))
      await connection.command(
        `CREATE ROW POLICY IF NOT EXISTS finops_company${everywhere} ON ${database}.${table} USING ${policyCondition} TO ALL`,
      );
  }
}

/** The table that holds the rows: on a cluster, the one of that name spreads them. */
export function storedTable(name: CostTableName, cluster: string | undefined): string {
  return cluster === undefined ? name : `${name}_stored`;
}

export function onCluster(cluster: string | undefined): string {
  return cluster === undefined ? "" : ` ON CLUSTER '${cluster}'`;
}

/** Pure: what creates one table. Months are the only partitions: a partition per company would be thousands of parts. */
export function tableStatements(database: string, name: CostTableName, cluster: string | undefined): string[] {
  const { columns, order }: Table = costTables[name];
  const stored = `${database}.${storedTable(name, cluster)}`;
  const lines = [
    "tenant_id UUID",
    "billing_period Date",
    "generation UInt64",
    ...Object.entries(columns).map(
      ([column, { type, codec }]) => `"${column}" ${type}${codec === undefined ? "" : ` CODEC(${codec})`}`,
    ),
  ];
  const engine =
    cluster === undefined
      ? "MergeTree"
      : `ReplicatedMergeTree('/clickhouse/tables/{shard}/${database}/${name}', '{replica}')`;
  const key = ["tenant_id", "billing_period", "generation"];
  const create = `CREATE TABLE IF NOT EXISTS ${stored}${onCluster(cluster)} (${lines.join(", ")})
ENGINE = ${engine} PARTITION BY toYYYYMM(billing_period) PRIMARY KEY (${key.join(", ")}, ${order[0]}) ORDER BY (${[...key, ...order].join(", ")})`;
  if (cluster === undefined) return [create];
  // A period stands on one shard with its combinations, so that a join never leaves it.
  return [
    create,
    `CREATE TABLE IF NOT EXISTS ${database}.${name}${onCluster(cluster)} AS ${stored} ENGINE = Distributed('${cluster}', '${database}', '${storedTable(name, cluster)}', cityHash64(tenant_id, billing_period))`,
  ];
}

function plain(quoted: string): string {
  return quoted.slice(1, -1);
}
