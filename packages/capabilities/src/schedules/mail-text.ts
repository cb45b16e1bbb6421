import { figureLine, type FileLink, linkLine, type PrintedTable, type ReportDocument } from "./document.ts";

const rowsMax = 20;

/** A document in plain text, for who reads no pages. */
export function mailText(
  { title, company, notes, sections, url, at, data }: ReportDocument,
  links: readonly FileLink[],
): string {
  const told = sections.flatMap((section) => {
    if (section.kind === "text") return [section.text, ""];
    const head = `${section.title} (${section.about})`;
    if (section.kind === "missing") return [head, section.reason, ""];
    if (section.kind === "figures") return [head, ...section.figures.map(figureLine), ""];
    if (section.kind === "chart") return [section.chart.description, ""];
    return [head, ...tableLines(section.table), ""];
  });
  return [
    title,
    "",
    ...notes,
    ...(notes.length > 0 ? [""] : []),
    ...told,
    ...links.flatMap((link) => [linkLine(link), ""]),
    url,
    "",
    `${company}, ${at}. ${data}`,
    "",
  ].join("\n");
}

function tableLines({ columns, rows, total, notes }: PrintedTable): string[] {
  const shown = [columns.map(({ label }) => label), ...rows.slice(0, rowsMax), ...(total === null ? [] : [total])];
  const widths = columns.map((_, at) => Math.max(...shown.map((cells) => Math.min(40, Array.from(cells[at]!).length))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => (columns[at]!.isFigure ? cell.padStart(widths[at]!) : cell.slice(0, 40).padEnd(widths[at]!)))
      .join("  ")
      .trimEnd();
  return [...shown.map(line), ...moreLines(rows.length), ...notes];
}

export function moreLines(count: number): string[] {
  return count > rowsMax ? [`${count - rowsMax} more rows stand in the files, or where the link leads.`] : [];
}

export function firstRows<T>(rows: readonly T[]): readonly T[] {
  return rows.slice(0, rowsMax);
}
