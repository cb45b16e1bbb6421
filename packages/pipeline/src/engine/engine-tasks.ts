import { buildTablesTask, type BuildTablesInput } from "./build-tables-task.ts";
import { type BuildInput, buildTask } from "./build-task.ts";
import { type CompareInput, compareVersions } from "./compare-versions.ts";
import { type DetectInput, detectTask } from "./detect-task.ts";
import { type ExportInput, exportTask } from "./export-task.ts";
import { landTask, type LandTaskInput } from "./land-task.ts";
import { type LookInput, lookTask } from "./look-task.ts";
import {
  type NormalizeTaskInput,
  normalizeTask,
  type NormalizeTogetherInput,
  normalizeTogetherTask,
} from "./normalize-task.ts";
import { type PreviewInput, previewTask } from "./preview-task.ts";
import { type RejectsInput, rejectsTask } from "./rejects-task.ts";

/** How a task tells how far it is. `share` runs from 0 to 1. */
export interface TaskProgress {
  share: number;
  rows?: number;
  bytes?: number;
}

export interface TaskTools {
  threads: number;
  memoryMb: number;
  tempDir: string;
  report(progress: TaskProgress): void;
}

/** The heavy work of the pipeline. Inputs and outputs are plain JSON: tasks run in a process of their own. */
const engineTasks = {
  land: landTask,
  detect: detectTask,
  look: lookTask,
  preview: previewTask,
  normalize: normalizeTask,
  "normalize-together": normalizeTogetherTask,
  build: buildTask,
  "build-tables": buildTablesTask,
  compare: compareVersions,
  rejects: rejectsTask,
  export: exportTask,
} as const;

export interface EngineInputs {
  land: LandTaskInput;
  detect: DetectInput;
  look: LookInput;
  preview: PreviewInput;
  normalize: NormalizeTaskInput;
  "normalize-together": NormalizeTogetherInput;
  build: BuildInput;
  "build-tables": BuildTablesInput;
  compare: CompareInput;
  rejects: RejectsInput;
  export: ExportInput;
}

export type TaskName = keyof typeof engineTasks;
export type TaskOutput<N extends TaskName> = Awaited<ReturnType<(typeof engineTasks)[N]>>;

export async function runTask(task: TaskName, input: unknown, tools: TaskTools): Promise<unknown> {
  const work = engineTasks[task] as (input: unknown, tools: TaskTools) => Promise<unknown>;
  return withoutNul(await work(input, tools));
}

/** PostgreSQL stores no zero character, and a bill may hold any. */
function withoutNul(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("\u0000", "\uFFFD");
  if (Array.isArray(value)) return value.map(withoutNul);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, withoutNul(of)]));
  return value;
}
