/** A row of a table as it was pasted, with its number from 1, by which people find it again. */
export interface PastedRow {
  row: number;
  cells: string[];
}

/**
 * The rows of a table as it is copied from a spreadsheet or a CSV file, without empty ones and without a heading.
 * @param figureAt the column that holds figures: a first row with letters and no digit in it is a heading
 */
export function readPastedRows(text: string, figureAt: number): PastedRow[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ row: index + 1, cells: cellsOf(line) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""))
    .filter(({ cells }, index) => index > 0 || !isHeading(cells[figureAt] ?? ""));
}

/**
 * Why a text is no plain decimal of up to 15 digits and 8 places; null where it is one. Nothing is guessed: 1.200 is twelve
 * hundred in one country and one and a fifth in another.
 */
export function plainDecimalProblem(text: string, example: string): string | null {
  if (/^[1-9]\d{0,2}\.\d{3}$/.test(text))
    return `"${cut(text)}" can be read in two ways. Write ${text.replace(".", "")}, or ${text}0 where it is a fraction.`;
  if (/^\d{1,15}(\.\d{1,8})?$/.test(text)) return null;
  if (/^[\d.,'\s]+$/.test(text))
    return `"${cut(text)}" can be read in two ways. Write it without marks between the thousands, such as ${example}.`;
  return `"${cut(text)}" is text, not a number. Write digits, such as ${example}.`;
}

/** As much of a cell as a sentence about it has room for. */
export function cut(text: string): string {
  return text.slice(0, 40);
}

function isHeading(cell: string): boolean {
  return /\p{L}/u.test(cell) && !/\d/.test(cell);
}

/** The cells of a line by the first of tab, semicolon and comma that it has; quotes hold a cell together. */
function cellsOf(line: string): string[] {
  const outside = line.replaceAll(/"[^"]*"/g, "");
  const separator = ["\t", ";", ","].find((one) => outside.includes(one)) ?? ",";
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      cells.push(cell);
      cell = "";
    } else cell += character;
  }
  return [...cells, cell].map((one) => one.trim());
}
