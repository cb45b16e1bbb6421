import { cut, plainDecimalProblem, type PastedRow, readPastedRows } from "@finops/kernel/pasted-table";
import type { Day } from "@finops/kernel/period";
import { type MetricValue, Month, type ParsedValues, ValueKind } from "./contract.ts";

const rowsMax = 240;

/**
 * Reads values as they are pasted from a spreadsheet or a CSV file: a month and a quantity in each row, and `actual` or
 * `planned` where a row says so. What can be read in two ways is refused, with its row and the reason.
 * @param kind of rows that do not say theirs
 * @param today a month that begins later has no actual value
 */
export function parseValues(text: string, kind: ValueKind, today: Day): ParsedValues {
  const rows = readPastedRows(text, 1);
  if (rows.length === 0) return refused(1, "There are no rows. Paste a month and a quantity in each row.");
  if (rows.length > rowsMax) return refused(rows[rowsMax]!.row, `At most ${rowsMax} months are written at once.`);
  const parsed: ParsedValues = { values: [], problems: [] };
  const seen = new Set<string>();
  for (const row of rows) {
    const found = readRow(row, kind, today, seen);
    if (typeof found === "string") parsed.problems.push({ row: row.row, reason: found });
    else parsed.values.push(found);
  }
  return parsed.problems.length > 0 ? { ...parsed, values: [] } : parsed;
}

function refused(row: number, reason: string): ParsedValues {
  return { values: [], problems: [{ row, reason }] };
}

/** The value of a row, or what is wrong with it. */
function readRow(
  { cells }: PastedRow,
  usual: ValueKind,
  today: Day,
  seen: Set<string>,
): ParsedValues["values"][number] | string {
  if (cells.length < 2 || cells.length > 3)
    return `It has ${cells.length === 1 ? "1 column" : `${cells.length} columns`}. Write a month and a quantity, with a tab, a semicolon or a comma between.`;
  const [name = "", quantity = "", said = ""] = cells;
  const month = Month.safeParse(name.replace(/^(\d{4}-\d{2})-01$/, "$1"));
  if (!month.success) return `"${cut(name)}" is no month. Write it as 2026-11, or as its first day.`;
  if (seen.has(month.data)) return `The month ${month.data} is there twice. Each has one row.`;
  seen.add(month.data);
  if (quantity === "") return "The quantity is missing. Leave out months that have none.";
  if (quantity.startsWith("-")) return `A quantity of "${cut(quantity)}" is less than nothing.`;
  const problem = plainDecimalProblem(quantity, "12000");
  if (problem !== null) return problem;
  const kind = ValueKind.safeParse(said === "" ? usual : said.toLowerCase());
  if (!kind.success) return `"${cut(said)}" is neither "actual" nor "planned".`;
  const value = { month: month.data, quantity, kind: kind.data };
  return earlyProblem(value, today) ?? value;
}

/** Why a value cannot be: what has not begun has no actual value; null where it can. */
export function earlyProblem({ month, kind }: Pick<MetricValue, "month" | "kind">, today: Day): string | null {
  return kind === "actual" && `${month}-01` > today
    ? `${month} has not begun, so nothing of it is actual. Write it as planned.`
    : null;
}
