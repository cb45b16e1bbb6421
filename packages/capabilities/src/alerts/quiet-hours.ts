import { addDays } from "@finops/kernel/period";
import { clockIn, instantOf } from "@finops/kernel/wall-clock";
import type { QuietHours } from "./contract.ts";

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
