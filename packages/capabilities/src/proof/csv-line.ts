/** A line of CSV (RFC 4180) with its line end; null is empty. */
export function csvLine(values: readonly (string | null)[]): string {
  return `${values.map((value) => (value === null ? "" : quoted(value))).join(",")}\r\n`;
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) || value === "" ? `"${value.replaceAll('"', '""')}"` : value;
}
