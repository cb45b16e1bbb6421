import { ClickHouseLogLevel, createClient } from "@clickhouse/client-web";
import { ClickHouseConnection, type ClickHouseOptions } from "./connection.ts";

/** A connection by `fetch`, as a Worker has it. It reads; periods are loaded by processes that run on Node. */
export function openWebConnection(options: ClickHouseOptions): ClickHouseConnection {
  return new ClickHouseConnection(options, (config) =>
    createClient({ ...config, log: { level: ClickHouseLogLevel.OFF }, fetch: fetchAgain }),
  );
}

/**
 * A server closes connections that it kept for some seconds, and what was sent on one at that moment is lost without an answer.
 * Sent twice, what only reads does no harm.
 */
const fetchAgain: typeof fetch = (...request) =>
  fetch(...request).catch((error: unknown) => {
    if (request[1]?.signal?.aborted === true) throw error;
    return fetch(...request);
  });
