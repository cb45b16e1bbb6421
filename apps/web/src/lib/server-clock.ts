import { type Clock, systemClock } from "@finops/kernel/clock";

/** By how much this machine's clock is off; below it is the travel of an answer, and no reason to correct anything. */
const tolerableMs = 90_000;
let offMs = 0;

/** Every answer of the server says what time it is there. */
export function noteServerTime(date: string | null): void {
  const told = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(told)) return;
  const off = told - systemClock.now().getTime();
  offMs = Math.abs(off) > tolerableMs ? off : 0;
}

function now(): Date {
  const here = systemClock.now();
  here.setTime(here.getTime() + offMs);
  return here;
}

/** The server's time: bills, sessions and "2 min ago" go by it, also where the reader's clock is an hour off. */
export const serverClock: Clock = { now, today: () => now().toISOString().slice(0, 10) };
