import type { CostAnswer } from "@finops/capabilities/costs/contract";
import { neutralizeCell } from "@finops/kernel/csv";

type Row = Record<string, string | null>;

/** CSV with a header; cells that a spreadsheet would take for a formula are neutralised with a quote, numbers aside. */
export function toCsv(rows: readonly Row[]): string {
  const columns = columnsOf(rows);
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))]
    .map((cells) => `${cells.map(csvCell).join(",")}\r\n`)
    .join("");
}

function csvCell(text: string): string {
  const safe = neutralizeCell(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A table for people, with the totals and where the figures come from. */
export function printTable(rows: readonly Row[], answer: CostAnswer): void {
  const columns = columnsOf(rows);
  const totals = answer.totals.map((total): Row => ({
    ...(columns[0] === undefined ? {} : { [columns[0]]: "Total" }),
    currency: total.currency,
    ...Object.fromEntries(Object.entries(total.values).map(([name, figure]) => [name, figure.value])),
  }));
  const all = [...rows, ...totals];
  const isFigure = new Map(
    columns.map((column) => [
      column,
      all.every((row) => row[column] == null || /^-?\d+(\.\d+)?$|^Total$/.test(row[column])),
    ]),
  );
  const widths = new Map(
    columns.map((column) => [
      column,
      Math.min(48, Math.max(column.length, ...all.map((row) => (row[column] ?? "–").length))),
    ]),
  );
  const line = (cell: (column: string) => string) =>
    columns
      .map((column) =>
        isFigure.get(column) === true
          ? cell(column).padStart(widths.get(column)!)
          : cell(column).slice(0, 48).padEnd(widths.get(column)!),
      )
      .join("  ")
      .trimEnd();
  const printed = [line((column) => column), ...all.map((row) => line((column) => row[column] ?? "–"))];
  const { meta } = answer;
  process.stdout.write(
    `${printed.join("\n")}\n\nFrom ${meta.tables.join(", ") || "no data"}, ${meta.rowsRead.toLocaleString("en")} rows read, data of ${meta.freshAt ?? "no day"}.\n`,
  );
  if (answer.nextCursor !== null) process.stdout.write(`More with --cursor ${answer.nextCursor}\n`);
}

function columnsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}
