import { execFile } from "node:child_process";
import { promisify } from "node:util";

const intervalMs = 400;

/**
 * Watches the memory of this process and of all that it started. `stop` gives the peak in MB of their resident sizes
 * together; what several processes share, as PostgreSQL's do, is counted for each, so the figure errs upwards.
 */
export function watchMemory(): { stop(): Promise<number> } {
  let peakMb = 0;
  let isStopped = false;
  const watching = (async () => {
    while (!isStopped) {
      peakMb = Math.max(peakMb, await residentMb());
      await new Promise((resolve) => setTimeout(resolve, intervalMs));
    }
  })();
  return {
    async stop() {
      isStopped = true;
      await watching;
      return peakMb;
    },
  };
}

async function residentMb(): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,rss="]);
  return sumOfTree(stdout, process.pid) / 1024;
}

/** The sum of the third column over a process and its descendants, in a table of `pid ppid size`. */
export function sumOfTree(table: string, root: number): number {
  const rows = table.split("\n").map((line) => line.trim().split(/\s+/).map(Number) as [number, number, number]);
  const sizes = new Map(rows.map(([pid, , size]) => [pid, size]));
  const sum = (pid: number): number =>
    rows.filter(([, parent]) => parent === pid).reduce((total, [child]) => total + sum(child), sizes.get(pid) ?? 0);
  return sum(root);
}
