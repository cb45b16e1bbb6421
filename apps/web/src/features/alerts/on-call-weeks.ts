import type { Shift } from "@finops/capabilities/on-call/contract";

/** What goes on is shown for as long as is asked for: six weeks. */
const shownMs = 42 * 86_400_000;

/** A shift as far as one week shows it, in shares of the week. */
export interface ShiftPart {
  shift: Shift;
  start: number;
  length: number;
}

export interface ShiftWeek {
  /** Its Monday, by the reader's calendar. */
  monday: Date;
  parts: ShiftPart[];
}

/** The weeks of the reader's calendar that the shifts fall into. A week in which clocks change is an hour shorter or longer. */
export function weeksOf(shifts: readonly Shift[]): ShiftWeek[] {
  const [first, last] = [shifts[0], shifts.at(-1)];
  if (first === undefined || last === undefined) return [];
  const until = Date.parse(first.from) + shownMs;
  const endOf = ({ to }: Shift) => (to === null ? until : Date.parse(to));
  const end = endOf(last);
  const weeks: ShiftWeek[] = [];
  for (let monday = mondayOf(new Date(first.from)); monday.getTime() < end; monday = addDays(monday, 7)) {
    const [from, to] = [monday.getTime(), addDays(monday, 7).getTime()];
    const parts = shifts
      .map((shift) => ({ shift, start: Math.max(from, Date.parse(shift.from)), end: Math.min(to, endOf(shift)) }))
      .filter((part) => part.start < part.end)
      .map(({ shift, start, end: until }) => ({
        shift,
        start: (start - from) / (to - from),
        length: (until - start) / (to - from),
      }));
    weeks.push({ monday, parts });
  }
  return weeks;
}

function mondayOf(instant: Date): Date {
  return addDays(new Date(instant.getFullYear(), instant.getMonth(), instant.getDate()), -((instant.getDay() + 6) % 7));
}

function addDays(day: Date, days: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days);
}
