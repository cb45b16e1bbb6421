import { AppError } from "@finops/kernel/app-error";
import { addMonths, type Day, parseDay, parsePeriod, type Period } from "@finops/kernel/period";
import type { BudgetPeriods } from "./contract.ts";

/** How far from today a budget begins at most. */
const yearsMax = 5;
/** A period of chosen days is worked out day by day, so one that lasts for centuries would keep everybody waiting. */
const customYearsMax = 5;
/** Ten years of months: no plan is longer. */
export const periodsMax = 120;

const monthsOf = { month: 1, quarter: 3, year: 12 } as const;

/** The period of the fiscal calendar that a day is in. `fiscalYearStart` is the month, 1 to 12, in which its years begin. */
export function periodAt(grain: keyof typeof monthsOf, day: Day, fiscalYearStart: number): Period {
  const month = Number(day.slice(5, 7));
  const length = monthsOf[grain];
  const back = (month - fiscalYearStart + 12) % length;
  const start = addMonths(`${day.slice(0, 7)}-01`, -back);
  return { start, end: addMonths(start, length) };
}

/** The periods of a budget that begin on `until` or before, oldest first. */
export function periodsUntil(periods: BudgetPeriods, fiscalYearStart: number, until: Day): Period[] {
  if (periods.grain === "custom") return periods.start <= until ? [{ start: periods.start, end: periods.end }] : [];
  const found: Period[] = [];
  let next = periodAt(periods.grain, periods.start, fiscalYearStart);
  while (next.start <= until && (periods.end === null || next.start < periods.end)) {
    found.push(next);
    next = { start: next.end, end: addMonths(next.end, monthsOf[periods.grain]) };
  }
  return found;
}

/** Refuses days that do not exist, what ends before it begins, and what lies further away than anybody plans. */
export function checkPeriods({ grain, start, end }: BudgetPeriods, today: Day): void {
  if (end === null) parseDay(start);
  else parsePeriod(start, end);
  const [first, last] = [addMonths(today, -yearsMax * 12), addMonths(today, yearsMax * 12)];
  if (start < first || start > last)
    throw new AppError("invalid", `periods.start: A budget begins within ${yearsMax} years of today.`);
  if (grain === "custom" && end > addMonths(start, customYearsMax * 12))
    throw new AppError(
      "invalid",
      `periods.end: Chosen days last ${customYearsMax} years at most. Let it end by ${addMonths(start, customYearsMax * 12)}, or choose months, quarters or years.`,
    );
}

/** The first `count` periods, or as many as there are. */
export function firstPeriods(periods: BudgetPeriods, fiscalYearStart: number, count: number): Period[] {
  if (periods.grain === "custom") return [{ start: periods.start, end: periods.end }].slice(0, count);
  const last = addMonths(
    periodAt(periods.grain, periods.start, fiscalYearStart).start,
    (count - 1) * monthsOf[periods.grain],
  );
  return periodsUntil(periods, fiscalYearStart, last);
}

/** The calendar day of an instant where the company is: budgets turn at its midnight. The days of the bills stay UTC. */
export function dayIn(timeZone: string, instant: Date): Day {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
    instant,
  );
}
