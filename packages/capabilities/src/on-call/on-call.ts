import { addDays, type Day, daysIn } from "@finops/kernel/period";
import { clockIn, instantOf, lastDayAt, type WallClock, weekdayOf } from "@finops/kernel/wall-clock";
import type { HandOver, OnCallDefinition } from "./contract.ts";

/** Whose turn it is. Nobody's, before the first day and where nobody of the schedule is left. */
export type Turn =
  | { personId: string; isOverride: boolean; passedOver: readonly string[] }
  | { personId: null; why: "not-begun" | "nobody-left"; passedOver: readonly string[] };

/** Who can be called: who belongs to the company still. */
export type IsThere = (personId: string) => boolean;

/**
 * Who is on call at an instant. Hand-overs stand by the clocks of the schedule's place, so that nine in the morning stays nine when
 * summer begins. Who is not there is passed over: the next in order takes the turn.
 */
export function onCallAt(definition: OnCallDefinition, instant: Date, isThere: IsThere): Turn {
  const { people, handOver, start, timeZone } = definition;
  const passedOver: string[] = [];
  const override = overrideAt(definition, instant);
  if (override !== null) {
    if (isThere(override)) return { personId: override, isOverride: true, passedOver };
    passedOver.push(override);
  }
  const clock = clockIn(timeZone);
  const handedOver = lastDayAt(handOver.at, instant, clock);
  // The first one's turn begins with the first day, however late on it others are handed over.
  const day = handedOver < start && clock(instant).day >= start ? start : handedOver;
  if (day < start) return { personId: null, why: "not-begun", passedOver };
  const turn = turnOn(day, start, handOver);
  for (let step = 0; step < people.length; step += 1) {
    const { personId } = people[(turn + step) % people.length]!;
    if (isThere(personId)) return { personId, isOverride: false, passedOver };
    if (!passedOver.includes(personId)) passedOver.push(personId);
  }
  return { personId: null, why: "nobody-left", passedOver };
}

export interface PlannedShift {
  turn: Turn;
  from: Date;
  to: Date;
}

/** Who is on call from an instant up to another, without a gap: the same turn is one shift. */
export function shiftsBetween(definition: OnCallDefinition, from: Date, to: Date, isThere: IsThere): PlannedShift[] {
  const edges = edgesBetween(definition, from, to);
  const shifts: PlannedShift[] = [];
  for (const [index, start] of edges.slice(0, -1).entries()) {
    const [turn, end] = [onCallAt(definition, start, isThere), edges[index + 1]!];
    const last = shifts.at(-1);
    if (last !== undefined && isSame(last.turn, turn)) last.to = end;
    else shifts.push({ turn, from: start, to: end });
  }
  return shifts;
}

function overrideAt({ overrides }: OnCallDefinition, instant: Date): string | null {
  const ms = instant.getTime();
  return overrides.find(({ from, to }) => Date.parse(from) <= ms && ms < Date.parse(to))?.personId ?? null;
}

/** How many hand-overs there were since the first. Weeks are counted from the weekday on or before the start. */
function turnOn(day: Day, start: Day, { every, weekday }: HandOver): number {
  if (every === "day") return daysIn({ start, end: day });
  const first = addDays(start, -((weekdayOf(start) - weekday + 7) % 7));
  return Math.floor(daysIn({ start: first, end: day }) / 7);
}

/** Every instant at which it may be somebody else's turn, with both ends. */
function edgesBetween({ handOver, start, timeZone, overrides }: OnCallDefinition, from: Date, to: Date): Date[] {
  const clock = clockIn(timeZone);
  const times = overrides.flatMap((one) => [Date.parse(one.from), Date.parse(one.to)]);
  times.push(...handOversBetween(handOver, start, clock, from, to));
  const within = times.filter((ms) => ms > from.getTime() && ms < to.getTime());
  return [...new Set([from.getTime(), ...within, to.getTime()])].toSorted((a, b) => a - b).map((ms) => new Date(ms));
}

function handOversBetween({ every, weekday, at }: HandOver, start: Day, clock: WallClock, from: Date, to: Date) {
  const times: number[] = [];
  const last = addDays(clock(to).day, 1);
  for (let day = clock(from).day; day <= last; day = addDays(day, 1)) {
    if (day === start) times.push(instantOf(day, "00:00", clock).getTime());
    if (every === "day" || weekdayOf(day) === weekday) times.push(instantOf(day, at, clock).getTime());
  }
  return times;
}

function isSame(a: Turn, b: Turn): boolean {
  return (
    a.personId === b.personId &&
    (a.personId === null
      ? b.personId === null && a.why === b.why
      : b.personId !== null && a.isOverride === b.isOverride)
  );
}
