import { describe, expect, it } from "vitest";
import type { Condition } from "./contract.ts";
import { firstMorning, lateMornings } from "./late-days.ts";

const condition = (kind: Condition["kind"]) => ({ kind }) as Condition;
const daily = [condition("cost-above"), condition("anomaly")];

describe("the first morning that is looked at", () => {
  it("comes after the day that was the last one, which may have been there in part", () => {
    expect(firstMorning(daily, "2026-10-10", "2026-10-17")).toBe("2026-10-11");
  });

  it("is today's for a new rule, for one that was looked at for yesterday, and for what tells of no single day", () => {
    expect(firstMorning(daily, null, "2026-10-17")).toBe("2026-10-17");
    expect(firstMorning(daily, "2026-10-16", "2026-10-17")).toBe("2026-10-17");
    for (const kind of ["budget", "failed-import", "no-data", "missing-days"] as const)
      expect(firstMorning([...daily, condition(kind)], "2026-10-10", "2026-10-17")).toBe("2026-10-17");
  });

  it("is no more than a month ago", () => {
    expect(firstMorning(daily, "2026-01-01", "2026-10-17")).toBe("2026-09-16");
  });
});

it("are the mornings after each day that came but the last, whose morning is today's", () => {
  const covered = new Set(["2026-10-10", "2026-10-11", "2026-10-13", "2026-10-14", "2026-10-17"]);
  expect(lateMornings("2026-10-11", "2026-10-17", covered)).toEqual(["2026-10-11", "2026-10-12", "2026-10-14"]);
  expect(lateMornings("2026-10-17", "2026-10-17", covered)).toEqual([]);
  expect(lateMornings("2026-10-11", "2026-10-17", new Set())).toEqual([]);
});
