import { buildGeneration, type VersionFiles } from "@finops/warehouse/engines/duckdb/build-generation";
import type { GenerationManifest } from "@finops/warehouse/tables/generation";
import type { TaskTools } from "./engine-tasks.ts";

export interface BuildInput {
  versions: readonly VersionFiles[];
  path: string;
}

export function buildTask(
  { versions, path }: BuildInput,
  { threads, memoryMb, tempDir }: TaskTools,
): Promise<GenerationManifest> {
  return buildGeneration(versions, path, { threads, memoryMb, tempDir });
}
