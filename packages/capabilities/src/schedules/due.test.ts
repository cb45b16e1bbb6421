import { clockIn } from "@finops/kernel/wall-clock";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cadence, Timing } from "./contract.ts";
import { closeOf, lastSlot, nextSlot } from "./due.ts";

const timing = (cadence: Cadence, at = "08:00", timeZone = "Europe/Berlin"): Timing => ({ cadence, at, timeZone });
const next = (of: Timing, after: string) => nextSlot(of, new Date(after)).toISOString().replace(":00.000Z", "Z");

describe("the next time", () => {
  it.each<[string, Timing, string, string]>([
    ["today, where its hour is still to come", timing({ kind: "daily" }), "2026-11-10T06:59Z", "2026-11-10T07:00Z"],
    ["tomorrow, from its own minute on", timing({ kind: "daily" }), "2026-11-10T07:00Z", "2026-11-11T07:00Z"],
    ["at eight before and after summer time", timing({ kind: "daily" }), "2026-03-28T12:00Z", "2026-03-29T06:00Z"],
    ["at eight when winter comes", timing({ kind: "daily" }), "2026-10-24T12:00Z", "2026-10-25T07:00Z"],
    [
      "when an hour is left out, as it is",
      timing({ kind: "daily" }, "02:30"),
      "2026-03-28T12:00Z",
      "2026-03-29T01:00Z",
    ],
    ["once, where an hour comes twice", timing({ kind: "daily" }, "02:30"), "2026-10-24T12:00Z", "2026-10-25T00:30Z"],
    ["not a second time, either", timing({ kind: "daily" }, "02:30"), "2026-10-25T00:30Z", "2026-10-26T01:30Z"],
    ["on Monday", timing({ kind: "weekly", weekday: 1 }), "2026-11-10T12:00Z", "2026-11-16T07:00Z"],
    ["on Sunday", timing({ kind: "weekly", weekday: 7 }), "2026-11-10T12:00Z", "2026-11-15T07:00Z"],
    ["on the 31st", timing({ kind: "monthly", day: 31 }), "2026-01-31T12:00Z", "2026-02-28T07:00Z"],
    ["on the 29th of a leap year", timing({ kind: "monthly", day: 30 }), "2028-02-01T12:00Z", "2028-02-29T07:00Z"],
    ["on the last day", timing({ kind: "monthly", day: "last" }), "2026-04-10T12:00Z", "2026-04-30T06:00Z"],
    ["after a month", timing({ kind: "month-close", latestDay: 5 }), "2026-11-10T12:00Z", "2026-12-01T07:00Z"],
    [
      "in a place that is a day ahead",
      timing({ kind: "monthly", day: 1 }, "08:00", "Pacific/Kiritimati"),
      "2026-10-31T12:00Z",
      "2026-10-31T18:00Z",
    ],
  ])("is %s", (_, of, after, expected) => expect(next(of, after)).toBe(expected));

  const cadence: fc.Arbitrary<Cadence> = fc.oneof(
    fc.constant({ kind: "daily" as const }),
    fc.record({ kind: fc.constant("weekly" as const), weekday: fc.integer({ min: 1, max: 7 }) }),
    fc.record({
      kind: fc.constant("monthly" as const),
      day: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constant("last" as const)),
    }),
    fc.record({ kind: fc.constant("month-close" as const), latestDay: fc.integer({ min: 2, max: 28 }) }),
  );
  const longest = { daily: 1, weekly: 7, monthly: 31, "month-close": 31 };
  const places = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"];

  it("is always after, skips none, and shows the same hour on the clocks of its place", () => {
    fc.assert(
      fc.property(
        cadence,
        fc.integer({ min: 0, max: 23 }),
        fc.constantFrom(...places),
        fc.date({ min: new Date("2019-01-01"), max: new Date("2031-01-01"), noInvalidDate: true }),
        (of, hour, timeZone, after) => {
          const at = `${String(hour).padStart(2, "0")}:10`;
          const one = nextSlot(timing(of, at, timeZone), after);
          const two = nextSlot(timing(of, at, timeZone), one);
          expect(one.getTime()).toBeGreaterThan(after.getTime());
          expect(two.getTime()).toBeGreaterThan(one.getTime());
          // A day of 25 hours is the longest.
          expect((two.getTime() - one.getTime()) / 3_600_000).toBeLessThanOrEqual(longest[of.kind] * 24 + 1);
          // Asked in the last moment before it, it is still the same: none lies between.
          expect(nextSlot(timing(of, at, timeZone), new Date(one.getTime() - 1))).toEqual(one);
          const shown = clockIn(timeZone)(one).time;
          const before = clockIn(timeZone)(new Date(one.getTime() - 60_000)).time;
          // Where the clocks jump over the hour, it is when they do.
          expect(shown === at || (shown > at && before < at)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

it("of many that were missed only the last is left, with their number", () => {
  const from = new Date("2026-11-10T07:00:00Z");
  const of = timing({ kind: "daily" });
  expect(lastSlot(of, from, new Date("2026-11-13T12:00:00Z"))).toEqual({
    slot: new Date("2026-11-13T07:00:00Z"),
    missed: 3,
  });
  expect(lastSlot(of, from, from)).toEqual({ slot: from, missed: 0 });
});

it("waits for the close of the month before, and not for ever", () => {
  const of = timing({ kind: "month-close", latestDay: 5 });
  expect(closeOf(of, new Date("2026-12-01T07:00:00Z"))).toEqual({
    month: { start: "2026-11-01", end: "2026-12-01" },
    latest: new Date("2026-12-05T07:00:00Z"),
  });
  expect(closeOf(timing({ kind: "daily" }), new Date("2026-12-01T07:00:00Z"))).toBeNull();
});
