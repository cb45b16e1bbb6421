import { ClickHouseLogLevel, createClient } from "@clickhouse/client-web";
import { ClickHouseConnection, type ClickHouseOptions } from "./connection.ts";

/** A connection by `fetch`, as a Worker has it. It reads; periods are loaded by processes that run on Node. */
export function openWebConnection(options: ClickHouseOptions): ClickHouseConnection {
  return new ClickHouseConnection(options, (config) =>
    createClient({ ...config, log: { level: ClickHouseLogLevel.OFF } }),
  );
}
