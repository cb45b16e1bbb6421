import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isBuilt } from "../../../../scripts/freshness.mjs";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const builtProgram = join(root, "apps/server/dist/main.js");
export const serverProgram = join(root, "apps/server/src/main.ts");
let isFresh: boolean | undefined;

export interface ServerProcess {
  child: ChildProcess;
  /** All that it printed until now. */
  output(): string;
  /** The address that it said is ready. Fails with what it printed when it ends instead. */
  ready(): Promise<string>;
  /** How it ended: its exit code, or the signal. */
  ended: Promise<number | NodeJS.Signals | null>;
}

export interface ServerProcessOptions {
  env?: NodeJS.ProcessEnv;
  user?: { uid: number; gid: number };
}

/**
 * The server as `make start` runs it, on a port of its own and without a demo; from its sources where the build is not of today,
 * which takes several times as long to start.
 */
export function startServerProcess(dataDir: string, options: ServerProcessOptions = {}): ServerProcess {
  isFresh ??= isBuilt("server");
  const program = isFresh ? [builtProgram] : ["--import", import.meta.resolve("tsx"), serverProgram];
  const child = spawn(process.execPath, program, {
    env: {
      ...process.env,
      PORT: "0",
      FINOPS_DATA: dataDir,
      FINOPS_DEMO_ROWS: "0",
      NODE_ENV: "production",
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
    ...options.user,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null);
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  return {
    child,
    output: () => output,
    ended,
    async ready() {
      for (;;) {
        const url = /^Ready: (\S+)$/m.exec(output)?.[1];
        if (url !== undefined) return url;
        if (hasEnded) throw new Error(`The server ended before it was ready: ${output}`);
        await sleep(50);
      }
    },
  };
}

/** What runs in or on a folder, in words: PostgreSQL, engines, the server itself. */
export function processesOn(folder: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const command = read(() =>
        readFileSync(join("/proc", pid, "cmdline"), "utf8")
          .replaceAll("\0", " ")
          .trim(),
      );
      const workDir = read(() => readlinkSync(join("/proc", pid, "cwd")));
      return command.includes(folder) || workDir.startsWith(folder) ? [`${pid} ${command}`] : [];
    });
}

/** Waits until nothing runs on the folder; what still does after 20 s. */
export async function leftRunning(folder: string): Promise<string[]> {
  const deadline = performance.now() + 20_000;
  while (processesOn(folder).length > 0 && performance.now() < deadline) await sleep(100);
  return processesOn(folder);
}

/** Empty for a process that ended meanwhile. */
function read(from: () => string): string {
  try {
    return from();
  } catch {
    return "";
  }
}
