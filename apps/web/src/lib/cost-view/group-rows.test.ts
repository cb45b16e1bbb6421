import type { CostRow } from "@finops/capabilities/costs/contract";
import { describe, expect, it } from "vitest";
import { biggestShare, partsOf } from "./group-rows.ts";

function group(name: string, cost: string | null, share: string | null = null, currency = "USD"): CostRow {
  return {
    key: { serviceName: name },
    isOther: false,
    time: null,
    currency,
    values: { billedCost: { value: cost } },
    share: { billedCost: { value: share } },
  };
}

describe("the parts of a whole", () => {
  it("are the biggest groups in order of their last digit, and the exact sum of the others", () => {
    const rows = [
      group("tie-low", "9007199254740993.01"),
      group("small", "0.10"),
      group("tie-high", "9007199254740993.02"),
      group("unknown", null),
      group("credit", "-0.20"),
      group("tiny", "0.01"),
    ];
    const parts = partsOf(rows, "serviceName", "billedCost", { count: 2, other: true }, true);
    expect(parts.map(({ label, value }) => [label, value])).toEqual([
      ["tie-high", "9007199254740993.02"],
      ["tie-low", "9007199254740993.01"],
      ["3 others", "-0.09"],
    ]);
  });
});

describe("the biggest share", () => {
  it("is that of the first of the largest groups in one currency", () => {
    const rows = [
      group("a", "1", "0.2"),
      group("b", "4", "0.4000000000000000000001"),
      group("c", "4", "0.4000000000000000000001"),
      group("d", "9", "1", "EUR"),
      group("e", null),
    ];
    expect(biggestShare(rows, "billedCost", "USD")).toEqual({ row: rows[1], share: "0.4000000000000000000001" });
    expect(biggestShare([group("e", null)], "billedCost", "USD")).toBeNull();
  });
});
