import type { RawColumn } from "@finops/connectors/format";
import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { identifier, literal } from "@finops/warehouse/engines/duckdb/sql-text";
import type { FileShape } from "../landing/read-header.ts";
import { explainReadError } from "./read-error.ts";

/** A landed file as the normalizer reads it. `index` is its place in the landing's list of files. */
export interface LandedFile {
  index: number;
  name: string;
  /** Path on this machine; text files are UTF-8 by now. */
  path: string;
  shape: FileShape;
  role: string;
  /** True for a copy in which every record begins with its line number: see `number-lines.ts`. */
  isNumbered?: boolean;
}

/** Files of one header, read as one relation; `sql` stands in FROM and has `_file` beside the raw columns. */
export interface RawFiles {
  files: readonly LandedFile[];
  columns: readonly RawColumn[];
  sql: string;
}

/**
 * `_file` says where a row came from, the line included where it is known: mappings pass it on untouched. Both parts are
 * taken apart by `fileOf` and `lineOf`.
 */
const filesMax = 2 ** 20;
export const fileOf = `(_file % ${filesMax})`;
export const lineOf = `nullif(_file // ${filesMax}, 0)`;

/** The name of the line's column in a numbered copy; no bill has it. */
export const lineColumn = "_finops_line";

/** Groups files by role and header and gives each group its relation. CSV lines that are no rows go to `reject_errors`. */
export async function openRawFiles(engine: DuckDB, files: readonly LandedFile[]): Promise<RawFiles[]> {
  const groups = new Map<string, { files: LandedFile[]; columns: RawColumn[] }>();
  for (const file of files) {
    const columns = await columnsOf(engine, file);
    const { shape } = file;
    const key = JSON.stringify([
      file.role,
      shape.kind,
      shape.kind === "csv" ? shape.delimiter : "",
      shape.kind === "parquet" || shape.gzip,
      columns,
    ]);
    const group = groups.get(key) ?? { files: [], columns };
    group.files.push(file);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ files: of, columns }) => rawRelation(of, columns));
}

/** Files of one header as one relation. With lines, they are numbered copies, or parquet, whose rows number themselves. */
export function rawRelation(files: readonly LandedFile[], columns: readonly RawColumn[], withLines = false): RawFiles {
  return { files, columns, sql: numberFiles(files, scan(files, columns, withLines), withLines) };
}

/** One table function over all files of a group. */
function scan(files: readonly LandedFile[], columns: readonly RawColumn[], withLines: boolean): string {
  const paths = `[${files.map((file) => literal(file.path)).join(", ")}]`;
  const { shape } = files[0]!;
  if (shape.kind === "parquet")
    return `read_parquet(${paths}, filename = true${withLines ? ", file_row_number = true" : ""})`;
  const types = [
    ...(withLines ? [`${lineColumn}: 'BIGINT'`] : []),
    ...columns.map((column) => `${literal(column.physical ?? column.name)}: ${literal(column.type)}`),
  ].join(", ");
  // Said, not guessed from the name: a gzip may be called bill.csv.
  const columnTypes = `columns = {${types}}, filename = true`;
  if (shape.kind === "jsonl") return `read_json(${paths}, ${columnTypes}, ${jsonLines(shape)})`;
  // Strict: a line with a field too many, or with text after a closing quote, must not lose it without a word.
  return `read_csv(${paths}, ${columnTypes}, compression = '${shape.gzip ? "gzip" : "none"}', header = true, auto_detect = false, delim = ${literal(shape.delimiter)}, quote = '"', escape = '"', null_padding = false, strict_mode = true, max_line_size = 16777216, buffer_size = 33554432, ignore_errors = true, store_rejects = true, rejects_limit = 0)`;
}

function jsonLines({ gzip }: { gzip: boolean }): string {
  return `format = 'newline_delimited', records = true, compression = '${gzip ? "gzip" : "uncompressed"}', maximum_object_size = 67108864`;
}

function numberFiles(files: readonly LandedFile[], sql: string, withLines: boolean): string {
  const isParquet = files[0]!.shape.kind === "parquet";
  const line = !withLines ? "" : `(${isParquet ? "file_row_number + 1" : lineColumn}) * ${filesMax} + `;
  const dropped = !withLines ? "" : ` EXCLUDE (${isParquet ? "file_row_number" : lineColumn})`;
  if (files.length === 1) return `(SELECT *${dropped}, ${line}${files[0]!.index} AS _file FROM ${sql})`;
  const numbers = files.map((file) => `(${literal(file.path)}, ${file.index})`).join(", ");
  return `(SELECT _scan.*${dropped}, ${line}_numbers.number AS _file FROM ${sql} AS _scan JOIN (VALUES ${numbers}) AS _numbers(path, number) ON _scan.filename = _numbers.path)`;
}

async function columnsOf(engine: DuckDB, file: LandedFile): Promise<RawColumn[]> {
  const { shape } = file;
  if (shape.kind === "csv")
    return shape.columns.map((name, index) => ({ name, type: "VARCHAR", physical: `c${index}` }));
  const source =
    shape.kind === "parquet"
      ? `read_parquet(${literal(file.path)})`
      : // Objects stay JSON text below the first level, so that a key seen late does not change the type.
        `read_json(${literal(file.path)}, ${jsonLines(shape)}, maximum_depth = 1, sample_size = 20000)`;
  const described = await engine
    .rows(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${source})`)
    .catch(async (error: unknown) => {
      throw await explainReadError(error, [file]);
    });
  // Numbers of JSON keep the digits that they were written with only as text.
  return described.map((column) => ({
    name: column.column_name!,
    type: shape.kind === "jsonl" ? (column.column_type === "JSON" ? "JSON" : "VARCHAR") : column.column_type!,
  }));
}

/** The SQL name of a raw column. */
export function rawName(column: RawColumn): string {
  return identifier(column.physical ?? column.name);
}
