import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CostView } from "../views/contract.ts";
import type { ReportItem, ToldItem } from "./contract.ts";
import {
  changeReport,
  createReport,
  deleteReport,
  getReportRun,
  getReportVersion,
  listReportRuns,
  listReports,
  listReportVersions,
  restoreReport,
  runReport,
} from "./service.ts";
import { reportTemplates } from "./templates.ts";

let test: TestPipeline;
let reader: CostReader;
beforeAll(async () => {
  test = await createTestPipeline();
  reader = new CostReader(test.store);
});
afterAll(() => test.close());

type Figures = Exclude<ToldItem, { kind: "text" }>;

const all = { period: { preset: "all" as const }, comparison: "none" as const };
const items: ReportItem[] = [
  { id: "intro", kind: "text", text: "All we spent." },
  {
    id: "total",
    kind: "figure",
    title: "Billed",
    view: CostView.parse({ ...all, measures: ["billedCost"], groupBy: [] }),
  },
  { id: "trend", kind: "chart", title: "By day", view: CostView.parse({ ...all, grain: "day", chart: "bars" }) },
  { id: "top", kind: "table", title: "By service", view: CostView.parse(all), rowsMax: 1 },
];

describe("a report", () => {
  it("tells text, figures, charts and tables in their order, exact to the last digit", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, {
      "may.csv": focusBill([
        { BilledCost: "1.10000000000000000000000001", ServiceName: "Web" },
        { BilledCost: "2", ServiceName: "Mail" },
      ]),
    });
    const { id } = await createReport(ctx, { name: "May", items });
    const run = await runReport(ctx, reader, id);
    expect(run.items.map((item) => item.kind)).toEqual(["text", "figure", "chart", "table"]);
    const [, total, trend, top] = run.items as Figures[];
    expect(total!.answer!.totals[0]!.values["billedCost"]!.value).toBe("3.10000000000000000000000001");
    expect(new Set(trend!.answer!.rows.map((row) => row.key["serviceName"]))).toEqual(new Set(["Mail", "Web"]));
    expect(top!.answer!.rows.map((row) => [row.key["serviceName"], row.values["billedCost"]!.value])).toEqual([
      ["Mail", "2"],
    ]);
  });

  it("keeps each run as it was told, whatever is restated or changed later", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1" }]) });
    const { id } = await createReport(ctx, { name: "May", items });
    const first = await runReport(ctx, reader, id);
    await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1.25" }]) });
    await changeReport(ctx, id, { version: 1, name: "May, restated", items: [items[1]!] });
    const second = await runReport(ctx, reader, id);
    const billed = (run: typeof first) =>
      (run.items.find((item) => item.id === "total") as Figures).answer!.totals[0]!.values["billedCost"]!.value;
    expect([billed(await getReportRun(ctx, id, 1)), billed(second)]).toEqual(["1", "1.25"]);
    expect(await getReportRun(ctx, id, 1)).toEqual(first);
    expect((await listReportRuns(ctx, id)).map(({ number, name }) => [number, name])).toEqual([
      [2, "May, restated"],
      [1, "May"],
    ]);
  });

  it("brings an earlier version back as the newest, keeps all of them, and its runs as they were told", async () => {
    const ctx = await test.company();
    const { id } = await createReport(ctx, { name: "First", items: [items[0]!] });
    const run = await runReport(ctx, reader, id);
    await changeReport(ctx, id, { version: 1, name: "Second", items: [] });
    expect(await getReportVersion(ctx, id, 1)).toMatchObject({ version: 1, name: "First", items: [items[0]] });
    const restored = await restoreReport(ctx, id, { version: 1, on: 2 });
    expect(restored).toMatchObject({ version: 3, name: "First", items: [items[0]] });
    expect((await listReportVersions(ctx, id)).map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(await getReportRun(ctx, id, 1)).toEqual(run);
    await expect(restoreReport(ctx, id, { version: 1, on: 2 })).rejects.toMatchObject({ code: "conflict" });
    await expect(restoreReport(ctx, id, { version: 9, on: 3 })).rejects.toMatchObject({ code: "not_found" });
  });

  it("cannot have its runs changed or deleted by the application", async () => {
    const ctx = await test.company();
    const { id } = await createReport(ctx, { items: [items[0]!] });
    await runReport(ctx, reader, id);
    await expect(ctx.inTenant((tx) => tx.reportRun.deleteMany({}))).rejects.toThrow();
    await expect(ctx.inTenant((tx) => tx.reportRun.updateMany({ data: { name: "x" } }))).rejects.toThrow();
  });

  it("says why a figure is missing, and tells the others", async () => {
    const ctx = await test.company();
    const { id } = await createReport(ctx, { items });
    const empty = await runReport(ctx, reader, id);
    expect(empty.items[1]).toMatchObject({ answer: null, missing: "No bill was imported yet." });
    await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1" }]) });
    const nothing = CostView.parse({ ...all, filter: { dimension: "serviceName", is: "None" } });
    const wrong = CostView.parse({ ...all, filter: { dimension: "noSuchColumn", is: "x" } });
    await changeReport(ctx, id, {
      version: 1,
      items: [
        { id: "a", kind: "figure", title: "Nothing", view: nothing },
        { id: "b", kind: "table", title: "Wrong", view: wrong, rowsMax: 5 },
        items[1]!,
      ],
    });
    const [a, b, c] = (await runReport(ctx, reader, id)).items;
    expect(a).toMatchObject({ answer: null, missing: "No charge lies within this filter and period." });
    expect(b).toMatchObject({ answer: null, missing: expect.stringContaining('There is no dimension "noSuchColumn"') });
    expect(c).toMatchObject({ missing: null });
  });

  it("numbers two runs at once one after the other", async () => {
    const ctx = await test.company();
    const { id } = await createReport(ctx, { items: [items[0]!] });
    const runs = await Promise.all([runReport(ctx, reader, id), runReport(ctx, reader, id)]);
    expect(new Set(runs.map(({ number }) => number))).toEqual(new Set([1, 2]));
  });

  it("of another company does not exist, nor do its runs", async () => {
    const [ctx, other] = [await test.company(), await test.company()];
    const { id } = await createReport(ctx, { template: "month-close", sharing: { with: "company" } });
    await runReport(ctx, reader, id);
    expect(await listReports(other)).toEqual([]);
    for (const attempt of [
      () => runReport(other, reader, id),
      () => getReportRun(other, id, 1),
      () => listReportRuns(other, id),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
  });

  it("is gone with its list when it is deleted", async () => {
    const ctx = await test.company();
    const { id } = await createReport(ctx, { template: "weekly-engineering" });
    await deleteReport(ctx, id);
    expect(await listReports(ctx)).toEqual([]);
    await expect(listReportRuns(ctx, id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("needs a template that there is", async () => {
    await expect(createReport(await test.company(), { template: "poem" })).rejects.toMatchObject({ code: "invalid" });
    expect(reportTemplates.map(({ key }) => key)).toEqual(["month-close", "weekly-engineering"]);
  });
});
