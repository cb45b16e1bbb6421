import { extname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** A row of a bill as its file says it: every value as text, the shortest decimal form for binary floats, "" for none. */
export type RawRow = Record<string, string>;

/** Reads bill files without any of the generator's code, so that tests can add them up for themselves. */
export async function readRawRows(folder: string, files: readonly string[]): Promise<RawRow[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const rows: RawRow[] = [];
  for (const file of files) {
    const reader = await connection.runAndReadAll(`SELECT * FROM ${source(join(folder, file))}`);
    const names = reader.columnNames();
    for (const values of reader.getRows())
      rows.push(
        Object.fromEntries(
          names.map((name, i) => [name, values[i] === null || values[i] === undefined ? "" : String(values[i])]),
        ),
      );
  }
  connection.closeSync();
  instance.closeSync();
  return rows;
}

function source(path: string): string {
  const name = `'${path.replaceAll("'", "''")}'`;
  if (extname(path) === ".parquet") return `read_parquet(${name})`;
  if (extname(path) === ".jsonl")
    return `read_json(${name}, format = 'newline_delimited', columns = {cost: 'VARCHAR', credits: 'VARCHAR', cost_type: 'VARCHAR', cost_at_list: 'VARCHAR'})`;
  return `read_csv(${name}, all_varchar = true, header = true, quote = '"', escape = '"', delim = ',')`;
}
