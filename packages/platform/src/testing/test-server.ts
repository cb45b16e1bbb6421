import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../db/embedded-postgres.ts";
import { withDatabase } from "../db/connection-url.ts";
import { computeSchemaHash, migrate } from "../db/migrate.ts";
import { ensureDatabase, giveSchemaToOwner } from "../db/roles.ts";
import { createLog } from "../observe/log.ts";
import { Client } from "pg";

export interface TestServerUrls {
  adminUrl: string;
  ownerUrl: string;
  appUrl: string;
  /** A database with all migrations and nobody connected, from which tests copy theirs. */
  template: string;
}

export interface TestServer extends TestServerUrls {
  stop(): Promise<void>;
}

const folderPrefix = "finops-test-";

/** Starts a PostgreSQL that keeps nothing, with a migrated template. About two seconds. */
export async function startTestServer(): Promise<TestServer> {
  const dataDir = makeTestFolder();
  const server = await startEmbeddedPostgres({ dataDir, log: createLog({ level: "warn" }), durability: "none" });
  const template = `template_${computeSchemaHash().slice(0, 16)}`;
  await makeTemplate(server, template);
  return {
    adminUrl: server.adminUrl,
    ownerUrl: server.ownerUrl,
    appUrl: server.appUrl,
    template,
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A temporary folder that a later run removes if this one is killed. */
export function makeTestFolder(): string {
  removeLeftFolders();
  return mkdtempSync(join(tmpdir(), `${folderPrefix}${process.pid}-`));
}

async function makeTemplate(server: EmbeddedPostgres, template: string): Promise<void> {
  const admin = new Client({ connectionString: server.adminUrl });
  await admin.connect();
  try {
    await ensureDatabase(admin, template);
    await giveSchemaToOwner(withDatabase(server.adminUrl, template));
    await migrate({ ownerUrl: withDatabase(server.ownerUrl, template) });
  } finally {
    await admin.end();
  }
}

/** A run that was killed could not remove its folder; its PostgreSQL has stopped with it. */
function removeLeftFolders(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(folderPrefix))) {
    const pid = Number(name.slice(folderPrefix.length).split("-")[0]);
    if (Number.isSafeInteger(pid) && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
