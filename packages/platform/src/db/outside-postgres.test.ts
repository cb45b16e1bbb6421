import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silentLog } from "../observe/log.ts";
import { makeTestFolder } from "../testing/test-server.ts";
import { createTenant } from "../tenancy/tenants.ts";
import { withDatabase } from "./connection-url.ts";
import { openDatabase } from "./database.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { defaultMigrationsDir, migrate } from "./migrate.ts";
import { preparePostgres, requireReadyPostgres } from "./outside-postgres.ts";

/** A server as a provider hands it over: an administrator who is no superuser, and nothing of ours. */
let root: string;
let server: EmbeddedPostgres;
let hostedUrl: string;
let ownerUrl: string;
let appUrl: string;

const login = (user: string, password: string, database: string) => {
  const url = new URL(withDatabase(server.adminUrl, database));
  [url.username, url.password] = [user, password];
  return url.toString();
};

async function run(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const sql of statements) ({ rows } = await client.query(sql));
    return rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  root = makeTestFolder();
  server = await startEmbeddedPostgres({ dataDir: root, log: silentLog, durability: "none" });
  await run(
    server.adminUrl,
    "drop database finops",
    "drop role finops_app",
    "drop role finops_owner",
    "drop role finops_directory",
    "create role hosted login createrole createdb password 'hosted'",
  );
  hostedUrl = login("hosted", "hosted", "postgres");
  [ownerUrl, appUrl] = [login("finops_owner", "o", "costs"), login("finops_app", "a", "costs")];
});
afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

describe("a PostgreSQL that somebody else runs", () => {
  it("gets roles and database by its administrator, who is no superuser, from several processes at once", async () => {
    await Promise.all([1, 2, 3].map(() => preparePostgres(hostedUrl, ownerUrl, appUrl)));
    const rights =
      "select rolname, rolsuper or rolbypassrls as bypasses from pg_roles where rolname like 'finops_%' order by 1";
    expect(await run(server.adminUrl, rights)).toEqual([
      { rolname: "finops_admin", bypasses: true },
      { rolname: "finops_app", bypasses: false },
      { rolname: "finops_directory", bypasses: false },
      { rolname: "finops_owner", bypasses: false },
    ]);
  });

  it("is waited for by a process that may not migrate, until another one did", async () => {
    const waiting = requireReadyPostgres(appUrl, { waitMaxMs: 60_000 });
    await expect(requireReadyPostgres(appUrl, { waitMaxMs: 0 })).rejects.toMatchObject({
      code: "precondition",
      message: expect.stringContaining("FINOPS_ROLE=migrate"),
    });
    await migrate({ ownerUrl });
    await waiting;
    // A second start finds everything, and an administrator's login changes nothing.
    await preparePostgres(hostedUrl, ownerUrl, appUrl);
    await requireReadyPostgres(appUrl, { waitMaxMs: 0 });
  });

  it("keeps companies apart as the embedded one does", async () => {
    const db = openDatabase({ appUrl });
    const [acme, beta] = [
      await createTenant(db, { slug: "acme", name: "Acme" }),
      await createTenant(db, { slug: "beta", name: "Beta" }),
    ];
    expect(await db.inTenant(acme.id, (tx) => tx.tenant.findMany({ select: { slug: true } }))).toEqual([
      { slug: "acme" },
    ]);
    expect(await db.inTenant(beta.id, (tx) => tx.tenant.count({ where: { id: acme.id } }))).toBe(0);
    await db.close();
  });

  it("hears notices past a pooler that passes none on", async () => {
    const db = openDatabase({ appUrl: login("finops_app", "wrong", "costs"), listenUrl: appUrl });
    const heard: string[] = [];
    await db.listen("work_item", (pool) => heard.push(pool));
    await run(appUrl, "notify work_item, 'imports'");
    await expect.poll(() => heard).toEqual(["imports"]);
    await db.close();
  });

  it("refuses a login that row-level security does not bind, in words", async () => {
    for (const url of [withDatabase(server.adminUrl, "costs"), ownerUrl, login("hosted", "hosted", "costs")])
      await expect(requireReadyPostgres(url, { waitMaxMs: 0 })).rejects.toMatchObject({
        code: "precondition",
        message: expect.stringMatching(/whom row-level security does not keep to one company.*Log in as finops_app/),
      });
    await run(
      server.adminUrl,
      "create role stranger login password 's'",
      "grant connect on database costs to stranger",
    );
    await expect(requireReadyPostgres(login("stranger", "s", "costs"), { waitMaxMs: 0 })).rejects.toMatchObject({
      message: expect.stringContaining("or as a member of it"),
    });
    await run(server.adminUrl, "create database latin template template0 encoding 'LATIN1' locale 'C'");
    await expect(requireReadyPostgres(login("stranger", "s", "latin"), { waitMaxMs: 0 })).rejects.toMatchObject({
      message: expect.stringContaining("is encoded as LATIN1"),
    });
    await run(server.adminUrl, "grant finops_app to stranger");
    await requireReadyPostgres(login("stranger", "s", "costs"), { waitMaxMs: 0 });
  });

  it("refuses a schema that is newer than the program, and logins that do not fit, in words", async () => {
    const older = join(root, "older");
    cpSync(defaultMigrationsDir, older, { recursive: true });
    const newer = join(older, "9001_next");
    mkdirSync(newer);
    writeFileSync(join(newer, "migration.sql"), "select 1");
    await expect(requireReadyPostgres(appUrl, { waitMaxMs: 0, migrationsDir: older })).rejects.toMatchObject({
      message: expect.stringContaining("it misses 9001_next"),
    });
    await migrate({ ownerUrl, migrationsDir: older });
    await expect(requireReadyPostgres(appUrl, { waitMaxMs: 0 })).rejects.toMatchObject({
      message: expect.stringContaining("newer version of the program (it knows 9001_next)"),
    });
    await expect(requireReadyPostgres(login("finops_app", "wrong", "costs"))).rejects.toMatchObject({
      message: expect.stringMatching(/^PostgreSQL does not let DATABASE_URL in: password authentication failed/),
    });
    await expect(preparePostgres(hostedUrl, login("hosted", "o", "costs"), appUrl)).rejects.toMatchObject({
      message: expect.stringContaining("postgresql://finops_owner:…@host/database"),
    });
    await expect(preparePostgres(hostedUrl, login("finops_owner", "o", "other"), appUrl)).rejects.toMatchObject({
      message: expect.stringContaining("names the database costs"),
    });
  });
});
