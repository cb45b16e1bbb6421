import { createReadStream, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { identifier, literal } from "@finops/connectors/sql";
import { AppError } from "@finops/kernel/app-error";
import type { CheckOptions } from "./check-relation.ts";
import { checkRelation } from "./check-relation.ts";
import type { Conformance } from "./conformance.ts";
import { ownRules } from "./own-rules.ts";
import type { CheckedRelation } from "./relation.ts";
import type { RuleSet } from "./rule.ts";

export interface CheckFileOptions extends CheckOptions {
  /** Our own rules where left out. */
  readonly rules?: RuleSet;
  /** For DuckDB, such as "2GB"; what does not fit goes to the folder for temporary files. */
  readonly memoryLimit?: string;
}

/**
 * Checks a FOCUS file (csv, csv.gz, parquet) as it is written, without importing it.
 * Throws `not_found` where there is no such file, `invalid` where it cannot be read as a table.
 */
export async function checkFile(path: string, options: CheckFileOptions = {}): Promise<Conformance> {
  if (!existsSync(path)) throw new AppError("not_found", `There is no file ${path}. Check the path.`);
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: options.memoryLimit ?? "2GB",
    temp_directory: tmpdir(),
  });
  try {
    const connection = await instance.connect();
    const relation = await openAsText(connection, path);
    return await checkRelation(connection, relation, options.rules ?? ownRules(), options);
  } finally {
    instance.closeSync();
  }
}

/** Opens a file so that every column is text as in the file, with the number of each row. */
async function openAsText(connection: DuckDBConnection, path: string): Promise<CheckedRelation> {
  return /\.parquet$/i.test(path) ? openParquet(connection, path) : openCsv(connection, path);
}

const rowNumber = "__row";

async function openCsv(connection: DuckDBConnection, path: string): Promise<CheckedRelation> {
  if (/\.gz$/i.test(path)) await assertWholeGzip(path);
  // A table, because each failed rule reads the rows again for its examples, and a gzip file would be unpacked each time.
  // CSV has no null: an empty cell is one, and so is the NULL or null that databases write.
  await read(
    connection,
    path,
    `
    CREATE TEMP TABLE checked_file AS
    SELECT row_number() OVER () AS ${rowNumber}, *
    FROM read_csv(${literal(path)}, all_varchar = true, header = true, nullstr = ['', 'NULL', 'null'], sample_size = 20480)`,
  );
  const described = await connection.runAndReadAll("DESCRIBE checked_file");
  const columns = described
    .getRowObjectsJson()
    .map((row) => String(row["column_name"]))
    .filter((name) => name !== rowNumber);
  return { table: "checked_file", columns, location: { row: rowNumber } };
}

/** DuckDB takes a truncated gzip file for a shorter one, and a check of half a bill would call it whole. */
async function assertWholeGzip(path: string): Promise<void> {
  const discard = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path), createGunzip(), discard);
  } catch (cause) {
    throw new AppError("invalid", `The file ${path} is truncated or no gzip file. Fetch it again.`, { cause });
  }
}

async function openParquet(connection: DuckDBConnection, path: string): Promise<CheckedRelation> {
  const source = `read_parquet(${literal(path)}, file_row_number = true)`;
  const described = await read(connection, path, `DESCRIBE SELECT * FROM ${source}`);
  const fields = described
    .map((row) => ({ name: String(row["column_name"]), type: String(row["column_type"]) }))
    .filter(({ name }) => name !== "file_row_number");
  const cells = fields.map(({ name, type }) => `${asWritten(identifier(name), type)} AS ${identifier(name)}`);
  return {
    table: `(SELECT file_row_number + 1 AS ${rowNumber}, ${cells.join(", ")} FROM ${source})`,
    columns: fields.map(({ name }) => name),
    storedTypes: new Map(fields.map(({ name, type }) => [name, type])),
    location: { row: rowNumber },
  };
}

/** What a typed cell says in the formats of FOCUS: an instant in ISO 8601, a map as JSON. */
function asWritten(cell: string, type: string): string {
  if (type === "TIMESTAMP WITH TIME ZONE") return `strftime(${cell} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')`;
  if (type.startsWith("TIMESTAMP")) return `strftime(${cell}::TIMESTAMP, '%Y-%m-%dT%H:%M:%SZ')`;
  if (/^(MAP|STRUCT)|\[\]$/.test(type)) return `to_json(${cell})::VARCHAR`;
  return type === "VARCHAR" ? cell : `${cell}::VARCHAR`;
}

async function read(connection: DuckDBConnection, path: string, sql: string): Promise<Record<string, unknown>[]> {
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } catch (cause) {
    const detail = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : "";
    throw new AppError("invalid", `The file ${path} cannot be read as a table: ${detail}`, { cause });
  }
}
