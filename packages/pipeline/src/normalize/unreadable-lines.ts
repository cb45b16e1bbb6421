import { join } from "node:path";
import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { literal } from "@finops/warehouse/engines/duckdb/sql-text";
import type { RawFiles } from "./raw-relation.ts";

/** Lines of a CSV that are no rows: too few or too many fields, text after a closing quote, no UTF-8. */
export interface UnreadableLines {
  rows: number;
  /** Parquet with `file`, `line`, `reason` and `text`; null when there are none. */
  path: string | null;
}

/** Forgets what earlier statements could not read. */
export async function forgetUnreadableLines(engine: DuckDB): Promise<void> {
  for (const table of ["reject_errors", "reject_scans"]) await engine.run(`DROP TABLE IF EXISTS ${table}`);
}

export async function countUnreadableLines(engine: DuckDB, group: RawFiles): Promise<number> {
  if (!(await hasRejects(engine))) return 0;
  const [count] = await engine.rows(`SELECT count(DISTINCT (file_path, line)) AS n FROM ${rejectsOf(group)}`);
  return Number(count!.n);
}

/** Keeps them with their text, line and reason, from a scan over numbered copies. */
export async function keepUnreadableLines(engine: DuckDB, group: RawFiles, stageDir: string): Promise<UnreadableLines> {
  const rows = await countUnreadableLines(engine, group);
  if (rows === 0) return { rows, path: null };
  const path = join(stageDir, `unreadable-${group.files[0]!.index}.parquet`);
  const files = group.files.map((file) => `(${literal(file.path)}, ${file.index})`).join(", ");
  // The copy has the line's number before the record, and so one field more than the file.
  await engine.run(`COPY (SELECT n.file, coalesce(TRY_CAST(regexp_extract(e.csv_line, '^([0-9]+)', 1) AS BIGINT), e.line) AS line, any_value(${reason}) AS reason, any_value(left(regexp_replace(e.csv_line, '^[0-9]+.', ''), 1000)) AS text
    FROM ${rejectsOf(group)} AS e JOIN (VALUES ${files}) AS n(path, file) ON e.file_path = n.path GROUP BY e.file_path, e.line, n.file, e.csv_line) TO ${literal(path)} (FORMAT parquet)`);
  return { rows, path };
}

const reason = `CASE e.error_type
  WHEN 'MISSING COLUMNS' THEN 'The line has ' || (TRY_CAST(regexp_extract(e.error_message, 'Found: (\\d+)', 1) AS INTEGER) - 1) || ' fields, fewer than the header.'
  WHEN 'TOO MANY COLUMNS' THEN 'The line has more fields than the header.'
  WHEN 'UNQUOTED VALUE' THEN 'Text follows a closing quote; a quote within a value is written twice.'
  WHEN 'INVALID ENCODING' THEN 'The line is not UTF-8 text.'
  WHEN 'LINE SIZE OVER MAXIMUM' THEN 'The line is longer than 16 MiB.'
  ELSE e.error_message END`;

function rejectsOf(group: RawFiles): string {
  return `(SELECT e.*, s.file_path FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id) WHERE s.file_path IN (${group.files.map((file) => literal(file.path)).join(", ")}))`;
}

async function hasRejects(engine: DuckDB): Promise<boolean> {
  return (await engine.rows("SELECT 1 AS found FROM duckdb_tables() WHERE table_name = 'reject_errors'")).length > 0;
}
