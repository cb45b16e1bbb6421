import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@finops/platform/db/embedded-postgres";
import { withDatabase } from "@finops/platform/db/connection-url";
import { openDatabase, type Tx } from "@finops/platform/db/database";
import { silentLog } from "@finops/platform/observe/log";
import { findTenant } from "@finops/platform/tenancy/tenants";
import { curBill, focusBill } from "@finops/pipeline/testing/sample-bills";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestFolder, type TestFolder } from "./testing/data-folder.ts";
import { finops, jsonOf } from "./testing/run-finops.ts";

let folder: TestFolder;
const bills: Record<"may" | "mayRestated" | "aws", string> = { may: "", mayRestated: "", aws: "" };
/** Runs a command on the data folder; no server has it. */
const run = (...args: string[]) => finops("--data", folder.data, ...args);

const machine = { ServiceName: "Amazon EC2", BilledCost: "10.10", EffectiveCost: "8.00000000000000000000000001" };
const bucket = { ServiceName: "Amazon S3", BilledCost: "0.9", EffectiveCost: "0.9", SubAccountId: "333333333333" };

beforeAll(async () => {
  folder = await createTestFolder();
  bills.may = await folder.write("may/focus.csv", focusBill([machine, bucket]));
  bills.mayRestated = await folder.write(
    "restated/focus.csv",
    focusBill([{ ...machine, BilledCost: "12.10" }, bucket]),
  );
  const other = { "bill/PayerAccountId": "444444444444", "lineItem/UsageAccountId": "555555555555" };
  bills.aws = await folder.write("aws/cur.csv", curBill([{ ...other, "lineItem/UnblendedCost": "x" }, other]));
});
afterAll(() => folder.remove());

// One story on one data folder, in the order of the file: every command starts and stops the embedded parts.
describe("the command line on a data folder", { timeout: 120_000 }, () => {
  it("imports a bill and ends with one JSON object on one line", async () => {
    const ran = await run("import", bills.may, "--tenant", "acme", "--create-tenant", "--json");
    expect(ran.code).toBe(0);
    expect(jsonOf(ran)).toMatchObject({
      source: "focus:111111111111",
      files: 1,
      rowsRead: 2,
      rowsMapped: 2,
      rowsRejected: 0,
      rowsDropped: 0,
      rowsDerived: 0,
      rowsPublished: 2,
      periods: ["2026-05"],
      rawCost: { USD: "11" },
      bridge: [],
      rejectedCost: {},
      billedCost: { USD: "11" },
      effectiveCost: { USD: "8.90000000000000000000000001" },
      conformance: { version: "1.2", rules: expect.any(Number), failed: expect.any(Number) },
      durationMs: expect.any(Number),
    });
  });

  it("joins the reports of several bills and says what was rejected", async () => {
    const ran = await run("import", bills.may, bills.aws, "--tenant", "acme", "--json");
    expect(ran.code).toBe(0);
    expect(jsonOf(ran)).toMatchObject({
      source: "aws-cur-legacy:444444444444,focus:111111111111",
      files: 2,
      rowsRead: 4,
      rowsRejected: 1,
      rowsPublished: 3,
      rawCost: { USD: "13.4" },
      billedCost: { USD: "13.4" },
      unchanged: false,
      imports: [{ unchanged: false }, { unchanged: true }],
    });
  });

  it("tells people in sentences that the same content changes nothing", async () => {
    const { code, stdout } = await run("import", bills.may, "--tenant", "acme");
    expect(code).toBe(0);
    expect(stdout).toContain("The same content is current already; nothing was changed.");
    expect(stdout).toContain("rows       2 read = 2 mapped + 0 rejected + 0 dropped");
    expect(stdout).toContain("= billed   11 USD");
  });

  it("shows what a restated month changed, and what was known the day before", async () => {
    await moveLogBackOneDay();
    const { stdout } = await run("import", bills.mayRestated, "--tenant", "acme");
    expect(stdout).toContain(
      "restated   2026-05: 0 rows added, 0 removed, 1 changed; billed 11 USD before, 13 USD now",
    );
    expect(stdout).toContain("Amazon EC2, 222222222222: 10.1 USD before, 12.1 now");

    const may = ["query", "--tenant", "acme", "--from", "2026-05", "--to", "2026-06", "--format", "csv"];
    const filter = "subAccountId = '222222222222' and serviceName in ('Amazon EC2', 'Amazon S3')";
    const machines = [...may, "--by", "serviceName", "--measures", "billedCost", "--filter", filter];
    const header = "serviceName,currency,billedCost\r\n";
    expect((await run(...machines)).stdout).toBe(`${header}Amazon EC2,USD,12.1\r\n`);
    expect((await run(...machines, "--as-of", yesterday())).stdout).toBe(`${header}Amazon EC2,USD,10.1\r\n`);
  });

  it("knew nothing before the first bill came", async () => {
    const ran = await run("query", "--tenant", "acme", "--from", "2026-05", "--to", "2026-06", "--as-of", "2020-01-01");
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("From no data");
  });

  it("runs today's mappings over what landed earlier", async () => {
    const ran = await run("reprocess", "--tenant", "acme", "--source", "focus:111111111111", "--json");
    expect(ran.code).toBe(0);
    expect(jsonOf(ran)).toMatchObject({ source: "focus:111111111111", billedCost: { USD: "13" } });
    const told = await run("reprocess", "--tenant", "acme");
    expect(told.stdout).toContain("= billed   13 USD");
  });

  it("writes FOCUS files that hold every row with its exact costs", async () => {
    const csv = join(folder.root, "out.csv");
    const wish = ["export", "--tenant", "acme", "--from", "2026-05-01", "--to", "2026-06-01"];
    expect(jsonOf(await run(...wish, "--out", csv))).toEqual({ out: csv, rows: 3 });
    const [header, ...lines] = (await readFile(csv, "utf8")).trimEnd().split("\n");
    expect(header).toContain("EffectiveCost");
    expect(lines).toHaveLength(3);
    expect(lines.join()).toContain("8.00000000000000000000000001");

    const parquet = join(folder.root, "out.parquet");
    expect(jsonOf(await run(...wish, "--format", "parquet", "--out", parquet))).toEqual({ out: parquet, rows: 3 });
    expect(jsonOf(await run("check", parquet, "--json"))).toMatchObject({ version: "1.2", rowsChecked: "3" });

    const odd = await run(...wish, "--format", "xlsx", "--out", join(folder.root, "out.xlsx"));
    expect(odd).toEqual({ code: 2, stdout: "", stderr: '--format is csv or parquet, not "xlsx".\n' });
    expect(existsSync(join(folder.root, "out.xlsx"))).toBe(false);
  });

  it("writes the proof of a figure as a zip, whole or not at all", async () => {
    const out = `${folder.root}/proof.zip`;
    const wish = ["prove", "--tenant", "acme", "--from", "2026-05", "--to", "2026-06", "--out", out];
    expect(await run(...wish, "--filter", "serviceName = 'Amazon S3'")).toMatchObject({ code: 0 });
    expect((await readFile(out)).subarray(0, 4).toString("latin1")).toBe("PK\u0003\u0004");
    expect(existsSync(`${out}.part`)).toBe(false);
    expect(await run(...wish, "--measure", "blendedCost")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no measure "blendedCost"'),
    });
  });

  it("prints a sign-in link for the owner of a company", async () => {
    const { code, stdout } = await run("link", "--tenant", "acme");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/localhost:3000\/sign-in\/[\w-]{20,}\n$/);
  });

  it("says which company it does not know, on stderr and with exit code 4", async () => {
    const ran = await run("query", "--tenant", "nobody", "--from", "2026-05", "--to", "2026-06", "--json");
    expect(ran).toMatchObject({ code: 4, stdout: "" });
    expect(JSON.parse(ran.stderr)).toEqual({
      error: { code: "not_found", message: 'There is no company "nobody".' },
    });
  });

  it("seals the old part of the audit, and finds what was changed behind its back", async () => {
    const verify = ["audit", "verify", "--tenant", "acme"];
    const { entries } = jsonOf<{ entries: number }>(await run(...verify, "--json"));
    expect(entries).toBeGreaterThan(5);
    expect((await run("audit", "seal", "--tenant", "acme", "--before", "2020-01-01")).stdout).toBe(
      "Nothing to seal: no entry from before 2020-01-01 is left in the database.\n",
    );
    expect(await run("audit", "seal", "--tenant", "acme", "--before", "2020-13-01")).toMatchObject({ code: 2 });
    expect(await run("audit", "seal", "--tenant", "acme")).toMatchObject({ code: 2, stdout: "" });
    await asDatabaseOwner(
      (tx) => tx.$executeRaw`update audit_entry set actor_name = 'Somebody else' where sequence = 3`,
    );
    const ran = await run(...verify);
    expect(ran).toMatchObject({ code: 5, stderr: "" });
    expect(ran.stdout).toContain("The audit is not whole. Entry 3 was changed after it was written.");
    const told = await run(...verify, "--json");
    expect([told.code, jsonOf(told)]).toMatchObject([5, { entries, fault: { sequence: 3, kind: "changed" } }]);
    expect(await run("audit", "seal", "--tenant", "acme", "--before", "2999-01-01")).toMatchObject({
      code: 5,
      stdout: "",
      stderr: expect.stringContaining("does not fit at entry 3"),
    });
    await asDatabaseOwner(
      (tx) => tx.$executeRaw`update audit_entry set actor_name = 'command line' where sequence = 3`,
    );
    const sealed = jsonOf(await run("audit", "seal", "--tenant", "acme", "--before", "2999-01-01", "--json"));
    expect(sealed).toMatchObject({ segments: [{ first: 1, last: entries }] });
    expect(jsonOf(await run(...verify, "--json"))).toMatchObject({
      entries: entries + 1,
      sealed: entries,
      fault: null,
    });
  });

  it("is refused, with the name of who has the folder, while another process works on it", async () => {
    const other = await folder.open("finops import");
    try {
      const ran = await run("link", "--tenant", "acme");
      expect(ran).toMatchObject({ code: 5, stdout: "" });
      expect(ran.stderr).toBe(
        `The data folder ${folder.data} is in use by finops import (process ${process.pid}). Wait until it is done, or stop it first.\n`,
      );
    } finally {
      await other.close();
    }
    expect((await run("link", "--tenant", "acme")).code).toBe(0);
  });
});

/** As if all that is published had been published yesterday. The log itself is never changed, so this goes round its rights. */
const moveLogBackOneDay = () =>
  asDatabaseOwner((tx) => tx.$executeRaw`update publication set at = at - interval '1 day'`);

/** Does to the company's rows what the application cannot. */
async function asDatabaseOwner(work: (tx: Tx) => Promise<unknown>): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder.data, "postgres"), log: silentLog });
  const db = openDatabase({ appUrl: withDatabase(postgres.adminUrl, "finops") });
  try {
    const { id } = (await findTenant(db, "acme"))!;
    await db.inTenant(id, work);
  } finally {
    await db.close();
    await postgres.stop();
  }
}

function yesterday(): string {
  return new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
}
