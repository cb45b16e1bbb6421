import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "@finops/kernel/id";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withDatabase } from "../db/connection-url.ts";
import { giveSchemaToOwner } from "../db/roles.ts";
import { defaultMigrationsDir, migrate } from "../db/migrate.ts";
import { ensureDatabase } from "../db/roles.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";

/** A database as it was before the migration, with a company that has rows. */
const name = `before_access_${newId().replaceAll("-", "")}`;
let test: TestDatabase;
let dir: string;

beforeAll(async () => {
  test = await createTestDatabase();
  dir = mkdtempSync(join(tmpdir(), "finops-before-access-"));
  for (const migration of readdirSync(defaultMigrationsDir).filter((one) => one < "0007"))
    cpSync(join(defaultMigrationsDir, migration), join(dir, migration), { recursive: true });
});
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await asAdmin(test.adminUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`));
  await test.drop();
});

async function asAdmin<T>(url: string, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

it("names the roles of companies that were there before anew, and keeps who has them and what they are shown", async () => {
  const [adminUrl, ownerUrl] = [withDatabase(test.adminUrl, name), withDatabase(test.ownerUrl, name)];
  await asAdmin(test.adminUrl, (admin) => ensureDatabase(admin, name));
  await giveSchemaToOwner(adminUrl);
  await migrate({ ownerUrl, migrationsDir: dir });
  const [tenant, user, role] = [newId(), newId(), newId()];
  await asAdmin(adminUrl, async (admin) => {
    await admin.query("insert into tenant (id, slug, name, currency) values ($1, 'acme', 'Acme', 'USD')", [tenant]);
    await admin.query("insert into app_user (id, email, name) values ($1, 'ann@acme.example', 'Ann')", [user]);
    await admin.query(
      "insert into role (id, tenant_id, key, name, built_in) values ($2, $1, 'analyst', 'Analyst', true), (gen_random_uuid(), $1, 'owner', 'Owner', true), (gen_random_uuid(), $1, 'own', 'Own', false)",
      [tenant, role],
    );
    await admin.query("insert into membership (tenant_id, user_id, role_id) values ($1, $2, $3)", [tenant, user, role]);
    await admin.query(
      `insert into document (tenant_id, kind, name, content, sharing, owner_id, owner_name, changed_by_id, changed_by_name)
       values ($1, 'report', 'May', '{}', '{"with":"roles","roles":["viewer","analyst"]}', 'x', 'X', 'x', 'X')`,
      [tenant],
    );
  });

  expect(await migrate({ ownerUrl })).toContain("0007_access");
  await asAdmin(adminUrl, async (admin) => {
    const { rows: roles } = await admin.query("select key, built_in from role order by key");
    expect(roles.map((row) => [row.key, row.built_in])).toEqual([
      ["auditor", true],
      ["engineer", true],
      ["finance", true],
      ["finops", true],
      ["own", false],
      ["owner", true],
    ]);
    const { rows: members } = await admin.query("select r.key from membership m join role r on r.id = m.role_id");
    expect(members).toEqual([{ key: "finops" }]);
    const { rows: documents } = await admin.query("select sharing from document");
    expect(documents).toEqual([{ sharing: { with: "roles", roles: ["viewer", "finops"] } }]);
    const { rows: open } = await admin.query(
      "select relname from pg_class where relname in ('tenant', 'role', 'document') and not relforcerowsecurity",
    );
    expect(open).toEqual([]);
  });
});

it("keeps what looks up any company's grants from the application", async () => {
  const look = test.db.inDirectory(
    (tx) => tx.$queryRaw`select find_grants(${newId()}::uuid, null, null, now()) as found`,
  );
  await expect(look).rejects.toMatchObject({ code: "forbidden" });
});
