import { lockDataFolder } from "@finops/platform/data-folder";
import { openDatabase } from "@finops/platform/db/database";
import { migrate } from "@finops/platform/db/migrate";
import { preparePostgres, requireReadyPostgres } from "@finops/platform/db/outside-postgres";
import { type HostOptions, openHostParts, type ServerHost } from "./host-parts.ts";
import type { OutsideDatabase } from "./process-settings.ts";
import { type Undo, undoAll } from "./undo.ts";

/**
 * One of several processes on the same PostgreSQL, ClickHouse and bucket. Its data folder is its own and holds nothing that
 * outlives it: work that is under way, and the key of commands beside it.
 */
export async function openSharedHost(options: HostOptions, database: OutsideDatabase): Promise<ServerHost> {
  const lock = lockDataFolder(options.dataDir, options.purpose);
  const undo: Undo = [() => lock.release()];
  try {
    await bringUpToDate(database, options.paths.migrations);
    await requireReadyPostgres(database.appUrl, { migrationsDir: options.paths.migrations });
    const traceparent = options.telemetry?.traceparent;
    const db = openDatabase({ ...database, ...(traceparent === undefined ? {} : { traceparent }) });
    undo.push(() => db.close());
    return {
      ...(await openHostParts({ ...options, connectionsMax: database.connectionsMax }, db, lock.folder, undo)),
      folder: lock.folder,
      isAlone: false,
      crashed: new Promise(() => undefined),
      announce: (url) => lock.announceServer(url),
      close: () => undoAll(undo),
    };
  } catch (error) {
    await undoAll(undo);
    throw error;
  }
}

/** As far as the logins go that this process has; returns what was applied. Others that do the same at once wait. */
export async function bringUpToDate(
  { appUrl, ownerUrl, adminUrl }: Pick<OutsideDatabase, "appUrl" | "ownerUrl" | "adminUrl">,
  migrationsDir: string,
): Promise<string[]> {
  if (ownerUrl === null) return [];
  if (adminUrl !== null) await preparePostgres(adminUrl, ownerUrl, appUrl);
  return migrate({ ownerUrl, migrationsDir });
}
