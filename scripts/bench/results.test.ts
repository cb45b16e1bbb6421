import { describe, expect, it } from "vitest";
import { result, resultLines } from "./results.ts";

describe("a measured figure", () => {
  it("passes when it meets its goal, and says what the goal was", () => {
    expect(result("p95", 49.94, "ms", { below: 50 })).toEqual({
      name: "p95",
      value: 49.9,
      unit: "ms",
      goal: "under 50",
      pass: true,
    });
    expect(result("ratio", 0.5, "of a plain copy", { atLeast: 0.5 })).toMatchObject({
      goal: "at least 0.5",
      pass: true,
    });
    expect(result("errors", 1, "answers", { atMost: 0 })).toMatchObject({ goal: "at most 0", pass: false });
  });

  it("is judged before it is rounded", () => {
    expect(result("p95", 50.04, "ms", { below: 50 })).toMatchObject({ value: 50, pass: false });
    expect(result("ratio", 0.49996, "of a plain copy", { atLeast: 0.5 })).toMatchObject({ value: 0.5, pass: false });
  });

  it("neither passes nor fails without a goal", () => {
    expect(result("rows", 123_456.7, "rows/s")).toEqual({
      name: "rows",
      value: 123_457,
      unit: "rows/s",
      goal: null,
      pass: null,
    });
  });

  it("fails when nothing was measured", () => {
    expect(result("p95", Number.NaN, "ms", { below: 50 }).pass).toBe(false);
  });

  it("stands in one line of a table", () => {
    const lines = resultLines([
      result("start", 2.5, "s", { below: 3 }),
      result("rows per second", 90_000, "rows/s"),
      result("errors", 2, "answers", { atMost: 0 }),
    ]);
    expect(lines).toEqual([
      "ok   start                    2.5 s  under 3",
      "     rows per second  90,000 rows/s",
      "FAIL errors               2 answers  at most 0",
    ]);
  });
});
