import { expect, it } from "vitest";
import { checkPeriods, dayIn, firstPeriods, periodAt, periodsUntil } from "./periods.ts";

it("cuts months, quarters and years by the company's fiscal calendar", () => {
  expect(periodAt("month", "2026-11-22", 4)).toEqual({ start: "2026-11-01", end: "2026-12-01" });
  expect(periodAt("quarter", "2026-11-22", 1)).toEqual({ start: "2026-10-01", end: "2027-01-01" });
  expect(periodAt("quarter", "2026-11-22", 2)).toEqual({ start: "2026-11-01", end: "2027-02-01" });
  expect(periodAt("year", "2026-03-31", 4)).toEqual({ start: "2025-04-01", end: "2026-04-01" });
  expect(periodAt("year", "2026-04-01", 4)).toEqual({ start: "2026-04-01", end: "2027-04-01" });
});

it("lists the periods of a budget until a day, and none that begins with its end or later", () => {
  const quarters = { grain: "quarter" as const, start: "2026-02-10", end: "2026-10-01" };
  expect(periodsUntil(quarters, 1, "2026-05-15").map(({ start }) => start)).toEqual(["2026-01-01", "2026-04-01"]);
  expect(periodsUntil(quarters, 1, "2030-01-01")).toHaveLength(3);
  expect(periodsUntil({ grain: "custom", start: "2026-03-05", end: "2026-03-20" }, 1, "2026-03-04")).toEqual([]);
  expect(firstPeriods({ grain: "month", start: "2026-12-31", end: null }, 1, 2).at(-1)).toEqual({
    start: "2027-01-01",
    end: "2027-02-01",
  });
});

it("turns with the company's midnight, on days of daylight saving too", () => {
  expect(dayIn("Europe/Berlin", new Date("2026-03-28T23:30:00Z"))).toBe("2026-03-29");
  expect(dayIn("Europe/Berlin", new Date("2026-10-25T22:30:00Z"))).toBe("2026-10-25");
  expect(dayIn("Europe/Berlin", new Date("2026-10-25T23:30:00Z"))).toBe("2026-10-26");
  expect(dayIn("America/Los_Angeles", new Date("2026-12-01T07:59:00Z"))).toBe("2026-11-30");
});

it("refuses days that there are not, and those that nobody plans for", () => {
  const check = (start: string, end: string | null = null) =>
    checkPeriods({ grain: "month", start, end }, "2026-11-22");
  expect(() => check("2026-11-01")).not.toThrow();
  expect(() => check("2026-02-31")).toThrow('"2026-02-31" is not a day');
  expect(() => check("2026-02-01", "2026-02-01")).toThrow("is empty");
  expect(() => check("2020-01-01")).toThrow("within 5 years");
  expect(() => check("2032-01-01")).toThrow("within 5 years");
});

it("refuses chosen days that last for longer than five years, and says by when they end", () => {
  const check = (end: string) => checkPeriods({ grain: "custom", start: "2026-01-01", end }, "2026-11-22");
  expect(() => check("2031-01-01")).not.toThrow();
  expect(() => check("2031-01-02")).toThrow("periods.end: Chosen days last 5 years at most. Let it end by 2031-01-01");
  expect(() => check("9999-12-31")).toThrow("5 years at most");
});
