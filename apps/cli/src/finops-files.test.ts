import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { taxRow, usageRow } from "@finops/pipeline/check/testing";
import { listBillFiles } from "@finops/pipeline/landing/list-bill-files";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestFolder, type TestFolder } from "./testing/data-folder.ts";
import { toCsv } from "./table.ts";
import { finops, jsonOf } from "./testing/run-finops.ts";

const focusRules = join(process.env.FINOPS_ACCEPTANCE_DATA ?? "../shared/data", "../focus/rules");
const model = join(focusRules, "model-1.2.json");

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(() => folder.remove());

describe("finops demo", () => {
  it("writes the bills of a company, as many rows as were asked for, with the truth beside them", async () => {
    const out = join(folder.root, "demo");
    const ran = await finops(
      "demo",
      "--rows",
      "9000",
      "--months",
      "2",
      "--end",
      "2026-03",
      "--seed",
      "5",
      "--out",
      out,
    );
    const { rows } = jsonOf<{ rows: number }>(ran);
    expect(Math.abs(rows - 9000)).toBeLessThan(180);
    const truth = JSON.parse(await readFile(join(out, "truth.json"), "utf8")) as { rows: number; seed: string };
    expect(truth).toMatchObject({ rows, seed: "5", period: { start: "2026-02-01", end: "2026-04-01" } });
    const kinds = new Set((await listBillFiles([out])).map(({ name }) => name.split("/")[0]));
    expect([...kinds]).toEqual(expect.arrayContaining(["aws-cur2", "aws-cur-legacy", "azure", "gcp", "focus-1.2"]));
  });

  it("refuses a folder that holds something, and a number that is none", async () => {
    await folder.write("full/note.txt", "mine");
    expect(await finops("demo", "--rows", "9000", "--months", "2", "--out", join(folder.root, "full"))).toMatchObject({
      code: 5,
      stdout: "",
      stderr: expect.stringContaining("is not empty"),
    });
    expect(await finops("demo", "--rows", "many", "--out", join(folder.root, "new"))).toEqual({
      code: 2,
      stdout: "",
      stderr: '--rows takes a whole number, not "many".\n',
    });
  });
});

describe("finops check", () => {
  const text = (rows: readonly Readonly<Record<string, string | null>>[]) =>
    toCsv(rows.map((row) => ({ ...row }))).replaceAll("\r\n", "\n");

  it("tells the rule, the column, how many rows fail it, and one of them", async () => {
    const file = await folder.write("check/bill.csv", text([usageRow, { ...usageRow, ListUnitPrice: "" }, taxRow]));
    const told = await finops("check", file);
    expect(told).toMatchObject({ code: 0, stderr: "" });
    expect(told.stdout).toContain("ListUnitPrice-C-005-C  ListUnitPrice  1 rows\n");
    expect(told.stdout).toContain("  row 2: ChargeCategory=Usage, ChargeClass=(empty), ListUnitPrice=(empty)\n");
    expect(told.stdout).toMatch(/FOCUS 1\.2, .*: \d+ of \d+ rules hold on 3 rows \([\d.]+ %\)\.\n$/);
    expect(jsonOf(await finops("check", file, "--json"))).toMatchObject({
      version: "1.2",
      rowsChecked: "3",
      failed: 1,
    });
  });

  it.skipIf(!existsSync(model))("runs an official model that is given as a file, with its corrections", async () => {
    const file = await folder.write("check/good.csv", text([usageRow, taxRow]));
    const wish = ["check", file, "--rules", model];
    const plain = jsonOf(await finops(...wish, "--json"));
    expect(plain).toMatchObject({ version: "1.2", rowsChecked: "2", failed: 0 });
    expect(plain["rules"]).toBeGreaterThan(100);
    const corrected = await finops(...wish, "--corrections", join(focusRules, "model-1.2.patches.json"));
    expect(corrected.stdout).toMatch(/rules hold on 2 rows \(100\.0 %\)\.\n$/);
  });

  it("names the file that it cannot find", async () => {
    const ran = await finops("check", join(folder.root, "nowhere.csv"));
    expect(ran.code).toBeGreaterThan(1);
    expect(ran.stderr).toContain("nowhere.csv");
  });
});

describe("finops doctor", () => {
  afterEach(() => void vi.unstubAllEnvs());

  it("finds nothing wrong where everything is in place", async () => {
    const port = await freePort();
    vi.stubEnv("PORT", String(port));
    const { findings } = jsonOf<{ findings: { what: string; ok: boolean; detail: string }[] }>(
      await finops("--data", join(folder.root, "new/data"), "doctor", "--json"),
    );
    const ok = new Map(findings.map(({ what, ok: isOk, detail }) => [what, { isOk, detail }]));
    expect(ok.get("Node")).toEqual({ isOk: true, detail: process.versions.node });
    expect(ok.get("Data folder")).toEqual({ isOk: true, detail: join(folder.root, "new/data") });
    expect(ok.get("Port")).toEqual({ isOk: true, detail: `${port} is free` });
    expect(ok.get("Program")!.isOk).toBe(true);
    expect(ok.get("Disk")!.detail).toMatch(/GB free/);
  });

  it("names the port that is taken, and how to choose another", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    vi.stubEnv("PORT", String(port));
    const ran = await finops("--data", join(folder.root, "data"), "doctor");
    other.close();
    expect(ran.code).toBe(5);
    expect(ran.stdout).toContain(`PROBLEM Port: ${port} is in use. Choose another one with PORT=${port + 1}.\n`);
    expect(ran.stderr).toMatch(/^The platform cannot work here yet: Port/);
  });

  it("asks the providers that people sign in with, and says what is to be registered there", async () => {
    vi.stubEnv("FINOPS_MICROSOFT_CLIENT_ID", "finops");
    vi.stubEnv("FINOPS_MICROSOFT_CLIENT_SECRET", "secret");
    vi.stubEnv("FINOPS_MICROSOFT_TENANT", "not a tenant?");
    const ran = await finops("--data", join(folder.root, "data"), "doctor");
    expect(ran.code).toBe(5);
    expect(ran.stdout).toMatch(/PROBLEM Microsoft discovery: ".*not a tenant\?.*" is no issuer/);
    expect(ran.stdout).toContain("/sign-in/callback at Microsoft");
    vi.stubEnv("FINOPS_MICROSOFT_CLIENT_SECRET", "");
    expect((await finops("doctor")).stderr).toContain("go together: set both, or neither.");
  });

  it("names the data folder that cannot be written", async () => {
    const file = await folder.write("a-file", "");
    const ran = await finops("--data", join(file, "data"), "doctor");
    expect(ran.code).toBe(5);
    expect(ran.stdout).toContain(`PROBLEM Data folder: ${join(file, "data")} cannot be written`);
  });
});

describe("a command line that makes no sense", () => {
  it.each([
    [["query", "--from", "2026-05", "--to", "2026-06"], "required option '--tenant <slug>' not specified\n"],
    [["query", "--tenant", "a", "--from", "soon", "--to", "2026-06"], /soon/],
    [["query", "--tenant", "a", "--from", "2026-05", "--to", "2026-06", "--by", "colour"], /colour/],
    [
      ["query", "--tenant", "a", "--from", "2026-05", "--to", "2026-06", "--filter", "a ="],
      /not understood at its end/,
    ],
    [
      ["query", "--tenant", "a", "--from", "2026-05", "--to", "2026-06", "--measures", "costs"],
      /^There is no measure "costs"\. Known are billedCost, /,
    ],
    [["import", "nowhere.csv", "--tenant", "a"], /^There is no file or folder nowhere\.csv\.\n$/],
    [["import", "x.csv", "--tenant", "a", "--assume", "USD"], /^Write an assumption as COLUMN=VALUE/],
    [["frobnicate"], /unknown command 'frobnicate'/],
    [["doctor", "--colour"], /unknown option '--colour'/],
  ])("%j is refused on stderr", async (args, sentence) => {
    const data = join(folder.root, "unused");
    const ran = await finops("--data", data, ...args);
    expect(ran).toMatchObject({ stdout: "", stderr: expect.stringMatching(sentence) });
    expect([2, 4]).toContain(ran.code);
    // Nothing was started for it.
    expect(existsSync(data)).toBe(false);
  });

  it("is refused as JSON where JSON was asked for", async () => {
    const bill = await folder.write("some/bill.csv", "a,b\n1,2\n");
    const ran = await finops("import", bill, "--tenant", "a", "--takes-over", "b", "--json");
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(JSON.parse(ran.stderr)).toEqual({
      error: { code: "invalid", message: "--takes-over and --from go together." },
    });
  });
});

describe("finops", () => {
  it("lists its commands and exit codes when it is asked for help, and that is no error", async () => {
    const { code, stdout } = await finops("--help");
    expect(code).toBe(0);
    for (const command of [
      "start",
      "import",
      "query",
      "check",
      "export",
      "prove",
      "reprocess",
      "demo",
      "doctor",
      "bench",
    ])
      expect(stdout).toContain(`\n  ${command}`);
    expect(stdout).toContain("Exit codes: 0 done, 1 a defect");
  });

  it("prints that help to stderr when nothing was asked of it", async () => {
    const { code, stdout, stderr } = await finops();
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: finops");
  });

  it("passes on how a bench ended", async () => {
    const { code } = await finops("bench", "--only", "nothing-of-that-name");
    expect(code).not.toBe(0);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  await mkdir(join(folder.root, "new"), { recursive: true });
  return port;
}
