import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import type { ExportInput } from "./export-task.ts";
import { sheetNumber } from "./sheet-number.ts";

export interface WorkbookInput extends Pick<ExportInput, "columns" | "notes" | "out"> {
  sql: string;
  args: (string | number)[];
  /** Rows of a sheet, its head included. No sheet program reads more than 1,048,576. */
  sheetRowsMax?: number;
}

/** What a cell of the format may hold. */
const cellCharactersMax = 32_767;

/**
 * Writes rows into a workbook as they are read: sheets `Costs`, `Costs 2`, … and at the end `About`, which says what was done
 * to them. Memory does not grow with the rows.
 */
export async function writeWorkbook(engine: DuckDB, input: WorkbookInput): Promise<{ rows: number }> {
  const { columns, notes, out, sheetRowsMax = 1_048_576 } = input;
  const { default: Excel } = await import("exceljs");
  const workbook = new Excel.stream.xlsx.WorkbookWriter({ filename: out, useStyles: true, useSharedStrings: false });
  const addSheet = (number: number) => {
    const sheet = workbook.addWorksheet(number === 1 ? "Costs" : `Costs ${number}`, {
      views: [{ state: "frozen", ySplit: 1 }],
    });
    const head = sheet.addRow(columns.map((column) => column.label));
    head.font = { bold: true };
    head.commit();
    return sheet;
  };
  let [sheets, rows, rowsOfSheet, cut] = [1, 0, 1, 0];
  let sheet = addSheet(sheets);
  const cellOf = (text: string | null, kind: string): string | number | null => {
    if (text === null) return null;
    const number = kind === "decimal" ? sheetNumber(text) : null;
    if (number !== null) return number;
    if (text.length <= cellCharactersMax) return text;
    cut += 1;
    return text.slice(0, cellCharactersMax);
  };
  const read = await engine.connection.stream(input.sql, input.args);
  for await (const chunk of read.yieldRows()) {
    for (const values of chunk) {
      if (rowsOfSheet === sheetRowsMax) {
        sheet.commit();
        sheets += 1;
        rowsOfSheet = 1;
        sheet = addSheet(sheets);
      }
      sheet.addRow(columns.map(({ kind }, index) => cellOf(values[index] as string | null, kind))).commit();
      rows += 1;
      rowsOfSheet += 1;
    }
    // The writer takes more than it has written; a turn of the event loop lets it write.
    await new Promise(setImmediate);
  }
  sheet.commit();
  const about = workbook.addWorksheet("About");
  about.getColumn(1).width = 120;
  for (const note of [...notes, ...remarks({ rows, sheets, cut })]) about.addRow([note]).commit();
  about.commit();
  await workbook.commit();
  return { rows };
}

function remarks({ rows, sheets, cut }: { rows: number; sheets: number; cut: number }): string[] {
  return [
    `${rows.toLocaleString("en")} rows${sheets === 1 ? "" : ` on ${sheets} sheets, since a sheet holds 1,048,576`}.`,
    "A decimal of up to 15 digits is a number. A longer one is text, because a sheet would round it without a word.",
    "A text that begins with = + - @ or a tab has an apostrophe in front, so that no sheet takes it for a formula.",
    ...(cut === 0 ? [] : [`${cut} texts of more than 32,767 characters are cut there; a CSV has them whole.`]),
  ];
}
