// `repeat-month.ts FROM MONTHS FOLDER`: a month of CUR 2.0 and as many before it as are wanted, which are that month moved back:
// to write months anew takes many times as long as to copy one. A day that a month lacks is its last one.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { addMonths } from "@finops/kernel/period";

const [from, months, outDir] = process.argv.slice(2) as [string, string, string];
const [label] = readdirSync(join(from, "aws-cur2")) as [string];
const source = join(from, "aws-cur2", label);
const manifest = readdirSync(source).find((name) => name.endsWith(".json"))!;
const instance = await DuckDBInstance.create(":memory:", { memory_limit: "1GB" });
const connection = await instance.connect();
for (let back = 0; back < Number(months); back += 1) {
  const moved = addMonths(`${label}-01`, -back).slice(0, 7);
  const folder = join(outDir, "aws-cur2", moved);
  mkdirSync(folder, { recursive: true });
  const text = readFileSync(join(source, manifest), "utf8");
  writeFileSync(join(folder, manifest), text.replaceAll(label, moved));
  for (const file of readdirSync(source).filter((name) => name.endsWith(".parquet")))
    await connection.run(
      `COPY (SELECT * REPLACE (${moveTimes(back)}) FROM read_parquet('${join(source, file)}')) TO '${join(folder, file)}' (FORMAT parquet, COMPRESSION snappy)`,
    );
}

console.log(JSON.stringify({ months: Number(months) }));

function moveTimes(back: number): string {
  const moved = (column: string) => `${column} - INTERVAL ${back} MONTH`;
  const text = (column: string) => `strftime(${moved(column)}, '%Y-%m-%dT%H:%M:%SZ')`;
  const times = ["bill_billing_period", "line_item_usage"].flatMap((name) => [
    `${name}_start_date`,
    `${name}_end_date`,
  ]);
  return [
    ...times.map((column) => `${moved(column)} AS ${column}`),
    `${text("line_item_usage_start_date")} || '/' || ${text("line_item_usage_end_date")} AS identity_time_interval`,
  ].join(", ");
}
