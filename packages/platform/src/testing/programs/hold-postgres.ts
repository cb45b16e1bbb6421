// Starts PostgreSQL in the folder given as argument, prints its URLs and process id, and waits to be killed.
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../db/embedded-postgres.ts";
import { readPostmasterPid } from "../../db/postgres-orphans.ts";
import { silentLog } from "../../observe/log.ts";

const dataDir = process.argv[2]!;
const { adminUrl } = await startEmbeddedPostgres({ dataDir, log: silentLog, durability: "none" });
console.log(JSON.stringify({ adminUrl, postmaster: readPostmasterPid(join(dataDir, "cluster")) }));
setInterval(() => {}, 60_000);
