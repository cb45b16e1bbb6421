import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";

/** The DuckDB process that makes the lines. It works in memory, with a limit, and spills into `scratchDir`. */
export class BillDatabase {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #scratchDir: string;
  readonly #branches: BillDatabase[] = [];

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, scratchDir: string) {
    this.#instance = instance;
    this.#connection = connection;
    this.#scratchDir = scratchDir;
  }

  static async open(scratchDir: string, { threads }: { threads?: number } = {}): Promise<BillDatabase> {
    const instance = await DuckDBInstance.create(":memory:", {
      temp_directory: scratchDir,
      memory_limit: "1GB",
      preserve_insertion_order: "true",
      ...(threads === undefined ? {} : { threads: String(threads) }),
    });
    return new BillDatabase(instance, await instance.connect(), scratchDir);
  }

  /** A way to work beside others: what it makes is its own, and of what it did not make it sees what stands here. */
  async branch(name: string): Promise<BillDatabase> {
    const scratchDir = join(this.#scratchDir, name);
    await mkdir(scratchDir);
    const branch = new BillDatabase(this.#instance, await this.#instance.connect(), scratchDir);
    this.#branches.push(branch);
    await branch.run(`CREATE SCHEMA "${name}"`);
    await branch.run(`SET search_path = '"${name}",main'`);
    return branch;
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  /** Rows with every value as text, decimals and big numbers included. */
  async rows(sql: string): Promise<Record<string, string | null>[]> {
    const reader = await this.#connection.runAndReadAll(sql);
    const names = reader.columnNames();
    return reader
      .getRows()
      .map((row) =>
        Object.fromEntries(
          names.map((name, i) => [name, row[i] === null || row[i] === undefined ? null : String(row[i])]),
        ),
      );
  }

  /** A table from objects; `columns` gives the DuckDB type of each key. */
  async load(table: string, columns: Record<string, string>, rows: readonly object[]): Promise<void> {
    const names = Object.keys(columns);
    const file = join(this.#scratchDir, `${table}.jsonl`);
    await writeFile(file, rows.map((row) => JSON.stringify(row)).join("\n"));
    const types = names.map((name) => `${name}: '${columns[name]}'`).join(", ");
    const source =
      rows.length > 0
        ? `FROM read_json(${quote(file)}, format = 'newline_delimited', columns = {${types}})`
        : `FROM (SELECT ${names.map((name) => `NULL::${columns[name]} AS ${name}`).join(", ")}) WHERE false`;
    await this.run(`CREATE OR REPLACE TABLE ${table} AS ${source}`);
  }

  interrupt(): void {
    for (const one of [this, ...this.#branches]) one.#connection.interrupt();
  }

  /** With its branches. */
  close(): void {
    for (const branch of this.#branches) branch.#connection.closeSync();
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
