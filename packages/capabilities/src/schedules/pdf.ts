import type PdfKit from "pdfkit";
import { drawChart, load } from "../pictures/on-node.ts";
import { missingMark, oneLine, type PrintedTable, type ReportDocument, type Section } from "./document.ts";
import { cutLine, drawLine, type Look, widthOfLine, writeText } from "./pdf-text.ts";

type Pdf = PDFKit.PDFDocument;

const margin = 48;
const footerHeight = 28;
const rowHeight = 16;
const [quiet, rule] = ["#50535a", "#cbcbc5"];
const cellGap = 8;
const cellSize = 8;

/** Prints a document: the same figures as its mail, tables over as many pages as they take. */
export function documentPdf(document: ReportDocument): Promise<Uint8Array> {
  const PDFDocument = load("pdfkit") as typeof PdfKit;
  const doc = new PDFDocument({
    size: "A4",
    layout: isWide(document) ? "landscape" : "portrait",
    margins: { top: margin, left: margin, right: margin, bottom: margin + footerHeight },
    // None to begin with: pdfkit would open a second one that is alike anew each time that it is named.
    font: "",
    bufferPages: true,
    lang: "en",
    displayTitle: true,
    info: { Title: document.title, Author: document.company, CreationDate: new Date(document.at) },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Uint8Array>((resolve, reject) => {
    doc.on("data", (chunk: Buffer) => chunks.push(chunk));
    doc.on("end", () => resolve(Buffer.concat(chunks)));
    doc.on("error", reject);
  });
  printHead(doc, document);
  for (const section of document.sections) printSection(doc, section);
  printFooters(doc, document);
  doc.end();
  return done;
}

/** Many figures beside each other want a page on its side. */
function isWide({ sections }: ReportDocument): boolean {
  return sections.some((section) => section.kind === "table" && section.table.columns.length > 5);
}

function printHead(doc: Pdf, { title, company, notes, data }: ReportDocument): void {
  write(doc, title, { font: "bold", size: 18 });
  write(doc, company, { colour: quiet, size: 10 });
  doc.moveDown(0.5);
  for (const note of notes) write(doc, note, { size: 9 });
  write(doc, data, { colour: quiet, size: 8 });
}

function printSection(doc: Pdf, section: Section): void {
  doc.moveDown(1.2);
  if (section.kind === "text") return write(doc, section.text, { size: 10 });
  // A title without anything below it says nothing.
  keepTogether(doc, 80);
  write(doc, section.title, { font: "bold", size: 12 });
  write(doc, section.about, { colour: quiet, size: 8 });
  doc.moveDown(0.4);
  if (section.kind === "missing") return write(doc, section.reason, { size: 10 });
  if (section.kind === "chart") return printChart(doc, section);
  if (section.kind === "table") return printTable(doc, section.table);
  printTable(doc, {
    columns: [
      { label: "Figure", isFigure: false },
      { label: "Amount", isFigure: true },
      ...(section.figures.some(({ change }) => change !== null) ? [{ label: "Change", isFigure: true }] : []),
    ],
    rows: section.figures.map(({ label, value, change }) => [label, value ?? missingMark, change ?? ""]),
    total: null,
    notes: section.figures.flatMap(({ label, value, missing }) =>
      value === null ? [`${missingMark} ${label}: ${missing ?? "It cannot be told."}`] : [],
    ),
  });
}

function printChart(doc: Pdf, { chart }: Extract<Section, { kind: "chart" }>): void {
  const { png, width, height } = drawChart(chart);
  const shown = Math.min(widthOf(doc), width);
  const shownHeight = (shown * height) / width;
  keepTogether(doc, shownHeight);
  doc.image(Buffer.from(png), doc.x, doc.y, { width: shown });
  doc.y += shownHeight;
}

/** A table whose figures do not fit beside each other goes on below, with the names of its rows again. */
function printTable(doc: Pdf, table: PrintedTable): void {
  const figures = table.columns.flatMap(({ isFigure }, at) => (isFigure ? [at] : []));
  const names = table.columns.flatMap(({ isFigure }, at) => (isFigure ? [] : [at]));
  const lines = [
    table.columns.map(({ label }) => label),
    ...table.rows,
    ...(table.total === null ? [] : [table.total]),
  ];
  const widthOfColumn = (at: number) =>
    Math.max(40, ...lines.map((cells) => widthOfLine(doc, printable(cells[at] ?? ""), { size: cellSize }))) * 1.08 +
    cellGap;
  const widths = new Map(figures.map((at) => [at, widthOfColumn(at)]));
  const namesMin = 110 * names.length;
  let part: number[] = [];
  let left = widthOf(doc) - namesMin;
  const print = () => printColumns(doc, table, names, part, widths);
  for (const at of figures) {
    if (part.length > 0 && widths.get(at)! > left) {
      print();
      doc.moveDown(0.8);
      [part, left] = [[], widthOf(doc) - namesMin];
    }
    part.push(at);
    left -= widths.get(at)!;
  }
  print();
  doc.moveDown(0.3);
  for (const note of table.notes) write(doc, note, { colour: quiet, size: 8 });
}

function printColumns(
  doc: Pdf,
  { columns, rows, total }: PrintedTable,
  names: readonly number[],
  figures: readonly number[],
  widths: ReadonlyMap<number, number>,
): void {
  const room = widthOf(doc) - figures.reduce((sum, at) => sum + widths.get(at)!, 0);
  const places = [...names, ...figures].map((at) => ({ at, width: widths.get(at) ?? room / names.length }));
  const line = (cells: readonly string[], look: Pick<Look, "font" | "colour">) => {
    const y = doc.y;
    let x = doc.page.margins.left;
    const cellLook = { ...look, size: cellSize };
    for (const { at, width } of places) {
      const isFigure = columns[at]!.isFigure;
      const text = cutLine(doc, printable(cells[at] ?? ""), width - cellGap, cellLook);
      const start = isFigure ? x + width - widthOfLine(doc, text, cellLook) : x;
      drawLine(doc, text, { x: start, y: y + 4 }, cellLook);
      x += width;
    }
    doc
      .moveTo(doc.page.margins.left, y + rowHeight)
      .lineTo(x, y + rowHeight)
      .lineWidth(0.5)
      .strokeColor(rule)
      .stroke();
    doc.x = doc.page.margins.left;
    doc.y = y + rowHeight;
  };
  const head = () =>
    line(
      columns.map(({ label }) => label),
      { font: "bold", colour: quiet },
    );
  head();
  const all = [
    ...rows.map((cells) => [cells, "plain"] as const),
    ...(total === null ? [] : [[total, "bold"] as const]),
  ];
  for (const [cells, font] of all) {
    if (doc.y + rowHeight > bottomOf(doc)) {
      doc.addPage();
      head();
    }
    line(cells, { font });
  }
}

function printFooters(doc: Pdf, { url, at }: ReportDocument): void {
  const { start, count } = doc.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    doc.switchToPage(page);
    // Below the margin, where a text would otherwise begin a page of its own.
    doc.page.margins.bottom = 0;
    const y = doc.page.height - margin;
    const look = { size: 7, colour: quiet };
    const number = `Page ${page + 1} of ${count}`;
    const place = doc.page.width - margin - widthOfLine(doc, number, look);
    const source = cutLine(doc, printable(`${url} · ${at}`), place - margin - 20, look);
    drawLine(doc, source, { x: margin, y }, { ...look, link: url });
    drawLine(doc, number, { x: place, y }, look);
  }
}

function write(doc: Pdf, text: string, look: Look): void {
  writeText(doc, text, { ...look, bottom: bottomOf(doc) });
}

function printable(text: string): string {
  return oneLine(text, 400);
}

function keepTogether(doc: Pdf, height: number): void {
  if (doc.y + height > bottomOf(doc)) doc.addPage();
}

function widthOf({ page }: Pdf): number {
  return page.width - page.margins.left - page.margins.right;
}

function bottomOf({ page }: Pdf): number {
  return page.height - margin - footerHeight;
}
