import type { AlertHappening, RuleNoise } from "./contract.ts";

export interface Happened {
  alertId: string;
  what: AlertHappening;
  isByPerson: boolean;
  at: Date;
}

export type Noise = Omit<RuleNoise, "rule" | "suggestion"> & {
  /** How many different things fired. */
  things: number;
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

interface Firing {
  at: number;
  acknowledgedAt: number | null;
  resolvedByItselfAt: number | null;
  isActedOn: boolean;
}

/** What came of each time that a rule fired, from what happened in its order. What fired before the first of it is not counted. */
export function noiseOf(events: readonly Happened[]): Noise {
  const firings: Firing[] = [];
  const open = new Map<string, Firing>();
  const things = new Set<string>();
  for (const { alertId, what, isByPerson, at } of events) {
    const ms = at.getTime();
    if (what === "fired" || what === "reopened") {
      const firing: Firing = { at: ms, acknowledgedAt: null, resolvedByItselfAt: null, isActedOn: false };
      firings.push(firing);
      open.set(alertId, firing);
      things.add(alertId);
      continue;
    }
    const firing = open.get(alertId);
    if (firing === undefined) continue;
    if (isByPerson) firing.isActedOn = true;
    if (what === "acknowledged") firing.acknowledgedAt ??= ms;
    if (what !== "resolved") continue;
    if (!isByPerson) firing.resolvedByItselfAt = ms;
    open.delete(alertId);
  }
  const endedWithin = (limitMs: number) =>
    firings.filter(({ at, resolvedByItselfAt }) => resolvedByItselfAt !== null && resolvedByItselfAt - at <= limitMs)
      .length;
  const waits = firings.flatMap(({ at, acknowledgedAt }) => (acknowledgedAt === null ? [] : [acknowledgedAt - at]));
  return {
    fired: firings.length,
    things: things.size,
    acknowledged: waits.length,
    resolvedWithinHour: endedWithin(hourMs),
    resolvedWithinDay: endedWithin(24 * hourMs),
    medianMinutesToAcknowledge: median(waits.map((ms) => Math.round(ms / minuteMs))),
    withoutAction: firings.filter(({ isActedOn }) => !isActedOn).length,
  };
}

/** Of fewer nobody can tell anything. */
const firedLeast = 3;
const mostly = 0.8;
const dayMinutes = 24 * 60;

/** What would make a rule ring less for nothing, in words; null where nothing would, or where too little happened to tell. */
export function suggestionFor(
  noise: Noise,
  { holdDays, escalationId }: { holdDays: number; escalationId: string | null },
): string | null {
  const { fired, things, resolvedWithinDay, withoutAction, medianMinutesToAcknowledge } = noise;
  if (fired < firedLeast) return null;
  const isIgnored = withoutAction >= mostly * fired;
  if (isIgnored && resolvedWithinDay >= fired / 2)
    return `Most of it is over by itself within a day: let it hold for ${holdDays + 1} days in a row before it fires.`;
  if (isIgnored && fired >= 3 * things)
    return "The same things fire again and again: let it clear further below its threshold, or give it a longer cool-down.";
  if (isIgnored) return "Nobody does anything about it: raise its threshold, or have its channel tell a digest.";
  if (medianMinutesToAcknowledge !== null && medianMinutesToAcknowledge > dayMinutes && escalationId === null)
    return "It takes more than a day until somebody looks after it: let it climb a chain of escalation.";
  return null;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : Math.round((sorted[middle - 1]! + sorted[middle]!) / 2);
}
