/** A row of a table in a test: text by column, null where the table has a `-`. */
export type TextTableRow = Record<string, string | null>;

/**
 * Reads a table as a test shows it: a line of column names, then a line per row, cells two spaces or more apart.
 * `-` is no value; `""` is an empty one.
 */
export function table(strings: TemplateStringsArray, ...values: readonly unknown[]): TextTableRow[] {
  const text = String.raw(strings, ...values);
  const [names, ...rows] = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => line.split(/\s{2,}/));
  if (names === undefined) return [];
  return rows.map((cells) => {
    if (cells.length !== names.length)
      throw new Error(`The row "${cells.join("  ")}" has ${cells.length} cells for ${names.length} columns.`);
    return Object.fromEntries(names.map((name, index) => [name, cellOf(cells[index]!)]));
  });
}

function cellOf(cell: string): string | null {
  return cell === "-" ? null : cell === '""' ? "" : cell;
}
