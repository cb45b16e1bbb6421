import { existsSync } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import type { BillFormat, BillHeader, BillMapping } from "@finops/connectors/format";
import { mappingPreamble, missingColumns, renderMapping } from "@finops/connectors/render-mapping";
import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { literal } from "@finops/warehouse/engines/duckdb/sql-text";
import { commitmentSelect } from "./commitment-select.ts";
import { countStage, type StageCount } from "./count-stage.ts";
import { dedupeAcrossFiles } from "./dedupe-across-files.ts";
import { numberLines } from "./number-lines.ts";
import { type LandedFile, openRawFiles, type RawFiles, rawName } from "./raw-relation.ts";
import { explainReadError } from "./read-error.ts";
import { typedSelect } from "./typed-select.ts";
import {
  countUnreadableLines,
  forgetUnreadableLines,
  keepUnreadableLines,
  type UnreadableLines,
} from "./unreadable-lines.ts";

export interface NormalizeInput {
  format: BillFormat;
  files: readonly LandedFile[];
  assume: Readonly<Record<string, string>>;
  /** An empty folder of this import; the stage is written below it. */
  stageDir: string;
}

export interface Normalized {
  /** What was read and what became of it, per period and state. */
  counts: readonly StageCount[];
  /** Lines that are no rows at all: kept beside the stage. */
  unreadable: { rows: number; paths: readonly string[] };
  notes: readonly string[];
  /** The files as they were read, by header and role. */
  groups: readonly RawFiles[];
}

/** Up to here, a bill is mapped sooner than DuckDB has improved its plan, which for a mapping takes half a second. */
const planAsWrittenBytesMax = 2 * 1024 * 1024;

export interface MappedGroup {
  group: RawFiles;
  mapping: BillMapping;
}

/**
 * Maps landed files to the lake's schema, in bounded memory: `<stage>/group-N/_state=…/_period=…/*.parquet`. One pass, and
 * where rows are refused a second one over copies with line numbers. Throws `invalid` when a file cannot be read, or lacks
 * columns that nothing can stand in for.
 */
export async function normalize(engine: DuckDB, input: NormalizeInput): Promise<Normalized> {
  const groups: MappedGroup[] = [];
  for (const group of await openRawFiles(engine, input.files))
    groups.push({ group, mapping: input.format.mapping(await headerOf(engine, group)) });
  for (const { group, mapping } of groups) refuseMissing(group, missingColumns(mapping, group.columns, input.assume));
  for (const statement of mappingPreamble(groups.map(({ mapping }) => mapping))) await engine.run(statement);
  await planBySize(engine, input.files);
  const unreadable: UnreadableLines[] = [];
  for (const [index, mapped] of groups.entries())
    unreadable.push(await mapGroup(engine, input, groups, mapped, join(input.stageDir, `group-${index}`)));
  await engine.run("PRAGMA enable_optimizer");
  return {
    counts: await countStage(engine, input.stageDir),
    unreadable: {
      rows: unreadable.reduce((sum, { rows }) => sum + rows, 0),
      paths: unreadable.flatMap(({ path }) => path ?? []),
    },
    notes: [...new Set(groups.flatMap(({ mapping }) => notesOf(mapping, input.files)))],
    groups: groups.map(({ group }) => group),
  };
}

/** Until the optimizer is enabled again. */
export async function planBySize(engine: DuckDB, files: readonly LandedFile[]): Promise<void> {
  const sizes = await Promise.all(files.map(({ path }) => stat(path)));
  if (sizes.reduce((sum, { size }) => sum + size, 0) <= planAsWrittenBytesMax)
    await engine.run("PRAGMA disable_optimizer");
}

async function mapGroup(
  engine: DuckDB,
  input: NormalizeInput,
  groups: readonly MappedGroup[],
  mapped: MappedGroup,
  target: string,
): Promise<UnreadableLines> {
  const { group } = mapped;
  const isWhole = await writeGroup(engine, input, groups, mapped, target);
  if (isWhole && !existsSync(join(target, "_state=rejected")) && (await countUnreadableLines(engine, group)) === 0)
    return { rows: 0, path: null };
  await rm(target, { recursive: true });
  const numbered = await numberLines(group, input.stageDir);
  if (!(await writeGroup(engine, input, groups, { ...mapped, group: numbered }, target)))
    throw new AppError(
      "invalid",
      `${group.files[0]!.name} mixes line ends within its fields in a way that cannot be read. Export the bill again.`,
    );
  const unreadable = await keepUnreadableLines(engine, numbered, input.stageDir);
  for (const file of numbered.files) if (file.isNumbered === true) await rm(file.path);
  return unreadable;
}

/** False when the reader met line ends of two kinds; then nothing was written. */
async function writeGroup(
  engine: DuckDB,
  { format, assume, files }: NormalizeInput,
  groups: readonly MappedGroup[],
  { group, mapping }: MappedGroup,
  target: string,
): Promise<boolean> {
  await mkdir(target, { recursive: true });
  await forgetUnreadableLines(engine);
  const roles = rolesOf(files);
  const role = group.files[0]!.role;
  const relation = format.filesOverlap === true && group.files.length > 1 ? dedupeAcrossFiles(group) : group.sql;
  const others = groups
    .filter((other) => other.mapping !== mapping)
    .map((other) => ({
      mapping: other.mapping,
      raw: { sql: other.group.sql, columns: other.group.columns },
      role: other.group.files[0]!.role,
    }));
  const mapped = renderMapping(mapping, { sql: relation, columns: group.columns }, { assume, role, roles, others });
  try {
    await writeStage(engine, await selectLake(engine, format, mapped), target);
    return true;
  } catch (error) {
    if (mixesLineEnds(error)) return false;
    throw await explainReadError(error, files);
  }
}

/** The parts that files of a delivery play, each once. */
export function rolesOf(files: readonly LandedFile[]): string[] {
  return [...new Set(files.map((file) => file.role))].filter((role) => role !== "");
}

/** Writes rows below `target` as Parquet, in folders by their state and period, and by `folders` above these. */
export async function writeStage(
  engine: DuckDB,
  select: string,
  target: string,
  folders: readonly string[] = [],
): Promise<void> {
  const partitions = [...folders, "_state", "_period"].join(", ");
  await engine.run(
    `COPY (${select}) TO ${literal(target)} (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (${partitions}), WRITE_PARTITION_COLUMNS false, FILENAME_PATTERN 'part-{i}')`,
  );
}

/** A rendered mapping in the schema of the lake. */
export async function selectLake(engine: DuckDB, { dataset }: BillFormat, mapped: string): Promise<string> {
  const types = await engine.rows(`SELECT column_name, column_type FROM (DESCRIBE ${mapped})`);
  return dataset === "costs"
    ? typedSelect(mapped, new Map(types.map((row) => [row.column_name!, row.column_type!])))
    : commitmentSelect(mapped);
}

function mixesLineEnds(error: unknown): boolean {
  return error instanceof AppError && (error.internal ?? "").includes("state machine reached an invalid state");
}

export function notesOf(mapping: BillMapping, files: readonly LandedFile[]): readonly string[] {
  const roles = new Set(files.map((file) => file.role));
  const ofOneRole = roles.size === 1 ? (mapping.notesOfOneRole?.[[...roles][0]!] ?? []) : [];
  return [...(mapping.notes ?? []), ...ofOneRole];
}

/** The header of a group of files, with its first rows as text. */
export async function headerOf(engine: DuckDB, group: RawFiles): Promise<BillHeader> {
  const values = group.columns.map((column, index) => `CAST(${rawName(column)} AS VARCHAR) AS v${index}`);
  const rows = await engine
    .rows(`SELECT ${values.join(", ")} FROM ${group.sql} LIMIT 50`)
    .catch(async (error: unknown) => {
      // A sample is a convenience; the reading itself deals with line ends of two kinds.
      if (mixesLineEnds(error)) return [];
      throw await explainReadError(error, group.files);
    });
  return {
    fileName: group.files[0]!.name,
    container: group.files[0]!.shape.kind,
    columns: group.columns,
    sample: rows.map((row) =>
      Object.fromEntries(group.columns.map((column, index) => [column.name, row[`v${index}`] ?? null])),
    ),
  };
}

function refuseMissing(group: RawFiles, missing: readonly string[]): void {
  if (missing.length === 0) return;
  throw new AppError(
    "invalid",
    `${group.files[0]!.name} lacks ${missing.length === 1 ? "the column" : "the columns"} ${missing.join(", ")}. Export the bill again with ${missing.length === 1 ? "it" : "them"}, or state a value with --assume COLUMN=VALUE.`,
    {
      facts: { missingColumns: missing },
    },
  );
}
