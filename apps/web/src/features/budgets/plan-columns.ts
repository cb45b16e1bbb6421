import { fiscalYearToPlan } from "@finops/capabilities/budgets/plan";
import { addDays, addMonths, type Day, type Period } from "@finops/kernel/period";
import type { PlannerSearch } from "./overview-search.ts";

/** So many months are planned at once. */
export const monthsMax = 24;

/** What is planned, by what the address says: nothing before the month that runs, and no more than fits on a page. */
export function rangeOf({ when, from, until }: PlannerSearch, today: Day, fiscalYearStart: number): Period {
  if (when !== "chosen") return fiscalYearToPlan(when === "next" ? "next" : "this", today, fiscalYearStart);
  const running = firstOf(today);
  const start = from === undefined || `${from}-01` < running ? running : `${from}-01`;
  const wished = until === undefined ? start : `${until}-01`;
  const last = addMonths(start, monthsMax - 1);
  return { start, end: addMonths(wished < start ? start : wished > last ? last : wished, 1) };
}

/** The first days of the months of a range, which are the columns of the plan. */
export function monthsIn({ start, end }: Period): Day[] {
  const months: Day[] = [];
  for (let month = firstOf(start); month < end; month = addMonths(month, 1)) months.push(month);
  return months;
}

/** Which columns a period stands in: from the first, counted from 0, to before the end. */
export function columnsOf({ start, end }: Period, months: readonly Day[]): { first: number; end: number } {
  const [from, last] = [firstOf(start), firstOf(addDays(end, -1))];
  const first = months.findIndex((month) => month >= from);
  return { first: Math.max(first, 0), end: months.filter((month) => month <= last).length };
}

function firstOf(day: Day): Day {
  return `${day.slice(0, 7)}-01`;
}
