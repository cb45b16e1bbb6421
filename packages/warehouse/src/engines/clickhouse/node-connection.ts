import type { Readable } from "node:stream";
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { clickHouseError, ClickHouseConnection, type ClickHouseOptions, type Statement } from "./connection.ts";

/** A connection of a process that runs on Node, which can also load. */
export class NodeClickHouseConnection extends ClickHouseConnection {
  readonly #loader: ClickHouseClient;

  constructor(options: ClickHouseOptions) {
    let client: ClickHouseClient | null = null;
    // What goes wrong is thrown.
    super(options, (config) => (client = createClient({ ...config, log: { level: ClickHouseLogLevel.OFF } })));
    this.#loader = client!;
  }

  /** Sends bytes to a statement that reads them with `input()`. */
  async send(sql: string, values: Statement["values"], body: Readable, signal?: AbortSignal): Promise<void> {
    try {
      const sent = await this.#loader.exec({
        query: sql,
        query_params: values,
        values: body,
        ...(signal === undefined ? {} : { abort_signal: signal }),
        clickhouse_settings: {
          // Whole or refused: a missing value must not become a default one, and a replica must not be behind.
          input_format_null_as_default: 0,
          wait_end_of_query: 1,
          ...(this.options.cluster === undefined ? {} : { distributed_foreground_insert: 1 }),
        },
      });
      for await (const _ of sent.stream) continue;
    } catch (error) {
      throw clickHouseError(error, sql);
    }
  }
}
