import fc from "fast-check";
import { clockIn, weekdayOf } from "@finops/kernel/wall-clock";
import { describe, expect, it } from "vitest";
import { tellFrom } from "./quiet-hours.ts";

const berlin = { from: "22:00", to: "07:00", timeZone: "Europe/Berlin", weekends: false };
const from = (instant: string, quiet = berlin) => tellFrom(quiet, new Date(instant)).toISOString();

describe("quiet hours", () => {
  it.each([
    ["by day, at once", "2026-11-10T12:00:00Z", "2026-11-10T12:00:00.000Z"],
    ["in the evening, on the next morning", "2026-11-10T21:30:00Z", "2026-11-11T06:00:00.000Z"],
    ["after midnight, on the same morning", "2026-11-10T23:30:00Z", "2026-11-11T06:00:00.000Z"],
    ["in the night that summer begins, an hour earlier", "2026-03-28T22:00:00Z", "2026-03-29T05:00:00.000Z"],
    ["in the night that it ends, an hour later", "2026-10-24T21:00:00Z", "2026-10-25T06:00:00.000Z"],
  ])("are told of %s", (_, now, told) => expect(from(now)).toBe(told));

  it("end when the clocks pass a time that summer leaves out", () => {
    const quiet = { ...berlin, to: "02:30" };
    expect(from("2026-03-29T00:30:00Z", quiet)).toBe("2026-03-29T01:00:00.000Z");
  });

  it.each([
    ["of Friday night, on Monday morning", "2026-11-13T21:30:00Z", "2026-11-16T06:00:00.000Z"],
    ["by day on Saturday, on Monday morning", "2026-11-14T12:00:00Z", "2026-11-16T06:00:00.000Z"],
    ["of Sunday night, on Monday morning", "2026-11-15T22:30:00Z", "2026-11-16T06:00:00.000Z"],
    ["by day on Friday, at once", "2026-11-13T12:00:00Z", "2026-11-13T12:00:00.000Z"],
    ["where it is Saturday there and Friday in UTC", "2026-11-13T23:30:00Z", "2026-11-16T06:00:00.000Z"],
    ["on the weekend that summer begins, an hour earlier", "2026-03-28T12:00:00Z", "2026-03-30T05:00:00.000Z"],
  ])("with weekends are told of %s", (_, now, told) => expect(from(now, { ...berlin, weekends: true })).toBe(told));

  it("never hold anything back for longer than a day and an hour, or two more for a weekend, nor tell it before it happens, nor within them", () => {
    const time = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map(([h, m]) => `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`);
    const zone = fc.constantFrom("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC");
    const minute = fc.integer({ min: Date.parse("2026-01-01") / 60_000, max: Date.parse("2027-01-01") / 60_000 });
    fc.assert(
      fc.property(time, time, zone, minute, fc.boolean(), (start, end, timeZone, at, weekends) => {
        const quiet = { from: start, to: end, timeZone, weekends };
        const now = new Date(at * 60_000);
        const told = tellFrom(quiet, now);
        const heldMs = told.getTime() - now.getTime();
        expect(heldMs >= 0 && heldMs <= (weekends ? 73 : 25) * 3_600_000).toBe(true);
        if (weekends) expect(weekdayOf(clockIn(timeZone)(told).day)).toBeLessThan(6);
        // Where clocks go back over the end, the time comes twice; the first counts.
        if (timeZone === "UTC" || timeZone === "Asia/Kolkata") expect(tellFrom(quiet, told)).toEqual(told);
      }),
      { numRuns: 60 },
    );
  });
});
