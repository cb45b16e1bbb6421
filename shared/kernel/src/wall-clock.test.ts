import { describe, expect, it } from "vitest";
import { checkTimeZone, clockIn, instantOf, lastDayAt, weekdayOf } from "./wall-clock.ts";

const berlin = clockIn("Europe/Berlin");
const at = (day: string, time: string) => instantOf(day, time, berlin).toISOString();

describe("the clocks of a place", () => {
  it("show nine in the morning an hour earlier in summer", () => {
    expect(at("2026-03-28", "09:00")).toBe("2026-03-28T08:00:00.000Z");
    expect(at("2026-03-29", "09:00")).toBe("2026-03-29T07:00:00.000Z");
    expect(at("2026-10-25", "09:00")).toBe("2026-10-25T08:00:00.000Z");
  });

  it("pass a time that summer leaves out when it is left out, and count one that comes twice once", () => {
    expect(at("2026-03-29", "02:30")).toBe("2026-03-29T01:00:00.000Z");
    expect(at("2026-10-25", "02:30")).toBe("2026-10-25T00:30:00.000Z");
    const last = (instant: string) => lastDayAt("02:30", new Date(instant), berlin);
    expect(last("2026-10-25T00:29:00Z")).toBe("2026-10-24");
    expect(last("2026-10-25T00:30:00Z")).toBe("2026-10-25");
    // The clocks show 02:10 again; the day goes on.
    expect(last("2026-10-25T01:10:00Z")).toBe("2026-10-25");
  });

  it("are of a place that there is", () => {
    expect(() => checkTimeZone("Mars/Olympus", "timeZone")).toThrow('timeZone: There is no time zone "Mars/Olympus"');
    checkTimeZone("Asia/Kolkata", "timeZone");
  });

  it("know Mondays from Sundays", () => {
    expect([weekdayOf("2026-11-30"), weekdayOf("2026-11-29")]).toEqual([1, 7]);
  });
});
