import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { withDatabase } from "../db/connection-url.ts";
import { type Database, openDatabase } from "../db/database.ts";
import { startTestServer, type TestServerUrls } from "./test-server.ts";

export interface TestDatabase {
  db: Database;
  appUrl: string;
  ownerUrl: string;
  /** Superuser, for looking behind row security in a test. */
  adminUrl: string;
  drop(): Promise<void>;
}

/** The environment variable in which global-setup.ts says where to ask for the run's PostgreSQL. */
export const testServerSocket = "FINOPS_TEST_SERVER_SOCKET";

let server: Promise<TestServerUrls> | null = null;

/** A fresh, migrated database of its own for a test file; a copy of the template takes about a tenth of a second. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const urls = await (server ??= findTestServer());
  const name = `test_${randomBytes(8).toString("hex")}`;
  await asAdmin(urls.adminUrl, (admin) =>
    admin.query(`create database ${name} template ${urls.template} owner finops_owner`),
  );
  const appUrl = withDatabase(urls.appUrl, name);
  const db = openDatabase({ appUrl });
  return {
    db,
    appUrl,
    ownerUrl: withDatabase(urls.ownerUrl, name),
    adminUrl: withDatabase(urls.adminUrl, name),
    async drop() {
      await db.close();
      await asAdmin(urls.adminUrl, async (admin) => {
        await hasNobody(admin, name);
        await admin.query(`drop database ${name} with (force)`);
      });
    },
  };
}

/** The run's server; a program that runs without vitest's global setup gets one of its own, which ends with it. */
async function findTestServer(): Promise<TestServerUrls> {
  const socketPath = process.env[testServerSocket];
  if (socketPath === undefined) return startTestServer();
  const answer = JSON.parse(await text(connect(socketPath))) as TestServerUrls | { error: string };
  if ("error" in answer) throw new Error(answer.error);
  return answer;
}

/** Waits a moment for connections that are just ending: one that is ended by force complains to nobody, which fails the run. */
async function hasNobody(admin: Client, name: string): Promise<void> {
  const used = "select from pg_stat_activity where datname = $1";
  for (let tries = 0; tries < 40 && (await admin.query(used, [name])).rowCount !== 0; tries += 1) await sleep(50);
}

async function asAdmin(adminUrl: string, work: (admin: Client) => Promise<unknown>): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
