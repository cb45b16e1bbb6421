import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "@finops/kernel/id";
import { createContext, type Context } from "@finops/platform/tenancy/context";
import { readWorkbook } from "@finops/pipeline/testing/read-workbook";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import type { ExportRequestInput } from "./contract.ts";
import { downloadExport, exportCosts } from "./service.ts";

let test: TestPipeline;
let ctx: Context;
beforeAll(async () => {
  test = await createTestPipeline();
  ctx = await test.company();
  await test.importOne(ctx, {
    "bill.csv": focusBill([
      { BilledCost: "-1.5", EffectiveCost: "2", ServiceName: "=cmd|' /C calc'!A0", ListCost: "" },
      { BilledCost: "0.12345678901234567890123456", EffectiveCost: "7", ServiceName: 'Queue, "fast"' },
      { BilledCost: "-0.00000000000000000000000001", EffectiveCost: "1", ServiceName: "Mail" },
      { BilledCost: "123456789012.5", EffectiveCost: "3", ServiceName: "Mail" },
    ]),
  });
});
afterAll(() => test.close());

const period = { start: "2000-01-01", end: "2100-01-01" };
const rows = (columns: string[], more: object = {}): ExportRequestInput["what"] => ({
  kind: "rows",
  query: { period, columns, ...more },
});

async function write(what: ExportRequestInput["what"], format: "csv" | "parquet" | "xlsx", more: object = {}) {
  const path = join(test.root, `${newId()}.${format}`);
  const written = await exportCosts(ctx, test, { what, format, ...more }, path);
  return { path, ...written };
}
async function text(what: ExportRequestInput["what"], more: object = {}) {
  return readFile((await write(what, "csv", more)).path, "utf8");
}

describe("charge rows", () => {
  it("are written with every digit, in the order of the bill, and no formula among their texts", async () => {
    expect(await text(rows(["serviceName", "billedCost"]))).toBe(
      [
        "serviceName,billedCost",
        `'=cmd|' /C calc'!A0,-1.5`,
        `"Queue, ""fast""",0.12345678901234567890123456`,
        "Mail,-0.00000000000000000000000001",
        "Mail,123456789012.5",
        "",
      ].join("\n"),
    );
  });

  it("stand as they are for a program that reads them back", async () => {
    expect(
      await text(rows(["serviceName"], { filter: { dimension: "serviceName", startsWith: "=" } }), {
        textCells: "as-is",
      }),
    ).toBe("serviceName\n=cmd|' /C calc'!A0\n");
  });

  it("come in the order that is asked for", async () => {
    expect(await text(rows(["billedCost"], { orderBy: { by: "billedCost", direction: "desc" } }))).toBe(
      "billedCost\n123456789012.5\n0.12345678901234567890123456\n-0.00000000000000000000000001\n-1.5\n",
    );
  });

  it("are a head alone where there are none", async () => {
    const none = rows(["region"], { period: { start: "1999-01-01", end: "1999-02-01" } });
    expect(await text(none)).toBe("regionId\n");
  });

  it("are refused for a column that does not exist", async () => {
    await expect(text(rows(["servic"]))).rejects.toThrow("Did you mean service");
    await expect(text(rows([]))).rejects.toThrow("at least one column");
  });

  it("are decimals in Parquet where they fit, and text where one does not", async () => {
    const { path } = await write(rows(["effectiveCost", "billedCost", "chargePeriodStart"]), "parquet");
    const engine = await DuckDB.open({ threads: 1, memoryMb: 256 });
    const types = await engine.rows(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${path}')`);
    const sum = await engine.rows(`SELECT sum("effectiveCost") AS s FROM '${path}'`);
    engine.close();
    expect(types.map((type) => type.column_type)).toEqual(["DECIMAL(38,26)", "VARCHAR", "TIMESTAMP"]);
    expect(sum).toEqual([{ s: "13.00000000000000000000000000" }]);
  });

  it("are numbers in a workbook where a double holds them, and it says so", async () => {
    const { path } = await write(rows(["serviceName", "billedCost"]), "xlsx");
    const { Costs, About } = await readWorkbook(path);
    expect(Costs).toEqual([
      ["Service name", "Billed cost"],
      ["'=cmd|' /C calc'!A0", -1.5],
      [`Queue, "fast"`, "0.12345678901234567890123456"],
      ["Mail", -1e-26],
      ["Mail", 123456789012.5],
    ]);
    const notes = About!.join("\n");
    expect(notes).toContain("4 rows.");
    expect(notes).toContain("A decimal of up to 15 digits is a number");
  });
});

describe("FOCUS 1.2", () => {
  it("has its 57 columns, with a stand-in and a mark where a bill tells no list cost", async () => {
    const csv = await text({ kind: "focus", query: { period, filter: { dimension: "serviceName", contains: "cmd" } } });
    const [head, row, ...more] = csv.trimEnd().split("\n");
    expect(head!.split(",")).toHaveLength(60);
    expect(more).toEqual([]);
    const engine = await DuckDB.open({ threads: 1, memoryMb: 256 });
    const { path } = await write({ kind: "focus", query: { period } }, "parquet");
    const found = await engine.rows(
      `SELECT "ListCost", "x_ListCostUnknown" AS unknown FROM '${path}' ORDER BY "EffectiveCost"`,
    );
    engine.close();
    expect(found[1]).toMatchObject({ unknown: "true" });
    expect(row).toContain("'=cmd");
  });

  it("is no workbook", async () => {
    await expect(write({ kind: "focus", query: { period } }, "xlsx")).rejects.toThrow("csv or parquet");
  });
});

describe("the groups of a query", () => {
  it("are all of them, with the reason where a figure is missing", async () => {
    const csv = await text({
      kind: "query",
      query: { measures: ["effectiveCost", "effectiveSavingsRate"], groupBy: ["service"], period, share: true },
    });
    expect(csv.split("\n")[0]).toContain("serviceName,currency,effectiveCost,effectiveCostShare");
    expect(csv.split("\n").filter((line) => line.startsWith("Mail,USD,4,"))).toHaveLength(1);
  });

  it("come as a workbook of numbers", async () => {
    const { path, rows: count } = await write(
      { kind: "query", query: { measures: ["effectiveCost"], period, grain: "month" } },
      "xlsx",
    );
    expect([count, (await readWorkbook(path)).Costs![1]![2]]).toEqual([1, 13]);
  });
});

describe("an export", () => {
  it("is allowed to who may export and see costs", async () => {
    const as = (...permissions: string[]) =>
      createContext(test.host, { tenantId: ctx.tenantId, actor: ctx.actor, via: ctx.via, permissions });
    for (const who of [as("costs:read"), as("exports:write")])
      await expect(exportCosts(who, test, { what: rows(["region"]), format: "csv" }, "/nowhere")).rejects.toThrow(
        "needs the permission",
      );
  });

  it("leaves an audit entry and nothing else on the disk", async () => {
    const file = await downloadExport(ctx, test, { what: rows(["billedCost"]), format: "csv", fileName: "Zürich" });
    const body = await new Response(file.body).text();
    expect([file.fileName, file.rows, body.split("\n").length, file.bytes]).toEqual(["Zürich.csv", 4, 6, body.length]);
    expect(await readdir(test.pipeline.workDir)).toEqual([]);
    const entry = await ctx.inTenant((tx) =>
      tx.auditEntry.findFirst({ where: { action: "costs.exported" }, orderBy: { at: "desc" } }),
    );
    expect(entry?.after).toMatchObject({ kind: "rows", format: "csv", rows: 4 });
  });

  it("ends when its reader has left", async () => {
    await expect(
      downloadExport(ctx, test, { what: rows(["region"]), format: "csv" }, { signal: AbortSignal.abort() }),
    ).rejects.toThrow("cancelled");
    expect(await readdir(test.pipeline.workDir)).toEqual([]);
  });
});
