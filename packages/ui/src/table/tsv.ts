import { type DataColumn, isFigure } from "./column.ts";

/** Cells as spreadsheets take them from the clipboard: tabs and lines. Figures with every digit, whatever is shown. */
export function toTsv<Row>(
  rows: readonly Row[],
  columns: readonly DataColumn<Row>[],
  options: { hasHeader: boolean },
): string {
  const named = columns.filter((column) => column.value !== undefined);
  const lines = rows.map((row) => named.map((column) => cellText(column, row)).join("\t"));
  return (options.hasHeader ? [named.map((column) => asText(column.header)).join("\t"), ...lines] : lines).join("\n");
}

/** The same as a file (RFC 4180): commas, quotes where they are needed, one line a row. */
export function toCsv<Row>(rows: readonly Row[], columns: readonly DataColumn<Row>[]): string {
  const named = columns.filter((column) => column.value !== undefined);
  const lines = [
    named.map((column) => quoted(asText(column.header))),
    ...rows.map((row) => named.map((column) => quoted(cellText(column, row)))),
  ];
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

function quoted(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function cellText<Row>(column: DataColumn<Row>, row: Row): string {
  const value = column.value?.(row) ?? "";
  return isFigure(column) ? value : asText(value);
}

/** Whoever may write a tag may not write a formula into the reader's spreadsheet. */
function asText(text: string): string {
  const line = text.replaceAll(/[\t\r\n]+/g, " ");
  return /^[=+@-]/.test(line) && !/^[+-]?[\d.]+$/.test(line) ? `'${line}` : line;
}
