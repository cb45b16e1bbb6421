import type { Period } from "@finops/kernel/period";
import type { ParsedPlan } from "./contract.ts";

const rowsMax = 120;

/**
 * Reads a plan as it is pasted from a spreadsheet or a CSV file: a period and an amount in each row, a heading where there is
 * one. Nothing is guessed: an amount with anything but digits and one point is refused, with its row and the reason, since
 * 1.200 is twelve hundred in one country and one and a fifth in another.
 * @param periods the budget's own, in order; a row names the day or the month in which its period begins
 */
export function parsePlan(text: string, periods: readonly Period[]): ParsedPlan {
  const rows = text
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ row: index + 1, cells: cellsOf(line) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""));
  const body = rows.filter(({ cells }, index) => index > 0 || !isHeading(cells));
  if (body.length === 0) return refused(1, "There are no rows. Paste a period and an amount in each row.");
  if (body.length > rowsMax) return refused(body[rowsMax]!.row, `A plan has at most ${rowsMax} rows.`);
  const plan: ParsedPlan = { amounts: [], problems: [] };
  for (const [index, { row, cells }] of body.entries()) {
    const problem = problemOf(cells, periods[index]);
    if (problem !== null) plan.problems.push({ row, reason: problem });
    else plan.amounts.push({ start: periods[index]!.start, amount: cells[1]! });
  }
  return plan.problems.length > 0 ? { ...plan, amounts: [] } : plan;
}

function refused(row: number, reason: string): ParsedPlan {
  return { amounts: [], problems: [{ row, reason }] };
}

function problemOf(cells: readonly string[], period: Period | undefined): string | null {
  if (cells.length !== 2)
    return `It has ${cells.length} columns. Write a period and an amount, with a tab, a semicolon or a comma between.`;
  const [name, amount] = cells as [string, string];
  if (period === undefined) return "The budget has no further period.";
  if (name !== period.start && name !== period.start.slice(0, 7))
    return `The period "${shown(name)}" is not the next one, which begins on ${period.start}. Write ${period.start.slice(0, 7)}.`;
  if (amount === "") return "The amount is missing.";
  if (/^\d{1,15}(\.\d{1,8})?$/.test(amount)) return null;
  if (amount.startsWith("-")) return `A budget of "${shown(amount)}" is less than nothing.`;
  if (/^[\d.,'\s]+$/.test(amount))
    return `"${shown(amount)}" can be read in two ways. Write it without marks between the thousands, such as 1200.00.`;
  return `"${shown(amount)}" is text, not an amount. Write digits, such as 1200.00.`;
}

/** The first row where its second cell has letters and no digit. */
function isHeading(cells: readonly string[]): boolean {
  const amount = cells[1] ?? "";
  return /\p{L}/u.test(amount) && !/\d/.test(amount);
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

function shown(text: string): string {
  return text.slice(0, 40);
}
