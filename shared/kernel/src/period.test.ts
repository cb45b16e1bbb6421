import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  addMonths,
  daysIn,
  isWholeMonths,
  monthOf,
  monthsFrom,
  parseDay,
  parsePeriod,
  previousPeriod,
  samePeriodLastYear,
} from "./period.ts";

const days = fc
  .date({ min: new Date("1990-01-01"), max: new Date("2090-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const months = days.map((day) => `${day.slice(0, 7)}-01`);

describe("a day", () => {
  it.each([
    ["2026-11-22", "2026-11-22"],
    ["2026-11", "2026-11-01"],
    ["2024-02-29", "2024-02-29"],
    ["1999-12-31", "1999-12-31"],
  ])("is read from %s", (text, day) => {
    expect(parseDay(text)).toBe(day);
  });

  it.each([
    "2026-02-30",
    "2025-02-29",
    "2026-13-01",
    "2026-00-01",
    "2026-13",
    "2026-11-00",
    "26-11-22",
    "2026-1-2",
    "22.11.2026",
    "2026-11-22T00:00:00Z",
    "x2026-11",
    "2026-111",
    "",
    "today",
  ])("is not read from %j", (text) => {
    expect(() => parseDay(text)).toThrow(
      expect.objectContaining({ code: "invalid", message: `"${text}" is not a day. Write it as 2026-11-22.` }),
    );
  });

  it("is repeated to 40 characters when it is none", () => {
    expect(() => parseDay("9".repeat(90))).toThrow(`"${"9".repeat(40)}" is not a day.`);
  });
});

describe("a period", () => {
  it("is half open", () => {
    expect(parsePeriod("2026-10", "2026-11")).toEqual({ start: "2026-10-01", end: "2026-11-01" });
    expect(daysIn(parsePeriod("2026-11-01", "2026-11-02"))).toBe(1);
  });

  it.each([
    ["2026-11-01", "2026-11-01"],
    ["2026-11-02", "2026-11-01"],
  ])("from %s to %s is empty", (start, end) => {
    expect(() => parsePeriod(start, end)).toThrow(
      expect.objectContaining({
        code: "invalid",
        message: `The period ${start} to ${end} is empty: its end is not part of it, so it must come after the start.`,
      }),
    );
  });

  it.each([
    ["2026-11-22", "2026-11-01", "2026-12-01", 30],
    ["2026-12-31", "2026-12-01", "2027-01-01", 31],
    ["2024-02-10", "2024-02-01", "2024-03-01", 29],
  ])("of the month of %s is %s to %s, %d days", (day, start, end, length) => {
    expect(monthOf(day)).toEqual({ start, end });
    expect(daysIn(monthOf(day))).toBe(length);
  });

  it.each([
    ["2026-01-01", "2026-02-01", true],
    ["2026-01-01", "2027-01-01", true],
    ["2026-01-02", "2026-02-01", false],
    ["2026-01-01", "2026-02-02", false],
  ])("from %s to %s is whole months: %s", (start, end, isWhole) => {
    expect(isWholeMonths({ start, end })).toBe(isWhole);
  });
});

describe("moving", () => {
  it.each([
    ["2026-11-22", 9, "2026-12-01"],
    ["2026-01-01", -1, "2025-12-31"],
    ["2024-02-28", 1, "2024-02-29"],
    // Clocks change in Europe and in America, days in UTC do not.
    ["2026-03-28", 2, "2026-03-30"],
    ["2026-10-31", 2, "2026-11-02"],
  ])("%s by %d days is %s", (day, by, moved) => {
    expect(addDays(day, by)).toBe(moved);
  });

  it.each([
    ["2026-01-31", 1, "2026-02-28"],
    ["2024-01-31", 1, "2024-02-29"],
    ["2026-03-31", -1, "2026-02-28"],
    ["2026-12-15", 1, "2027-01-15"],
    ["2026-01-15", -1, "2025-12-15"],
    ["2024-02-29", 12, "2025-02-28"],
    ["2026-05-30", 0, "2026-05-30"],
    ["2026-05-31", -14, "2025-03-31"],
  ])("%s by %d months is %s", (day, by, moved) => {
    expect(addMonths(day, by)).toBe(moved);
  });

  it("there and back by days comes home", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -5000, max: 5000 }), (day, by) => {
        expect(addDays(addDays(day, by), -by)).toBe(day);
      }),
    );
  });

  it("by days is as long as it says", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 5000 }), (day, by) => {
        expect(daysIn({ start: day, end: addDays(day, by) })).toBe(by);
      }),
    );
  });

  it("by months keeps the date, or takes the last of a shorter month", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -240, max: 240 }), (day, by) => {
        const moved = addMonths(day, by);
        const isLast = addDays(moved, 1).endsWith("-01");
        expect(moved.slice(8) === day.slice(8) || (isLast && moved.slice(8) < day.slice(8))).toBe(true);
      }),
    );
  });
});

describe("comparing", () => {
  it.each([
    ["2026-10-01", "2026-11-01", "2026-09-01", "2026-10-01"],
    ["2026-03-01", "2026-04-01", "2026-02-01", "2026-03-01"],
    ["2026-01-01", "2026-04-01", "2025-10-01", "2026-01-01"],
    ["2026-01-01", "2027-01-01", "2025-01-01", "2026-01-01"],
    ["2026-11-08", "2026-11-15", "2026-11-01", "2026-11-08"],
    ["2026-03-01", "2026-03-15", "2026-02-15", "2026-03-01"],
    ["2026-02-15", "2026-03-01", "2026-02-01", "2026-02-15"],
  ])("%s to %s comes after %s to %s", (start, end, previousStart, previousEnd) => {
    expect(previousPeriod({ start, end })).toEqual({ start: previousStart, end: previousEnd });
  });

  it("follows the previous period without a gap, which is as long: in months if whole, else in days", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 800 }), (start, length) => {
        const period = { start, end: addDays(start, length) };
        fc.pre(!isWholeMonths(period));
        expect(previousPeriod(period)).toEqual({ start: addDays(start, -length), end: start });
      }),
    );
    fc.assert(
      fc.property(months, fc.integer({ min: 1, max: 36 }), (start, length) => {
        expect(previousPeriod({ start, end: addMonths(start, length) })).toEqual({
          start: addMonths(start, -length),
          end: start,
        });
      }),
    );
  });

  it("finds the same period of last year, leap years included", () => {
    expect(samePeriodLastYear({ start: "2025-02-01", end: "2025-03-01" })).toEqual({
      start: "2024-02-01",
      end: "2024-03-01",
    });
    expect(samePeriodLastYear({ start: "2024-02-29", end: "2024-03-01" })).toEqual({
      start: "2023-02-28",
      end: "2023-03-01",
    });
  });
});

it("lists months over the end of a year", () => {
  expect(monthsFrom("2025-11", "2026-02")).toEqual(["2025-11", "2025-12", "2026-01", "2026-02"]);
  expect(monthsFrom("2026-02", "2026-01")).toEqual([]);
});
