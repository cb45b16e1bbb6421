import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@finops/kernel/app-error";
import type { Logger } from "../observe/log.ts";

const waitMs = 15_000;

/**
 * Stops what is left of an earlier PostgreSQL of this cluster. Whoever calls it holds the lock of the data folder, so a
 * process that still works in the cluster is an orphan of ours.
 */
export async function stopOrphans(clusterDir: string, log: Logger): Promise<void> {
  const postmaster = readPostmasterPid(clusterDir);
  const orphans = listClusterProcesses(clusterDir, postmaster);
  if (orphans.length > 0) {
    log.warn({ clusterDir, orphans }, "stopping a PostgreSQL that outlived its program");
    if (postmaster !== null && orphans.includes(postmaster)) signal(postmaster, "SIGINT");
    // Children of a killed postmaster go by themselves; only what is still there at the end is killed.
    if (!(await isQuiet(clusterDir, postmaster, waitMs))) {
      for (const pid of listClusterProcesses(clusterDir, postmaster)) signal(pid, "SIGKILL");
      if (!(await isQuiet(clusterDir, postmaster, waitMs))) throw stillRunning(clusterDir, postmaster);
    }
  }
  // Nobody works in the cluster now. A pid file that names a living process would name a stranger who got the same number,
  // and PostgreSQL would refuse to start because of it.
  rmSync(join(clusterDir, "postmaster.pid"), { force: true });
}

/** True as soon as no process works in the cluster; false when that takes longer than `timeoutMs`. */
export async function isQuiet(clusterDir: string, postmaster: number | null, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (listClusterProcesses(clusterDir, postmaster).length > 0) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

export function readPostmasterPid(clusterDir: string): number | null {
  const file = join(clusterDir, "postmaster.pid");
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
}

/** PostgreSQL's processes work inside the cluster's folder, which tells them from others without trusting a number. */
function listClusterProcesses(clusterDir: string, postmaster: number | null): number[] {
  if (process.platform === "linux") {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && workingFolder(name) === clusterDir)
      .map(Number);
  }
  // Elsewhere the postmaster is known by its command line; its children go with it.
  if (postmaster === null) return [];
  const { stdout } = spawnSync("ps", ["-o", "command=", "-p", String(postmaster)], { encoding: "utf8" });
  return stdout.includes(clusterDir) ? [postmaster] : [];
}

function workingFolder(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It ended meanwhile, or belongs to somebody else and so is none of ours.
    return null;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function stillRunning(clusterDir: string, postmaster: number | null): AppError {
  return new AppError(
    "precondition",
    `An earlier PostgreSQL of ${clusterDir} does not stop${postmaster ? ` (process ${postmaster})` : ""}. End it, then start again.`,
  );
}
