import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { engineError } from "@finops/warehouse/engines/duckdb/connection";
import { generationAlias } from "@finops/warehouse/engines/duckdb/generation-alias";
import { literal } from "@finops/warehouse/engines/duckdb/sql-text";
import type { ExportColumn } from "@finops/warehouse/query/plan-export";
import type { TaskTools } from "./engine-tasks.ts";
import { withEngine } from "./with-engine.ts";
import { writeWorkbook } from "./write-workbook.ts";

/** Where the rows come from: a planned statement over periods' files, or lines of JSON, `{"cells": ["…", null]}`. */
export type ExportRows =
  | {
      kind: "statement";
      /** Files by the id of their generation. */
      periods: readonly { id: string; path: string }[];
      sql: string;
      args: readonly (string | number)[];
    }
  | {
      kind: "lines";
      path: string;
      /** Which of a line's texts each column is. */
      cells: readonly number[];
    };

export interface ExportInput {
  rows: ExportRows;
  columns: readonly ExportColumn[];
  format: "csv" | "parquet" | "xlsx";
  /** True where a sheet could take a text for a formula, and so gets an apostrophe in front of it. */
  areTextsSafe: boolean;
  /** What the file holds, in sentences; a workbook says it on its last sheet. */
  notes: readonly string[];
  out: string;
}

/** Writes a table of costs to a file, in bounded memory however many rows there are. Decimals keep every digit. */
export function exportTask(input: ExportInput, tools: TaskTools): Promise<{ rows: number }> {
  return withEngine(tools, async (engine) => {
    // The order of the bills, or of the query, is the order of the file.
    await engine.run("SET preserve_insertion_order = true");
    if (input.rows.kind === "statement")
      for (const { id, path } of input.rows.periods)
        await engine.run(`ATTACH ${literal(path)} AS ${generationAlias(id)} (READ_ONLY)`);
    const source = sourceOf(input);
    const args = input.rows.kind === "statement" ? [...input.rows.args] : [];
    if (input.format === "xlsx")
      return writeWorkbook(engine, { ...input, sql: select(input, source, sheetCell), args });
    const [cell, options] =
      input.format === "csv" ? [sheetCell, "FORMAT csv, HEADER"] : [parquetCell, "FORMAT parquet, COMPRESSION zstd"];
    return copy(engine, `COPY (${select(input, source, cell)}) TO ${literal(input.out)} (${options})`, args);
  });
}

async function copy(engine: DuckDB, sql: string, args: (string | number)[]): Promise<{ rows: number }> {
  try {
    const written = await engine.connection.run(sql, args);
    const [counts] = await written.getRows();
    return { rows: Number(counts?.[0] ?? 0) };
  } catch (error) {
    throw engineError(error, sql);
  }
}

/** A relation with the columns `c0`, `c1`, … all text. */
function sourceOf({ rows }: ExportInput): string {
  if (rows.kind === "statement") return `(${rows.sql})`;
  const cells = rows.cells.map((cell, index) => `cells[${cell + 1}] AS c${index}`);
  return `(SELECT ${cells.join(", ")} FROM read_json(${literal(rows.path)}, format = 'newline_delimited', columns = {cells: 'VARCHAR[]'}, maximum_object_size = 67108864))`;
}

type Cell = (column: ExportColumn, sql: string, input: ExportInput) => string;

function select(input: ExportInput, source: string, cell: Cell): string {
  const selected = input.columns.map(
    (column, index) => `${cell(column, `c${index}`, input)} AS "${column.name.replaceAll('"', '""')}"`,
  );
  return `SELECT ${selected.join(", ")} FROM ${source}`;
}

/** For files that sheet programs open: CSV and XLSX. */
const sheetCell: Cell = (column, sql, { areTextsSafe }) => (areTextsSafe ? safe(column, sql) : sql);

const parquetCell: Cell = ({ kind, isNarrow }, sql) => {
  if (kind === "decimal" && isNarrow) return `CAST(${sql} AS DECIMAL(38,26))`;
  return kind === "instant" ? `CAST(${sql} AS TIMESTAMP)` : sql;
};

/** A text that a sheet would run as a formula is shown as text; a number keeps its minus. */
function safe({ kind }: ExportColumn, sql: string): string {
  if (kind === "instant") return sql;
  const isFormula = `left(${sql}, 1) IN ('=', '+', '-', '@', chr(9), chr(13))`;
  const isNumber = `regexp_full_match(${sql}, '[+-]?[0-9]*\\.?[0-9]+([eE][+-]?[0-9]+)?')`;
  const condition = kind === "decimal" ? `${isFormula} AND NOT ${isNumber}` : isFormula;
  return `CASE WHEN ${condition} THEN '''' || ${sql} ELSE ${sql} END`;
}
