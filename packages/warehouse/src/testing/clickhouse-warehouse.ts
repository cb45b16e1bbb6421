import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseOptions } from "../engines/clickhouse/connection.ts";
import { NodeClickHouseConnection } from "../engines/clickhouse/node-connection.ts";
import { ClickHouseStore } from "../engines/clickhouse/clickhouse-store.ts";
import { loadPeriod } from "../engines/clickhouse/load-period.ts";
import { createTables } from "../engines/clickhouse/tables.ts";
import { writePeriodTables } from "../engines/duckdb/write-period-tables.ts";
import { startClickHouseFace } from "./clickhouse-face.ts";
import { buildPeriod, buildLimits, publishBills, type TestWarehouse } from "./test-warehouse.ts";

export interface ClickHouseWarehouse extends TestWarehouse {
  store: ClickHouseStore;
  connection: NodeClickHouseConnection;
}

/** A store of ClickHouse, filled with bills: its real engine behind the test's own HTTP, or a server that `target` names. */
export async function openClickHouseWarehouse(
  target?: Pick<ClickHouseOptions, "url" | "cluster" | "rowPolicies">,
): Promise<ClickHouseWarehouse> {
  const face = target === undefined ? await startClickHouseFace() : null;
  const where = target ?? { url: face!.url, rowPolicies: false };
  const connection = new NodeClickHouseConnection({ ...where, memoryMb: 1024, timeoutMs: 20_000 });
  const root = mkdtempSync(join(tmpdir(), "finops-warehouse-"));
  await createTables(connection);
  let position = 0;
  // Builders' tokens of two runs on one server must differ.
  let token = Date.now();
  return {
    store: new ClickHouseStore(connection),
    connection,
    publish: (tenantId, ...bills) =>
      publishBills(String((position += 1)), bills, async (billingPeriod) => {
        const storePath = `${billingPeriod.slice(0, 7)}-${(token += 1)}`;
        const built = await buildPeriod(root, `${storePath}.duckdb`, billingPeriod, bills);
        const tables = await writePeriodTables(join(root, built.storePath), built.manifest, root, buildLimits);
        await loadPeriod(connection, tenantId, storePath, tables);
        return { ...built, storePath };
      }),
    async close() {
      await connection.close();
      await face?.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
