import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { AppError, type ErrorCode } from "@finops/kernel/app-error";
import { type EngineInputs, engineTasks, type TaskName, type TaskOutput, type TaskProgress } from "./engine-tasks.ts";

export interface RunOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: TaskProgress) => void) | undefined;
}

/** Does the pipeline's heavy tasks, wherever the host wants them done. */
export interface EngineRunner {
  run<N extends TaskName>(task: N, input: EngineInputs[N], options?: RunOptions): Promise<TaskOutput<N>>;
}

export interface EngineOptions {
  tempDir: string;
  threads?: number;
  memoryMb?: number;
}

/** What goes over the pipe between the two processes. */
export type EngineMessage = { kind: "progress"; progress: TaskProgress } | { kind: "done"; output: unknown } | { kind: "failed"; error: { code: ErrorCode; message: string; internal?: string; facts: Record<string, unknown> } };
export interface EngineRequest {
  task: TaskName;
  input: unknown;
  threads: number;
  memoryMb: number;
  tempDir: string;
}

/**
 * Runs every task in a child process, so that the server's event loop and memory stay its own, and a task is cancelled by
 * ending its process. The child ends by itself when this process dies in any way: it listens to the pipe between them.
 */
export function createEngineProcesses(options: EngineOptions & { program?: string }): EngineRunner {
  const { tempDir, threads = availableParallelism(), memoryMb = 2048, program = fileURLToPath(new URL("engine-process.ts", import.meta.url)) } = options;
  return {
    run: (task, input, { signal, onProgress } = {}) =>
      new Promise((resolve, reject) => {
        const cancelled = () => new AppError("precondition", "The work was cancelled.");
        if (signal?.aborted === true) return reject(cancelled());
        const execArgv = program.endsWith(".ts") ? ["--import", import.meta.resolve("tsx")] : [];
        const child = fork(program, [], { execArgv, serialization: "advanced", stdio: ["ignore", "ignore", "pipe", "ipc"], env: { ...process.env, UV_THREADPOOL_SIZE: "8" } });
        let stderr = "";
        child.stderr!.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4000)));
        const abort = () => child.kill("SIGKILL");
        signal?.addEventListener("abort", abort, { once: true });
        let settle: (() => void) | null = null;
        child.on("message", (message: EngineMessage) => {
          if (message.kind === "progress") onProgress?.(message.progress);
          else if (message.kind === "done") settle = () => resolve(message.output as never);
          else settle = () => reject(new AppError(message.error.code, message.error.message, { facts: message.error.facts, ...(message.error.internal === undefined ? {} : { internal: message.error.internal }) }));
        });
        child.on("error", (error) => (settle = () => reject(error)));
        child.on("close", (code, killedBy) => {
          signal?.removeEventListener("abort", abort);
          if (settle !== null) settle();
          else if (signal?.aborted === true) reject(cancelled());
          else reject(new AppError("internal", killedBy === "SIGKILL" ? "The cost engine was ended from outside, most likely for want of memory. Try again." : "The cost engine stopped unexpectedly.", { internal: `exit ${code ?? killedBy}\n${stderr}` }));
        });
        const request: EngineRequest = { task, input, threads, memoryMb, tempDir };
        child.send(request);
      }),
  };
}

/** Runs tasks in this process: for tests and for commands that do one thing and end. */
export function createInlineEngine({ tempDir, threads = 2, memoryMb = 2048 }: EngineOptions): EngineRunner {
  return {
    async run(task, input, { onProgress } = {}) {
      const work = engineTasks[task] as (input: unknown, tools: unknown) => Promise<never>;
      return work(input, { threads, memoryMb, tempDir, report: (progress: TaskProgress) => onProgress?.(progress) });
    },
  };
}
