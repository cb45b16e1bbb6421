import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readRunningServer } from "@finops/platform/data-folder";
import { nodeArguments, repository, serverProgram } from "./programs.ts";

export interface LoopDelay {
  longestMs: number;
  p99Ms: number;
}

export interface BenchServer {
  url: string;
  /** When the process was started, on the clock of `performance.now()`. */
  startedAt: number;
  /** How long its event loop was blocked since this was asked last. */
  loopDelay(): Promise<LoopDelay>;
  stop(): Promise<void>;
}

const startMaxMs = 180_000;

/**
 * Starts the real server on a data folder, on a free port of this machine only. Settles as soon as it listens, or, where a
 * demo is asked for, when it says that it is ready.
 */
export async function startBenchServer(dataDir: string, options: { demoRows: number }): Promise<BenchServer> {
  const startedAt = performance.now();
  const watch = fileURLToPath(new URL("programs/watch-event-loop.mjs", import.meta.url));
  const child = spawn(process.execPath, ["--import", watch, ...nodeArguments(serverProgram("main"))], {
    cwd: repository,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: {
      ...process.env,
      PORT: "0",
      FINOPS_DATA: dataDir,
      FINOPS_DEMO_ROWS: String(options.demoRows),
      UV_THREADPOOL_SIZE: "24",
    },
  });
  const ended = new Promise<never>((_resolve, reject) =>
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}.`))),
  );
  ended.catch(() => undefined);
  try {
    const url = await Promise.race([options.demoRows > 0 ? readyLine(child) : announcedUrl(child, dataDir), ended]);
    child.stdout!.resume();
    return { url, startedAt, loopDelay: () => askLoopDelay(child), stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** The server writes its address beside its data as soon as it listens. */
async function announcedUrl(child: ChildProcess, dataDir: string): Promise<string> {
  for (const deadline = performance.now() + startMaxMs; performance.now() < deadline;) {
    const running = readRunningServer(dataDir);
    if (running?.pid === child.pid) return running!.url;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("The server did not start in time.");
}

function readyLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let printed = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /^Ready: (\S+)$/m.exec(printed)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

function askLoopDelay(child: ChildProcess): Promise<LoopDelay> {
  return new Promise((resolve) => {
    child.once("message", (message) => resolve(message as LoopDelay));
    child.send("event-loop-delay");
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
