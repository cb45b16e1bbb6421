import { lockDataFolder } from "@finops/platform/data-folder";
import { startEmbeddedPostgres } from "@finops/platform/db/embedded-postgres";
import type { HostOptions, ServerHost } from "./host-parts.ts";
import { type Undo, undoAll } from "./undo.ts";

/**
 * Everything of one box: PostgreSQL, DuckDB (or ClickHouse, where it is named), a folder of files, and the engine's child
 * processes. Takes the data folder, starts what it needs, brings the schema up to date and clears what a crash left behind.
 */
export async function openEmbeddedHost(options: HostOptions): Promise<ServerHost> {
  const lock = lockDataFolder(options.dataDir, options.purpose);
  const { folder } = lock;
  const undo: Undo = [() => lock.release()];
  try {
    const starting = startEmbeddedPostgres({ dataDir: folder.postgresDir, log: options.log });
    undo.push(async () => (await starting.catch(() => null))?.stop());
    // Loading what stands on it takes longer than PostgreSQL takes to start, so both are done at once.
    const [postgres, { openOnPostgres }] = await Promise.all([starting, import("./open-on-postgres.ts")]);
    return {
      ...(await openOnPostgres(options, postgres, folder, undo)),
      folder,
      isAlone: true,
      crashed: postgres.crashed,
      announce: (url) => lock.announceServer(url),
      close: () => undoAll(undo),
    };
  } catch (error) {
    await undoAll(undo);
    throw error;
  }
}
