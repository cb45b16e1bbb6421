import { cut, plainDecimalProblem, readPastedRows } from "@finops/kernel/pasted-table";
import type { Period } from "@finops/kernel/period";
import type { ParsedPlan } from "./contract.ts";

const rowsMax = 120;

/**
 * Reads a plan as it is pasted from a spreadsheet or a CSV file: a period and an amount in each row, a heading where there is
 * one. What can be read in two ways is refused, with its row and the reason.
 * @param periods the budget's own, in order; a row names the day or the month in which its period begins
 */
export function parsePlan(text: string, periods: readonly Period[]): ParsedPlan {
  const body = readPastedRows(text, 1);
  if (body.length === 0) return refused(1, "There are no rows. Paste a period and an amount in each row.");
  if (body.length > rowsMax) return refused(body[rowsMax]!.row, `A plan has at most ${rowsMax} rows.`);
  const plan: ParsedPlan = { amounts: [], problems: [] };
  for (const [index, { row, cells }] of body.entries()) {
    const isAgain = body.slice(0, index).some((one) => one.cells[0] === cells[0]);
    const problem = problemOf(cells, periods[index], isAgain);
    if (problem !== null) plan.problems.push({ row, reason: problem });
    else plan.amounts.push({ start: periods[index]!.start, amount: cells[1]! });
  }
  return plan.problems.length > 0 ? { ...plan, amounts: [] } : plan;
}

function refused(row: number, reason: string): ParsedPlan {
  return { amounts: [], problems: [{ row, reason }] };
}

function problemOf(cells: readonly string[], period: Period | undefined, isAgain: boolean): string | null {
  if (cells.length !== 2)
    return `It has ${cells.length} columns. Write a period and an amount, with a tab, a semicolon or a comma between.`;
  const [name, amount] = cells as [string, string];
  if (isAgain && name !== "") return `The period "${cut(name)}" is there twice. Each has one row.`;
  if (period === undefined) return "The budget has no further period.";
  if (name !== period.start && name !== period.start.slice(0, 7))
    return `The period "${cut(name)}" is not the next one, which begins on ${period.start}. Write ${period.start.slice(0, 7)}.`;
  if (amount === "") return "The amount is missing.";
  if (amount.startsWith("-")) return `A budget of "${cut(amount)}" is less than nothing.`;
  return plainDecimalProblem(amount, "1200.00");
}
