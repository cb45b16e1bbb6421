import type { RawColumn } from "@finops/connectors/format";
import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { literal } from "@finops/warehouse/engines/duckdb/sql-text";
import type { FileShape } from "../landing/read-header.ts";

/** A landed file as the normalizer reads it. `index` is its place in the landing's list of files. */
export interface LandedFile {
  index: number;
  name: string;
  /** Path on this machine; text files are UTF-8 by now. */
  path: string;
  shape: FileShape;
  role: string;
}

/** Files of one header, read as one relation; `sql` stands in FROM and has `_file` beside the raw columns. */
export interface RawFiles {
  files: readonly LandedFile[];
  columns: readonly RawColumn[];
  sql: string;
}

/** Groups files by role and header and gives each group its relation. CSV lines that do not fit go to `reject_errors`. */
export async function openRawFiles(engine: DuckDB, files: readonly LandedFile[]): Promise<RawFiles[]> {
  const groups = new Map<string, { files: LandedFile[]; columns: RawColumn[] }>();
  for (const file of files) {
    const columns = await columnsOf(engine, file);
    const key = JSON.stringify([file.role, file.shape.kind, file.shape.kind === "csv" ? file.shape.delimiter : "", columns]);
    const group = groups.get(key) ?? { files: [], columns };
    group.files.push(file);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({ ...group, sql: numberFiles(group.files, scan(group.files, group.columns)) }));
}

/** One table function over all files of a group. */
function scan(files: readonly LandedFile[], columns: readonly RawColumn[]): string {
  const paths = `[${files.map((file) => literal(file.path)).join(", ")}]`;
  const shape = files[0]!.shape;
  if (shape.kind === "parquet") return `read_parquet(${paths}, filename = true)`;
  const types = columns.map((column) => `${literal(column.physical ?? column.name)}: ${literal(column.type)}`).join(", ");
  if (shape.kind === "jsonl") return `read_json(${paths}, format = 'newline_delimited', columns = {${types}}, filename = true, maximum_object_size = 67108864)`;
  return `read_csv(${paths}, columns = {${types}}, header = true, auto_detect = false, delim = ${literal(shape.delimiter)}, quote = '"', escape = '"', null_padding = false, strict_mode = false, max_line_size = 16777216, filename = true, ignore_errors = true, store_rejects = true, rejects_limit = 0)`;
}

function numberFiles(files: readonly LandedFile[], sql: string): string {
  if (files.length === 1) return `(SELECT *, ${files[0]!.index} AS _file FROM ${sql})`;
  const numbers = files.map((file) => `(${literal(file.path)}, ${file.index})`).join(", ");
  return `(SELECT _scan.*, _numbers.number AS _file FROM ${sql} AS _scan JOIN (VALUES ${numbers}) AS _numbers(path, number) ON _scan.filename = _numbers.path)`;
}

async function columnsOf(engine: DuckDB, file: LandedFile): Promise<RawColumn[]> {
  if (file.shape.kind === "csv") return file.shape.columns.map((name, index) => ({ name, type: "VARCHAR", physical: `c${index}` }));
  const source =
    file.shape.kind === "parquet"
      ? `read_parquet(${literal(file.path)})`
      : // Objects stay JSON text below the first level, so that a key seen late does not change the type.
        `read_json(${literal(file.path)}, format = 'newline_delimited', maximum_depth = 1, sample_size = 20000)`;
  const described = await engine.rows(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${source})`);
  // Numbers of JSON keep the digits that they were written with only as text.
  return described.map((column) => ({ name: column.column_name!, type: file.shape.kind === "jsonl" ? (column.column_type === "JSON" ? "JSON" : "VARCHAR") : column.column_type! }));
}

