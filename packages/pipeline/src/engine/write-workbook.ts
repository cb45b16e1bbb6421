import type { DuckDB } from "@finops/warehouse/engines/duckdb/connection";
import type { ExportInput } from "./export-task.ts";
import { sheetNumber } from "./sheet-number.ts";
import { cellName, packageFiles, sheetHead, sheetTail, xmlText } from "./workbook-xml.ts";
import { ZipFile } from "./zip-file.ts";

export interface WorkbookInput extends Pick<ExportInput, "columns" | "notes" | "out"> {
  sql: string;
  args: (string | number)[];
  /** Rows of a sheet, its head included. No sheet program reads more than 1,048,576. */
  sheetRowsMax?: number;
}

/** What a cell of the format may hold. */
const cellCharactersMax = 32_767;
/** A file of a zip ends at 4 GiB, so a sheet of very long texts ends before it is full of rows. */
const sheetCharactersMax = 1_000_000_000;

/**
 * Writes rows into a workbook as they are read: sheets `Costs`, `Costs 2`, … and at the end `About`, which says what was done
 * to them. Memory does not grow with the rows: no row is read before the ones before it are packed.
 */
export async function writeWorkbook(engine: DuckDB, input: WorkbookInput): Promise<{ rows: number }> {
  const read = await engine.connection.stream(input.sql, input.args);
  const rows = new SheetRows(read.yieldRows() as AsyncIterator<(string | null)[][]>, input);
  const zip = await ZipFile.create(input.out);
  try {
    const sheets: string[] = [];
    do {
      sheets.push(sheets.length === 0 ? "Costs" : `Costs ${sheets.length + 1}`);
      await zip.addFile(`xl/worksheets/sheet${sheets.length}.xml`, rows.sheet());
    } while (await rows.hasMore());
    const notes = [...input.notes, ...remarks(rows.count, sheets.length, rows.cut)];
    await zip.addFile(`xl/worksheets/sheet${sheets.length + 1}.xml`, aboutSheet(notes));
    for (const [name, text] of packageFiles([...sheets, "About"])) await zip.addFile(name, [text]);
    await zip.end();
  } finally {
    await zip.close();
  }
  return { rows: rows.count };
}

/** The rows of a result, sheet after sheet. */
class SheetRows {
  count = 0;
  cut = 0;
  readonly #chunks: AsyncIterator<(string | null)[][]>;
  readonly #columns: WorkbookInput["columns"];
  readonly #letters: readonly string[];
  readonly #rowsMax: number;
  #chunk: (string | null)[][] = [];
  #next = 0;

  constructor(
    chunks: AsyncIterator<(string | null)[][]>,
    { columns, sheetRowsMax = 1_048_576 }: Pick<WorkbookInput, "columns" | "sheetRowsMax">,
  ) {
    this.#chunks = chunks;
    this.#columns = columns;
    this.#letters = columns.map((_, index) => cellName(index));
    this.#rowsMax = sheetRowsMax;
  }

  async hasMore(): Promise<boolean> {
    while (this.#next >= this.#chunk.length) {
      const { value, done } = await this.#chunks.next();
      if (done === true) return false;
      this.#chunk = value;
      this.#next = 0;
    }
    return true;
  }

  async *sheet(): AsyncGenerator<string> {
    const heads = this.#columns.map(({ label }, index) => textCell(`${this.#letters[index]!}1`, label, 1));
    yield `${sheetHead}<row r="1">${heads.join("")}</row>`;
    let [row, characters] = [2, 0];
    while (row <= this.#rowsMax && characters < sheetCharactersMax && (await this.hasMore())) {
      const until = Math.min(this.#chunk.length, this.#next + this.#rowsMax - row + 1);
      const lines = this.#chunk.slice(this.#next, until).map((values, index) => this.#rowXml(values, row + index));
      row += until - this.#next;
      this.count += until - this.#next;
      this.#next = until;
      const text = lines.join("");
      characters += text.length;
      yield text;
    }
    yield sheetTail;
  }

  #rowXml(values: readonly (string | null)[], row: number): string {
    let cells = "";
    for (const [index, value] of values.entries()) {
      if (value === null) continue;
      const name = `${this.#letters[index]!}${row}`;
      const number = this.#columns[index]!.kind === "decimal" ? sheetNumber(value) : null;
      cells += number === null ? textCell(name, this.#fit(value), 0) : `<c r="${name}"><v>${number}</v></c>`;
    }
    return `<row r="${row}">${cells}</row>`;
  }

  #fit(text: string): string {
    if (text.length <= cellCharactersMax) return text;
    this.cut += 1;
    return text.slice(0, cellCharactersMax).replace(/[\uD800-\uDBFF]$/, "");
  }
}

function textCell(name: string, text: string, style: 0 | 1): string {
  return `<c r="${name}" t="inlineStr"${style === 0 ? "" : ` s="${style}"`}><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

function aboutSheet(notes: readonly string[]): string[] {
  const rows = notes.map((note, index) => `<row r="${index + 1}">${textCell(`A${index + 1}`, note, 0)}</row>`);
  return [sheetHead, ...rows, sheetTail];
}

function remarks(rows: number, sheets: number, cut: number): string[] {
  return [
    `${rows.toLocaleString("en")} rows${sheets === 1 ? "" : ` on ${sheets} sheets, since a sheet holds 1,048,576`}.`,
    "A decimal of up to 15 digits is a number. A longer one is text, because a sheet would round it without a word.",
    "A text that begins with = + - @ or a tab has an apostrophe in front, so that no sheet takes it for a formula.",
    ...(cut === 0 ? [] : [`${cut} texts of more than 32,767 characters are cut there; a CSV has them whole.`]),
  ];
}
