import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { BillFormat, BillHeader } from "../format.ts";
import type { OtherStatement } from "../render-mapping.ts";
import { mappingPreamble, renderMapping } from "../render-mapping.ts";
import { identifier, literal } from "../sql.ts";

export interface MappedRow {
  [column: string]: string | null;
}

interface MappedFile {
  /** The text of a CSV, or the path of a bill (csv, csv.gz, parquet, jsonl) that stands on disk. */
  csv?: string;
  path?: string;
  role?: string;
  /** Between the values of a CSV; a comma unless told. */
  delimiter?: string;
}

/** Runs a format over one or several small files of one delivery, as the pipeline does, and gives every value as text. */
export async function runMapping(
  format: BillFormat,
  files: readonly MappedFile[],
  assume: Record<string, string> = {},
): Promise<MappedRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "finops-mapping-"));
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    const all = async (sql: string): Promise<MappedRow[]> => {
      const described = await (await connection.run(`DESCRIBE ${sql}`)).getRowObjects();
      const texts = described.map(
        (column) =>
          `CAST(${identifier(String(column.column_name))} AS VARCHAR) AS ${identifier(String(column.column_name))}`,
      );
      return (await (
        await connection.run(`SELECT ${texts.join(", ")} FROM (${sql})`)
      ).getRowObjects()) as unknown as MappedRow[];
    };
    const roles = [...new Set(files.map((file) => file.role ?? ""))].filter((role) => role !== "");
    const sources: OtherStatement[] = [];
    for (const [index, file] of files.entries()) {
      const path = file.path ?? join(folder, `${index}.csv`);
      if (file.csv !== undefined) await writeFile(path, file.csv);
      const container = path.endsWith(".parquet")
        ? "parquet"
        : /\.(jsonl|json|ndjson)(\.gz)?$/.test(path)
          ? "jsonl"
          : "csv";
      const read = {
        csv: `read_csv(${literal(path)}, header = true, all_varchar = true, delim = ${literal(file.delimiter ?? ",")}, quote = '"')`,
        parquet: `read_parquet(${literal(path)})`,
        jsonl: `read_json(${literal(path)}, format = 'newline_delimited', maximum_depth = 1)`,
      }[container];
      const columns = (await all(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${read})`)).map(
        (column) => ({ name: column.column_name!, type: column.column_type! }),
      );
      const header: BillHeader = {
        fileName: path,
        container,
        columns,
        sample: await all(`SELECT * FROM ${read} LIMIT 50`),
      };
      sources.push({
        mapping: format.mapping(header),
        raw: { sql: `(SELECT *, ${index} AS _file FROM ${read})`, columns },
        role: file.role ?? "",
      });
    }
    for (const statement of mappingPreamble(sources.map((source) => source.mapping))) await connection.run(statement);
    const rows: MappedRow[] = [];
    for (const { mapping, raw, role } of sources) {
      rows.push(
        ...(await all(
          renderMapping(mapping, raw, { assume, role, roles, others: sources.filter((other) => other.role !== role) }),
        )),
      );
    }
    return rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}
