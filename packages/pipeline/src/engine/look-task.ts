import { join } from "node:path";
import { mkdir, rm } from "node:fs/promises";
import { readFileShape } from "../landing/read-header.ts";
import { sampleFile } from "../landing/sample-file.ts";
import { headerOf } from "../normalize/normalize.ts";
import { openRawFiles } from "../normalize/raw-relation.ts";
import type { TaskTools } from "./engine-tasks.ts";
import { withEngine } from "./with-engine.ts";

export interface LookInput {
  name: string;
  path: string;
}

/** The columns and first rows of a file that is no bill that is known, for a mapping of one's own. */
export async function lookTask(
  { name, path }: LookInput,
  tools: TaskTools,
): Promise<{ columns: string[]; firstRows: Record<string, string | null>[] }> {
  const dir = join(tools.tempDir, "look");
  await mkdir(dir, { recursive: true });
  try {
    const sample = await sampleFile(path, await readFileShape(path, name), join(dir, "sample"));
    return await withEngine(tools, async (engine) => {
      const header = await headerOf(
        engine,
        (await openRawFiles(engine, [{ index: 0, name, role: "", ...sample }]))[0]!,
      );
      return {
        columns: header.columns.map((column) => column.name),
        firstRows: header.sample.slice(0, 5).map((row) => ({ ...row })),
      };
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
