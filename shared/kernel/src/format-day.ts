import { addDays, addMonths, type Day, isWholeMonths, type Period } from "./period.ts";

const locale = "en-GB";
type Form = "day" | "day-of-year" | "month" | "month-short" | "year" | "weekday";

const forms: Record<Form, Intl.DateTimeFormatOptions> = {
  day: { day: "numeric", month: "short" },
  "day-of-year": { day: "numeric", month: "short", year: "numeric" },
  month: { month: "long", year: "numeric" },
  "month-short": { month: "short", year: "numeric" },
  year: { year: "numeric" },
  weekday: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
};

/** A day in words; days are UTC and stay so, wherever the reader is. */
export function formatDay(day: Day, form: Form = "day-of-year"): string {
  return formatterOf(form).format(Date.parse(`${day.slice(0, 10)}T00:00:00Z`));
}

const formatters = new Map<Form, Intl.DateTimeFormat>();

// Making a formatter costs a hundred times what using it does, and a table has thousands of days.
function formatterOf(form: Form): Intl.DateTimeFormat {
  const known = formatters.get(form) ?? new Intl.DateTimeFormat(locale, { ...forms[form], timeZone: "UTC" });
  formatters.set(form, known);
  return known;
}

/** A period as people say it: `November 2026`, `1 to 21 Nov 2026`, `Jan to Mar 2026`. Its end is the last day that is in it. */
export function formatPeriod(period: Period): string {
  const last = addDays(period.end, -1);
  if (isWholeMonths(period)) {
    if (addMonths(period.start, 1) === period.end) return formatDay(period.start, "month");
    if (period.start.slice(0, 4) === last.slice(0, 4))
      return `${shortMonth(period.start)} to ${formatDay(last, "month-short")}`;
    return `${formatDay(period.start, "month-short")} to ${formatDay(last, "month-short")}`;
  }
  if (period.start === last) return formatDay(last);
  if (period.start.slice(0, 7) === last.slice(0, 7)) return `${Number(period.start.slice(8))} to ${formatDay(last)}`;
  if (period.start.slice(0, 4) === last.slice(0, 4)) return `${formatDay(period.start, "day")} to ${formatDay(last)}`;
  return `${formatDay(period.start)} to ${formatDay(last)}`;
}

/** How long ago an instant was; `now` is an argument so that a test can hold it still. */
export function formatAgo(instant: string, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(instant)) / 1000));
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return formatDay(instant.slice(0, 10));
}

/** `22 Nov 2026, 14:05 UTC`. */
export function formatInstant(instant: string): string {
  return `${formatDay(instant.slice(0, 10))}, ${instant.slice(11, 16)} UTC`;
}

function shortMonth(day: Day): string {
  return formatDay(day, "month-short").slice(0, 3);
}
