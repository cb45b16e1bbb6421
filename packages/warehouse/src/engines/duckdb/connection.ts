import { AppError } from "@finops/kernel/app-error";
import { diskFullError } from "@finops/kernel/disk-full";
import { type DuckDBConnection, DuckDBInstance, type DuckDBResult, type DuckDBValue } from "@duckdb/node-api";

export interface DuckDBOptions {
  path?: string;
  threads: number;
  memoryMb: number;
  /** Where what does not fit in memory goes. Without it, DuckDB may not spill. */
  tempDir?: string;
}

/** A row whose values are text, exactly as DuckDB prints them, or NULL. */
export type TextRow = Record<string, string | null>;

/**
 * What a thread gathers before it writes to partitions. Of the lake's hundred columns, the engine's own 524,288 rows are more than a
 * gigabyte for each thread, which then goes to disk and back. Whole row groups, or a half or a quarter of one.
 */
function rowsBeforeWriting({ threads, memoryMb }: DuckDBOptions): number {
  const mbPerThread = memoryMb / threads;
  return mbPerThread >= 4096 ? 524_288 : mbPerThread >= 1024 ? 122_880 : mbPerThread >= 512 ? 61_440 : 30_720;
}

/** One DuckDB instance with one connection, for a piece of work that ends. */
export class DuckDB {
  readonly connection: DuckDBConnection;
  readonly #instance: DuckDBInstance;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.connection = connection;
  }

  static async open(options: DuckDBOptions): Promise<DuckDB> {
    const instance = await DuckDBInstance.create(options.path ?? ":memory:", {
      threads: String(options.threads),
      memory_limit: `${options.memoryMb}MB`,
      preserve_insertion_order: "false",
      partitioned_write_flush_threshold: String(rowsBeforeWriting(options)),
      ...(options.tempDir === undefined ? {} : { temp_directory: options.tempDir }),
    });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new DuckDB(instance, connection);
  }

  async run(sql: string): Promise<void> {
    try {
      await this.connection.run(sql);
    } catch (error) {
      throw engineError(error, sql);
    }
  }

  /** Runs a SELECT and gives every value as text: decimals keep all digits, and nothing becomes a float. */
  async rows(sql: string): Promise<TextRow[]> {
    try {
      return await textRows(this.connection, sql);
    } catch (error) {
      throw engineError(error, sql);
    }
  }

  interrupt(): void {
    this.connection.interrupt();
  }

  close(): void {
    this.connection.closeSync();
    this.#instance.closeSync();
  }
}

export async function textRows(connection: DuckDBConnection, sql: string, args?: DuckDBValue[]): Promise<TextRow[]> {
  return textRowsOf(await connection.run(sql, args));
}

/** Chunk by chunk, each fetched on a thread, so that a long answer does not keep the event loop from others. */
export async function textRowsOf(result: DuckDBResult): Promise<TextRow[]> {
  const names = result.deduplicatedColumnNames();
  const rows: TextRow[] = [];
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return rows;
    for (const values of chunk.getRows()) {
      const row: TextRow = {};
      for (const [index, name] of names.entries()) row[name] = textOf(values[index]);
      rows.push(row);
    }
  }
}

function textOf(value: DuckDBValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : String(value);
}

/** What DuckDB says, as an error of ours: a full disk and exhausted memory get their own sentence. */
export function engineError(error: unknown, sql: string): AppError {
  if (error instanceof AppError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const internal = `${text}\n${sql.slice(0, 4000)}`;
  const full = diskFullError(error);
  if (full !== null) return full;
  if (/Out of Memory|could not allocate|failed to (allocate|pin)/i.test(text))
    return new AppError("limit", "The work needs more memory than it may use. Set FINOPS_ENGINE_MEMORY_MB higher.", {
      internal,
    });
  if (/INTERRUPT/i.test(text)) return new AppError("precondition", "The work was cancelled.", { internal });
  return new AppError("internal", "The cost engine refused a statement.", { internal, cause: error });
}
