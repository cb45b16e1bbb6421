import { type LandedCopy, landFile, type LandInput } from "../landing/land-file.ts";
import type { TaskTools } from "./engine-tasks.ts";

export interface LandTaskInput {
  files: readonly LandInput[];
  bytes: number;
}

export async function landTask({ files, bytes }: LandTaskInput, tools: TaskTools): Promise<LandedCopy[]> {
  let done = 0;
  let reportedAt = 0;
  const onBytes = (count: number) => {
    done += count;
    if (performance.now() - reportedAt < 200) return;
    reportedAt = performance.now();
    tools.report({ share: bytes === 0 ? 1 : done / bytes, bytes: done });
  };
  const landed: LandedCopy[] = [];
  for (const file of files) landed.push(await landFile(file, onBytes));
  return landed;
}
