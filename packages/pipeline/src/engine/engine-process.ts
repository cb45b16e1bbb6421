import { constants, setPriority } from "node:os";
import { AppError } from "@finops/kernel/app-error";
import { engineError } from "@finops/warehouse/engines/duckdb/connection";
import type { EngineMessage, EngineRequest } from "./engine-runner.ts";
import { runTask, type TaskProgress } from "./engine-tasks.ts";

// People who wait for an answer come first; a bill may take longer where both want the cores. Threads take this from their
// maker, so it stands before there are any.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

// The parent holds the other end of this pipe: when it is gone, for whatever reason, so are we.
process.on("disconnect", () => process.exit(1));

process.on("message", (request: EngineRequest) => {
  void work(request).then((message) => process.send!(message));
});

async function work({ task, input, threads, memoryMb, tempDir }: EngineRequest): Promise<EngineMessage> {
  const report = (progress: TaskProgress) => process.send!({ kind: "progress", progress } satisfies EngineMessage);
  try {
    return { kind: "done", output: await runTask(task, input, { threads, memoryMb, tempDir, report }) };
  } catch (caught) {
    const error = caught instanceof AppError ? caught : engineError(caught, task);
    return {
      kind: "failed",
      error: {
        code: error.code,
        message: error.message,
        facts: error.facts,
        ...(error.internal === undefined ? {} : { internal: error.internal }),
      },
    };
  }
}
