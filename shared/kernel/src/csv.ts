/** A line of CSV (RFC 4180) with its line end; null is empty. */
export function csvLine(values: readonly (string | null)[]): string {
  return `${values.map((value) => (value === null ? "" : quoted(value))).join(",")}\r\n`;
}

/** A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers keep their minus. */
export function neutralizeCell(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) || value === "" ? `"${value.replaceAll('"', '""')}"` : value;
}
