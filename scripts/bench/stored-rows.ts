import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { addMonths } from "@finops/kernel/period";
import { createApiKey } from "@finops/platform/identity/api-keys";
import { importFolder, openBenchHost } from "./bench-host.ts";
import { cacheDir } from "./cached-bills.ts";
import { repository } from "./programs.ts";
import { watchMemory } from "./watch-memory.ts";

/** A data folder with one company and its costs, closed: a bench opens it, or starts a server on it. */
export interface StoredRows {
  dataDir: string;
  rows: number;
  /** The months of the bills; half open. */
  period: { start: string; end: string };
  /** An API key that may read costs. */
  key: string;
  /** What the import took, from the first look to published, and the most memory of all processes meanwhile. */
  seconds: number;
  peakMb: number;
}

/** A company of so many rows has so many months of 10 million. */
export function monthsOf(rows: number): number {
  return Math.max(1, Math.round(rows / 10_000_000));
}

/**
 * A folder of bills as a new data folder: imported once, kept for the next run, and copied for each. What imports and stores
 * them is part of the kept folder's name, so that what another state of the code has made is never measured.
 */
export async function storeRows(
  dataDir: string,
  bills: string,
  months: number,
  say: (text: string) => void,
): Promise<StoredRows> {
  const name = `stored-${basename(bills)}`;
  const kept = join(cacheDir, `${name}-${fingerprint()}`);
  if (!existsSync(kept)) {
    say(`Importing ${basename(bills)} (kept in ${cacheDir})`);
    await mkdir(cacheDir, { recursive: true });
    for (const old of readdirSync(cacheDir).filter((one) => one.startsWith(`${name}-`)))
      await rm(join(cacheDir, old), { recursive: true, force: true });
    const draft = `${kept}.${process.pid}`;
    await mkdir(draft, { recursive: true });
    // PostgreSQL does not run as root, so its own user must be able to walk into the folder.
    for (const folder of [cacheDir, draft]) await chmod(folder, 0o755);
    await writeFile(join(draft, "stored.json"), JSON.stringify(await importInto(join(draft, "data"), bills)));
    await rename(draft, kept);
  }
  // Unlike Node's own copy, this one keeps whom the files belong to.
  await promisify(execFile)("cp", ["-a", `${join(kept, "data")}/.`, dataDir]);
  const imported = JSON.parse(readFileSync(join(kept, "stored.json"), "utf8")) as Imported;
  return { dataDir, ...imported, period: { start: addMonths("2026-11-01", -months), end: "2026-11-01" } };
}

type Imported = Omit<StoredRows, "dataDir" | "period">;

async function importInto(dataDir: string, bills: string): Promise<Imported> {
  await mkdir(dataDir);
  const host = await openBenchHost(dataDir);
  const memory = watchMemory();
  try {
    const { rows, seconds } = await importFolder(host, bills);
    const { key } = await createApiKey(host.ctx, { name: "bench", permissions: ["costs:read"] });
    return { rows, key, seconds, peakMb: await memory.stop() };
  } finally {
    await memory.stop();
    await host.embedded.close();
  }
}

/** Of everything that a bill passes on its way into the store. */
function fingerprint(): string {
  const hash = createHash("sha256");
  for (const folder of [
    "shared",
    "packages/platform",
    "packages/connectors",
    "packages/warehouse",
    "packages/pipeline",
  ]) {
    const files = readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(ts|sql)$/.test(file) && !/node_modules|\.test\.ts$|\/query\/|\/generated\//.test(file))
      .toSorted();
    for (const file of files) hash.update(file).update(readFileSync(join(repository, folder, file)));
  }
  return hash.digest("hex").slice(0, 16);
}
