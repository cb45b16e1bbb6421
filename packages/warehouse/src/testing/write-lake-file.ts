import { rmSync, writeFileSync } from "node:fs";
import { decimal } from "@finops/kernel/decimal";
import type { DuckDB } from "../engines/duckdb/connection.ts";
import { literal } from "../engines/duckdb/sql-text.ts";
import { bookkeeping, exactColumns, lakeColumns } from "../tables/cost-columns.ts";
import { exactNames } from "../tables/exact-decimal.ts";
import type { LakeRow } from "./bill.ts";

/** Writes rows as a Parquet file of the lake. The exact layout is made here by hand, so that it checks the one in SQL. */
export async function writeLakeFile(engine: DuckDB, rows: readonly LakeRow[], path: string): Promise<void> {
  const draft = `${path}.jsonl`;
  writeFileSync(draft, rows.map((row) => JSON.stringify(withExactParts(row))).join("\n"));
  const columns = lakeColumns();
  const read = `read_json(${literal(draft)}, format = 'newline_delimited', columns = {${columns.map(({ name }) => `${literal(name)}: 'VARCHAR'`).join(", ")}})`;
  const typed = columns.map(({ name, type }) => `CAST("${name}" AS ${type}) AS "${name}"`);
  await engine.run(`COPY (SELECT ${typed.join(", ")} FROM ${read}) TO ${literal(path)} (FORMAT parquet)`);
  rmSync(draft);
}

function withExactParts(row: LakeRow): LakeRow {
  const whole = { ...row };
  for (const column of [...exactColumns, bookkeeping.rawCost]) {
    const names = exactNames(column);
    const [main, lo, big] = exactParts(row[column] ?? null);
    for (const [name, value] of [
      [names.main, main],
      [names.lo, lo],
      [names.big, big],
    ] as const)
      whole[name.slice(1, -1)] = value;
  }
  return whole;
}

function exactParts(text: string | null): [string | null, string | null, string | null] {
  if (text === null) return [null, null, null];
  const value = decimal(text);
  const rounded = value.toDecimalPlaces(8);
  const lo = value.minus(rounded).times("1e26").toFixed();
  return value.abs().lessThan("9999999999") ? [rounded.toFixed(), lo, "0"] : ["0", lo, rounded.toFixed()];
}
