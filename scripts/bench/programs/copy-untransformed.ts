// `copy-untransformed.ts FOLDER TARGET`: what DuckDB takes to copy the same files to Parquet as they are, every column of a
// CSV as text. Prints {"seconds", "rows"}.
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

const [folder, target] = process.argv.slice(2) as [string, string];
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(parquet|csv\.gz)$/.test(name))
  .map((name) => `'${join(folder, name)}'`);
const list = `[${files.join(", ")}]`;
const source = files[0]!.includes(".parquet")
  ? `read_parquet(${list})`
  : `read_csv(${list}, header = true, all_varchar = true)`;
const instance = await DuckDBInstance.create(":memory:", {
  threads: String(availableParallelism()),
  memory_limit: "2048MB",
  preserve_insertion_order: "false",
});
const connection = await instance.connect();
const started = performance.now();
const copied = await connection.run(`COPY (SELECT * FROM ${source}) TO '${target}' (FORMAT parquet)`);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, rows: Number((await copied.getRows())[0]?.[0]) }));
