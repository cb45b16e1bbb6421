import { createHash } from "node:crypto";
import { fixedClock, systemClock } from "@finops/kernel/clock";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "@finops/platform/tenancy/context";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { detectImport } from "./detect.ts";
import { cancelImport, getImport, listImports, startImport } from "./service.ts";
import {
  addImportFile,
  appendImportFile,
  getImportFile,
  openImport,
  removeImportFile,
  removeLeftUploads,
} from "./uploads.ts";
import { getRejects, previewRollback } from "./lake-pages.ts";
import { getConformance, getVersion } from "./versions.ts";

let test: TestPipeline;
let ctx: Context;
beforeAll(async () => {
  test = await createTestPipeline();
  ctx = await test.company();
});
afterAll(() => test.close());

const bytes = (text: string) => new TextEncoder().encode(text);
async function* pieces(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield bytes(part);
}
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

it("goes a week after its import ended, where nobody took it away, and not while the import is open or waits", async () => {
  const start = async (name: string) => {
    const { id } = await openImport(ctx);
    await addImportFile(ctx, id, `${name}.csv`, pieces(name));
    return id;
  };
  const [open, waits, failed] = [await start("open"), await start("waits"), await start("failed")];
  for (const id of [waits, failed]) await startImport(ctx, id, {});
  const end = (id: string) =>
    ctx.inTenant((tx) =>
      tx.workItem.updateMany({
        where: { payload: { path: ["importId"], equals: id } },
        data: { state: "failed", finishedAt: systemClock.now() },
      }),
    );
  await end(failed);
  const left = async () => {
    const stored = await test.host.files.list(`tenants/${ctx.tenantId}/uploads/`);
    return [open, waits, failed].filter((id) => stored.some(({ name }) => name.includes(`${id}/`)));
  };
  await removeLeftUploads(test.host);
  expect(await left()).toEqual([open, waits, failed]);
  test.host.clock = fixedClock(new Date(systemClock.now().getTime() + 8 * 86_400_000).toISOString());
  await Promise.all([1, 2].map(() => removeLeftUploads(test.host)));
  test.host.clock = systemClock;
  expect(await left()).toEqual([open, waits]);
  await cancelImport(ctx, open);
});

describe("a file that is sent piece by piece", () => {
  it("goes on where it broke, and is the file that was sent", async () => {
    const { id } = await openImport(ctx);
    const send = (offset: number, ...parts: string[]) =>
      appendImportFile(
        ctx,
        id,
        { name: "may.csv", offset, length: 10, sha256: sha256("0123456789") },
        pieces(...parts),
      );
    expect(await send(0, "012")).toMatchObject({ bytes: 3, isComplete: false });
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytes("345");
      throw new Error("the line dropped");
    }
    await expect(appendImportFile(ctx, id, { name: "may.csv", offset: 3, length: 10 }, broken())).rejects.toMatchObject(
      { code: "invalid", message: expect.stringContaining("connection broke") },
    );
    expect(await getImportFile(ctx, id, "may.csv")).toMatchObject({ bytes: 6, isComplete: false });
    await expect(send(3, "3456789")).rejects.toMatchObject({ code: "conflict", facts: { offset: 6 } });
    await expect(startImport(ctx, id, {})).rejects.toMatchObject({ code: "precondition" });
    expect(await send(6, "6789")).toMatchObject({ bytes: 10, isComplete: true, sha256: sha256("0123456789") });
    await expect(send(10)).rejects.toMatchObject({ code: "conflict", facts: { isComplete: true } });
    expect(await getImport(ctx, id)).toMatchObject({ state: "open", files: [{ name: "may.csv", bytes: 10 }] });
  });

  it("is not taken when it arrived as another, or as more than was told", async () => {
    const { id } = await openImport(ctx);
    await expect(
      appendImportFile(ctx, id, { name: "a", offset: 0, length: 3, sha256: sha256("abc") }, pieces("abd")),
    ).rejects.toMatchObject({ code: "invalid", facts: { offset: 0 } });
    expect(await getImportFile(ctx, id, "a")).toMatchObject({ bytes: 0, isComplete: false });
    await expect(appendImportFile(ctx, id, { name: "b", offset: 0, length: 3 }, pieces("abcd"))).rejects.toMatchObject({
      message: "More arrived than the file was said to have.",
    });
  });

  it("is seen by nobody else, and goes when its import is given up", async () => {
    const other = await test.company();
    const { id } = await openImport(ctx);
    await addImportFile(ctx, id, "a.csv", pieces("a"));
    await addImportFile(ctx, id, "b.csv", pieces("b"));
    await removeImportFile(ctx, id, "b.csv");
    await expect(getImportFile(other, id, "a.csv")).rejects.toMatchObject({ code: "not_found" });
    expect((await listImports(other)).imports.map((job) => job.id)).not.toContain(id);
    expect((await listImports(ctx)).imports.find((job) => job.id === id)?.files).toEqual([{ name: "a.csv", bytes: 1 }]);
    expect(await cancelImport(ctx, id)).toMatchObject({ state: "cancelled" });
    expect((await listImports(ctx)).imports.map((job) => job.id)).not.toContain(id);
    expect(await test.host.files.list(`tenants/${ctx.tenantId}/uploads/${id}`)).toEqual([]);
  });
});

describe("what an import would do", () => {
  const detect = async (company: Context, files: Record<string, string>, options: object = {}) => {
    const { id } = await openImport(company);
    for (const [name, content] of Object.entries(files)) await addImportFile(company, id, name, pieces(content));
    return detectImport(company, test.pipeline, id, options);
  };
  const may = focusBill([{ BilledCost: "1" }, { BilledCost: "2" }]);

  it("is told with format, reason, months and accounts of the first rows", async () => {
    const company = await test.company();
    const { deliveries, problems, formats } = await detect(company, { "may.csv": may });
    expect(problems).toEqual([]);
    expect(deliveries).toMatchObject([
      {
        formatName: expect.stringContaining("FOCUS"),
        because: expect.stringMatching(/./),
        files: [{ name: "may.csv" }],
        sample: { rows: 2, accounts: ["AWS/222222222222"], currencies: ["USD"], rejected: [] },
        missing: [],
        isCurrent: false,
        conflicts: [],
        source: { isNew: true },
      },
    ]);
    expect(formats.length).toBeGreaterThan(10);
  });

  it("says that the very same bill is here already, and which source a new one belongs to", async () => {
    const company = await test.company();
    const report = await test.importOne(company, { "may.csv": may });
    expect((await detect(company, { "again.csv": may })).deliveries[0]).toMatchObject({
      isCurrent: true,
      source: { key: report.source, isNew: false },
    });
    expect((await detect(company, { "may.csv": focusBill([{ BilledCost: "3" }]) })).deliveries[0]).toMatchObject({
      isCurrent: false,
      source: { key: report.source, isNew: false },
    });
  });

  it("names another source that has the same account and month", async () => {
    const company = await test.company();
    await test.importOne(company, { "may.csv": may });
    const { deliveries } = await detect(company, { "may.csv": may }, { sourceName: "second" });
    expect(deliveries[0]!.conflicts).toMatchObject([{ account: "AWS/222222222222", periods: ["2026-05"] }]);
  });

  it("names a column that is missing and what can be said instead, and takes the answer", async () => {
    const company = await test.company();
    const bill = may
      .split("\n")
      .map((line) => line)
      .join("\n")
      .replace("BillingCurrency", "Money");
    const without = await detect(company, { "may.csv": bill }, { format: "focus" });
    expect(without.deliveries[0]?.missing).toContainEqual({ column: "BillingCurrency", assume: "BillingCurrency" });
    const told = await detect(company, { "may.csv": bill }, { format: "focus", assume: { BillingCurrency: "EUR" } });
    expect(told.deliveries[0]).toMatchObject({ missing: [], sample: { currencies: ["EUR"] } });
  });

  it("shows the columns of a file that is no bill that is known, and reads it by a mapping of one's own", async () => {
    const company = await test.company();
    const file = { "shop.csv": "Day,Amount,Thing\n2026-05-01,1.50,Desk\n2026-05-02,2.50,Chair\n" };
    const { deliveries, problems } = await detect(company, file);
    expect(deliveries).toEqual([]);
    expect(problems).toMatchObject([
      {
        files: ["shop.csv"],
        columns: ["Day", "Amount", "Thing"],
        message: expect.stringContaining("no bill that is known"),
      },
    ]);
    expect(problems[0]!.firstRows).toHaveLength(2);
    const definition = {
      name: "Shop",
      provider: "Shop",
      currency: "EUR",
      columns: { BilledCost: "Amount", ChargePeriodStart: "Day", ServiceName: "Thing" },
    };
    const mapped = await detect(company, file, { format: "csv", definition });
    expect(mapped.deliveries[0]).toMatchObject({
      formatName: expect.any(String),
      sample: { rows: 2, currencies: ["EUR"] },
    });
  });

  it("tells of a file that is cut what is wrong with it", async () => {
    const { problems } = await detect(await test.company(), { "empty.csv": "" });
    expect(problems).toMatchObject([{ message: expect.stringContaining("empty.csv is empty"), columns: [] }]);
  });
});

describe("a version", () => {
  it("shows its files, what it refused with file, line and cost, and how it stands against FOCUS", async () => {
    const company = await test.company();
    await test.importOne(company, {
      "may.csv": focusBill([
        { BilledCost: "1" },
        { BilledCost: "abc" },
        { BilledCost: "2", ChargePeriodStart: "soon" },
      ]),
    });
    const { id } = await company.inTenant((tx) => tx.datasetVersion.findFirstOrThrow());
    expect(await getVersion(company, id)).toMatchObject({
      billingPeriod: "2026-05-01",
      number: 1,
      rows: 1,
      state: "published",
      files: [{ name: "may.csv", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      report: { rowsRejected: 2, formatName: expect.any(String) },
    });
    const first = await getRejects(company, test.pipeline, id, { offset: 0, limit: 1 });
    expect(first).toMatchObject({ total: 2, nextOffset: 1, rows: [{ file: "may.csv", line: 3 }] });
    const second = await getRejects(company, test.pipeline, id, { offset: 1, limit: 1 });
    expect(second).toMatchObject({ nextOffset: null, rows: [{ cost: { amount: "2", currency: "USD" } }] });
    const conformance = await getConformance(company, id);
    expect(conformance).toMatchObject({ rowsChecked: "1", version: expect.any(String) });
    expect(conformance.failed).toBe(conformance.columns.reduce((sum, column) => sum + column.rules.length, 0));
    const other = await test.company();
    await expect(getVersion(other, id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("shows before a rollback what it would change", async () => {
    const company = await test.company();
    await test.importOne(company, { "may.csv": focusBill([{ BilledCost: "1" }]) });
    await test.importOne(company, {
      "may.csv": focusBill([{ BilledCost: "1.25" }, { BilledCost: "4", ResourceId: "i-2" }]),
    });
    const [first] = await company.inTenant((tx) => tx.publication.findMany({ orderBy: { position: "asc" } }));
    const preview = await previewRollback(company, test.pipeline, first!.position.toString());
    expect(preview).toMatchObject({
      billingPeriod: "2026-05-01",
      before: { rows: 2, totals: { USD: { billedCost: "5.25" } } },
      after: { rows: 1, totals: { USD: { billedCost: "1" } } },
      changes: [{ billedBefore: "5.25", billedAfter: "1", rowsRemoved: 1, rowsChanged: 1 }],
      changesTotal: 1,
    });
  });
});
