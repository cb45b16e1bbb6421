// @vitest-environment jsdom
import Excel from "exceljs";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { expect, it } from "vitest";
import { bytesMax, readTableFile } from "./read-table-file.ts";

async function workbook(rows: unknown[][], more: (book: Excel.Workbook) => void = () => {}): Promise<Uint8Array> {
  const book = new Excel.Workbook();
  book.addWorksheet("Plan").addRows(rows);
  more(book);
  return new Uint8Array(await book.xlsx.writeBuffer());
}

it("reads the first sheet of a workbook, with days, texts and numbers as they are shown", async () => {
  const file = await workbook(
    [
      ["Month", "Amount"],
      [new Date("2026-01-01T00:00:00Z"), 1200.1],
      ["2026-02", 123456789.1],
      ["2026-03", { formula: "B2*2", result: 2400.2 }],
      [],
      ["2026-04", "1.200,00"],
      ["2026-05", { richText: [{ text: "12" }, { text: "OO" }] }],
    ],
    (book) => book.addWorksheet("Other").addRow(["no", "plan"]),
  );
  expect(readTableFile(file).split("\n")).toEqual([
    "Month\tAmount",
    "2026-01-01\t1200.1",
    "2026-02\t123456789.1",
    "2026-03\t2400.2",
    "",
    "2026-04\t1.200,00",
    "2026-05\t12OO",
  ]);
});

it("counts days from 1904 where the workbook does", async () => {
  const file = await workbook([[new Date("2026-01-01T00:00:00Z"), 1]], (book) => {
    book.properties.date1904 = true;
  });
  expect(readTableFile(file)).toBe("2026-01-01\t1");
});

it("reads a CSV file as it is, without the mark at its beginning", () => {
  expect(readTableFile(strToU8("\uFEFF2026-01;1200.00\r\n"))).toBe("2026-01;1200.00\r\n");
});

it("refuses in words what is no table, and what would fill the memory", () => {
  const book = `<workbook><sheets><sheet name="x" sheetId="1"/></sheets></workbook>`;
  const zip = (sheet: string | Uint8Array) =>
    zipSync({
      "xl/workbook.xml": strToU8(book),
      "xl/worksheets/sheet1.xml": typeof sheet === "string" ? strToU8(sheet) : sheet,
    });
  expect(() => readTableFile(new Uint8Array(bytesMax + 1))).toThrow("larger than 2 MB");
  expect(() => readTableFile(new Uint8Array([0x25, 0x50, 0, 1]))).toThrow("neither a CSV nor an XLSX");
  expect(() => readTableFile(strToU8("PK no archive"))).toThrow("cannot be read");
  expect(() => readTableFile(zip("<worksheet><row>"))).toThrow("cannot be read");
  expect(() => readTableFile(zip(new Uint8Array(9_000_000)))).toThrow("cannot be read");
  const laughs = `<!DOCTYPE x [<!ENTITY a "ha">]><worksheet><sheetData/></worksheet>`;
  expect(() => readTableFile(zip(laughs))).toThrow("cannot be read");
  const rows = Array.from({ length: 401 }, (_, index) => `<row r="${index + 1}"><c><v>1</v></c></row>`).join("");
  expect(() => readTableFile(zip(`<worksheet><sheetData>${rows}</sheetData></worksheet>`))).toThrow(
    "more than 400 rows",
  );
});

it("never fails but in words", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, isArchive) => {
      const file = isArchive ? new Uint8Array([0x50, 0x4b, 3, 4, ...bytes]) : bytes;
      try {
        expect(typeof readTableFile(file)).toBe("string");
      } catch (error) {
        expect((error as Error).message).toMatch(/cannot be read|neither a CSV/);
      }
    }),
  );
});
