import { describe, expect, it } from "vitest";
import { comparisonPeriod, presetsFor, resolvePreset } from "./period-presets.ts";

const available = { start: "2025-09-14", end: "2026-11-22" };
const today = "2026-11-22";

describe("a preset", () => {
  it.each([
    ["month-to-date", "2026-11-01", "2026-11-22"],
    ["last-month", "2026-10-01", "2026-11-01"],
    ["last-30-days", "2026-10-23", "2026-11-22"],
    ["last-6-months", "2026-06-01", "2026-11-22"],
    ["year-to-date", "2026-01-01", "2026-11-22"],
    ["quarter-to-date", "2026-10-01", "2026-11-22"],
    ["last-quarter", "2026-07-01", "2026-10-01"],
    ["last-3-months", "2026-09-01", "2026-11-22"],
    ["all", "2025-09-14", "2026-11-22"],
  ] as const)("%s runs from %s to before %s", (preset, start, end) => {
    expect(resolvePreset(preset, available, today)).toEqual({ start, end });
  });

  it("counts back from the last day with data, so that an old bill is not an empty page", () => {
    expect(resolvePreset("month-to-date", { start: "2023-09-01", end: "2023-10-01" }, today)).toEqual({
      start: "2023-09-01",
      end: "2023-10-01",
    });
  });

  it("stops at today where charges reach into the future", () => {
    expect(resolvePreset("month-to-date", { start: "2026-01-01", end: "2027-01-01" }, today)).toEqual({
      start: "2026-11-01",
      end: "2026-11-23",
    });
  });
});

describe("a fiscal year from April", () => {
  it.each([
    ["fiscal-year-to-date", "2026-04-01", "2026-11-22"],
    ["last-fiscal-year", "2025-04-01", "2026-04-01"],
    ["quarter-to-date", "2026-10-01", "2026-11-22"],
    ["last-quarter", "2026-07-01", "2026-10-01"],
  ] as const)("makes %s run from %s to before %s", (preset, start, end) => {
    expect(resolvePreset(preset, available, today, 4)).toEqual({ start, end });
  });

  it("that begins in December is eleven months old in November", () => {
    expect(resolvePreset("fiscal-year-to-date", available, today, 12).start).toBe("2025-12-01");
    expect(resolvePreset("quarter-to-date", available, today, 12).start).toBe("2026-09-01");
  });

  it("is offered only where it is not the calendar's", () => {
    expect(presetsFor(1)).not.toContain("last-fiscal-year");
    expect(presetsFor(4)).toContain("last-fiscal-year");
  });
});

describe("the period before", () => {
  it("of a month that still runs is the same days of the month before", () => {
    expect(comparisonPeriod({ start: "2026-11-01", end: "2026-11-22" }, "before")).toEqual({
      start: "2026-10-01",
      end: "2026-10-22",
    });
  });

  it("of a whole month is the whole month before", () => {
    expect(comparisonPeriod({ start: "2026-11-01", end: "2026-12-01" }, "before")).toEqual({
      start: "2026-10-01",
      end: "2026-11-01",
    });
  });

  it("of 30 days of March ends with February", () => {
    expect(comparisonPeriod({ start: "2026-03-01", end: "2026-03-31" }, "before")).toEqual({
      start: "2026-02-01",
      end: "2026-03-01",
    });
  });

  it("of any other days is as many days right before", () => {
    expect(comparisonPeriod({ start: "2026-10-23", end: "2026-11-22" }, "before")).toEqual({
      start: "2026-09-23",
      end: "2026-10-23",
    });
  });
});
