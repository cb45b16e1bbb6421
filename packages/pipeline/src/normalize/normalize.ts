import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import type { BillFormat, BillHeader } from "@finops/connectors/format";
import { mappingPreamble, missingColumns, renderMapping } from "@finops/connectors/render-mapping";
import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { literal } from "@finops/warehouse/engines/duckdb/sql-text";
import { type LandedFile, openRawFiles, type RawFiles } from "./raw-relation.ts";
import { countStage, type StageCount } from "./count-stage.ts";
import { dedupeAcrossFiles } from "./dedupe-across-files.ts";
import { keepUnreadableLines } from "./unreadable-lines.ts";
import { typedSelect } from "./typed-select.ts";

export interface NormalizeInput {
  format: BillFormat;
  files: readonly LandedFile[];
  assume: Readonly<Record<string, string>>;
  /** An empty folder of this import; the stage is written below it. */
  stageDir: string;
}

export interface Normalized {
  stageDir: string;
  /** What was read and what became of it, per period and state. */
  counts: readonly StageCount[];
  /** Lines that are no rows at all (too few fields, broken quotes): kept beside the stage with their text. */
  unreadable: { rows: number; file: string | null };
  notes: readonly string[];
}

/**
 * Maps landed files to the lake's schema, in one pass and in bounded memory: `<stage>/_state=…/_period=…/*.parquet`.
 * Throws `invalid` when a file lacks columns that nothing can stand in for.
 */
export async function normalize(engine: DuckDB, input: NormalizeInput): Promise<Normalized> {
  const groups = await Promise.all((await openRawFiles(engine, input.files)).map(async (group) => ({ group, mapping: input.format.mapping(await headerOf(engine, group)) })));
  const roles = [...new Set(input.files.map((file) => file.role))].filter((role) => role !== "");
  let unreadable = { rows: 0, file: null as string | null };
  for (const { group, mapping } of groups) refuseMissing(group, missingColumns(mapping, group.columns, input.assume));
  for (const statement of mappingPreamble(groups.map(({ mapping }) => mapping))) await engine.run(statement);
  for (const [index, { group, mapping }] of groups.entries()) {
    const relation = input.format.filesOverlap === true && group.files.length > 1 ? dedupeAcrossFiles(group) : group.sql;
    const others = groups.filter((other) => other.group !== group).map((other) => ({ mapping: other.mapping, raw: { sql: other.group.sql, columns: other.group.columns }, role: other.group.files[0]!.role }));
    const mapped = renderMapping(mapping, { sql: relation, columns: group.columns }, { assume: input.assume, role: group.files[0]!.role, roles, others });
    const types = new Map((await engine.rows(`SELECT column_name, column_type FROM (DESCRIBE ${mapped})`)).map((row) => [row.column_name!, row.column_type!]));
    const target = join(input.stageDir, `group-${index}`);
    await mkdir(target, { recursive: true });
    await engine.run(`COPY (${typedSelect(mapped, types)}) TO ${literal(target)} (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (_state, _period), WRITE_PARTITION_COLUMNS false, FILENAME_PATTERN 'part-{i}')`);
    unreadable = await keepUnreadableLines(engine, group, input.stageDir, unreadable);
  }
  const [role, ...otherRoles] = new Set(input.files.map((file) => file.role));
  const notes = new Set(groups.flatMap(({ mapping }) => [...(mapping.notes ?? []), ...(otherRoles.length === 0 ? (mapping.notesOfOneRole?.[role ?? ""] ?? []) : [])]));
  return { stageDir: input.stageDir, counts: await countStage(engine, input.stageDir), unreadable, notes: [...notes] };
}

/** The header of a group of files, with its first rows as text. */
export async function headerOf(engine: DuckDB, group: RawFiles): Promise<BillHeader> {
  const columns = group.columns.map((column) => `CAST("${(column.physical ?? column.name).replaceAll('"', '""')}" AS VARCHAR)`);
  const rows = await engine.rows(`SELECT ${columns.map((sql, index) => `${sql} AS v${index}`).join(", ")} FROM ${group.sql} LIMIT 50`);
  return {
    fileName: group.files[0]!.name,
    container: group.files[0]!.shape.kind,
    columns: group.columns,
    sample: rows.map((row) => Object.fromEntries(group.columns.map((column, index) => [column.name, row[`v${index}`] ?? null]))),
  };
}

function refuseMissing(group: RawFiles, missing: readonly string[]): void {
  if (missing.length === 0) return;
  throw new AppError("invalid", `${group.files[0]!.name} lacks ${missing.length === 1 ? "the column" : "the columns"} ${missing.join(", ")}. Export the bill again with ${missing.length === 1 ? "it" : "them"}, or state a value with --assume COLUMN=VALUE.`, {
    facts: { missingColumns: missing },
  });
}
