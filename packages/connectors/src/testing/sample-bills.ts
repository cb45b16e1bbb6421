import { existsSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { parseDecimal, sum, type Decimal } from "@finops/kernel/decimal";
import type { BillHeader } from "../format.ts";
import { identifier, literal } from "../sql.ts";

type TextRow = Record<string, string | null>;

const dataFolder = process.env["FINOPS_ACCEPTANCE_DATA"] ?? join(import.meta.dirname, "../../../../../shared/data");

/** Whether the shared data stands beside the repository; tests over it are left out where it does not. */
export const hasSampleBills = existsSync(join(dataFolder, "bills"));

export function sampleBill(path: string): string {
  return join(dataFolder, path);
}

/** The header of a CSV or parquet bill, as the pipeline shows it to `detect`. */
export async function readHeader(path: string): Promise<BillHeader> {
  const isParquet = path.endsWith(".parquet");
  const source = isParquet
    ? `read_parquet(${literal(path)})`
    : `read_csv(${literal(path)}, header = true, all_varchar = true, delim = ',', quote = '"')`;
  const described = await queryTexts(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${source})`);
  const columns = described.map((row) => ({ name: row["column_name"]!, type: row["column_type"]! }));
  const texts = columns.map(({ name }) => `CAST(${identifier(name)} AS VARCHAR) AS ${identifier(name)}`);
  return {
    fileName: path,
    container: isParquet ? "parquet" : "csv",
    columns,
    sample: await queryTexts(`SELECT ${texts.join(", ")} FROM ${source} LIMIT 50`),
  };
}

/** The sum of a column of a raw CSV: added up here, from the text, with no SQL arithmetic. */
export async function sumOfColumn(path: string, column: string): Promise<Decimal> {
  const rows = await queryTexts(
    `SELECT ${identifier(column)} AS value FROM read_csv(${literal(path)}, header = true, all_varchar = true, delim = ',', quote = '"')`,
  );
  return sumOf(rows, "value");
}

export function sumOf(rows: readonly TextRow[], column: string): Decimal {
  return sum(
    rows.flatMap((row) =>
      row[column] == null || row[column] === "" || row[column] === "NULL" ? [] : [parseDecimal(row[column])],
    ),
  );
}

async function queryTexts(sql: string): Promise<TextRow[]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    return (await (await connection.run(sql)).getRowObjects()) as TextRow[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
