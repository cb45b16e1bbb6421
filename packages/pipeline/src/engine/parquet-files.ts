import { literal } from "@finops/warehouse/engines/duckdb/sql-text";

/** Parquet files as one relation. */
export function parquetFiles(files: readonly string[]): string {
  return `read_parquet([${files.map(literal).join(", ")}], hive_partitioning = false)`;
}
