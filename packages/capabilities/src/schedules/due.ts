import { addDays, addMonths, type Day, daysIn, monthOf, type Period } from "@finops/kernel/period";
import { clockIn, instantOf } from "@finops/kernel/wall-clock";
import type { Cadence, Timing } from "./contract.ts";

/**
 * The first time after an instant that something is due. It keeps its time of day where summer time begins or ends; a time that
 * the clocks leave out is the moment when they do.
 */
export function nextSlot({ cadence, at, timeZone }: Timing, after: Date): Date {
  const clock = clockIn(timeZone);
  for (let day = clock(after).day; ; day = addDays(day, 1)) {
    day = dayFrom(cadence, day);
    const slot = instantOf(day, at, clock);
    if (slot.getTime() > after.getTime()) return slot;
  }
}

/** The last time up to an instant, and how many there were from another time on before it. */
export function lastSlot(timing: Timing, from: Date, until: Date): { slot: Date; missed: number } {
  let [slot, missed] = [from, 0];
  for (let next = nextSlot(timing, slot); next.getTime() <= until.getTime(); next = nextSlot(timing, slot)) {
    slot = next;
    missed += 1;
  }
  return { slot, missed };
}

/** The month that a time after a month's close tells of, and until when its close is waited for. */
export function closeOf(timing: Timing, slot: Date): { month: Period; latest: Date } | null {
  if (timing.cadence.kind !== "month-close") return null;
  const clock = clockIn(timing.timeZone);
  const first = monthOf(clock(slot).day).start;
  return {
    month: { start: addMonths(first, -1), end: first },
    latest: instantOf(addDays(first, timing.cadence.latestDay - 1), timing.at, clock),
  };
}

/** The first day from one on that a cadence means. */
function dayFrom(cadence: Cadence, day: Day): Day {
  switch (cadence.kind) {
    case "daily":
      return day;
    case "weekly":
      return addDays(day, (cadence.weekday - weekdayOf(day) + 7) % 7);
    case "monthly": {
      const thisMonth = dayOfMonth(day, cadence.day);
      return thisMonth >= day ? thisMonth : dayOfMonth(monthOf(day).end, cadence.day);
    }
    case "month-close":
      return day.endsWith("-01") ? day : monthOf(day).end;
  }
}

function dayOfMonth(day: Day, date: number | "last"): Day {
  const { start, end } = monthOf(day);
  const last = addDays(end, -1);
  if (date === "last") return last;
  const wanted = addDays(start, date - 1);
  return wanted < last ? wanted : last;
}

/** 1 for Monday to 7 for Sunday; 1 January 2024 was a Monday. */
function weekdayOf(day: Day): number {
  const days = daysIn({ start: "2024-01-01", end: day });
  return (((days % 7) + 7) % 7) + 1;
}
