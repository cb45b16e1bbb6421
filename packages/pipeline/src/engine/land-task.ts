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
  return landAll(files, onBytes);
}

/** Files that are landed at the same time: hashing one and unpacking another keep two cores busy. */
const landedAtOnce = 2;

async function landAll(files: readonly LandInput[], onBytes: (bytes: number) => void): Promise<LandedCopy[]> {
  const landed: LandedCopy[] = [];
  const waiting = [...files.entries()];
  const stop = new AbortController();
  const failures: unknown[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined && !stop.signal.aborted; next = waiting.shift())
      landed[next[0]] = await landFile(next[1], onBytes, stop.signal);
  };
  // A file that fails stops the others, and nothing is told before they have let go of their files.
  const workers = Array.from({ length: landedAtOnce }, () =>
    work().catch((error: unknown) => {
      failures.push(error);
      stop.abort();
    }),
  );
  await Promise.all(workers);
  if (failures.length > 0) throw failures[0];
  return landed;
}
