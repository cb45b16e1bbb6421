import { newId } from "@finops/kernel/id";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createSession } from "../identity/sessions.ts";
import { ensureUser, setMember } from "../identity/users.ts";
import { enqueue, claimNext } from "../jobs/work-items.ts";
import { systemClock } from "@finops/kernel/clock";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createTenant, deleteTenant, findTenant, getTenant, listTenants, type TenantInput } from "./tenants.ts";

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(() => test.drop());

it("makes a company with what every company starts with", async () => {
  const tenant = await createTenant(test.db, {
    slug: "acme",
    name: "Acme",
    currency: "EUR",
    fiscalYearStart: 4,
    timeZone: "Europe/Berlin",
  });
  expect(tenant).toMatchObject({
    slug: "acme",
    name: "Acme",
    currency: "EUR",
    fiscalYearStart: 4,
    timeZone: "Europe/Berlin",
    state: "active",
  });
  const roles = await test.db.inTenant(tenant.id, (tx) => tx.role.findMany({ orderBy: { key: "asc" } }));
  expect(roles.map((role) => role.key)).toEqual([
    "admin",
    "auditor",
    "engineer",
    "finance",
    "finops",
    "owner",
    "viewer",
  ]);
});

it("takes dollars, January and UTC where nothing is said", async () => {
  expect(await createTenant(test.db, { slug: "plain", name: "Plain" })).toMatchObject({
    currency: "USD",
    fiscalYearStart: 1,
    timeZone: "UTC",
  });
});

it("finds a company by its slug", async () => {
  const { id } = await createTenant(test.db, { slug: "found", name: "Found" });
  expect([(await findTenant(test.db, "found"))?.id, await findTenant(test.db, "lost")]).toEqual([id, null]);
  await expect(getTenant(test.db, "lost")).rejects.toMatchObject({
    code: "not_found",
    message: 'There is no company "lost".',
  });
});

it("gives a slug to one company", async () => {
  await createTenant(test.db, { slug: "taken", name: "First" });
  await expect(createTenant(test.db, { slug: "taken", name: "Second" })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("Choose another slug"),
  });
});

it.each([
  [{ slug: "Acme Inc" }, "slug"],
  [{ slug: "-a" }, "slug"],
  [{ slug: "a".repeat(64) }, "slug"],
  [{ name: "" }, "name"],
  [{ currency: "usd" }, "currency"],
  [{ fiscalYearStart: 13 }, "fiscalYearStart"],
  [{ timeZone: "Mars/Base" }, "timeZone"],
] satisfies [Partial<TenantInput>, string][])("refuses %j and names what is wrong", async (wrong, field) => {
  await expect(createTenant(test.db, { slug: "right", name: "Right", ...wrong })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining(`${field}:`),
  });
});

it("lists companies by slug for the operator", async () => {
  const slugs = (await listTenants(test.db)).map((tenant) => tenant.slug);
  expect(slugs).toEqual([...slugs].sort());
  expect(slugs).toContain("acme");
});

it("deletes all rows of a company and none of another", async () => {
  const gone = await createTenant(test.db, { slug: "gone", name: "Gone" });
  const stays = await createTenant(test.db, { slug: "stays", name: "Stays" });
  for (const tenant of [gone, stays]) await fill(tenant.id);
  expect(await deleteTenant(test.db, gone.id)).toBe(true);
  expect(await deleteTenant(test.db, gone.id)).toBe(false);

  const admin = new Client({ connectionString: test.adminUrl });
  await admin.connect();
  const { rows: tables } = await admin.query<{ table_name: string }>(
    "select table_name from information_schema.columns where column_name = 'tenant_id' and table_schema = 'public'",
  );
  const filled: string[] = [];
  for (const { table_name: table } of tables) {
    const { rows } = await admin.query<{ gone: number; stays: number }>(
      `select count(*) filter (where tenant_id = $1)::int as gone, count(*) filter (where tenant_id = $2)::int as stays from ${table}`,
      [gone.id, stays.id],
    );
    expect({ table, gone: rows[0]!.gone }).toEqual({ table, gone: 0 });
    if (rows[0]!.stays > 0) filled.push(table);
  }
  await admin.end();
  expect(filled).toEqual(
    expect.arrayContaining([
      "publication",
      "generation",
      "dataset_version",
      "session",
      "work_item",
      "work_turn",
      "audit_entry",
    ]),
  );
});

async function fill(tenantId: string): Promise<void> {
  const userId = await ensureUser(test.db, { email: "owner@example.com", name: "Owner" });
  await setMember(test.db, tenantId, userId, "owner");
  await createSession(test.db, systemClock, { tenantId, userId, method: "link" });
  const billingPeriod = new Date("2026-10-01");
  await test.db.inTenant(tenantId, async (tx) => {
    const source = await tx.source.create({ data: { key: "s", name: "S", connector: "aws", format: "cur" } });
    const landing = await tx.landing.create({
      data: { tenantId, sourceId: source.id, contentSha256: "0", format: "cur", files: [], bytes: 1n },
    });
    const version = await tx.datasetVersion.create({
      data: {
        tenantId,
        sourceId: source.id,
        landingId: landing.id,
        billingPeriod,
        number: 1,
        lakePrefix: "l",
        mappingVersion: "1",
      },
    });
    await tx.versionAccount.create({ data: { tenantId, versionId: version.id, account: "123" } });
    const generation = await tx.generation.create({
      data: {
        billingPeriod,
        number: 1,
        storePath: "g",
        rows: 1n,
        bytes: 1n,
        chargeStart: billingPeriod,
        chargeEnd: billingPeriod,
        manifest: {},
      },
    });
    await tx.generationVersion.create({ data: { tenantId, generationId: generation.id, versionId: version.id } });
    await tx.publication.create({
      data: {
        tenantId,
        billingPeriod,
        generationId: generation.id,
        kind: "publish",
        versionIds: [version.id],
        actor: "test",
      },
    });
    await tx.buildLease.create({
      data: { billingPeriod, holder: "w", token: 1n, versionIds: [version.id], expiresAt: new Date("2026-11-01") },
    });
    await tx.auditEntry.create({
      data: { actorKind: "system", actorId: "s", actorName: "S", action: "a", via: "system", requestId: newId() },
    });
    await enqueue(tx, { kind: "import", pool: `pool-of-${tenantId}`, payload: {} });
  });
  await claimNext(test.db, { pool: `pool-of-${tenantId}`, worker: "w", leaseMs: 1000 });
}
