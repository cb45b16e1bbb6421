import { AppError } from "@finops/kernel/app-error";
import type {
  CostDialect,
  CostStore,
  PinnedGeneration,
  ReadOptions,
  Statement,
  StoreRow,
} from "../../query/cost-store.ts";
import type { ClickHouseConnection } from "./connection.ts";
import { clickHouseDialect } from "./dialect.ts";

/** The cost store of many companies and of billions of rows. Reads only: what is in it is published by the pipeline. */
export class ClickHouseStore implements CostStore {
  readonly dialect: CostDialect;
  readonly #connection: ClickHouseConnection;

  constructor(connection: ClickHouseConnection) {
    this.#connection = connection;
    this.dialect = clickHouseDialect(connection.database);
  }

  async read(
    tenantId: string,
    _generations: readonly PinnedGeneration[],
    statement: Statement,
    options: ReadOptions = {},
  ): Promise<StoreRow[]> {
    const rows: StoreRow[] = [];
    for await (const some of this.stream(tenantId, statement, options)) rows.push(...some);
    return rows;
  }

  /** The answer in pieces, as they come. */
  async *stream(
    tenantId: string,
    { sql, args }: Statement,
    { signal, timeoutMs = this.#connection.options.timeoutMs }: ReadOptions = {},
  ): AsyncGenerator<StoreRow[]> {
    if (signal?.aborted === true) throw new AppError("precondition", "The query was cancelled.");
    const { memoryMb } = this.#connection.options;
    const values = Object.fromEntries(args.map((value, index) => [`p${index + 1}`, value]));
    const settings = {
      // By this the row policy knows the company; the server's own log of queries has it too.
      log_comment: tenantId,
      // May read, and may choose its own limits.
      readonly: "2" as const,
      max_execution_time: Math.ceil(timeoutMs / 1000),
      max_memory_usage: String(memoryMb * 1024 * 1024),
      max_bytes_before_external_group_by: String(memoryMb * 512 * 1024),
      max_bytes_before_external_sort: String(memoryMb * 512 * 1024),
    };
    yield* this.#connection.rows({ sql, values, settings }, signal);
  }
}
