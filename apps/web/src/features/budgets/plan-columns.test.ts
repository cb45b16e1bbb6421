import { describe, expect, it } from "vitest";
import { columnsOf, monthsIn, rangeOf } from "./plan-columns.ts";

const today = "2026-11-20";

describe("what is planned", () => {
  it("is what is left of the fiscal year, the next one, or chosen months", () => {
    expect(rangeOf({}, today, 4)).toEqual({ start: "2026-11-01", end: "2027-04-01" });
    expect(rangeOf({ when: "next" }, today, 1)).toEqual({ start: "2027-01-01", end: "2028-01-01" });
    expect(rangeOf({ when: "chosen", from: "2026-12", until: "2027-02" }, today, 1)).toEqual({
      start: "2026-12-01",
      end: "2027-03-01",
    });
  });

  it("begins with the month that runs, ends after it begins, and is no longer than a page holds", () => {
    const chosen = (from: string, until: string) => rangeOf({ when: "chosen", from, until }, today, 1);
    expect(chosen("2026-01", "2026-12")).toEqual({ start: "2026-11-01", end: "2027-01-01" });
    expect(chosen("2027-01", "2026-12")).toEqual({ start: "2027-01-01", end: "2027-02-01" });
    expect(chosen("2026-11", "2040-12")).toEqual({ start: "2026-11-01", end: "2028-11-01" });
  });
});

it("puts each period over the months that it lies in, as far as these are shown", () => {
  const months = monthsIn({ start: "2026-11-01", end: "2027-02-01" });
  expect(months).toEqual(["2026-11-01", "2026-12-01", "2027-01-01"]);
  expect(columnsOf({ start: "2026-12-01", end: "2027-01-01" }, months)).toEqual({ first: 1, end: 2 });
  expect(columnsOf({ start: "2026-10-01", end: "2027-01-01" }, months)).toEqual({ first: 0, end: 2 });
  expect(columnsOf({ start: "2027-01-01", end: "2027-04-01" }, months)).toEqual({ first: 2, end: 3 });
  expect(columnsOf({ start: "2026-11-10", end: "2026-12-05" }, months)).toEqual({ first: 0, end: 2 });
});
