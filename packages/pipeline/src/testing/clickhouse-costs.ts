import { NodeClickHouseConnection } from "@finops/warehouse/engines/clickhouse/node-connection";
import { ClickHouseStore } from "@finops/warehouse/engines/clickhouse/clickhouse-store";
import { createTables } from "@finops/warehouse/engines/clickhouse/tables";
import { type ClickHouseFace, startClickHouseFace } from "@finops/warehouse/testing/clickhouse-face";
import { createClickHousePeriods } from "../engine/clickhouse-periods.ts";
import type { OpenCosts } from "./test-pipeline.ts";

/** ClickHouse's own engine behind a test's HTTP, filled by the pipeline. */
export const openClickHouseCosts: OpenCosts = async (at) => openCostsBehind(await startClickHouseFace())(at);

/** The same behind a face that others ask too. */
export const openCostsBehind =
  (face: ClickHouseFace): OpenCosts =>
  async ({ engine, workDir }) => {
    const connection = new NodeClickHouseConnection({
      url: face.url,
      memoryMb: 1024,
      timeoutMs: 30_000,
      rowPolicies: false,
    });
    await createTables(connection);
    const store = new ClickHouseStore(connection);
    return {
      store,
      periods: createClickHousePeriods(connection, store, engine, workDir),
      async close() {
        await connection.close();
        await face.close();
      },
    };
  };
