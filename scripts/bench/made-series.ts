import { addDays, type Day } from "@finops/kernel/period";
import { randomFrom } from "../crash/random.ts";

/** What a service cost each day: days without a level are days without a charge. */
export type Levels = readonly number[];

/** The first day of every series. */
export const firstDay: Day = "2024-01-01";

/**
 * Daily costs as services have them: a level of 50 to 5,000, weekends that are less, noise of 2 to 12 %, a slow trend, and for a
 * third of them a fee on the first of each month.
 */
export function makeSeries(count: number, days: number): Levels[] {
  const random = randomFrom(47);
  return Array.from({ length: count }, (_, index) => {
    const level = 50 * 100 ** random();
    const weekend = 0.4 + 0.6 * random();
    const noise = 0.02 + 0.1 * random();
    const trend = 1 + (random() - 0.3) * 0.002;
    const fee = index % 3 === 0 ? level * (0.5 + 2 * random()) : 0;
    return Array.from({ length: days }, (_day, at) => {
      const date = new Date(`${addDays(firstDay, at)}T00:00:00Z`);
      const isWeekend = date.getUTCDay() % 6 === 0;
      const usual = level * trend ** at * (isWeekend ? weekend : 1) * Math.exp(noise * normal(random));
      return usual + (date.getUTCDate() === 1 ? fee : 0);
    });
  });
}

export const eventKinds = ["spike", "spike of 3 days", "shift", "drift", "weekends too", "drop"] as const;
export type EventKind = (typeof eventKinds)[number];

/** By how many days after it began an alert counts as its own. */
const daysToTell: Record<EventKind, number> = {
  spike: 1,
  "spike of 3 days": 3,
  shift: 7,
  drift: 30,
  "weekends too": 14,
  drop: 7,
};

/** The same series with something that happened to it from day `at` on, and the days on which an alert tells of it. */
export function withEvent(
  levels: Levels,
  kind: EventKind,
  at: number,
  factor: number,
): { levels: Levels; until: number } {
  const weekdayLevel = levels.slice(at - 28, at).toSorted((a, b) => a - b)[21]!;
  const changed = levels.map((level, day) => {
    const since = day - at;
    if (since < 0) return level;
    switch (kind) {
      case "spike":
        return since === 0 ? level * factor : level;
      case "spike of 3 days":
        return since < 3 ? level * factor : level;
      case "shift":
        return level * factor;
      case "drift":
        return level * (1 + (factor - 1) * Math.min(1, since / 30));
      case "weekends too":
        return Math.max(level, weekdayLevel);
      case "drop":
        return level / factor;
    }
  });
  return { levels: changed, until: at + daysToTell[kind] };
}

/** Of a standard normal distribution (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
