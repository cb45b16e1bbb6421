import { addDays, type Day } from "@finops/kernel/period";
import { describe, expect, it } from "vitest";
import { computeCompleteness, type SourceFacts } from "./completeness.ts";

const now = new Date("2026-11-20T12:00:00Z");

function daysFrom(first: Day, count: number, without: readonly Day[] = []): Record<Day, number> {
  const days = Array.from({ length: count }, (_, index) => addDays(first, index));
  return Object.fromEntries(days.filter((day) => !without.includes(day)).map((day) => [day, 100]));
}

function of(facts: Partial<SourceFacts>) {
  return computeCompleteness({ key: "aws", name: "AWS 1", months: [], arrivals: [], ...facts }, now);
}

describe("the days of a source", () => {
  it("are expected from its first to its last, and those between without usage are missing", () => {
    const { firstDay, lastDay, months } = of({
      months: [
        { billingPeriod: "2026-11-01", days: daysFrom("2026-11-01", 18) },
        { billingPeriod: "2026-10-01", days: daysFrom("2026-10-05", 27, ["2026-10-14", "2026-10-15"]) },
      ],
    });
    expect([firstDay, lastDay]).toEqual(["2026-10-05", "2026-11-18"]);
    expect(months).toEqual([
      { billingPeriod: "2026-10-01", daysExpected: 27, missingDays: ["2026-10-14", "2026-10-15"] },
      { billingPeriod: "2026-11-01", daysExpected: 18, missingDays: [] },
    ]);
  });

  it("at the end of a month that another follows are missing too", () => {
    const { months } = of({
      months: [
        { billingPeriod: "2026-09-01", days: daysFrom("2026-09-01", 28) },
        { billingPeriod: "2026-10-01", days: daysFrom("2026-10-01", 31) },
      ],
    });
    expect(months[0]).toMatchObject({ daysExpected: 30, missingDays: ["2026-09-29", "2026-09-30"] });
  });

  it("are not told of a bill that does not tell days, nor of usage on weekdays only", () => {
    const weekends = [0, 1, 7, 8, 14, 15, 21, 22, 28, 29].map((days) => addDays("2026-08-01", days));
    const august = of({ months: [{ billingPeriod: "2026-08-01", days: daysFrom("2026-08-03", 29, weekends) }] });
    expect(august.months).toEqual([{ billingPeriod: "2026-08-01", daysExpected: 29, missingDays: [] }]);
    const monthly = of({ months: [{ billingPeriod: "2026-08-01", days: null }] });
    expect(monthly).toMatchObject({
      firstDay: null,
      lastDay: null,
      months: [{ billingPeriod: "2026-08-01", daysExpected: null, missingDays: [] }],
    });
  });
});

describe("a source", () => {
  const daily = (count: number, last: Day) =>
    Array.from({ length: count }, (_, back) => new Date(`${addDays(last, -back)}T06:00:00Z`));

  it("is late once nothing came for twice its usual interval", () => {
    expect(of({ arrivals: daily(6, "2026-11-19") })).toMatchObject({ usualIntervalDays: 1, lateSince: null });
    expect(of({ arrivals: daily(6, "2026-11-17") })).toMatchObject({
      lastArrival: "2026-11-17T06:00:00.000Z",
      lateSince: "2026-11-19T06:00:00.000Z",
    });
  });

  it("is not late by less than a day, however often it comes, and has no habit after a few deliveries", () => {
    const hourly = Array.from({ length: 12 }, (_, back) => new Date(Date.UTC(2026, 10, 19, 20 - 2 * back)));
    expect(of({ arrivals: hourly })).toMatchObject({ usualIntervalDays: 0.1, lateSince: null });
    expect(of({ arrivals: daily(3, "2026-06-01") })).toMatchObject({ usualIntervalDays: null, lateSince: null });
    expect(of({})).toMatchObject({ lastArrival: null, lateSince: null });
  });
});
