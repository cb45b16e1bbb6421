import { AppError } from "./app-error.ts";
import { addDays, type Day } from "./period.ts";

const minuteMs = 60_000;

/** What the clocks of a place show at an instant, the time as 22:00. */
export type WallClock = (instant: Date) => { day: Day; time: string };

/** @throws invalid for a place without a clock */
export function checkTimeZone(timeZone: string, field: string): void {
  try {
    new Intl.DateTimeFormat("en-CA", { timeZone });
  } catch {
    throw new AppError("invalid", `${field}: There is no time zone "${timeZone}". Write it as Europe/Berlin.`);
  }
}

export function clockIn(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (instant) => {
    const parts = format.formatToParts(instant);
    const of = (type: string) => parts.find((part) => part.type === type)!.value;
    return { day: `${of("year")}-${of("month")}-${of("day")}`, time: `${of("hour")}:${of("minute")}` };
  };
}

/**
 * The first instant at which the clocks of a place show that time or a later one of that day: a time that is left out when
 * summer begins is the moment when it is.
 */
export function instantOf(day: Day, time: string, clock: WallClock): Date {
  // No place is further than 14 hours from UTC, and its clocks only go back by a few within the day.
  const middle = Date.parse(`${day}T${time}:00Z`);
  for (let ms = middle - 15 * 60 * minuteMs; ms <= middle + 15 * 60 * minuteMs; ms += 15 * minuteMs)
    if (isReached(ms)) {
      let first = ms;
      while (isReached(first - minuteMs)) first -= minuteMs;
      return new Date(first);
    }
  return new Date(middle);

  function isReached(ms: number): boolean {
    const shown = clock(new Date(ms));
    return shown.day > day || (shown.day === day && shown.time >= time);
  }
}

/** The last day on which the clocks of a place had come to that time. A time that comes twice on a day counts once. */
export function lastDayAt(time: string, instant: Date, clock: WallClock): Day {
  let day = addDays(clock(instant).day, 1);
  while (instantOf(day, time, clock).getTime() > instant.getTime()) day = addDays(day, -1);
  return day;
}

/** 1 for a Monday, 7 for a Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}
