/** The parts of a workbook (ECMA-376, Office Open XML) that are the same in each, and how a text stands in them. */

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relations = "http://schemas.openxmlformats.org/package/2006/relationships";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;

/** Before a sheet's rows; the first one stays in sight. */
export const sheetHead = `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><sheetData>`;
export const sheetTail = "</sheetData></worksheet>";

/** The files of the package beside the sheets, `xl/worksheets/sheet1.xml` and so on. */
export function packageFiles(sheets: readonly string[]): [name: string, text: string][] {
  const numbers = sheets.map((_, index) => index + 1);
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const relation = (id: string, kind: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/${kind}" Target="${target}"/>`;
  const list = (xml: readonly string[]) => xml.join("");
  return [
    [
      "[Content_Types].xml",
      `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>${list(numbers.map((number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${type}.worksheet+xml"/>`))}</Types>`,
    ],
    [
      "_rels/.rels",
      `${head}<Relationships xmlns="${relations}">${relation("rId1", "officeDocument", "xl/workbook.xml")}</Relationships>`,
    ],
    [
      "xl/workbook.xml",
      `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${list(sheets.map((sheet, index) => `<sheet name="${xmlText(sheet)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`))}</sheets></workbook>`,
    ],
    [
      "xl/_rels/workbook.xml.rels",
      `${head}<Relationships xmlns="${relations}">${list(numbers.map((number) => relation(`rId${number}`, "worksheet", `worksheets/sheet${number}.xml`)))}${relation(`rId${sheets.length + 1}`, "styles", "styles.xml")}</Relationships>`,
    ],
    // Style 1 is bold.
    [
      "xl/styles.xml",
      `${head}<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
    ],
  ];
}

/** A text in XML 1.0: what it has no place for becomes U+FFFD, and `_x0041_`, which sheets read as a letter, stays as it is. */
export function xmlText(text: string): string {
  if (!/[&<>"_\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/u.test(text)) return text;
  return text
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "_x000D_")
    .replaceAll(/(?![\t\n])[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/gu, "\uFFFD");
}

/** The letters of a column, from 0: A, B, … Z, AA. */
export function cellName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : `${cellName(Math.floor(column / 26) - 1)}${letter}`;
}
