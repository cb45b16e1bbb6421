import { strFromU8, unzipSync } from "fflate";

/** What a file has at most: one of ten years of months is a hundredth of that. */
export const bytesMax = 2_000_000;
const sheetBytesMax = 8_000_000;
const rowsMax = 400;

/**
 * A table of periods and figures from a file as it would be pasted: the cells of each row with tabs between. The server reads and refuses it by rows, so
 * a row keeps its number.
 * @throws Error with what to do, for a file that is none
 */
export function readTableFile(bytes: Uint8Array): string {
  if (bytes.length > bytesMax) throw new Error("The file is larger than 2 MB. Leave a row for each period in it.");
  // A workbook is a zip archive.
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return readWorkbook(bytes);
  if (bytes.includes(0)) throw new Error("This is neither a CSV nor an XLSX file. Save it as one of these.");
  return new TextDecoder().decode(bytes).replace(/^\uFEFF/, "");
}

function readWorkbook(bytes: Uint8Array): string {
  const files = unzip(bytes);
  const part = (name: string) => {
    const file = files[name];
    return file === undefined ? null : parse(strFromU8(file));
  };
  const book = part("xl/workbook.xml");
  const sheet = book === null ? null : part(firstSheet(book, part("xl/_rels/workbook.xml.rels")));
  if (book === null || sheet === null) throw unreadable();
  const strings = [...(part("xl/sharedStrings.xml")?.getElementsByTagName("si") ?? [])].map(textOf);
  const epoch = Date.UTC(1899, 11, 30) + (isFrom1904(book) ? 1462 * dayMs : 0);
  return linesOf(sheet, strings, epoch).join("\n");
}

const dayMs = 86_400_000;

function unzip(bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!/^xl\/(workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|worksheets\/[^/]+\.xml)$/.test(name))
          return false;
        // What a small archive unpacks to may fill the memory.
        if (originalSize > sheetBytesMax) throw new Error("too large");
        return true;
      },
    });
  } catch {
    throw unreadable();
  }
}

function parse(text: string): Document {
  // No program writes one into a workbook, and entities could make a page of a line.
  const document = text.includes("<!DOCTYPE") ? null : new DOMParser().parseFromString(text, "application/xml");
  if (document === null || document.getElementsByTagName("parsererror").length > 0) throw unreadable();
  return document;
}

function firstSheet(book: Document, relations: Document | null): string {
  const id = [...(book.getElementsByTagName("sheet")[0]?.attributes ?? [])].find(({ localName }) => localName === "id");
  const relation = [...(relations?.getElementsByTagName("Relationship") ?? [])].find(
    (one) => one.getAttribute("Id") === id?.value,
  );
  const target = relation?.getAttribute("Target") ?? "worksheets/sheet1.xml";
  return target.startsWith("/") ? target.slice(1) : `xl/${target}`;
}

function isFrom1904(book: Document): boolean {
  const value = book.getElementsByTagName("workbookPr")[0]?.getAttribute("date1904");
  return value === "1" || value === "true";
}

function linesOf(sheet: Document, strings: readonly string[], epoch: number): string[] {
  const lines: string[] = [];
  for (const row of sheet.getElementsByTagName("row")) {
    const number = Number(row.getAttribute("r") ?? lines.length + 1);
    const cells: string[] = [];
    for (const cell of row.getElementsByTagName("c"))
      cells[columnOf(cell.getAttribute("r")) ?? cells.length] = valueOf(cell, strings);
    const found = Array.from(cells, (text) => (text ?? "").replaceAll(/[\s"]+/g, " ").trim());
    while (found.length > 0 && found.at(-1) === "") found.pop();
    if (found.length === 0) continue;
    if (lines.length >= rowsMax || number > 10_000)
      throw new Error(`The first sheet has more than ${rowsMax} rows. Leave one for each period in it.`);
    while (lines.length < number - 1) lines.push("");
    lines.push([periodOf(found[0]!, epoch), ...found.slice(1)].join("\t"));
  }
  return lines;
}

function valueOf(cell: Element, strings: readonly string[]): string {
  const type = cell.getAttribute("t") ?? "n";
  if (type === "inlineStr") return textOf(cell);
  const value = cell.getElementsByTagName("v")[0]?.textContent ?? "";
  if (type === "s") return strings[Number(value)] ?? "";
  // Workbooks hold binary numbers: this is how the sheet shows 1200.0999999999999, which is 1200.1.
  return type === "n" && value !== "" ? String(Number(value)) : value;
}

/** Of a text in pieces, each with its own looks; how it is pronounced is no part of it. */
function textOf(element: Element): string {
  return [...element.getElementsByTagName("t")]
    .filter((piece) => piece.parentElement?.localName !== "rPh")
    .map(({ textContent }) => textContent)
    .join("");
}

/** A day is a number of days in a workbook; what is no day stays what it is, for the server to refuse. */
function periodOf(text: string, epoch: number): string {
  const days = /^\d{5}$/.test(text) ? Number(text) : null;
  return days === null ? text : new Date(epoch + days * dayMs).toISOString().slice(0, 10);
}

/** `B7` is in the second column, 1. */
function columnOf(name: string | null): number | null {
  const letters = /^[A-Z]{1,3}/.exec(name ?? "")?.[0];
  if (letters === undefined) return null;
  return letters.split("").reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function unreadable(): Error {
  return new Error("The workbook cannot be read. Save it as XLSX again, without a password, or copy the cells.");
}
