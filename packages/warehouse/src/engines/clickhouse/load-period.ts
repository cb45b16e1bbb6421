import { createReadStream } from "node:fs";
import type { ClickHouseConnection } from "./connection.ts";
import type { NodeClickHouseConnection } from "./node-connection.ts";
import { markOf } from "./period-mark.ts";
import { companiesTable, costTableNames, costTables, type CostTableName, onCluster, storedTable } from "./tables.ts";

/** A built period's tables, each as a Parquet file. */
export type PeriodTables = Readonly<Partial<Record<CostTableName, string>> & Record<string, string>>;

/**
 * Puts the rows of a built period into the store under its mark. Nobody sees them before the publication log names it; what a
 * failure leaves is removed by the same mark.
 */
export async function loadPeriod(
  connection: NodeClickHouseConnection,
  tenantId: string,
  storePath: string,
  tables: PeriodTables,
  signal?: AbortSignal,
): Promise<void> {
  const { billingPeriod, generation } = markOf({ storePath });
  await connection.command(`INSERT INTO ${connection.database}.${companiesTable} SELECT toUUID({tenant:String})`, {
    tenant: tenantId,
  });
  for (const name of costTableNames) {
    const path = tables[name];
    if (path === undefined) continue;
    const columns = Object.entries(costTables[name].columns) as [string, { type: string }][];
    const names = columns.map(([column]) => `"${column}"`).join(", ");
    const structure = columns.map(([column, { type }]) => `"${column}" ${type.replaceAll("'", "\\'")}`).join(", ");
    await connection.send(
      `INSERT INTO ${connection.database}.${name} (tenant_id, billing_period, generation, ${names}) SELECT toUUID({tenant:String}), toDate({period:String}), {generation:UInt64}, ${names} FROM input('${structure}') FORMAT Parquet`,
      { tenant: tenantId, period: billingPeriod, generation },
      createReadStream(path),
      signal,
    );
  }
  await syncReplicas(connection);
}

/** Every replica has the rows before the log names them: a reader may be answered by any. */
async function syncReplicas(connection: ClickHouseConnection): Promise<void> {
  const { cluster } = connection.options;
  if (cluster === undefined) return;
  for (const name of costTableNames)
    await connection.command(
      `SYSTEM SYNC REPLICA${onCluster(cluster)} ${connection.database}.${storedTable(name, cluster)} LIGHTWEIGHT`,
    );
}

/** The store paths of a company's periods that have rows, published or not. */
export async function listPeriods(connection: ClickHouseConnection, tenantId: string): Promise<string[]> {
  const rows = await readAll(
    connection,
    costTableNames
      .map(
        (name) =>
          `SELECT DISTINCT concat(formatDateTime(billing_period, '%Y-%m'), '-', toString(generation)) AS mark FROM ${connection.database}.${name} WHERE tenant_id = toUUID({tenant:String})`,
      )
      .join(" UNION DISTINCT "),
    { tenant: tenantId },
    { log_comment: tenantId },
  );
  return rows.map((row) => row.mark!);
}

/** The companies that something was ever loaded of, and that were not removed. */
export async function listCompanies(connection: ClickHouseConnection): Promise<string[]> {
  const sql = `SELECT DISTINCT toString(tenant_id) AS company FROM ${connection.database}.${companiesTable}`;
  return (await readAll(connection, sql, {}, {})).map((row) => row.company!);
}

/** In one statement: each has ClickHouse look at every part of a table, whatever it deletes, and its values stand in the address. */
const periodsAtOnce = 100;

/** Deletes the rows of some of a company's periods, and unless told otherwise waits until nobody sees them any more. */
export async function removeRows(
  connection: ClickHouseConnection,
  tenantId: string,
  storePaths: readonly string[],
  { isAwaited = true } = {},
): Promise<void> {
  for (let first = 0; first < storePaths.length; first += periodsAtOnce) {
    const marks = storePaths.slice(first, first + periodsAtOnce).map((storePath) => markOf({ storePath }));
    const list = marks.map((_, index) => `(toDate({period${index}:String}), {generation${index}:UInt64})`).join(", ");
    const values = marks.flatMap(({ billingPeriod, generation }, index) => [
      [`period${index}`, billingPeriod],
      [`generation${index}`, generation],
    ]);
    await deleteRows(connection, tenantId, {
      condition: ` AND (billing_period, generation) IN (${list})`,
      values: Object.fromEntries(values) as Record<string, string>,
      isAwaited,
    });
  }
}

/** Deletes all that is there of a company. */
export async function removeCompanyRows(connection: ClickHouseConnection, tenantId: string): Promise<void> {
  await deleteRows(connection, tenantId, { condition: "", values: {}, isAwaited: true });
  await connection.command(
    `DELETE FROM ${connection.database}.${companiesTable} WHERE tenant_id = toUUID({tenant:String})`,
    { tenant: tenantId },
  );
}

async function deleteRows(
  connection: ClickHouseConnection,
  tenantId: string,
  { condition, values, isAwaited }: { condition: string; values: Readonly<Record<string, string>>; isAwaited: boolean },
): Promise<void> {
  const { cluster } = connection.options;
  for (const name of costTableNames)
    await connection.command(
      `DELETE FROM ${connection.database}.${storedTable(name, cluster)}${onCluster(cluster)} WHERE tenant_id = toUUID({tenant:String})${condition}${isAwaited ? "" : " SETTINGS lightweight_deletes_sync = 0"}`,
      { tenant: tenantId, ...values },
      { log_comment: tenantId },
    );
}

async function readAll(
  connection: ClickHouseConnection,
  sql: string,
  values: Readonly<Record<string, string>>,
  settings: Record<string, string>,
): Promise<Record<string, string | null>[]> {
  const rows: Record<string, string | null>[] = [];
  for await (const some of connection.rows({ sql, values, settings })) rows.push(...some);
  return rows;
}
