import { AppError } from "./app-error.ts";

/** A calendar day in UTC, `2026-11-22`. */
export type Day = string;

/** Half open: `start` is in, `end` is out. */
export interface Period {
  start: Day;
  end: Day;
}

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const dayMs = 86_400_000;

/** Reads a day, or a month (`2026-11`, its first day). Throws `invalid` on a day that does not exist. */
export function parseDay(text: string): Day {
  const day = /^\d{4}-\d{2}$/.test(text) ? `${text}-01` : text;
  if (!dayPattern.test(day) || toDay(Date.parse(`${day}T00:00:00Z`)) !== day) {
    throw new AppError("invalid", `"${text.slice(0, 40)}" is not a day. Write it as 2026-11-22.`);
  }
  return day;
}

export function parsePeriod(start: string, end: string): Period {
  const period = { start: parseDay(start), end: parseDay(end) };
  if (period.start >= period.end) {
    throw new AppError(
      "invalid",
      `The period ${start} to ${end} is empty: its end is not part of it, so it must come after the start.`,
    );
  }
  return period;
}

export function monthOf(day: Day): Period {
  return { start: `${day.slice(0, 7)}-01`, end: addMonths(`${day.slice(0, 7)}-01`, 1) };
}

export function addDays(day: Day, days: number): Day {
  return toDay(Date.parse(`${day}T00:00:00Z`) + days * dayMs);
}

/** Moves by whole months; the 31st becomes the last day of a shorter month. */
export function addMonths(day: Day, months: number): Day {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const moved = year * 12 + month - 1 + months;
  if (!Number.isFinite(moved + date)) return "";
  const [toYear, toMonth] = [Math.floor(moved / 12), (((moved % 12) + 12) % 12) + 1];
  const lastDate = toMonth === 2 ? (isLeap(toYear) ? 29 : 28) : [4, 6, 9, 11].includes(toMonth) ? 30 : 31;
  const two = (part: number) => String(part).padStart(2, "0");
  return `${String(toYear).padStart(4, "0")}-${two(toMonth)}-${two(Math.min(date, lastDate))}`;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** The months from one to another, both of them in it, as `2026-11`. */
export function monthsFrom(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = first; month <= last; month = addMonths(`${month}-01`, 1).slice(0, 7)) months.push(month);
  return months;
}

export function daysIn(period: Period): number {
  return Math.round((Date.parse(period.end) - Date.parse(period.start)) / dayMs);
}

/** True when the period starts on the first of a month and ends on the first of a later one. */
export function isWholeMonths(period: Period): boolean {
  return period.start.endsWith("-01") && period.end.endsWith("-01");
}

/** The period of the same length right before; whole months are followed by whole months. */
export function previousPeriod(period: Period): Period {
  if (isWholeMonths(period)) return { start: addMonths(period.start, -monthsIn(period)), end: period.start };
  return { start: addDays(period.start, -daysIn(period)), end: period.start };
}

export function samePeriodLastYear(period: Period): Period {
  return { start: addMonths(period.start, -12), end: addMonths(period.end, -12) };
}

function monthsIn(period: Period): number {
  const [startYear, startMonth] = period.start.split("-").map(Number) as [number, number];
  const [endYear, endMonth] = period.end.split("-").map(Number) as [number, number];
  return (endYear - startYear) * 12 + endMonth - startMonth;
}

function toDay(ms: number): Day {
  return Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 10) : "";
}
