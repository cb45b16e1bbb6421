import { addDays, addMonths, type Day, isWholeMonths, monthOf, type Period, samePeriodLastYear } from "./period.ts";

/** Periods by a name that moves with time: what a saved view, a tile or a report means by "last month". */

export const presetIds = [
  "month-to-date",
  "last-month",
  "quarter-to-date",
  "last-quarter",
  "last-30-days",
  "last-90-days",
  "last-3-months",
  "last-6-months",
  "last-12-months",
  "year-to-date",
  "fiscal-year-to-date",
  "last-fiscal-year",
  "all",
] as const;
export type PresetId = (typeof presetIds)[number];

/**
 * The days of a preset. It counts back from the last day that has data, or from today where bills reach into the future:
 * "last 30 days" of a bill of last year is its last 30 days and not an empty page. The fiscal year, and with it the
 * quarters, begins with the month `fiscalStart`, 1 to 12.
 */
export function resolvePreset(preset: PresetId, available: Period, today: Day, fiscalStart = 1): Period {
  const tomorrow = addDays(today, 1);
  const end = available.end > tomorrow && available.start < tomorrow ? tomorrow : available.end;
  const month = monthOf(addDays(end, -1)).start;
  switch (preset) {
    case "month-to-date":
      return { start: month, end };
    case "last-month":
      return { start: addMonths(month, -1), end: month };
    case "quarter-to-date":
      return { start: quarterStart(month, fiscalStart), end };
    case "last-quarter": {
      const quarter = quarterStart(month, fiscalStart);
      return { start: addMonths(quarter, -3), end: quarter };
    }
    case "last-30-days":
      return { start: addDays(end, -30), end };
    case "last-90-days":
      return { start: addDays(end, -90), end };
    case "last-3-months":
      return { start: addMonths(month, -2), end };
    case "last-6-months":
      return { start: addMonths(month, -5), end };
    case "last-12-months":
      return { start: addMonths(month, -11), end };
    case "year-to-date":
      return { start: `${month.slice(0, 4)}-01-01`, end };
    case "fiscal-year-to-date":
      return { start: yearStart(month, fiscalStart), end };
    case "last-fiscal-year": {
      const year = yearStart(month, fiscalStart);
      return { start: addMonths(year, -12), end: year };
    }
    case "all":
      return { start: available.start, end };
  }
}

/** The presets that say something: without a fiscal year of its own, a company has the calendar's. */
export function presetsFor(fiscalStart: number): PresetId[] {
  return presetIds.filter((preset) => fiscalStart !== 1 || !preset.includes("fiscal"));
}

function yearStart(month: Day, fiscalStart: number): Day {
  return addMonths(month, -monthsSince(month, fiscalStart));
}

function quarterStart(month: Day, fiscalStart: number): Day {
  return addMonths(month, -(monthsSince(month, fiscalStart) % 3));
}

function monthsSince(month: Day, fiscalStart: number): number {
  return (Number(month.slice(5, 7)) - fiscalStart + 12) % 12;
}

export type Comparison = "before" | "last-year" | "none";

/**
 * The period to hold a period against. A month that still runs is held against the same days of the month before, so that
 * 21 days are not compared with 30.
 */
export function comparisonPeriod(period: Period, comparison: Comparison): Period | null {
  if (comparison === "none") return null;
  if (comparison === "last-year") return samePeriodLastYear(period);
  const days = Math.round((Date.parse(period.end) - Date.parse(period.start)) / 86_400_000);
  if (!period.start.endsWith("-01")) return { start: addDays(period.start, -days), end: period.start };
  const last = addDays(period.end, -1);
  const months =
    (Number(last.slice(0, 4)) - Number(period.start.slice(0, 4))) * 12 +
    Number(last.slice(5, 7)) -
    Number(period.start.slice(5, 7)) +
    1;
  const start = addMonths(period.start, -months);
  return isWholeMonths(period) ? { start, end: period.start } : { start, end: addDays(addMonths(last, -months), 1) };
}

/** The finest grain that stays readable: days up to a quarter, then weeks are too ragged, so months. */
export function defaultGrain(period: Period): "day" | "month" {
  const days = (Date.parse(period.end) - Date.parse(period.start)) / 86_400_000;
  return days <= 100 ? "day" : "month";
}
