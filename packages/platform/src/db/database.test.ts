import { newId } from "@finops/kernel/id";
import { type AddressInfo, connect, createServer } from "node:net";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { openDatabase } from "./database.ts";
import { createTenant, type Tenant } from "../tenancy/tenants.ts";

let test: TestDatabase;
let acme: Tenant;
let beta: Tenant;

beforeAll(async () => {
  test = await createTestDatabase();
  acme = await createTenant(test.db, { slug: "acme", name: "Acme", currency: "USD" });
  beta = await createTenant(test.db, { slug: "beta", name: "Beta", currency: "EUR" });
});

afterAll(() => test.drop());

const aSource = (key: string) => ({ key, name: key, connector: "aws", format: "cur-2.0" });

describe("one company at a time", () => {
  it("does not show another company's row, not even by its id", async () => {
    const source = await test.db.inTenant(acme.id, (tx) => tx.source.create({ data: aSource("hidden") }));
    const seen = await test.db.inTenant(beta.id, (tx) => tx.source.findMany({ where: { id: source.id } }));
    expect(seen).toEqual([]);
  });

  it("does not change or delete another company's row", async () => {
    const source = await test.db.inTenant(acme.id, (tx) => tx.source.create({ data: aSource("kept") }));
    const changed = await test.db.inTenant(beta.id, async (tx) => ({
      updated: await tx.source.updateMany({ where: { id: source.id }, data: { name: "stolen" } }),
      deleted: await tx.$executeRaw`delete from source where id = ${source.id}::uuid`,
    }));
    expect(changed).toEqual({ updated: { count: 0 }, deleted: 0 });
  });

  it("shows no rows while no company is set", async () => {
    await test.db.inTenant(acme.id, (tx) => tx.source.create({ data: aSource("invisible") }));
    const seen = await test.db.inDirectory(async (tx) => [
      await tx.source.count(),
      await tx.tenant.count(),
      await tx.user.count(),
    ]);
    expect(seen).toEqual([0, 0, 0]);
    const asked = await test.db.askDirectory((db) => db.$queryRaw`select count(*)::int as rows from source`);
    expect(asked).toEqual([{ rows: 0 }]);
  });

  it("refuses a row for another company", async () => {
    const insert = test.db.inTenant(acme.id, (tx) =>
      tx.source.create({ data: { ...aSource("foreign"), tenantId: beta.id } }),
    );
    await expect(insert).rejects.toMatchObject({ code: "forbidden", internal: expect.stringContaining("42501") });
  });

  it("refuses a row that points at another company's row", async () => {
    const source = await test.db.inTenant(acme.id, (tx) => tx.source.create({ data: aSource("target") }));
    const insert = test.db.inTenant(beta.id, (tx) =>
      tx.landing.create({ data: { sourceId: source.id, contentSha256: "00", format: "csv", files: [], bytes: 1n } }),
    );
    await expect(insert).rejects.toMatchObject({ code: "conflict", internal: expect.stringContaining("oreign key") });
  });

  it("does not let a company leak into the next use of a pooled connection", async () => {
    await test.db.inTenant(acme.id, async () => {});
    const client = new Client({ connectionString: test.appUrl });
    await client.connect();
    await client.query("begin");
    await client.query("select set_config('app.tenant_id', $1, true)", [acme.id]);
    await client.query("commit");
    const { rows } = await client.query("select count(*)::int as n from source");
    await client.end();
    expect(rows).toEqual([{ n: 0 }]);
  });

  it("does not let the owner of the tables see a company's rows either", async () => {
    const owner = new Client({ connectionString: test.ownerUrl });
    await owner.connect();
    const { rows } = await owner.query(
      "select (select count(*) from source)::int as sources, (select count(*) from tenant)::int as tenants",
    );
    await owner.end();
    expect(rows).toEqual([{ sources: 0, tenants: 0 }]);
  });
});

describe("transactions", () => {
  it("joins nested work for the same company, so that a failure undoes both", async () => {
    const outer = test.db.inTenant(acme.id, async (tx) => {
      await tx.source.create({ data: aSource("outer") });
      await test.db.inTenant(acme.id, (inner) => inner.source.create({ data: aSource("inner") }));
      throw new Error("changed my mind");
    });
    await expect(outer).rejects.toThrow("changed my mind");
    const left = await test.db.inTenant(acme.id, (tx) =>
      tx.source.count({ where: { key: { in: ["outer", "inner"] } } }),
    );
    expect(left).toBe(0);
  });

  it("refuses to touch two companies in one transaction", async () => {
    const both = test.db.inTenant(acme.id, () => test.db.inTenant(beta.id, async () => "both"));
    await expect(both).rejects.toMatchObject({ code: "internal" });
  });

  it("leaves the company again after work that the directory started", async () => {
    const seen = await test.db.inDirectory(async (tx) => {
      const inside = await test.db.inTenant(acme.id, (inner) => inner.tenant.count());
      return { inside, after: await tx.tenant.count() };
    });
    expect(seen).toEqual({ inside: 1, after: 0 });
  });

  it("refuses what is not the id of a company before it asks the database", async () => {
    await expect(test.db.inTenant("' or true", async () => {})).rejects.toMatchObject({ code: "internal" });
  });

  it("serves 50 at once", async () => {
    const found = await Promise.all(
      Array.from({ length: 50 }, () =>
        test.db.inTenant(acme.id, (tx) => tx.tenant.findUnique({ where: { id: acme.id } })),
      ),
    );
    expect(new Set(found.map((tenant) => tenant?.slug))).toEqual(new Set(["acme"]));
  });

  it("says that something exists already", async () => {
    const twice = async () => test.db.inTenant(acme.id, (tx) => tx.source.create({ data: aSource("twice") }));
    await twice();
    await expect(twice()).rejects.toMatchObject({ code: "conflict", message: "This exists already." });
  });

  it("lets errors that are not the database's through unchanged", async () => {
    const error = new TypeError("a defect");
    await expect(test.db.inTenant(acme.id, async () => Promise.reject(error))).rejects.toBe(error);
  });
});

describe("append-only tables", () => {
  it.each(["publication", "audit_entry"])(
    "keeps the application from changing or deleting rows of %s",
    async (table) => {
      const client = new Client({ connectionString: test.appUrl });
      await client.connect();
      await expect(client.query(`update ${table} set tenant_id = tenant_id`)).rejects.toMatchObject({ code: "42501" });
      await expect(client.query(`delete from ${table}`)).rejects.toMatchObject({ code: "42501" });
      await client.end();
    },
  );

  it("gives positions in the order of commits, whoever began first", async () => {
    const publish = (note: string) => ({
      billingPeriod: new Date("2026-10-01"),
      kind: "remove",
      versionIds: [],
      actor: "test",
      note,
    });
    let isHeld!: () => void;
    let release!: () => void;
    const held = new Promise<void>((resolve) => (isHeld = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    const first = test.db.inTenant(acme.id, async (tx) => {
      await tx.publication.create({ data: publish("first") });
      isHeld();
      await released;
    });
    await held;
    const second = test.db.inTenant(acme.id, (tx) => tx.publication.create({ data: publish("second") }));
    const other = await test.db.inTenant(beta.id, (tx) => tx.publication.create({ data: publish("other company") }));
    release();
    await Promise.all([first, second]);
    const log = await test.db.inTenant(acme.id, (tx) => tx.publication.findMany({ orderBy: { position: "asc" } }));
    expect(log.map((entry) => entry.note)).toEqual(["first", "second"]);
    expect(log[1]!.position).toBeGreaterThan(other.position);
  });
});

describe("listening", () => {
  it("hears a notice of another connection until it stops listening", async () => {
    const heard: string[] = [];
    const stop = await test.db.listen("bell", (payload) => heard.push(payload));
    const ring = (text: string) => test.db.inDirectory((tx) => tx.$queryRaw`select pg_notify('bell', ${text})::text`);
    await ring("one");
    await expect.poll(() => heard).toEqual(["one"]);
    stop();
    await ring("two");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).toEqual(["one"]);
  });

  it("can be tried again after the database was away", async () => {
    const { searchParams } = new URL(test.appUrl);
    const gate = createServer((incoming) => {
      const server = connect(`${searchParams.get("host")}/.s.PGSQL.5432`);
      for (const end of [incoming, server]) end.on("error", () => undefined);
      incoming.pipe(server).pipe(incoming);
    });
    await new Promise<void>((resolve) => gate.listen(0, "127.0.0.1", resolve));
    const { port } = gate.address() as AddressInfo;
    await new Promise((resolve) => gate.close(resolve));
    const away = new URL(test.appUrl);
    away.search = "";
    away.host = `127.0.0.1:${port}`;
    const db = openDatabase({ appUrl: away.toString() });
    const heard: string[] = [];
    await expect(db.listen("bell", (payload) => heard.push(`first ${payload}`))).rejects.toThrow();
    await new Promise<void>((resolve) => gate.listen(port, "127.0.0.1", resolve));
    await db.listen("bell", (payload) => heard.push(payload));
    await test.db.inDirectory((tx) => tx.$queryRaw`select pg_notify('bell', 'one')::text`);
    await expect.poll(() => heard).toEqual(["one"]);
    await db.close();
    gate.close();
  });
});

it("does not know a company that was never made", async () => {
  const nobody = newId();
  const insert = test.db.inTenant(nobody, (tx) => tx.source.create({ data: aSource("orphan") }));
  await expect(insert).rejects.toMatchObject({ code: "conflict" });
});
