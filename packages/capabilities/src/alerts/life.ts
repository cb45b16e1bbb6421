import type { Day } from "@finops/kernel/period";
import * as z from "zod";

/**
 * How a thing stands against a condition: over it, between where it begins and where it ends (so what is stays), under it, or
 * nobody can tell, which neither begins an alert nor ends one.
 */
export type Level = "over" | "between" | "under" | "unknown";

/** What is kept of an alert beside what it says. `waiting` is none yet: it has not held for long enough. */
export const Life = z.object({
  state: z.enum(["waiting", "firing", "acknowledged", "snoozed", "resolved"]),
  /** On how many days in a row it has held. */
  overDays: z.number(),
  lastOverDay: z.string().nullable(),
  times: z.number(),
  firedAt: z.string().nullable(),
  resolvedAt: z.string().nullable(),
  snoozedUntil: z.string().nullable(),
  /** Somebody said that it is over; it fires again only once it was. */
  isClosedByHand: z.boolean(),
});
export type Life = z.infer<typeof Life>;

export interface Patience {
  holdDays: number;
  coolDownHours: number;
}

export interface Instant {
  now: Date;
  day: Day;
}

/** What people are told of. */
export type Turn = "fired" | "reopened" | "woken" | "resolved";

export const unborn: Life = {
  state: "waiting",
  overDays: 0,
  lastOverDay: null,
  times: 0,
  firedAt: null,
  resolvedAt: null,
  snoozedUntil: null,
  isClosedByHand: false,
};

export function isOpen({ state }: Life): boolean {
  return state === "firing" || state === "acknowledged" || state === "snoozed";
}

/** What one look makes of an alert. Looking twice in the same moment changes nothing. */
export function advance(
  before: Life,
  level: Level,
  patience: Patience,
  at: Instant,
): { life: Life; turn: Turn | null } {
  if (level === "under") {
    return { life: end(before, at.now), turn: isOpen(before) ? "resolved" : null };
  }
  const counted = level === "over" ? countDay(before, at.day) : before;
  if (isOpen(counted)) return wake(counted, at);
  if (level !== "over" || !mayFire(counted, patience, at)) return { life: counted, turn: null };
  return {
    life: { ...counted, state: "firing", times: counted.times + 1, firedAt: at.now.toISOString(), resolvedAt: null },
    turn: counted.times === 0 ? "fired" : "reopened",
  };
}

/** It does not hold any more, or nobody looks at it: what holds after that begins anew. */
export function end(life: Life, now: Date): Life {
  const calm = { ...life, overDays: 0, lastOverDay: null, isClosedByHand: false };
  return isOpen(life) ? { ...calm, state: "resolved", resolvedAt: now.toISOString(), snoozedUntil: null } : calm;
}

/** Somebody looks after it. */
export function acknowledge(life: Life): Life {
  return { ...life, state: "acknowledged", snoozedUntil: null };
}

/** Nobody is told of it until then. */
export function snooze(life: Life, until: Date): Life {
  return { ...life, state: "snoozed", snoozedUntil: until.toISOString() };
}

/** Somebody says that it is over, though it may still hold. */
export function closeByHand(life: Life, now: Date): Life {
  return { ...life, state: "resolved", resolvedAt: now.toISOString(), snoozedUntil: null, isClosedByHand: true };
}

function countDay(life: Life, day: Day): Life {
  if (life.lastOverDay !== null && day <= life.lastOverDay) return life;
  return { ...life, overDays: life.overDays + 1, lastOverDay: day };
}

/** Ends a snooze whose time is over. */
export function wake(life: Life, { now }: Pick<Instant, "now">): { life: Life; turn: "woken" | null } {
  const isOver = life.state === "snoozed" && life.snoozedUntil !== null && life.snoozedUntil <= now.toISOString();
  return isOver ? { life: { ...life, state: "firing", snoozedUntil: null }, turn: "woken" } : { life, turn: null };
}

function mayFire(life: Life, { holdDays, coolDownHours }: Patience, { now }: Instant): boolean {
  if (life.isClosedByHand || life.overDays < holdDays) return false;
  return life.resolvedAt === null || now.getTime() >= Date.parse(life.resolvedAt) + coolDownHours * 3_600_000;
}
