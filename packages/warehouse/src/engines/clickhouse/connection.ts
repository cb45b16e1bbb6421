import { AppError } from "@finops/kernel/app-error";
import {
  type ClickHouseClient,
  ClickHouseError,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from "@clickhouse/client";
import type { Readable } from "node:stream";
import type { StoreRow } from "../../query/cost-store.ts";

export interface ClickHouseOptions {
  /** As `https://user:password@host:8443/database`; the database is `finops` where none is named. */
  url: string;
  /** The name of the cluster whose shards and replicas hold the tables; without it, one server does. */
  cluster?: string;
  /** What one statement may take of the server's memory. */
  memoryMb: number;
  timeoutMs: number;
  /** False where policies are kept in the server's own configuration. */
  rowPolicies?: boolean;
}

export interface Statement {
  sql: string;
  /** By name, without `param_`. */
  values: Readonly<Record<string, string | number>>;
  settings: ClickHouseSettings;
}

/**
 * What makes ClickHouse answer as other engines do: NULL where a join finds nothing and where a cast meets one, a name that is
 * a column before it is an alias, a common table worked out once, dates beyond 2149, and no digit lost in JSON.
 */
const sameAnswers: ClickHouseSettings = {
  join_use_nulls: 1,
  cast_keep_nullable: 1,
  prefer_column_name_to_alias: 1,
  enable_materialized_cte: 1,
  enable_extended_results_for_datetime_functions: 1,
  distributed_product_mode: "local",
  output_format_json_quote_decimals: 1,
  output_format_json_quote_64bit_integers: 1,
};

/** Speaks to one server, or to a cluster through any of its servers, over HTTP. */
export class ClickHouseConnection {
  readonly database: string;
  readonly options: ClickHouseOptions;
  readonly #client: ClickHouseClient;

  constructor(options: ClickHouseOptions) {
    this.options = options;
    const url = new URL(options.url);
    this.database = url.pathname.replaceAll("/", "") || "finops";
    if (!/^\w+$/.test(this.database))
      throw new AppError(
        "invalid",
        `FINOPS_CLICKHOUSE_URL names the database "${this.database}". Use letters, digits and _.`,
      );
    url.pathname = "";
    this.#client = createClient({
      url,
      database: "default",
      // The server stops first, and says so; this is for one that does not answer.
      request_timeout: options.timeoutMs + 30_000,
      use_multipart_params_auto: true,
      // What goes wrong is thrown.
      log: { level: ClickHouseLogLevel.OFF },
    });
  }

  /** Rows as they come, every value as text or null. */
  async *rows(statement: Statement, signal?: AbortSignal): AsyncGenerator<StoreRow[]> {
    try {
      const found = await this.#client.query({
        query: statement.sql,
        query_params: statement.values,
        format: "JSONCompactEachRowWithNames",
        clickhouse_settings: { ...sameAnswers, cancel_http_readonly_queries_on_client_close: 1, ...statement.settings },
        ...(signal === undefined ? {} : { abort_signal: signal }),
      });
      let names: string[] | null = null;
      for await (const chunk of found.stream<(string | number | boolean | null)[]>()) {
        const lines = chunk.map((line) => line.json());
        names ??= lines.shift() as string[];
        const columns = names;
        yield lines.map((values) => toRow(columns, values));
      }
    } catch (error) {
      throw clickHouseError(error, statement.sql);
    }
  }

  async command(sql: string, values: Statement["values"] = {}, settings: ClickHouseSettings = {}): Promise<void> {
    try {
      await this.#client.command({ query: sql, query_params: values, clickhouse_settings: settings });
    } catch (error) {
      throw clickHouseError(error, sql);
    }
  }

  /** Sends bytes to a statement that reads them with `input()`. */
  async send(sql: string, values: Statement["values"], body: Readable, signal?: AbortSignal): Promise<void> {
    try {
      const sent = await this.#client.exec({
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

  close(): Promise<void> {
    return this.#client.close();
  }
}

function toRow(names: readonly string[], values: readonly (string | number | boolean | null)[]): StoreRow {
  const row: StoreRow = {};
  for (const [index, name] of names.entries()) {
    const value = values[index] ?? null;
    row[name] = value === null || typeof value === "string" ? value : String(value);
  }
  return row;
}

/** What the server says, as an error of ours. */
function clickHouseError(error: unknown, sql: string): AppError {
  if (error instanceof AppError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const internal = `${text}\n${sql.slice(0, 4000)}`;
  const code = error instanceof ClickHouseError ? error.code : null;
  if (code === "159")
    return new AppError("limit", "The query took too long and was stopped. Choose a shorter period or fewer groups.", {
      internal,
    });
  if (code === "241")
    return new AppError(
      "limit",
      "The query needs more memory than it may use. Choose a shorter period or fewer groups.",
      {
        internal,
      },
    );
  if (code === "243")
    return new AppError("limit", "The disk of ClickHouse is full. Nothing was changed.", { internal });
  if (code === "394" || (error instanceof Error && error.name === "AbortError") || /\baborted\b/i.test(text))
    return new AppError("precondition", "The query was cancelled.", { internal });
  if (code === null)
    return new AppError("upstream", "ClickHouse does not answer. Try again in a moment.", { internal, cause: error });
  return new AppError("internal", "The cost engine refused a statement.", { internal, cause: error });
}
