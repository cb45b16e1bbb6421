import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BillMapping } from "@finops/connectors/format";
import {
  mappingPreamble,
  type MappingSettings,
  missingColumns,
  renderMapping,
} from "@finops/connectors/render-mapping";
import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { bookkeeping } from "@finops/warehouse/tables/cost-columns";
import { countStage } from "./count-stage.ts";
import {
  headerOf,
  type MappedGroup,
  type Normalized,
  type NormalizeInput,
  notesOf,
  planBySize,
  rolesOf,
  selectLake,
  writeStage,
} from "./normalize.ts";
import { fileOf, openRawFiles, rawRelation } from "./raw-relation.ts";
import { countUnreadableLines } from "./unreadable-lines.ts";

/** Where the files of a batch come from, by their number in it. */
type Origins = readonly { delivery: number; index: number }[];

/**
 * Small deliveries of one format through one statement for each header: to plan a mapping takes longer than to read a small
 * month. Null where one of them has something of its own to tell, such as a line that is refused or columns that are missing;
 * then each is to be normalized alone.
 */
export async function normalizeTogether(
  engine: DuckDB,
  inputs: readonly NormalizeInput[],
): Promise<Normalized[] | null> {
  const [{ format, assume, stageDir, files: firstFiles }] = inputs as [NormalizeInput];
  const settings = { assume, roles: rolesOf(firstFiles) };
  const origins: { delivery: number; index: number }[] = [];
  const own: MappedGroup[][] = [];
  for (const [delivery, { files }] of inputs.entries()) {
    // Exports that overlap are held against each other within one delivery.
    if (format.filesOverlap === true && files.length > 1) return null;
    if (rolesOf(files).join() !== settings.roles.join()) return null;
    const numbered = files.map((file) => {
      origins.push({ delivery, index: file.index });
      return { ...file, index: origins.length - 1 };
    });
    const groups: MappedGroup[] = [];
    for (const group of await openRawFiles(engine, numbered)) {
      const mapping = format.mapping(await headerOf(engine, group));
      if (missingColumns(mapping, group.columns, assume).length > 0) return null;
      groups.push({ group, mapping });
    }
    own.push(groups);
  }
  for (const statement of mappingPreamble(own.flat().map(({ mapping }) => mapping))) await engine.run(statement);
  await planBySize(
    engine,
    inputs.flatMap(({ files }) => files),
  );
  const folder = join(stageDir, "..", "together");
  try {
    const shared = sharedGroups(own.flat(), origins, settings);
    for (const [number, one] of shared.entries()) {
      const sql = renderMapping(one.mapping, one.group, { ...settings, ...rolesAround(one, shared) });
      if (!(await writeShared(engine, await selectLake(engine, format, sql), one, origins, join(folder, `${number}`))))
        return null;
    }
    for (const number of shared.keys()) await moveToStages(inputs, join(folder, `${number}`), `group-${number}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await engine.run("PRAGMA enable_optimizer");
  const normalized: Normalized[] = [];
  for (const [delivery, input] of inputs.entries())
    normalized.push({
      counts: await countStage(engine, input.stageDir),
      unreadable: { rows: 0, paths: [] },
      notes: [...new Set(own[delivery]!.flatMap(({ mapping }) => notesOf(mapping, input.files)))],
      groups: own[delivery]!.map(({ group }) => group),
    });
  return normalized;
}

/** Groups of all deliveries, those as one that are read and mapped by the same statement. */
function sharedGroups(
  groups: readonly MappedGroup[],
  origins: Origins,
  settings: Pick<MappingSettings, "assume" | "roles">,
): MappedGroup[] {
  const shared = new Map<string, MappedGroup[]>();
  for (const one of groups) {
    const { columns, files } = one.group;
    const { shape, role } = files[0]!;
    const statement = renderMapping(one.mapping, { sql: "_", columns }, { ...settings, role });
    const key = JSON.stringify([shape, role, columns, statement]);
    shared.set(key, [...(shared.get(key) ?? []), one]);
  }
  return [...shared.values()].map((same) => {
    const [{ mapping, group }] = same as [MappedGroup];
    const files = same.flatMap((one) => one.group.files);
    return { mapping: withinDelivery(mapping, origins), group: rawRelation(files, group.columns) };
  });
}

/** Twins are sought within one delivery: its number becomes a part of what makes two rows twins. */
function withinDelivery(mapping: BillMapping, origins: Origins): BillMapping {
  if (mapping.twins === undefined) return mapping;
  const delivery = ofFile(
    fileOf,
    origins.map((origin) => origin.delivery),
  );
  const within = (sql: string) => `(${delivery} || '/' || CAST((${sql}) AS VARCHAR))`;
  return { ...mapping, twins: { key: within(mapping.twins.key), scope: within(mapping.twins.scope) } };
}

/** The role of a group, and the groups that its rows can have twins in. */
function rolesAround(one: MappedGroup, shared: readonly MappedGroup[]): Pick<MappingSettings, "role" | "others"> {
  return {
    role: one.group.files[0]!.role,
    others: shared
      .filter((other) => other !== one)
      .map(({ mapping, group }) => ({ mapping, raw: group, role: group.files[0]!.role })),
  };
}

/** A list's element for the file that a row is of. */
function ofFile(file: string, values: readonly number[]): string {
  return `([${values.join(", ")}][${file} + 1])`;
}

/** Writes a folder for each delivery, `_delivery=N/_state=…/_period=…`. False where a row or a line was refused. */
async function writeShared(
  engine: DuckDB,
  select: string,
  { group }: MappedGroup,
  origins: Origins,
  target: string,
): Promise<boolean> {
  const file = `"${bookkeeping.file}"`;
  const place = ofFile(
    file,
    origins.map(({ index }) => index),
  );
  const delivery = ofFile(
    file,
    origins.map((origin) => origin.delivery),
  );
  await mkdir(target, { recursive: true });
  const placed = `SELECT * REPLACE (CAST(${place} AS INTEGER) AS ${file}), ${delivery} AS _delivery FROM (${select})`;
  await writeStage(engine, placed, target, ["_delivery"]);
  const deliveries = await readdir(target);
  if (deliveries.some((name) => existsSync(join(target, name, "_state=rejected")))) return false;
  return (await countUnreadableLines(engine, group)) === 0;
}

async function moveToStages(inputs: readonly NormalizeInput[], from: string, group: string): Promise<void> {
  for (const name of await readdir(from)) {
    const delivery = Number(name.slice(name.indexOf("=") + 1));
    await rename(join(from, name), join(inputs[delivery]!.stageDir, group));
  }
}
