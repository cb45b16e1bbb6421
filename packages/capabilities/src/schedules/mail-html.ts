import { escapeHtml } from "@finops/kernel/escape-html";
import { type FileLink, missingMark, type PrintedTable, type ReportDocument, type Section } from "./document.ts";
import { firstRows, moreLines } from "./mail-text.ts";

/** The picture of the document's first chart goes along under this name. */
export const chartId = "chart";

const quiet = "font-size:12px;opacity:.75;margin:0 0 8px";
const cell = "padding:4px 8px;border-bottom:1px solid #d0d0cc";

/** A document as a page that mail programs show, on a phone and in a dark window: tables and plain elements, no script. */
export function mailHtml(document: ReportDocument, links: readonly FileLink[], hasChart: boolean): string {
  const { title, company, notes, sections, url, at, data } = document;
  const firstChart = hasChart ? sections.find(({ kind }) => kind === "chart") : undefined;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title></head>
<body style="margin:0;padding:16px;font:15px/1.5 system-ui,sans-serif">
<div style="max-width:720px;margin:0 auto">
<h1 style="font-size:18px;line-height:1.4;margin:0 0 12px" dir="auto">${escapeHtml(title)}</h1>
${notes.map((note) => `<p style="margin:0 0 8px" dir="auto">${escapeHtml(note)}</p>`).join("\n")}
${sections.map((section) => sectionHtml(section, section === firstChart)).join("\n")}
${links.map(linkHtml).join("\n")}
<p style="margin:24px 0 8px"><a href="${escapeHtml(url)}">Open</a></p>
<p style="${quiet}">${escapeHtml(`${company}, ${at}. ${data}`)}</p>
</div></body></html>
`;
}

function linkHtml({ text, url }: FileLink): string {
  return `<p style="margin:16px 0 0" dir="auto">${escapeHtml(text)} <a href="${escapeHtml(url)}">Get the file</a></p>`;
}

function sectionHtml(section: Section, isPictured: boolean): string {
  if (section.kind === "text")
    return section.text
      .split(/\n{2,}/)
      .map((text) => `<p style="margin:0 0 12px;white-space:pre-line" dir="auto">${escapeHtml(text)}</p>`)
      .join("\n");
  const head = `<h2 style="font-size:15px;margin:20px 0 0" dir="auto">${escapeHtml(section.title)}</h2>
<p style="${quiet}">${escapeHtml(section.about)}</p>`;
  if (section.kind === "missing") return `${head}\n<p>${escapeHtml(section.reason)}</p>`;
  if (section.kind === "chart")
    return isPictured
      ? `<p style="margin:16px 0"><img src="cid:${chartId}" width="720" alt="${escapeHtml(section.chart.description)}" style="max-width:100%;height:auto"></p>`
      : `${head}\n<p>${escapeHtml(section.chart.description)}</p>`;
  if (section.kind === "table") return `${head}\n${tableHtml(section.table)}`;
  const rows = section.figures.map(
    ({ label, value, missing, change }) =>
      `<tr><th scope="row" style="${cell};text-align:left;font-weight:normal">${escapeHtml(label)}</th><td style="${cell};text-align:right;font-weight:600;white-space:nowrap">${escapeHtml(value ?? missingMark)}</td><td style="${cell};text-align:right">${escapeHtml(value === null ? (missing ?? "It cannot be told.") : (change ?? ""))}</td></tr>`,
  );
  return `${head}\n<table style="border-collapse:collapse;width:100%">${rows.join("")}</table>`;
}

function tableHtml({ columns, rows, total, notes }: PrintedTable): string {
  const look = (at: number) => `${cell};text-align:${columns[at]!.isFigure ? "right;white-space:nowrap" : "left"}`;
  const row = (cells: readonly string[]) =>
    `<tr>${cells.map((text, at) => `<td style="${look(at)}" dir="auto">${escapeHtml(text)}</td>`).join("")}</tr>`;
  const head = columns.map(({ label }, at) => `<th scope="col" style="${look(at)}">${escapeHtml(label)}</th>`).join("");
  const foot = total === null ? "" : `<tfoot style="font-weight:600">${row(total)}</tfoot>`;
  const said = [...moreLines(rows.length), ...notes].map((note) => `<p style="${quiet}">${escapeHtml(note)}</p>`);
  return `<table style="border-collapse:collapse;width:100%;font-size:13px"><thead><tr>${head}</tr></thead><tbody>${firstRows(rows).map(row).join("")}</tbody>${foot}</table>\n${said.join("\n")}`;
}
