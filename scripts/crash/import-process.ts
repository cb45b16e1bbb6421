import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Which process dies: the import alone, it with its process group, only its engine, or only its PostgreSQL. */
export type Victim = "import" | "group" | "engine" | "postgres";

export interface ImportProcess {
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  kill(victim: Victim): void;
  /** Waits until nothing of it runs; what still does after 15 s, in words. */
  leftRunning(): Promise<string[]>;
}

const patienceMs = 15_000;
export const tenant = "crash";

/** `finops import` in a process of its own, as a person starts it. */
export function startImport(store: string, bill: string): ImportProcess {
  const args = ["scripts/finops.mjs", "import", bill, "--tenant", tenant, "--create-tenant", "--json"];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, FINOPS_DATA: store },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const seen = new Set<number>();
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2000)));
  return {
    ended: once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr })),
    kill(victim) {
      for (const pid of descendantsOf(child.pid!)) seen.add(pid);
      if (victim === "import") end(child.pid!);
      else if (victim === "group") end(-child.pid!);
      else for (const pid of victim === "engine" ? enginesOf(child.pid!) : postgresOf(store)) end(pid);
    },
    async leftRunning() {
      const deadline = performance.now() + patienceMs;
      const living = () => [...new Set([...[...seen].filter(isAlive), ...postgresOf(store)])];
      while (living().length > 0 && performance.now() < deadline) await sleep(50);
      return living().map((pid) => `still running after ${patienceMs / 1000} s: ${commandOf(pid)}`);
    },
  };
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function enginesOf(pid: number): number[] {
  return descendantsOf(pid).filter((child) => commandOf(child).includes("engine-process"));
}

function descendantsOf(pid: number): number[] {
  const children = processes().filter((child) => parentOf(child) === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** The server itself; its children go with it. */
function postgresOf(store: string): number[] {
  const file = join(store, "postgres/cluster/postmaster.pid");
  const pid = existsSync(file) ? Number(readFileSync(file, "utf8").split("\n")[0]) : 0;
  return pid > 1 && workFolderOf(pid) === join(store, "postgres/cluster") ? [pid] : [];
}

function processes(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number {
  // The name stands in parentheses and may hold anything.
  return Number(statusOf(pid).split(" ")[1] ?? 0);
}

/** A process that ended and that nobody asked about is dead too. */
function isAlive(pid: number): boolean {
  const status = statusOf(pid);
  return status !== "" && !status.startsWith("Z");
}

function statusOf(pid: number): string {
  return readOr(`/proc/${pid}/stat`, "").split(") ").at(-1) ?? "";
}

function commandOf(pid: number): string {
  return readOr(`/proc/${pid}/cmdline`, "").replaceAll("\0", " ").trim();
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}

function workFolderOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}
