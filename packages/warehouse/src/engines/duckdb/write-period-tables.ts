import { join } from "node:path";
import { smallestFirst } from "../../model/dimensions.ts";
import { hotColumns } from "../../tables/cost-columns.ts";
import type { GenerationManifest } from "../../tables/generation.ts";
import { DuckDB, type DuckDBOptions } from "./connection.ts";
import { literal } from "./sql-text.ts";

const carried = hotColumns.map((column) => `combos."${column}"`);

/**
 * Writes the tables of a built period as Parquet files into a folder, for a store that is loaded from them. Facts carry the
 * number by which their rows follow each other, the version that they are from and the columns that dashboards use. Returns the files by table.
 */
export async function writePeriodTables(
  path: string,
  { tables }: Pick<GenerationManifest, "tables">,
  folder: string,
  options: Omit<DuckDBOptions, "path">,
): Promise<Record<string, string>> {
  const engine = await DuckDB.open(options);
  try {
    await engine.run(`ATTACH ${literal(path)} AS period (READ_ONLY)`);
    const files: Record<string, string> = {};
    for (const table of [...smallestFirst, "combos"].filter((name) => name in tables)) {
      files[table] = join(folder, `${table}.parquet`);
      const rows =
        table === "facts"
          ? `SELECT f.rowid AS row_number, v.version_id, f.*, ${carried.join(", ")} FROM period.facts AS f JOIN period.versions AS v USING (version) JOIN period.combos USING (combo_id)`
          : `FROM period.${table}`;
      await engine.run(`COPY (${rows}) TO ${literal(files[table])} (FORMAT parquet, COMPRESSION lz4_raw)`);
    }
    return files;
  } finally {
    engine.close();
  }
}
