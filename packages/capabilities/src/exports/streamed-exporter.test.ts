import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { AppError } from "@finops/kernel/app-error";
import type { Context } from "@finops/platform/tenancy/context";
import { openClickHouseCosts } from "@finops/pipeline/testing/clickhouse-costs";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import type { ExportRequestInput } from "./contract.ts";
import type { ExportDownload } from "./exporter.ts";
import { createExporter } from "./service.ts";
import { createStreamedExporter, type StreamingStore } from "./streamed-exporter.ts";

let test: TestPipeline;
let ctx: Context;
let store: StreamingStore;
beforeAll(async () => {
  test = await createTestPipeline(undefined, openClickHouseCosts);
  store = test.store as StreamingStore;
  ctx = await test.company();
  const names = [
    "=cmd|' /C calc'!A0",
    'Queue, "fast"',
    "-a",
    "#1",
    "a #b",
    " led by a space ",
    "two\nlines",
    "'quoted'",
    "Größe; 大",
    "-7",
  ];
  await test.importOne(ctx, {
    "bill.csv": focusBill([
      ...names.map((ServiceName, index) => ({ ServiceName, BilledCost: `-${index}.5`, ListCost: "" })),
      { BilledCost: "0.12345678901234567890123456" },
      { BilledCost: "123456789012.5" },
    ]),
  });
}, 120_000);
afterAll(() => test.close());

const period = { start: "2000-01-01", end: "2100-01-01" };
const rowsOf = (columns: string[], more: object = {}) => ({
  kind: "rows" as const,
  query: { period, columns, ...more },
});
const bodyOf = (file: ExportDownload) => text(file.body);

const requests: Record<string, ExportRequestInput> = {
  "charge rows": { what: rowsOf(["serviceName", "billedCost", "chargePeriodStart"]), format: "csv" },
  "charge rows as they are": { what: rowsOf(["serviceName"]), format: "csv", textCells: "as-is" },
  "charge rows in an order": {
    what: rowsOf(["billedCost"], { orderBy: { by: "billedCost", direction: "desc" } }),
    format: "csv",
  },
  "no rows": { what: rowsOf(["region"], { period: { start: "1999-01-01", end: "1999-02-01" } }), format: "csv" },
  "FOCUS 1.2": { what: { kind: "focus", query: { period } }, format: "csv" },
  groups: {
    what: {
      kind: "query",
      query: { measures: ["billedCost", "effectiveSavingsRate"], groupBy: ["serviceName"], grain: "month", period },
    },
    format: "csv",
    fileName: "Zürich",
  },
};

it.each(Object.keys(requests))("streams the file that a host with an engine writes: %s", async (name) => {
  const [whole, streamed] = await Promise.all([
    createExporter(test).download(ctx, requests[name]!),
    createStreamedExporter(store).download(ctx, requests[name]!),
  ]);
  expect(await bodyOf(streamed)).toBe(await bodyOf(whole));
  expect({ ...streamed, bytes: 0, body: null }).toEqual({ ...whole, bytes: 0, body: null });
});

it("writes its entry of the audit before the first byte", async () => {
  const file = await createStreamedExporter(store).download(ctx, requests["charge rows"]!);
  const found = await ctx.inTenant((tx) =>
    tx.auditEntry.findFirstOrThrow({ where: { action: "costs.exported" }, orderBy: { at: "desc" } }),
  );
  expect(found.after).toMatchObject({ kind: "rows", format: "csv", rows: 12, isScoped: false });
  await file.body.cancel();
});

it("breaks off when the store fails in the middle, so that no part passes for a whole", async () => {
  const failing: StreamingStore = {
    dialect: store.dialect,
    read: (...asked) => store.read(...asked),
    async *stream(...asked) {
      for await (const rows of store.stream(...asked)) yield rows.slice(0, 1);
      throw new AppError("upstream", "ClickHouse does not answer. Try again in a moment.");
    },
  };
  const file = await createStreamedExporter(failing).download(ctx, requests["charge rows"]!);
  await expect(bodyOf(file)).rejects.toThrow("ClickHouse does not answer");
});

it("says where the other formats are written, and refuses who may not export", async () => {
  const exporter = createStreamedExporter(store);
  await expect(exporter.download(ctx, { ...requests["groups"]!, format: "xlsx" })).rejects.toMatchObject({
    code: "precondition",
    message: expect.stringContaining("runs on Node"),
  });
  const nobody: Context = { ...ctx, permissions: new Set(["costs:read"]) };
  await expect(exporter.download(nobody, requests["groups"]!)).rejects.toMatchObject({ code: "forbidden" });
});
