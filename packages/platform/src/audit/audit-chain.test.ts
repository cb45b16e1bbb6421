import { cpSync, mkdtempSync, rmSync, readdirSync } from "node:fs";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "@finops/kernel/id";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { withDatabase } from "../db/connection-url.ts";
import { openDatabase } from "../db/database.ts";
import { giveSchemaToOwner } from "../db/roles.ts";
import { defaultMigrationsDir, migrate } from "../db/migrate.ts";
import { ensureDatabase } from "../db/roles.ts";
import { createFolderStore } from "../files/folder-store.ts";
import type { Host } from "../host.ts";
import { type Context, createSystemContext } from "../tenancy/context.ts";
import { createTenant } from "../tenancy/tenants.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createTestHost } from "../testing/test-host.ts";
import { audit, auditAlone } from "./audit.ts";
import { hashLine } from "./chain.ts";
import { sealChain } from "./seal-chain.ts";
import { verifyChain } from "./verify-chain.ts";

let test: TestDatabase;
let host: Host;
let root: string;
let admin: Client;
let companies = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  root = mkdtempSync(join(tmpdir(), "finops-audit-"));
  host = createTestHost({
    db: test.db,
    files: createFolderStore({ root: join(root, "files"), draftsDir: join(root, "drafts") }),
  });
  admin = new Client({ connectionString: test.adminUrl });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await test.drop();
  rmSync(root, { recursive: true, force: true });
});

async function newCompany(): Promise<Context> {
  companies += 1;
  const { id } = await createTenant(test.db, { slug: `company-${companies}`, name: "Company" });
  return createSystemContext(host, id, "test");
}

async function write(ctx: Context, count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1)
    await ctx.inTenant((tx) => audit(tx, ctx, "thing.changed", { after: { number, text: 'Zürich \u2028 "=1"' } }));
}

/** As who owns the database and switches its triggers off. */
const tamper = async (sql: string, ...values: unknown[]) => {
  await admin.query("set session_replication_role = replica");
  await admin.query(sql, values);
};

const faultOf = async (ctx: Context) => (await verifyChain(ctx)).fault;

describe("the chain of a company", () => {
  it("has each entry once, with the hash of the one before, however many are written at once", async () => {
    const [acme, beta] = [await newCompany(), await newCompany()];
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        Promise.all([
          acme.inTenant(async (tx) => {
            await audit(tx, acme, "first.done", { after: { index } });
            await audit(tx, acme, "second.done", { after: { index } });
          }),
          index % 5 === 0 ? auditAlone(beta, "other.done") : null,
        ]),
      ),
    );
    expect(await verifyChain(acme)).toMatchObject({ entries: 100n, sealed: 0n, fault: null });
    expect(await verifyChain(beta)).toMatchObject({ entries: 10n, fault: null });
    const { rows } = await admin.query<{ sequence: string; previous_hash: string; hash: string; line: string }>(
      "select sequence, previous_hash, hash, audit_line(e) as line from audit_entry e where tenant_id = $1 order by sequence",
      [acme.tenantId],
    );
    expect(rows.map((row) => row.sequence)).toEqual(rows.map((_, index) => String(index + 1)));
    expect(rows.map((row) => row.previous_hash)).toEqual(["0".repeat(64), ...rows.slice(0, -1).map((row) => row.hash)]);
    expect(rows.map((row) => row.hash)).toEqual(rows.map((row) => hashLine(row.line)));
  });

  it("does not keep two changes that wait for each other's rows from ending", async () => {
    const ctx = await newCompany();
    const source = (key: string) => ({ key, name: key, connector: "aws", format: "cur-2.0" });
    await ctx.inTenant((tx) => tx.source.createMany({ data: [source("shared")] }));
    // Each writes its entry first and changes the same row then: with a lock from the entry on, who has the row would wait for
    // who has the lock.
    const change = (name: string, isEntryFirst: boolean) =>
      ctx.inTenant(async (tx) => {
        if (isEntryFirst) await audit(tx, ctx, "source.changed", { after: { name } });
        await tx.source.updateMany({ where: { key: "shared" }, data: { name } });
        if (!isEntryFirst) await audit(tx, ctx, "source.changed", { after: { name } });
      });
    await Promise.all(Array.from({ length: 20 }, (_, index) => change(`name ${index}`, index % 2 === 0)));
    expect(await verifyChain(ctx)).toMatchObject({ entries: 20n, fault: null });
  });

  it("is not held by a transaction that has written its entry and goes on", async () => {
    const ctx = await newCompany();
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    let written!: () => void;
    const hasWritten = new Promise<void>((resolve) => (written = resolve));
    const slow = ctx.inTenant(async (tx) => {
      await audit(tx, ctx, "slow.done");
      written();
      await released;
    });
    await hasWritten;
    await ctx.inTenant((tx) => audit(tx, ctx, "fast.done"));
    release();
    await slow;
    const entries = await ctx.inTenant((tx) => tx.auditEntry.findMany({ orderBy: { sequence: "asc" } }));
    expect(entries.map((entry) => entry.action)).toEqual(["fast.done", "slow.done"]);
    expect(await verifyChain(ctx)).toMatchObject({ entries: 2n, fault: null });
  });

  it("has what is written inside of the directory's work, which has left the company by the commit", async () => {
    const ctx = await newCompany();
    await test.db.inDirectory(() => ctx.inTenant((tx) => audit(tx, ctx, "thing.made")));
    expect(await verifyChain(ctx)).toMatchObject({ entries: 1n, fault: null });
  });

  it("knows nothing of a change that was taken back", async () => {
    const ctx = await newCompany();
    await write(ctx, 1);
    const failed = ctx.inTenant(async (tx) => {
      await audit(tx, ctx, "thing.changed");
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    await write(ctx, 1);
    expect(await verifyChain(ctx)).toMatchObject({ entries: 2n, fault: null });
  });

  it("is seen by its own company only", async () => {
    const [acme, beta] = [await newCompany(), await newCompany()];
    await write(acme, 2);
    expect(await beta.inTenant((tx) => tx.auditEntry.count())).toBe(0);
    expect(await beta.inTenant((tx) => tx.auditHead.count())).toBe(0);
    expect(await verifyChain(beta)).toMatchObject({ entries: 0n, head: { hash: "0".repeat(64) }, fault: null });
  });

  it("is made by the database alone", async () => {
    const ctx = await newCompany();
    await write(ctx, 1);
    for (const sql of [
      "update audit_entry set action = 'x'",
      "delete from audit_entry",
      "update audit_head set sequence = 0",
      "delete from audit_head",
      "insert into audit_head (sequence, hash) values (1, 'x')",
      "update audit_seal set file = 'x'",
      "delete from audit_seal",
      "insert into audit_entry (actor_kind, actor_id, actor_name, via, action, request_id, sequence) values ('system', 'a', 'a', 'cli', 'a', 'a', 9)",
    ])
      await expect(
        ctx.inTenant((tx) => tx.$executeRawUnsafe(sql)),
        sql,
      ).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("verifying", () => {
  let ctx: Context;
  beforeEach(async () => {
    await admin.query("set session_replication_role = origin");
    ctx = await newCompany();
    await write(ctx, 6);
  });

  const where = (sequence: number) => `where tenant_id = '${ctx.tenantId}' and sequence = ${sequence}`;
  /** An entry that looks like any other, with numbers of its own. */
  const forge = (sequence: number | null, hash: string | null) =>
    tamper(
      `insert into audit_entry (tenant_id, actor_kind, actor_id, actor_name, via, action, request_id, sequence, previous_hash, hash)
       values ($1, 'person', 'x', 'Forged', 'page', 'thing.changed', 'x', $2, $3, $3)`,
      ctx.tenantId,
      sequence,
      hash,
    );
  const shift = async (from: number, by: 1 | -1) => {
    // In two steps, as no number may be there twice meanwhile.
    const those = `where tenant_id = '${ctx.tenantId}'`;
    await tamper(`update audit_entry set sequence = -sequence ${those} and sequence >= ${from}`);
    await tamper(`update audit_entry set sequence = -sequence + ${by} ${those} and sequence < 0`);
    await tamper(`update audit_head set sequence = sequence + ${by} ${those}`);
  };

  it.each([
    "action = 'x'",
    "after = '{}'",
    "actor_name = 'x'",
    "at = at + interval '1 microsecond'",
    "address = '::1'",
  ])("finds a row that was changed: %s", async (change) => {
    await tamper(`update audit_entry set ${change} ${where(3)}`);
    expect(await faultOf(ctx)).toMatchObject({ sequence: 3n, kind: "changed" });
  });

  it("finds a row that was written anew with a hash that fits it", async () => {
    await tamper(`update audit_entry e set action = 'x' ${where(3)}`);
    await tamper(`update audit_entry e set hash = audit_hash(e) ${where(3)}`);
    expect(await faultOf(ctx)).toMatchObject({ sequence: 3n, kind: "changed" });
  });

  it("finds the newest row written anew", async () => {
    await tamper(`update audit_entry e set action = 'x' ${where(6)}`);
    await tamper(`update audit_entry e set hash = audit_hash(e) ${where(6)}`);
    expect(await faultOf(ctx)).toMatchObject({ sequence: 6n, kind: "changed" });
  });

  it.each([1, 3, 6])("finds that row %d was deleted", async (sequence) => {
    await tamper(`delete from audit_entry ${where(sequence)}`);
    expect(await faultOf(ctx)).toEqual({
      sequence: BigInt(sequence),
      kind: "missing",
      sentence: `Entry ${sequence} is missing.`,
    });
  });

  it("finds that all rows were deleted", async () => {
    await tamper("delete from audit_entry where tenant_id = $1", ctx.tenantId);
    expect(await faultOf(ctx)).toMatchObject({ kind: "missing", sentence: "Entries 1 to 6 are missing." });
  });

  it("finds that a row was deleted and the others were numbered anew", async () => {
    await tamper(`delete from audit_entry ${where(3)}`);
    await shift(4, -1);
    expect(await faultOf(ctx)).toMatchObject({ sequence: 3n, kind: "missing" });
  });

  it("finds a row that was inserted without a place, or behind the end", async () => {
    await forge(null, null);
    expect(await faultOf(ctx)).toMatchObject({ kind: "inserted" });
    await tamper("delete from audit_entry where actor_name = 'Forged'");
    await forge(7, "f".repeat(64));
    expect(await faultOf(ctx)).toMatchObject({ sequence: 7n, kind: "inserted" });
  });

  it("finds a row that was inserted between others, which were numbered anew", async () => {
    await shift(3, 1);
    await forge(3, "f".repeat(64));
    expect(await faultOf(ctx)).toMatchObject({ sequence: 3n, kind: "inserted" });
    // With the hashes that its place asks for, it is the next row that does not fit.
    await tamper(`update audit_entry e set previous_hash = (select hash from audit_entry ${where(2)}) ${where(3)}`);
    await tamper(`update audit_entry e set hash = audit_hash(e) ${where(3)}`);
    expect(await faultOf(ctx)).toMatchObject({ sequence: 3n, kind: "inserted" });
  });

  it.each([
    [2, 3],
    [2, 5],
  ])("finds that rows %d and %d changed places", async (one, other) => {
    await tamper(`update audit_entry set sequence = 99 ${where(one)}`);
    await tamper(`update audit_entry set sequence = ${one} ${where(other)}`);
    await tamper(`update audit_entry set sequence = ${other} ${where(99)}`);
    expect(await faultOf(ctx)).toMatchObject({
      sequence: BigInt(one),
      kind: "moved",
      sentence: expect.stringContaining(`written as entry ${other}`),
    });
  });

  it("finds a row of another company's chain in this one", async () => {
    const other = await newCompany();
    await write(other, 3);
    await tamper(`delete from audit_entry ${where(3)}`);
    await tamper(
      "update audit_entry set tenant_id = $1 where tenant_id = $2 and sequence = 3",
      ctx.tenantId,
      other.tenantId,
    );
    expect(await faultOf(ctx)).toMatchObject({ sequence: 3n, kind: "changed" });
  });
});

describe("sealing", () => {
  let ctx: Context;
  const later = "2999-01-01";
  beforeEach(async () => {
    await admin.query("set session_replication_role = origin");
    ctx = await newCompany();
    await write(ctx, 5);
  });

  it("keeps old entries in a file of lines that each name the hash of the line before", async () => {
    const before = await verifyChain(ctx);
    const [seal] = await sealChain(ctx, later);
    const lines = (await readFile(host.files.localPath(seal!.file)!, "utf8")).split("\n").slice(0, -1);
    expect(lines).toHaveLength(5);
    expect(lines.map((line) => (JSON.parse(line) as { previous: string }).previous)).toEqual([
      "0".repeat(64),
      ...lines.slice(0, -1).map(hashLine),
    ]);
    expect(hashLine(lines[4]!)).toBe(before.head.hash);
    expect(JSON.parse(lines[1]!)).toMatchObject({
      sequence: 2,
      tenant: ctx.tenantId,
      actor: { kind: "system", name: "test" },
      via: "system",
      action: "thing.changed",
      before: null,
      after: { number: 2 },
    });
  });

  it("leaves a chain that fits, with the seal as its next entry, and again", async () => {
    await sealChain(ctx, later);
    expect(await verifyChain(ctx)).toMatchObject({ entries: 6n, sealed: 5n, fault: null });
    const left = await ctx.inTenant((tx) => tx.auditEntry.findMany());
    expect(left).toMatchObject([{ sequence: 6n, action: "audit.sealed", after: { first: 1, last: 5 } }]);
    await write(ctx, 2);
    const [second] = await sealChain(ctx, later);
    expect(second).toMatchObject({ firstSequence: 6n, lastSequence: 8n });
    expect(await verifyChain(ctx)).toMatchObject({ entries: 9n, sealed: 8n, fault: null });
  });

  it("leaves what is not old enough, and seals nothing twice", async () => {
    ctx = await newCompany();
    await admin.query(
      `insert into audit_entry (tenant_id, at, actor_kind, actor_id, actor_name, via, action, request_id)
       select $1, now() - interval '10 days', 'system', 's', 'S', 'job', 'old.done', 'r' from generate_series(1, 2)`,
      [ctx.tenantId],
    );
    await write(ctx, 3);
    expect(await faultOf(ctx)).toBeNull();
    const day = new Date(host.clock.now().getTime() - 5 * 86_400_000).toISOString().slice(0, 10);
    expect(await sealChain(ctx, day)).toMatchObject([{ firstSequence: 1n, lastSequence: 2n }]);
    expect(await sealChain(ctx, day)).toEqual([]);
    expect(await verifyChain(ctx)).toMatchObject({ entries: 6n, sealed: 2n, fault: null });
  });

  it("drops nothing of a chain that does not fit", async () => {
    await tamper(`update audit_entry set action = 'x' where tenant_id = $1 and sequence = 4`, ctx.tenantId);
    await expect(sealChain(ctx, later)).rejects.toMatchObject({ code: "precondition", facts: { sequence: 4 } });
    expect(await ctx.inTenant((tx) => tx.auditEntry.count())).toBe(5);
    expect(await ctx.inTenant((tx) => tx.auditSeal.count())).toBe(0);
  });

  it("drops nothing without a seal that holds it whole", async () => {
    const drop = (first: number) => ctx.inTenant((tx) => tx.$queryRaw`select drop_sealed_audit(${first}::bigint)`);
    await expect(drop(1)).rejects.toMatchObject({ code: "forbidden" });
    const { hash } = (await verifyChain(ctx)).head;
    const seal = { previousHash: "0".repeat(64), lastHash: hash, file: "none", bytes: 0n, sha256: "" };
    const attempt = (change: object) =>
      ctx.inTenant(async (tx) => {
        await tx.auditSeal.create({ data: { ...seal, firstSequence: 1n, lastSequence: 5n, ...change } });
        await tx.$queryRaw`select drop_sealed_audit(1::bigint)`;
      });
    await expect(attempt({ lastSequence: 4n })).rejects.toMatchObject({ code: "forbidden" });
    await expect(attempt({ previousHash: hash })).rejects.toMatchObject({ code: "forbidden" });
    await expect(attempt({ lastHash: "0".repeat(64) })).rejects.toMatchObject({ code: "forbidden" });
    await tamper(`delete from audit_entry where tenant_id = $1 and sequence = 3`, ctx.tenantId);
    await expect(attempt({})).rejects.toMatchObject({ code: "forbidden" });
    expect(await ctx.inTenant((tx) => tx.auditEntry.count())).toBe(4);
  });

  it("is no fault to who verifies meanwhile", async () => {
    await write(ctx, 20);
    const verdicts = await Promise.all([
      sealChain(ctx, later),
      ...Array.from({ length: 12 }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 10));
        return verifyChain(ctx);
      }),
    ]);
    expect(verdicts.slice(1)).toEqual(verdicts.slice(1).map(() => expect.objectContaining({ fault: null })));
  });

  it("by two at once seals once", async () => {
    const both = await Promise.allSettled([sealChain(ctx, later), sealChain(ctx, later)]);
    expect(both.some(({ status }) => status === "fulfilled")).toBe(true);
    // Who comes second is told of the other, and not that the chain is broken.
    for (const one of both) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "conflict" });
    expect(await faultOf(ctx)).toBeNull();
  });

  it("shows whatever happens to the file", async () => {
    const [seal] = await sealChain(ctx, later);
    const path = host.files.localPath(seal!.file)!;
    const whole = await readFile(path, "utf8");
    const lines = whole.split("\n");
    const withFile = async (content: string) => {
      await writeFile(path, content);
      return faultOf(ctx);
    };
    expect(await withFile(whole.replace('"number": 3', '"number": 4'))).toMatchObject({
      sequence: 3n,
      kind: "changed",
    });
    expect(await withFile(lines.toSpliced(2, 1).join("\n"))).toMatchObject({ sequence: 3n, kind: "missing" });
    expect(await withFile([lines[1], lines[0], ...lines.slice(2)].join("\n"))).toMatchObject({ sequence: 1n });
    expect(await withFile(`${lines.slice(0, 4).join("\n")}\n`)).toMatchObject({ sequence: 5n, kind: "missing" });
    expect(await withFile("no JSON\n")).toMatchObject({ sequence: 1n, kind: "changed" });
    await writeFile(path, whole);
    expect(await faultOf(ctx)).toBeNull();
    await appendFile(path, "{}\n");
    expect(await faultOf(ctx)).not.toBeNull();
    await host.files.delete(seal!.file);
    expect(await faultOf(ctx)).toMatchObject({
      sequence: 1n,
      kind: "missing",
      sentence: expect.stringContaining(seal!.file),
    });
  });
});

it("chains what older programs wrote, in the order in which it was written", async () => {
  const name = `old_${newId().replaceAll("-", "")}`;
  const [adminUrl, ownerUrl] = [withDatabase(test.adminUrl, name), withDatabase(test.ownerUrl, name)];
  const migrationsDir = join(root, "migrations");
  cpSync(defaultMigrationsDir, migrationsDir, { recursive: true });
  for (const migration of readdirSync(migrationsDir))
    if (migration >= "0006_audit_chain" && migration.startsWith("0"))
      rmSync(join(migrationsDir, migration), { recursive: true });
  await ensureDatabase(admin, name);
  await giveSchemaToOwner(adminUrl);
  await migrate({ ownerUrl, migrationsDir });
  const old = new Client({ connectionString: adminUrl });
  await old.connect();
  const tenants = [newId(), newId()];
  for (const [index, id] of tenants.entries())
    await old.query("insert into tenant (id, slug, name, currency) values ($1, $2, 'Old', 'USD')", [
      id,
      `old-${index}`,
    ]);
  for (let number = 1; number <= 6; number += 1)
    await old.query(
      `insert into audit_entry (tenant_id, at, actor_kind, actor_id, actor_name, action, request_id)
       values ($1, now() - $2 * interval '1 day', 'system', 's', 'S', $3, 'r')`,
      [tenants[number % 2], number, `thing.${number}`],
    );
  await old.end();
  await migrate({ ownerUrl });
  const db = openDatabase({ appUrl: withDatabase(test.appUrl, name) });
  const ctx = createSystemContext({ ...host, db }, tenants[0]!, "test");
  await auditAlone(ctx, "thing.new");
  expect(await verifyChain(ctx)).toMatchObject({ entries: 4n, fault: null });
  const entries = await ctx.inTenant((tx) => tx.auditEntry.findMany({ orderBy: { sequence: "asc" } }));
  expect(entries.map((entry) => [entry.action, entry.via])).toEqual([
    ["thing.6", "unknown"],
    ["thing.4", "unknown"],
    ["thing.2", "unknown"],
    ["thing.new", "system"],
  ]);
  await db.close();
  await admin.query(`drop database ${name}`);
});

it("never lets who wanted to note something fail", async () => {
  const nobody = createSystemContext(host, newId(), "test");
  await expect(auditAlone(nobody, "thing.changed")).resolves.toBeUndefined();
});
