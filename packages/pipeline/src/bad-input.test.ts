import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decimal } from "@finops/kernel/decimal";
import { newId } from "@finops/kernel/id";
import type { Context } from "@finops/platform/tenancy/context";
import { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { createInlineEngine, type RunOptions } from "./engine/engine-runner.ts";
import type { EngineInputs, TaskName, TaskOutput } from "./engine/engine-tasks.ts";
import { listBillFiles } from "./landing/list-bill-files.ts";
import { importBills } from "./run.ts";
import { focusBill, focusRow } from "./testing/sample-bills.ts";
import { createTestPipeline, type TestPipeline } from "./testing/test-pipeline.ts";

let test: TestPipeline;
let ctx: Context;
/** Called before the engine begins a task. */
let beforeTask: (task: TaskName) => void = () => {};

beforeAll(async () => {
  test = await createTestPipeline((tempDir) => {
    const inline = createInlineEngine({ tempDir, threads: 1, memoryMb: 512 });
    return {
      run<N extends TaskName>(task: N, input: EngineInputs[N], options?: RunOptions): Promise<TaskOutput<N>> {
        beforeTask(task);
        return inline.run(task, input, options);
      },
    };
  });
  ctx = await test.company();
  await test.importOne(ctx, {
    "april.csv": focusBill([
      { BilledCost: "3", BillingPeriodStart: "2026-04-01T00:00:00Z", BillingPeriodEnd: "2026-05-01T00:00:00Z" },
    ]),
  });
});
afterAll(() => test.close());

type Files = Readonly<Record<string, string | Uint8Array>>;

/** The import is refused with that sentence, and the store is what it was. */
async function expectRefused(files: Files, sentence: RegExp | string, options = {}): Promise<void> {
  const before = await test.snapshot(ctx);
  const refused = test.importFiles(ctx, files, options);
  await expect(refused).rejects.toMatchObject({ name: "AppError" });
  await expect(refused).rejects.toThrow(sentence);
  expect(await test.snapshot(ctx)).toEqual(before);
}

const bill = focusBill([{ BilledCost: "1" }, { BilledCost: "2", ResourceId: "i-2" }]);
const [header, firstRow] = bill.split("\n") as [string, string];
const longBill = focusBill(Array.from({ length: 3000 }, (_, index) => ({ ResourceId: `i-${index * 7919}` })));

async function parquetOf(select: string): Promise<Buffer> {
  const path = join(test.root, `${newId()}.parquet`);
  const engine = await DuckDB.open({ threads: 1, memoryMb: 256 });
  await engine.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  engine.close();
  return readFileSync(path);
}

const parquetRow = (changes: Record<string, string>) =>
  `SELECT ${Object.entries({
    ...Object.fromEntries(Object.entries(focusRow).map(([name, value]) => [name, `'${value}'`])),
    ...changes,
  })
    .map(([name, sql]) => `${sql} AS "${name}"`)
    .join(", ")}`;

describe("a file that is broken", () => {
  it("as a gzip that is cut off", () =>
    expectRefused(
      { "may.csv.gz": gzipSync(longBill).subarray(0, -2000) },
      "may.csv.gz is cut off: the gzip ends too early. Download it again.",
    ));

  it("as a gzip that is corrupt in the middle", async () => {
    const gzip = gzipSync(longBill, { level: 9 });
    gzip.fill(0xff, gzip.length - 300, gzip.length - 200);
    await expectRefused({ "may.csv.gz": gzip }, /may.csv.gz is corrupt: the gzip does not unpack/);
  });

  it("as a gzip that is corrupt from the start", () =>
    expectRefused(
      { "may.csv.gz": Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9]) },
      /may.csv.gz is corrupt/,
    ));

  it("as a parquet file that is cut off", async () =>
    expectRefused(
      { "may.parquet": (await parquetOf(parquetRow({}))).subarray(0, -40) },
      /may.parquet is (cut off|corrupt)/,
    ));

  it("as a parquet file that is corrupt in the middle", async () => {
    const parquet = await parquetOf(`${parquetRow({ ResourceId: "'i-' || i" })} FROM range(5000) AS r(i)`);
    parquet.fill(0xff, 200, parquet.length - 4000);
    await expectRefused(
      { "may.parquet": parquet },
      "may.parquet is corrupt: it cannot be read as a Parquet file. Fetch it again.",
    );
  });

  it("as JSON lines that are cut off, with the line", () =>
    expectRefused(
      { "may.jsonl": `${JSON.stringify(focusRow)}\n\n{"BilledCost": "1", "Bill` },
      "may.jsonl, line 3: this is no JSON object.",
    ));

  it("as a quote that is never closed, with the line", () =>
    expectRefused(
      { "may.csv": `${bill}1,"never closed,2\n1,2,3\n1,2,3\n` },
      "may.csv, line 4: a quote is opened there and never closed, so nothing after it can be read.",
    ));

  it("as nothing", () => expectRefused({ "may.csv": "" }, "may.csv is empty."));

  it("as a header and nothing more", () =>
    expectRefused({ "may.csv": `${header}\n` }, "may.csv was not imported: it holds no rows. Nothing was changed."));

  it("as something that is no table", () =>
    expectRefused(
      { "may.csv": Buffer.from([0, 1, 2, 3, 250, 0, 0, 7]) },
      /may.csv is neither CSV, JSON lines nor Parquet/,
    ));

  it("as a zip", () =>
    expectRefused(
      { "may.zip": Buffer.from("PK\u0003\u0004whatever") },
      "may.zip is a zip archive. Unpack it and import the files in it.",
    ));

  it("as a bomb: a gzip of zeros, and one of a row again and again", async () => {
    await expectRefused({ "may.csv.gz": gzipSync(Buffer.alloc(20_000_000)) }, /neither CSV/);
    const rows = gzipSync(`${firstRow}\n`.repeat(20_000), { level: 9 });
    await expectRefused(
      { "may.csv.gz": Buffer.concat([gzipSync(`${header}\n`), ...Array.from({ length: 20 }, () => rows)]) },
      "unpacks to more than 200 times its size",
    );
  });
});

describe("columns", () => {
  const without = (column: string) =>
    focusBill([{}])
      .split("\n")
      .map((line) =>
        line
          .split(",")
          .filter((_, index) => header.split(",")[index] !== `"${column}"`)
          .join(","),
      )
      .join("\n");

  it("that are missing are listed, and can be assumed", async () => {
    await expectRefused(
      { "may.csv": without("BillingCurrency") },
      /may.csv lacks the column BillingCurrency \(or --assume BillingCurrency=…\)/,
    );
    const fresh = await test.company();
    expect(
      await test.importOne(fresh, { "may.csv": without("BillingCurrency") }, { assume: { BillingCurrency: "USD" } }),
    ).toMatchObject({ billedCost: { USD: "1.5" } });
  });

  it("that stand twice are refused", () =>
    expectRefused(
      { "may.csv": bill.replace('"ResourceId"', '"RegionId"') },
      'may.csv has the column "RegionId" twice in line 1. Rename or remove one of them.',
    ));

  it("without a header are refused", () =>
    expectRefused({ "may.csv": `${firstRow}\n`.replaceAll('"', "") }, /may.csv has no header: line 1 holds the value/));

  it("by the million are refused", () =>
    expectRefused(
      { "may.csv": `${Array.from({ length: 1_000_000 }, (_, index) => `c${index}`).join(",")}\n` },
      "may.csv has more than 5000 columns in its first line. That is no bill.",
    ));

  it("of no bill are told, with what is nearest", () =>
    expectRefused(
      { "may.csv": "name,age\nann,7\n" },
      /may.csv is no bill that is known. It has the columns name, age./,
    ));
});

describe("a file that is written in another way is read all the same:", () => {
  const cases: [string, Files][] = [
    ["semicolons", { "may.csv": bill.replaceAll('","', '";"') }],
    ["tabs", { "may.tsv": bill.replaceAll('","', '"\t"') }],
    ["a byte order mark", { "may.csv": `\uFEFF${bill}` }],
    ["UTF-16, little end first", { "may.csv": Buffer.from(`\uFEFF${bill}`, "utf16le") }],
    ["UTF-16, big end first", { "may.csv": Buffer.from(`\uFEFF${bill}`, "utf16le").swap16() }],
    ["UTF-16 without a mark, in a gzip", { "may.csv.gz": gzipSync(Buffer.from(bill, "utf16le")) }],
    ["Windows line ends", { "may.csv": bill.replaceAll("\n", "\r\n") }],
    ["line ends of both kinds", { "may.csv": bill.replace("\n", "\r\n") }],
    ["a gzip that is not called one", { "may.csv": gzipSync(bill) }],
    ["a plain file that is called a gzip", { "may.csv.gz": bill }],
    ["two gzips in a row", { "may.csv.gz": Buffer.concat([gzipSync(bill.slice(0, 900)), gzipSync(bill.slice(900))]) }],
    ["a name full of traps", { "'; DROP TABLE x; -- [a]*?\u202E😀.csv": bill }],
  ];

  it.each(cases)("%s", async (_, files) => {
    expect(await test.importOne(await test.company(), files)).toMatchObject({
      rowsRead: 2,
      rowsRejected: 0,
      billedCost: { USD: "3" },
    });
  });
});

describe("values", () => {
  it("that are no decimals, or dates of another kind, are refused row by row, with the line", async () => {
    const fresh = await test.company();
    const bad = [
      { BilledCost: "NaN" },
      { BilledCost: "1e400" },
      { BilledCost: "Infinity" },
      { BilledCost: "1,5" },
      { BilledCost: "0.123456789012345678901234567" },
      { ChargePeriodStart: "yesterday" },
      { BillingPeriodStart: "0001-01-01T00:00:00Z" },
      { BillingCurrency: "" },
    ];
    const report = await test.importOne(fresh, { "may.csv": focusBill([{ BilledCost: "1" }, ...bad]) });
    expect(report).toMatchObject({ rowsRead: 9, rowsPublished: 1, rowsRejected: 8, billedCost: { USD: "1" } });
    expect(report.rejects.map((reject) => reject.line).toSorted((a, b) => a! - b!)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(report.rejects.map((reject) => reject.reason)).toEqual(
      expect.arrayContaining([
        'BilledCost "NaN" is not a decimal number with at most 26 places.',
        "ChargePeriodStart is empty or cannot be read.",
        "BillingPeriodStart 0001-01-01 is no month of a bill.",
        "BillingCurrency is empty or cannot be read.",
      ]),
    );
  });

  it("are refused as a whole when none is left, with the first line", () =>
    expectRefused(
      { "may.csv": focusBill([{ BilledCost: "free" }]) },
      'may.csv was not imported: none of its 1 rows could be taken. may.csv, line 2: BilledCost "free" is not a decimal number with at most 26 places. Nothing was changed.',
    ));

  it("that are tiny, huge, negative or written with an exponent are exact", async () => {
    const costs = [
      "35.2E-7",
      "1e25",
      "-1e25",
      "10000000000000000000000000.01",
      "0.00000000000000000000000001",
      "-0.5",
      "1E3",
      "9999999999.99999999",
      "123456789012345.12345678901234567890123456",
    ];
    const fresh = await test.company();
    const report = await test.importOne(fresh, {
      "may.csv": focusBill(costs.map((cost) => ({ BilledCost: cost, EffectiveCost: cost }))),
    });
    const total = costs.reduce((sum, cost) => sum.plus(decimal(cost)), decimal(0)).toString();
    expect(report).toMatchObject({ rowsRejected: 0, billedCost: { USD: total }, effectiveCost: { USD: total } });
    expect(await test.billed(fresh)).toEqual({ USD: total });
  });

  it("of binary floats are taken at their shortest form, and NaN among them is refused with its row", async () => {
    const fresh = await test.company();
    const parquet = await parquetOf(
      [
        parquetRow({ BilledCost: "CAST(0.1 AS DOUBLE)" }),
        parquetRow({ BilledCost: "CAST('NaN' AS DOUBLE)" }),
        parquetRow({ BilledCost: "CAST(3.52e-6 AS DOUBLE)" }),
      ].join(" UNION ALL "),
    );
    const report = await test.importOne(fresh, { "may.parquet": parquet });
    expect(report).toMatchObject({ billedCost: { USD: "0.10000352" }, rejects: [{ file: "may.parquet", line: 2 }] });
  });

  it("of several currencies stay apart", async () => {
    const report = await test.importOne(await test.company(), {
      "may.csv": focusBill([
        { BilledCost: "1" },
        { BilledCost: "2", BillingCurrency: "EUR" },
        { BilledCost: "3000", BillingCurrency: "JPY" },
      ]),
    });
    expect(report.billedCost).toEqual({ USD: "1", EUR: "2", JPY: "3000" });
  });

  it("that are hostile come back as they are", async () => {
    const fresh = await test.company();
    const names = [
      "Robert'); DROP TABLE facts;--",
      'a"b\\c',
      "\u202Egnp.exe",
      "😀 emoji",
      "x\u0000y",
      "<script>alert(1)</script>",
      "line\nbreak",
      "$1 ${x} {{y}}",
    ];
    await test.importOne(fresh, {
      "may.csv": focusBill(
        names.map((ServiceName) => ({ ServiceName, SubAccountId: ServiceName, BilledCost: "1", EffectiveCost: "1" })),
      ),
    });
    const { rows } = await test.query(fresh, { groupBy: ["serviceName"] });
    expect(new Set(rows.map((row) => row.key.serviceName))).toEqual(new Set(names));
    const refused = await test.importOne(fresh, {
      "may.csv": focusBill([{ BilledCost: "1" }, ...names.map((name) => ({ BilledCost: name }))]),
    });
    expect(refused).toMatchObject({ rowsPublished: 1, rowsRejected: names.length });
    expect(refused.rejects.map((reject) => reject.reason)).toContain(
      'BilledCost "Robert\'); DROP TABLE facts;--" is not a decimal number with at most 26 places.',
    );
  });

  it("of another company's ids reach nothing of that company", async () => {
    const [mine, other] = [await test.company(), await test.company()];
    await test.importOne(other, { "may.csv": bill });
    const before = await test.snapshot(other);
    const source = await other.inTenant((tx) => tx.source.findFirstOrThrow());
    await test.importOne(
      mine,
      { "may.csv": focusBill([{ BillingAccountId: other.tenantId, SubAccountId: source.id, BilledCost: "5" }]) },
      { sourceName: source.key },
    );
    await expect(
      test.importOne(mine, { "june.csv": bill }, { takesOver: { source: source.id, from: "2026-05-01" } }),
    ).rejects.toMatchObject({ code: "not_found" });
    expect(await test.snapshot(other)).toEqual(before);
    expect(await test.billed(mine)).toEqual({ USD: "5" });
  });
});

describe("a path that leads out of the folder", () => {
  it("as a link is refused", async () => {
    const dir = await test.bills({ "may.csv": bill });
    const outside = await test.bills({ "june.csv": bill });
    symlinkSync(join(outside, "june.csv"), join(dir, "june.csv"));
    await expect(listBillFiles([dir])).rejects.toThrow(
      "june.csv leads out of the folder. Point at the files themselves.",
    );
  });

  it("as a link that leads to itself or nowhere does no harm", async () => {
    const dir = await test.bills({ "a/may.csv": bill });
    symlinkSync(dir, join(dir, "a/again"));
    expect((await listBillFiles([dir])).map((file) => file.name)).toEqual(["a/may.csv"]);
    symlinkSync(join(dir, "nowhere"), join(dir, "b"));
    await expect(listBillFiles([dir])).rejects.toThrow("b is a link that leads nowhere.");
  });

  it("in a manifest is refused as a file that is missing", async () => {
    const manifest = {
      assemblyId: "a",
      account: "111111111111",
      bucket: "b",
      reportKeys: ["../../../etc/passwd"],
      billingPeriod: { start: "20260501T000000.000Z", end: "20260601T000000.000Z" },
      reportId: "r",
      reportName: "cur",
      compression: "GZIP",
      contentType: "text/csv",
      columns: [{ category: "bill", name: "PayerAccountId" }],
    };
    await expectRefused(
      { "cur/20260501-20260601/cur-Manifest.json": JSON.stringify(manifest) },
      /There is no bill to import|missing/,
    );
  });
});

it("files of the same name in several folders are told apart", async () => {
  const [a, b] = [await test.bills({ "may.csv": bill }), await test.bills({ "may.csv": longBill })];
  const files = await listBillFiles([join(a, "may.csv"), join(b, "may.csv"), a]);
  expect(new Set(files.map((file) => file.name)).size).toBe(2);
  expect(files.every((file) => file.name.endsWith("/may.csv"))).toBe(true);
});

it("a file that changes while it is read is refused", async () => {
  const dir = await test.bills({ "may.csv": longBill });
  const before = await test.snapshot(ctx);
  const files = await listBillFiles([dir]);
  const { landFile } = await import("./landing/land-file.ts");
  mkdirSync(join(test.root, "changing"));
  let isFirst = true;
  const landing = landFile(
    {
      path: join(dir, "may.csv"),
      name: "may.csv",
      target: join(test.root, "changing/raw"),
      readable: join(test.root, "changing/utf8"),
    },
    () => {
      if (isFirst) appendFileSync(join(dir, "may.csv"), firstRow);
      isFirst = false;
    },
  );
  await expect(landing).rejects.toThrow(
    "may.csv changed while it was read. Wait until it is written, and import it again.",
  );
  // One that is gone by the time that it is landed.
  beforeTask = (task) => task === "land" && execFileSync("rm", [join(dir, "may.csv")]);
  await expect(importBills(ctx, test.pipeline, { files })).rejects.toMatchObject({
    code: "not_found",
    message: "may.csv is not there or cannot be read.",
  });
  beforeTask = () => {};
  expect(await test.snapshot(ctx)).toEqual(before);
});

/** A disk of two megabytes can be had where we may mount one. */
function mountSmallDisk(): string | null {
  const dir = join(test.root, "small-disk");
  mkdirSync(dir);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", dir], { stdio: "ignore" });
    return dir;
  } catch {
    return null;
  }
}

it("a full disk is told, and leaves the store as it was", async () => {
  const disk = mountSmallDisk();
  const before = await test.snapshot(ctx);
  // Without a disk of our own, /dev/full is one: whatever is written to it says that there is no room.
  const full = disk ?? join(test.root, "small-disk");
  if (disk === null) expect(existsSync("/dev/full")).toBe(true);
  try {
    const pipeline = { ...test.pipeline, workDir: full, ...(disk === null ? { engine: writesTo("/dev/full") } : {}) };
    const big = focusBill(
      Array.from({ length: 12_000 }, (_, index) => ({ ResourceId: `i-${index}`, ChargeDescription: newId() })),
    );
    const files = await listBillFiles([await test.bills({ "may.csv": big })]);
    await expect(importBills(ctx, pipeline, { files })).rejects.toMatchObject({
      code: "limit",
      message: "The disk is full. Free some space and try again; nothing was changed.",
    });
  } finally {
    if (disk !== null) execFileSync("umount", [disk]);
  }
  expect(await test.snapshot(ctx)).toEqual(before);
});

function writesTo(target: string): TestPipeline["pipeline"]["engine"] {
  return {
    run<N extends TaskName>(task: N, input: EngineInputs[N], options?: RunOptions): Promise<TaskOutput<N>> {
      const changed =
        task === "land"
          ? { ...input, files: (input as EngineInputs["land"]).files.map((file) => ({ ...file, target })) }
          : input;
      return test.pipeline.engine.run(task, changed, options);
    },
  };
}

it("the bill that was there before all this is still there", async () => {
  expect(await test.billed(ctx)).toEqual({ USD: "3" });
});
