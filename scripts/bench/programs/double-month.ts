// `double-month.ts FROM FOLDER`: a month of AWS and the same once more in further files, with lines and resources of other ids: to
// write a month anew takes many times as long as to copy one.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

const [from, outDir] = process.argv.slice(2) as [string, string];
const names = readdirSync(from, { recursive: true, encoding: "utf8" }).filter((name) =>
  statSync(join(from, name)).isFile(),
);
const isManifest = (name: string) => name.endsWith(".json");
const again = (name: string) => name.replace(/(?=\.[a-z.]+$)/, "-again");
const instance = await DuckDBInstance.create(":memory:", { memory_limit: "1GB" });
const connection = await instance.connect();
for (const name of names) {
  mkdirSync(dirname(join(outDir, name)), { recursive: true });
  if (isManifest(name)) writeFileSync(join(outDir, name), manifestOfBoth(name));
  else {
    copyFileSync(join(from, name), join(outDir, name));
    await copyWithOtherIds(name);
  }
}
console.log(JSON.stringify({ files: names.length }));

/** Names each file twice. */
function manifestOfBoth(name: string): string {
  const files = names.filter((file) => !isManifest(file)).map((file) => file.split("/").at(-1)!);
  const namesBill = (value: unknown) => typeof value === "string" && files.some((file) => value.endsWith(file));
  const both = (_key: string, value: unknown): unknown =>
    Array.isArray(value) ? value.flatMap((one) => (namesBill(one) ? [one, again(String(one))] : [one])) : value;
  return JSON.stringify(JSON.parse(readFileSync(join(from, name), "utf8"), both));
}

async function copyWithOtherIds(name: string): Promise<void> {
  const isParquet = name.endsWith(".parquet");
  const ids = isParquet
    ? ["identity_line_item_id", "line_item_resource_id"]
    : ["identity/LineItemId", "lineItem/ResourceId"];
  const others = ids.map((id) => `CASE WHEN "${id}" <> '' THEN "${id}" || '-2' ELSE "${id}" END AS "${id}"`);
  const path = join(from, name);
  const source = isParquet ? `read_parquet('${path}')` : `read_csv('${path}', header = true, all_varchar = true)`;
  const form = isParquet ? "FORMAT parquet, COMPRESSION snappy" : "FORMAT csv, HEADER, COMPRESSION gzip";
  await connection.run(
    `COPY (SELECT * REPLACE (${others.join(", ")}) FROM ${source}) TO '${join(outDir, again(name))}' (${form})`,
  );
}
