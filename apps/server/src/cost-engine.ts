import { availableParallelism } from "node:os";
import { createClickHousePeriods } from "@finops/pipeline/engine/clickhouse-periods";
import { createDuckDBPeriods } from "@finops/pipeline/engine/duckdb-periods";
import type { EngineRunner } from "@finops/pipeline/engine/engine-runner";
import type { PeriodStore } from "@finops/pipeline/publish/period-store";
import { ClickHouseStore } from "@finops/warehouse/engines/clickhouse/clickhouse-store";
import { createTables } from "@finops/warehouse/engines/clickhouse/tables";
import { DuckDBStore } from "@finops/warehouse/engines/duckdb/duckdb-store";
import type { CostStore } from "@finops/warehouse/query/cost-store";
import { readClickHouseUrl } from "./process-settings.ts";

/** What answers cost queries, and what fills it. */
export interface CostEngine {
  store: CostStore;
  periods: PeriodStore;
  close(): Promise<void>;
}

interface CostEngineParts {
  /** Where DuckDB keeps its files. */
  warehouseDir: string;
  workDir: string;
  engine: EngineRunner;
}

const timeoutMs = 30_000;

/**
 * ClickHouse where `FINOPS_CLICKHOUSE_URL` names a server (`https://user:password@host:8443/database`) and
 * `FINOPS_CLICKHOUSE_CLUSTER` perhaps the cluster that it is part of; else DuckDB, in this process.
 */
export async function openCostEngine(env: NodeJS.ProcessEnv, parts: CostEngineParts): Promise<CostEngine> {
  const { warehouseDir, workDir, engine } = parts;
  const url = readClickHouseUrl(env);
  if (url === null) {
    const store = new DuckDBStore({
      root: warehouseDir,
      threads: availableParallelism(),
      memoryMb: 1536,
      tenantsMax: 20,
      generationsMax: 60,
      timeoutMs,
    });
    return { store, periods: createDuckDBPeriods(store, engine), close: () => store.close() };
  }
  const cluster = env["FINOPS_CLICKHOUSE_CLUSTER"] ?? "";
  const rowPolicies = env["FINOPS_CLICKHOUSE_ROW_POLICIES"] !== "configured";
  // Only who has a server of ClickHouse loads its client.
  const { NodeClickHouseConnection } = await import("@finops/warehouse/engines/clickhouse/node-connection");
  const connection = new NodeClickHouseConnection({
    url,
    memoryMb: 4096,
    timeoutMs,
    rowPolicies,
    ...(cluster === "" ? {} : { cluster }),
  });
  try {
    await createTables(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const store = new ClickHouseStore(connection);
  const periods = createClickHousePeriods(connection, store, engine, workDir);
  return { store, periods, close: () => connection.close() };
}
