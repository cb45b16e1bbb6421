import { AppError } from "@finops/kernel/app-error";
import { addDays, type Day } from "@finops/kernel/period";
import type { QuietHours } from "./contract.ts";

const minuteMs = 60_000;

/** The instant from which one may be told: now, or when the quiet hours that it is in end. */
export function tellFrom(quiet: QuietHours | null, now: Date): Date {
  if (quiet === null || quiet.from === quiet.to) return now;
  const clock = clockIn(quiet.timeZone);
  const { day, time } = clock(now);
  const isOverMidnight = quiet.to < quiet.from;
  const isQuiet = isOverMidnight ? time >= quiet.from || time < quiet.to : time >= quiet.from && time < quiet.to;
  if (!isQuiet) return now;
  return instantOf(isOverMidnight && time >= quiet.from ? addDays(day, 1) : day, quiet.to, clock);
}

/** @throws invalid for a place without a clock */
export function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat("en-CA", { timeZone });
  } catch {
    throw new AppError(
      "invalid",
      `quietHours.timeZone: There is no time zone "${timeZone}". Write it as Europe/Berlin.`,
    );
  }
}

/** What the clocks of a place show at an instant. */
type WallClock = (instant: Date) => { day: Day; time: string };

function clockIn(timeZone: string): WallClock {
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
function instantOf(day: Day, time: string, clock: WallClock): Date {
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
