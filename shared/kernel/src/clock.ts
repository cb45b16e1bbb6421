import type { Day } from "./period.ts";

/** Time is an argument, so that a test can hold it still. */
export interface Clock {
  now(): Date;
  today(): Day;
}

export const systemClock: Clock = clockOf(() => new Date());

export function fixedClock(instant: string): Clock {
  return clockOf(() => new Date(instant));
}

function clockOf(now: () => Date): Clock {
  return { now, today: () => now().toISOString().slice(0, 10) };
}
