import { type ChildProcess, fork } from "node:child_process";
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError, type ErrorCode } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { EngineShares } from "./engine-shares.ts";
import { type EngineInputs, runTask, type TaskName, type TaskOutput, type TaskProgress } from "./engine-tasks.ts";

export interface RunOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: TaskProgress) => void) | undefined;
}

/** Does the pipeline's heavy tasks, wherever the host wants them done. */
export interface EngineRunner {
  run<N extends TaskName>(task: N, input: EngineInputs[N], options?: RunOptions): Promise<TaskOutput<N>>;
}

export interface EngineOptions {
  /** Where engines put what does not fit in memory, each in a folder of its own. */
  tempDir: string;
  threads?: number;
  memoryMb?: number;
}

interface ProcessOptions extends EngineOptions {
  /** What a process runs. */
  program?: string;
  /** How long a process waits for the next task before it ends. */
  idleMs?: number;
}

/** What goes over the pipe between the two processes. */
export type EngineMessage =
  | { kind: "progress"; progress: TaskProgress }
  | { kind: "done"; output: unknown }
  | { kind: "failed"; error: { code: ErrorCode; message: string; internal?: string; facts: Record<string, unknown> } };
export interface EngineRequest {
  task: TaskName;
  input: unknown;
  threads: number;
  memoryMb: number;
  tempDir: string;
}

/** What an engine needs of the environment; secrets of the server stand there as well. */
const engineVariables = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ", "NODE_OPTIONS"];

/**
 * Runs every task in a child process, so that the server's event loop and memory stay its own, and a task is cancelled by
 * ending its process. A process that is done waits a while for the next task: starting one costs more than a small bill.
 * A child ends by itself when this process dies in any way: it listens to the pipe between them.
 */
export function createEngineProcesses(options: ProcessOptions): EngineRunner & { close(): void } {
  const {
    tempDir,
    threads = availableParallelism(),
    memoryMb = 2048,
    idleMs = 20_000,
    program = fileURLToPath(new URL("engine-process.ts", import.meta.url)),
  } = options;
  const idle = new Map<ChildProcess, NodeJS.Timeout>();
  const shares = new EngineShares(memoryMb);

  function take(): ChildProcess {
    for (const [child, timer] of idle) {
      clearTimeout(timer);
      idle.delete(child);
      if (child.connected) return hold(child, true);
    }
    const execArgv = program.endsWith(".ts") ? ["--import", import.meta.resolve("tsx")] : [];
    const child = fork(program, [], {
      execArgv,
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: {
        ...Object.fromEntries(
          engineVariables.flatMap((name) => (name in process.env ? [[name, process.env[name]]] : [])),
        ),
        UV_THREADPOOL_SIZE: "8",
      },
    });
    child.once("exit", () => {
      clearTimeout(idle.get(child));
      idle.delete(child);
    });
    return child;
  }

  function giveBack(child: ChildProcess): void {
    hold(child, false);
    const end = () => {
      // Before it is told to end: until it has, it could still be taken for another task.
      idle.delete(child);
      child.kill();
    };
    idle.set(child, setTimeout(end, idleMs).unref());
  }

  const runIn = <N extends TaskName>(
    { taskDir, memoryMb: ownMb }: { taskDir: string; memoryMb: number },
    task: N,
    input: EngineInputs[N],
    { signal, onProgress }: RunOptions,
  ): Promise<TaskOutput<N>> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(cancelled());
      const child = take();
      let stderr = "";
      const onStderr = (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4000));
      const abort = () => child.kill("SIGKILL");
      const finish = (settle: () => void) => {
        signal?.removeEventListener("abort", abort);
        child.stderr?.off("data", onStderr);
        child.off("message", onMessage).off("exit", onExit).off("error", onError);
        settle();
      };
      const onMessage = (message: EngineMessage) => {
        if (message.kind === "progress") return onProgress?.(message.progress);
        giveBack(child);
        if (message.kind === "done") return finish(() => resolve(message.output as TaskOutput<N>));
        const { code, message: sentence, facts, internal } = message.error;
        return finish(() =>
          reject(new AppError(code, sentence, { facts, ...(internal === undefined ? {} : { internal }) })),
        );
      };
      const onExit = (code: number | null, killedBy: NodeJS.Signals | null) =>
        finish(() => {
          if (signal?.aborted === true) return reject(cancelled());
          const sentence =
            killedBy === "SIGKILL"
              ? "The cost engine was ended from outside, most likely for want of memory. Try again."
              : "The cost engine stopped unexpectedly. Try again.";
          reject(new AppError("internal", sentence, { internal: `exit ${code ?? killedBy}\n${stderr}` }));
        });
      const onError = (cause: Error) =>
        finish(() =>
          reject(
            new AppError("internal", "The cost engine cannot be started. Try again.", {
              internal: cause.message,
              cause,
            }),
          ),
        );
      signal?.addEventListener("abort", abort, { once: true });
      child.stderr?.on("data", onStderr);
      child.on("message", onMessage).on("exit", onExit).on("error", onError);
      const request: EngineRequest = { task, input, threads, memoryMb: ownMb, tempDir: taskDir };
      child.send(request);
    });

  return {
    async run<N extends TaskName>(
      task: N,
      input: EngineInputs[N],
      runOptions: RunOptions = {},
    ): Promise<TaskOutput<N>> {
      return shares.run(
        task,
        (ownMb) => inOwnFolder(tempDir, (taskDir) => runIn({ taskDir, memoryMb: ownMb }, task, input, runOptions)),
        runOptions.signal,
      );
    },
    close() {
      for (const child of idle.keys()) child.kill();
    },
  };
}

/** An idle child must not keep this process from ending. */
function hold(child: ChildProcess, isBusy: boolean): ChildProcess {
  const streams = [child, child.channel, child.stderr as unknown as { ref(): void; unref(): void }];
  for (const stream of streams) {
    if (isBusy) stream?.ref();
    else stream?.unref();
  }
  return child;
}

function cancelled(): AppError {
  return new AppError("precondition", "The work was cancelled.");
}

// Engines name their temporary files alike, so two in one folder would write into each other's.
async function inOwnFolder<T>(tempDir: string, work: (taskDir: string) => Promise<T>): Promise<T> {
  const taskDir = join(tempDir, `engine-${newId()}`);
  try {
    return await work(taskDir);
  } finally {
    await rm(taskDir, { recursive: true, force: true });
  }
}

/** Runs tasks in this process: for tests and for commands that do one thing and end. */
export function createInlineEngine({ tempDir, threads = 2, memoryMb = 2048 }: EngineOptions): EngineRunner {
  return {
    async run(task, input, { signal, onProgress } = {}) {
      if (signal?.aborted === true) throw cancelled();
      return inOwnFolder(
        tempDir,
        async (taskDir) =>
          (await runTask(task, input, {
            threads,
            memoryMb,
            tempDir: taskDir,
            report: (progress) => onProgress?.(progress),
          })) as never,
      );
    },
  };
}
