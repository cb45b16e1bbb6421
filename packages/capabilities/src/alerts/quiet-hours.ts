import { addDays } from "@finops/kernel/period";
import { clockIn, instantOf, type WallClock, weekdayOf } from "@finops/kernel/wall-clock";
import type { QuietHours } from "./contract.ts";

const saturday = 6;

/** The instant from which one may be told: now, or when the quiet hours or the weekend that it is in end. */
export function tellFrom(quiet: QuietHours | null, now: Date): Date {
  if (quiet === null) return now;
  const clock = clockIn(quiet.timeZone);
  const from = afterNight(quiet, clock, now);
  let { day } = clock(from);
  if (!quiet.weekends || weekdayOf(day) < saturday) return from;
  while (weekdayOf(day) >= saturday) day = addDays(day, 1);
  // A night that begins on Sunday goes on into Monday.
  return afterNight(quiet, clock, instantOf(day, "00:00", clock));
}

function afterNight(quiet: QuietHours, clock: WallClock, now: Date): Date {
  if (quiet.from === quiet.to) return now;
  const { day, time } = clock(now);
  const isOverMidnight = quiet.to < quiet.from;
  const isQuiet = isOverMidnight ? time >= quiet.from || time < quiet.to : time >= quiet.from && time < quiet.to;
  if (!isQuiet) return now;
  return instantOf(isOverMidnight && time >= quiet.from ? addDays(day, 1) : day, quiet.to, clock);
}
