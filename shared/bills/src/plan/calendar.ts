import { AppError } from "@finops/kernel/app-error";
import { type Day, addDays, addMonths, daysIn, monthOf, parseDay } from "@finops/kernel/period";

export interface BillDay {
  index: number;
  day: Day;
  /** 0 is Sunday. */
  weekday: number;
  dayOfMonth: number;
  daysInMonth: number;
  /** Hours by which Pacific time is behind UTC: 7 in summer, 8 in winter. GCP's billing day follows it. */
  pacificLag: number;
}

export interface BillMonth {
  /** `2026-08`. */
  label: string;
  index: number;
  firstDay: Day;
  /** First day of the next month, also when the bills stop inside the month. */
  nextMonth: Day;
  /** Half-open range of day indexes that the bills cover. */
  fromIndex: number;
  toIndex: number;
}

export interface Calendar {
  months: BillMonth[];
  days: BillDay[];
}

/** The billed months. `end` is a month, or a day: the last one that is billed, so that the last month is still open. */
export function buildCalendar(end: string, monthCount: number): Calendar {
  if (!Number.isInteger(monthCount) || monthCount < 1 || monthCount > 120) {
    throw new AppError("invalid", `${monthCount} months cannot be generated. Ask for 1 to 120.`);
  }
  const lastMonth = monthOf(parseDay(end));
  const afterLastDay = /^\d{4}-\d{2}$/.test(end) ? lastMonth.end : addDays(parseDay(end), 1);
  const first = addMonths(lastMonth.start, 1 - monthCount);
  const days = Array.from({ length: daysIn({ start: first, end: afterLastDay }) }, (_, index) =>
    billDay(addDays(first, index), index),
  );
  const months = Array.from({ length: monthCount }, (_, index): BillMonth => {
    const firstDay = addMonths(first, index);
    const nextMonth = addMonths(firstDay, 1);
    const inMonth = days.filter((day) => day.day >= firstDay && day.day < nextMonth);
    return {
      label: firstDay.slice(0, 7),
      index,
      firstDay,
      nextMonth,
      fromIndex: inMonth[0]!.index,
      toIndex: inMonth.at(-1)!.index + 1,
    };
  });
  return { months, days };
}

function billDay(day: Day, index: number): BillDay {
  const month = monthOf(day);
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return {
    index,
    day,
    weekday,
    dayOfMonth: Number(day.slice(8)),
    daysInMonth: daysIn(month),
    pacificLag: isPacificSummer(day) ? 7 : 8,
  };
}

/** From the second Sunday of March to the first Sunday of November. */
function isPacificSummer(day: Day): boolean {
  const year = day.slice(0, 4);
  return day >= sundayFrom(`${year}-03-08`) && day < sundayFrom(`${year}-11-01`);
}

function sundayFrom(day: Day): Day {
  return addDays(day, (7 - new Date(`${day}T00:00:00Z`).getUTCDay()) % 7);
}
