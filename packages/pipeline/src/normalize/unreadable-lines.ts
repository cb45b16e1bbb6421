import { join } from "node:path";
import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { literal } from "@finops/warehouse/engines/duckdb/sql-text";
import type { RawFiles } from "./raw-relation.ts";

/** Lines of a CSV that are no rows (too few or too many fields, a quote that never ends), with their text and reason. */
export async function keepUnreadableLines(engine: DuckDB, group: RawFiles, stageDir: string, before: { rows: number; file: string | null }): Promise<{ rows: number; file: string | null }> {
  if (group.files[0]!.shape.kind !== "csv") return before;
  const [count] = await engine.rows("SELECT count(DISTINCT (file_id, line)) AS n FROM reject_errors");
  if (Number(count!.n) === 0) return before;
  const file = join(stageDir, `unreadable-${group.files[0]!.index}.parquet`);
  await engine.run(`COPY (SELECT s.file_path AS file, e.line, any_value(e.csv_line) AS text, any_value(e.error_message) AS reason FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id) GROUP BY ALL) TO ${literal(file)} (FORMAT parquet)`);
  await engine.run("DROP TABLE reject_errors");
  await engine.run("DROP TABLE reject_scans");
  return { rows: before.rows + Number(count!.n), file };
}
