import type { DataFolder } from "@finops/platform/data-folder";
import { openDatabase } from "@finops/platform/db/database";
import type { EmbeddedPostgres } from "@finops/platform/db/embedded-postgres";
import { migrate } from "@finops/platform/db/migrate";
import { requeueExpired } from "@finops/platform/jobs/work-items";
import { sweep } from "@finops/pipeline/publish/sweep";
import { type HostOptions, type HostParts, openHostParts } from "./host-parts.ts";
import { readKeepStates } from "./process-settings.ts";
import type { Undo } from "./undo.ts";

/** All of one box that stands on its PostgreSQL, with the schema of this program and nothing left of a crash. */
export async function openOnPostgres(
  options: HostOptions,
  { ownerUrl, appUrl }: EmbeddedPostgres,
  folder: DataFolder,
  undo: Undo,
): Promise<HostParts> {
  await migrate({ ownerUrl, migrationsDir: options.paths.migrations });
  const traceparent = options.telemetry?.traceparent;
  const db = openDatabase({ appUrl, ...(traceparent === undefined ? {} : { traceparent }) });
  undo.push(() => db.close());
  const parts = await openHostParts(options, db, folder, undo);
  // This process holds the folder, so nobody else can be at work: what still runs in the books died with its process.
  await requeueExpired(db, { evenIfLeased: true });
  const keepStates = readKeepStates(process.env);
  await sweep(parts.host, parts.pipeline, { evenIfLeased: true, ...(keepStates === null ? {} : { keepStates }) });
  return parts;
}
