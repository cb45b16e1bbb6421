import { lockDataFolder } from "@finops/platform/data-folder";
import { openDatabase } from "@finops/platform/db/database";
import { startEmbeddedPostgres } from "@finops/platform/db/embedded-postgres";
import { migrate } from "@finops/platform/db/migrate";
import { requeueExpired } from "@finops/platform/jobs/work-items";
import { sweep } from "@finops/pipeline/publish/sweep";
import { type HostOptions, openHostParts, type ServerHost, type Undo, undoAll } from "./host-parts.ts";
import { readKeepStates } from "./process-settings.ts";

/**
 * Everything of one box: PostgreSQL, DuckDB (or ClickHouse, where it is named), a folder of files, and the engine's child
 * processes. Takes the data folder, starts what it needs, brings the schema up to date and clears what a crash left behind.
 */
export async function openEmbeddedHost(options: HostOptions): Promise<ServerHost> {
  const { log, paths } = options;
  const lock = lockDataFolder(options.dataDir, options.purpose);
  const { folder } = lock;
  const undo: Undo = [() => lock.release()];
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: folder.postgresDir, log });
    undo.push(() => postgres.stop());
    await migrate({ ownerUrl: postgres.ownerUrl, migrationsDir: paths.migrations });
    const traceparent = options.telemetry?.traceparent;
    const db = openDatabase({ appUrl: postgres.appUrl, ...(traceparent === undefined ? {} : { traceparent }) });
    undo.push(() => db.close());
    const parts = await openHostParts(options, db, folder, undo);
    // This process holds the folder, so nobody else can be at work: what still runs in the books died with its process.
    await requeueExpired(db, { evenIfLeased: true });
    const keepStates = readKeepStates(process.env);
    await sweep(parts.host, parts.pipeline, {
      evenIfLeased: true,
      ...(keepStates === null ? {} : { keepStates }),
    });
    return {
      ...parts,
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
