import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import { readWorkbook } from "../testing/read-workbook.ts";
import { sheetNumber } from "./sheet-number.ts";
import { cellName } from "./workbook-xml.ts";
import { writeWorkbook } from "./write-workbook.ts";

let engine: DuckDB;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "finops-workbook-"));
  engine = await DuckDB.open({ threads: 1, memoryMb: 256 });
});
afterAll(async () => {
  engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function workbookOf(sql: string, kind: "text" | "decimal", more: { sheetRowsMax?: number } = {}) {
  const out = join(folder, "costs.xlsx");
  const columns = [{ name: "v", label: "Value", kind, isNarrow: true }];
  const { rows } = await writeWorkbook(engine, { sql, args: [], columns, notes: ["Of a test."], out, ...more });
  const { About, ...sheets } = await readWorkbook(out);
  return { rows, sheets, notes: About!.flat() };
}

describe("a workbook", () => {
  it("goes on to another sheet when one is full, with the head again", async () => {
    const { rows, sheets } = await workbookOf("SELECT CAST(range AS VARCHAR) AS v FROM range(5)", "decimal", {
      sheetRowsMax: 3,
    });
    expect(rows).toBe(5);
    expect(sheets).toEqual({
      Costs: [["Value"], [0], [1]],
      "Costs 2": [["Value"], [2], [3]],
      "Costs 3": [["Value"], [4]],
    });
  });

  it("has no sheet more where the last one is just full", async () => {
    const { sheets } = await workbookOf("SELECT CAST(range AS VARCHAR) AS v FROM range(2)", "decimal", {
      sheetRowsMax: 3,
    });
    expect(Object.keys(sheets)).toEqual(["Costs"]);
  });

  it("is a head alone without rows", async () => {
    const { rows, sheets, notes } = await workbookOf("SELECT '' AS v WHERE false", "text");
    expect([rows, sheets, notes[0]]).toEqual([0, { Costs: [["Value"]] }, "Of a test."]);
  });

  it.each([`<b> & "q" 'a'`, "two\nlines and a\ttab", "日本語 𓀀 עברית", "  spaces  "])(
    "keeps the text %j",
    async (text) => {
      const { sheets } = await workbookOf(`SELECT '${text.replaceAll("'", "''")}' AS v`, "text");
      expect(sheets.Costs![1]).toEqual([text]);
    },
  );

  it("cuts a text that no cell can hold, and says so", async () => {
    const { sheets, notes } = await workbookOf("SELECT repeat('x', 40000) AS v", "text");
    expect(String(sheets.Costs![1]![0])).toHaveLength(32_767);
    expect(notes.join("\n")).toContain("1 texts of more than 32,767 characters");
  });

  it("holds what is more than its buffers take", async () => {
    const { rows, sheets } = await workbookOf(
      "SELECT md5(CAST(range AS VARCHAR)) || range AS v FROM range(60000) ORDER BY range",
      "text",
    );
    expect([rows, sheets.Costs!.length, String(sheets.Costs!.at(-1)![0]).endsWith("59999")]).toEqual([
      60_000,
      60_001,
      true,
    ]);
  });
});

describe("a decimal in a sheet", () => {
  it.each([
    ["0.1", 0.1],
    ["-1234567.89012345", -1234567.89012345],
    ["123456789012345", 123456789012345],
    ["1234567890123456", null],
    ["0.1234567890123456", null],
    ["1e5", null],
    ["", null],
    ["0", 0],
  ])("%s is the number %s", (text, number) => {
    expect(sheetNumber(text)).toBe(number);
  });
});

describe("a column of a sheet", () => {
  it.each([
    [0, "A"],
    [25, "Z"],
    [26, "AA"],
    [77, "BZ"],
    [701, "ZZ"],
    [702, "AAA"],
  ])("%s is %s", (index, name) => {
    expect(cellName(index)).toBe(name);
  });
});
