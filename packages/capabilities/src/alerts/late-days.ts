import { addDays, type Day } from "@finops/kernel/period";
import type { Condition } from "./contract.ts";
import { lastWholeDay } from "./cost-series.ts";

/** What says something of one day of bills, whatever comes after it. */
const ofDays: ReadonlySet<Condition["kind"]> = new Set(["cost-above", "cost-change", "new-value", "anomaly"]);
/** What comes in later than that is no news. */
const lateDaysMax = 31;

/**
 * The first morning on which a rule is to be looked at, today's where nothing was left out: bills bring several days at once, and
 * each is looked at as it would have been on the morning after it.
 * @param judgedUntil the last day that was looked at; null for a rule that is new, which tells nothing of the past
 */
export function firstMorning(conditions: readonly Condition[], judgedUntil: Day | null, today: Day): Day {
  if (judgedUntil === null || !conditions.every(({ kind }) => ofDays.has(kind))) return today;
  const earliest = addDays(today, -lateDaysMax);
  // The day that was the last one is looked at once more: it may have been there in part.
  const next = addDays(judgedUntil, 1);
  const first = next < earliest ? earliest : next;
  return first < today ? first : today;
}

/** The mornings from a first one on that come after a day with charges, but for the last such day, which is looked at today. */
export function lateMornings(first: Day, today: Day, covered: ReadonlySet<Day>): Day[] {
  const last = lastWholeDay(covered, today);
  const mornings: Day[] = [];
  for (let morning = first; last !== null && morning <= last; morning = addDays(morning, 1))
    if (covered.has(addDays(morning, -1))) mornings.push(morning);
  return mornings;
}
