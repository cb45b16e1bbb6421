import { openClickHouseWarehouse } from "./clickhouse-warehouse.ts";
import { openTestWarehouse, type TestWarehouse } from "./test-warehouse.ts";

/** The engines that answer alike. */
export const testEngines: readonly (readonly [string, () => Promise<TestWarehouse>])[] = [
  ["DuckDB", () => Promise.resolve(openTestWarehouse())],
  ["ClickHouse", () => openClickHouseWarehouse()],
];
