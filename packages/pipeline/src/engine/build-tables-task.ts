import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { buildGeneration, type VersionFiles } from "@finops/warehouse/engines/duckdb/build-generation";
import { writePeriodTables } from "@finops/warehouse/engines/duckdb/write-period-tables";
import type { GenerationManifest } from "@finops/warehouse/tables/generation";
import type { TaskTools } from "./engine-tasks.ts";

export interface BuildTablesInput {
  versions: readonly VersionFiles[];
  /** Where the tables go. */
  folder: string;
}

export interface BuiltTables {
  manifest: GenerationManifest;
  /** Parquet files by table. */
  tables: Record<string, string>;
}

/** Builds a period for a store that is loaded from files. */
export async function buildTablesTask(
  { versions, folder }: BuildTablesInput,
  { threads, memoryMb, tempDir }: TaskTools,
): Promise<BuiltTables> {
  const options = { threads, memoryMb, tempDir };
  await mkdir(tempDir, { recursive: true });
  const path = join(tempDir, "period.duckdb");
  const manifest = await buildGeneration(versions, path, options);
  return { manifest, tables: await writePeriodTables(path, manifest, folder, options) };
}
