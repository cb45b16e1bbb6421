import type { ExportColumn } from "@finops/warehouse/query/plan-export";

/** A line of CSV as DuckDB writes it (RFC 4180, ended by `\n`), so that a file is the same on every host. */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map(quoted).join(",")}\n`;
}

/** A text that a sheet would run as a formula is shown as text; a number keeps its minus. */
export function safeCell({ kind }: Pick<ExportColumn, "kind">, text: string | null): string | null {
  if (text === null || kind === "instant" || !/^[=+\-@\t\r]/.test(text)) return text;
  const isNumber = kind === "decimal" && /^[+-]?\d*\.?\d+([eE][+-]?\d+)?$/.test(text);
  return isNumber ? text : `'${text}`;
}

function quoted(cell: string | null): string {
  if (cell === null) return "";
  return cell === "" || /["#,\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
