import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface RunningProgram<T> {
  child: ChildProcess;
  /** The first line that it printed, read as JSON. */
  said: T;
  kill(): Promise<void>;
}

/** Runs a program of testing/programs in a process of its own, for tests that kill it. */
export async function runProgram<T>(name: string, ...args: string[]): Promise<RunningProgram<T>> {
  const program = fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program, ...args], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code} before it said anything`)));
  });
  return {
    child,
    said: JSON.parse(line) as T,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
