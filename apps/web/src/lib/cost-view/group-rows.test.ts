import type { CostRow } from "@finops/capabilities/costs/contract";
import { describe, expect, it } from "vitest";
import { biggestShare, keepGroups, partsOf } from "./group-rows.ts";

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

describe("the groups of a table", () => {
  const rows = [group("a", "3"), group("b", "2", null, "EUR"), group("c", "1")];
  const names = (groups: ReturnType<ReturnType<typeof keepGroups>>) => groups.map(({ row }) => row.key["serviceName"]);

  it("stay the same objects while more rows come after theirs", () => {
    const groupsOf = keepGroups();
    const first = groupsOf(rows, "USD", "serviceName");
    const more = groupsOf([...rows, group("d", "1")], "USD", "serviceName");
    expect(names(more)).toEqual(["a", "c", "d"]);
    expect(more.slice(0, 2).every((one, index) => one === first[index])).toBe(true);
    expect(more[0]!.path).toEqual([{ serviceName: "a" }]);
  });

  it("are made anew of other rows, another currency or another dimension", () => {
    const groupsOf = keepGroups();
    groupsOf(rows, "USD", "serviceName");
    expect(names(groupsOf(rows, "EUR", "serviceName"))).toEqual(["b"]);
    expect(groupsOf(rows, "EUR", undefined)[0]!.path).toEqual([]);
    expect(names(groupsOf([group("x", "9"), ...rows], "EUR", undefined))).toEqual(["b"]);
    expect(names(groupsOf([], "EUR", undefined))).toEqual([]);
  });
});
