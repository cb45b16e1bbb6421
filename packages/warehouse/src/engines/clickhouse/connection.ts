import { AppError } from "@finops/kernel/app-error";
import type { ClickHouseClientConfigOptions, ClickHouseSettings } from "@clickhouse/client";
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

/** Those that are used: the rest differs by the class of a map that each client has as its own. */
export type Settings = Pick<
  ClickHouseSettings,
  | "cancel_http_readonly_queries_on_client_close"
  | "cast_keep_nullable"
  | "distributed_product_mode"
  | "enable_extended_results_for_datetime_functions"
  | "join_use_nulls"
  | "log_comment"
  | "max_bytes_before_external_group_by"
  | "max_bytes_before_external_sort"
  | "max_execution_time"
  | "max_memory_usage"
  | "output_format_json_quote_64bit_integers"
  | "output_format_json_quote_decimals"
  | "prefer_column_name_to_alias"
  | "readonly"
> & { enable_materialized_cte?: 0 | 1 };

export interface Statement {
  sql: string;
  /** By name, without `param_`. */
  values: Readonly<Record<string, string | number>>;
  settings: Settings;
}

/**
 * What makes ClickHouse answer as other engines do: NULL where a join finds nothing and where a cast meets one, a name that is
 * a column before it is an alias, a common table worked out once, dates beyond 2149, and no digit lost in JSON.
 */
const sameAnswers: Settings = {
  join_use_nulls: 1,
  cast_keep_nullable: 1,
  prefer_column_name_to_alias: 1,
  enable_materialized_cte: 1,
  enable_extended_results_for_datetime_functions: 1,
  distributed_product_mode: "local",
  output_format_json_quote_decimals: 1,
  output_format_json_quote_64bit_integers: 1,
};

/** What is used of a client: that of Node, or that of browsers and Workers. */
export interface ClickHouseClient {
  query(asked: {
    query: string;
    query_params: Statement["values"];
    format: "JSONCompactEachRowWithNames";
    clickhouse_settings: Settings;
    abort_signal?: AbortSignal;
  }): Promise<{ stream<T>(): AsyncIterable<readonly { json<Row = T>(): Row }[]> }>;
  command(asked: { query: string; query_params: Statement["values"]; clickhouse_settings: Settings }): Promise<unknown>;
  close(): Promise<void>;
}

/** What every client is opened with. */
export type ClientConfig = Pick<ClickHouseClientConfigOptions, "request_timeout" | "use_multipart_params_auto"> & {
  url: URL;
  database: string;
};

/** Speaks to one server, or to a cluster through any of its servers, over HTTP. */
export class ClickHouseConnection {
  readonly database: string;
  readonly options: ClickHouseOptions;
  readonly #client: ClickHouseClient;

  constructor(options: ClickHouseOptions, openClient: (config: ClientConfig) => ClickHouseClient) {
    this.options = options;
    const url = new URL(options.url);
    this.database = url.pathname.replaceAll("/", "") || "finops";
    if (!/^\w+$/.test(this.database))
      throw new AppError(
        "invalid",
        `FINOPS_CLICKHOUSE_URL names the database "${this.database}". Use letters, digits and _.`,
      );
    url.pathname = "";
    this.#client = openClient({
      url,
      database: "default",
      // The server stops first, and says so; this is for one that does not answer.
      request_timeout: options.timeoutMs + 30_000,
      use_multipart_params_auto: true,
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

  async command(sql: string, values: Statement["values"] = {}, settings: Settings = {}): Promise<void> {
    try {
      await this.#client.command({ query: sql, query_params: values, clickhouse_settings: settings });
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
export function clickHouseError(error: unknown, sql: string): AppError {
  if (error instanceof AppError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const internal = `${text}\n${sql.slice(0, 4000)}`;
  const code = codeOf(error);
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
  // Before it writes, and while it does.
  if (code === "243" || /No space left on device/.test(text))
    return new AppError(
      "limit",
      "The disk of ClickHouse is full. Whoever runs the platform must make room; nothing was changed.",
      { internal },
    );
  if (code === "394" || (error instanceof Error && error.name === "AbortError") || /\baborted\b/i.test(text))
    return new AppError("precondition", "The query was cancelled.", { internal });
  if (code === null)
    return new AppError("upstream", "ClickHouse does not answer. Try again in a moment.", { internal, cause: error });
  return new AppError("internal", "The cost engine refused a statement.", { internal, cause: error });
}

/** Of an error that the server answered with; each client has a class of its own for it. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || !("type" in error)) return null;
  return /^\d+$/.test(String(error.code)) ? String(error.code) : null;
}
