import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Happened, noiseOf, suggestionFor } from "./noise.ts";

const at = (hours: number) => new Date(Date.parse("2026-11-01T00:00:00Z") + hours * 3_600_000);
const event = (alertId: string, what: Happened["what"], hours: number, isByPerson = false): Happened => ({
  alertId,
  what,
  isByPerson,
  at: at(hours),
});
const rule = { holdDays: 1, escalationId: null };

describe("the noise of a rule", () => {
  it("counts what came of each time that it fired", () => {
    const noise = noiseOf([
      event("gone", "acknowledged", 0, true),
      event("a", "fired", 0),
      event("b", "fired", 0),
      event("a", "acknowledged", 1, true),
      event("b", "resolved", 1),
      event("a", "resolved", 30),
      event("b", "reopened", 31),
      event("b", "escalated", 32),
      event("b", "snoozed", 33, true),
      event("b", "woken", 37),
      event("b", "acknowledged", 34, true),
      event("c", "fired", 40),
      event("c", "resolved", 50),
    ]);
    expect(noise).toEqual({
      fired: 4,
      things: 3,
      acknowledged: 2,
      resolvedWithinHour: 1,
      resolvedWithinDay: 2,
      medianMinutesToAcknowledge: 120,
      withoutAction: 2,
    });
  });

  it("never counts more than fired, whatever happened", () => {
    const what = fc.constantFrom<Happened["what"]>(
      "fired",
      "reopened",
      "woken",
      "escalated",
      "acknowledged",
      "snoozed",
      "resolved",
    );
    const events = fc.array(fc.tuple(fc.constantFrom("a", "b"), what, fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(events, (all) => {
        const noise = noiseOf(all.map(([id, one, isByPerson], hours) => event(id, one, hours, isByPerson)));
        for (const count of [noise.acknowledged, noise.withoutAction, noise.resolvedWithinDay, noise.things])
          expect(count).toBeLessThanOrEqual(noise.fired);
        expect(noise.resolvedWithinHour).toBeLessThanOrEqual(noise.resolvedWithinDay);
      }),
      { numRuns: 100 },
    );
  });
});

describe("a suggestion", () => {
  const quiet = noiseOf([]);
  it.each([
    ["nothing of a rule that hardly fires", { fired: 2, withoutAction: 2 }, null],
    [
      "a longer patience where it is over by itself",
      { fired: 4, things: 4, withoutAction: 4, resolvedWithinDay: 3 },
      "hold for 2 days",
    ],
    ["a cool-down where the same fires again", { fired: 9, things: 2, withoutAction: 9 }, "again and again"],
    [
      "a higher threshold where nobody does anything",
      { fired: 10, things: 10, withoutAction: 9 },
      "raise its threshold",
    ],
    ["a chain where it takes long", { fired: 5, things: 5, medianMinutesToAcknowledge: 2000 }, "climb a chain"],
    ["nothing where people look after it", { fired: 50, things: 40, acknowledged: 45, withoutAction: 5 }, null],
  ])("is %s", (_, part, words) => {
    const suggestion = suggestionFor({ ...quiet, ...part }, rule);
    if (words === null) expect(suggestion).toBeNull();
    else expect(suggestion).toContain(words);
  });
});
