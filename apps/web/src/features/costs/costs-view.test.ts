import type { CostCatalog } from "@finops/capabilities/costs/contract";
import { expect, it } from "vitest";
import { bucketsOf, filterOf, incompleteBucket, nextDimension, resolveView, valueLabel } from "./cost-view.ts";
import { readCostsSearch } from "./costs-search.ts";

const available = { start: "2025-09-14", end: "2026-11-22" };
const today = "2026-11-22";
const catalog: CostCatalog = {
  measures: [
    { name: "billedCost", label: "Billed cost", unit: "money", about: "", additive: true },
    { name: "effectiveSavingsRate", label: "Effective savings rate", unit: "percent", about: "", additive: false },
  ],
  dimensions: [{ name: "serviceName", label: "Service name" }],
  tagKeys: ["team"],
  available,
  freshAt: null,
};

it("fills what the URL leaves out", () => {
  expect(resolveView({}, catalog, available, today)).toMatchObject({
    period: { start: "2026-11-01", end: "2026-11-22" },
    comparison: { start: "2026-10-01", end: "2026-10-22" },
    measure: "billedCost",
    by: "serviceName",
    grain: "day",
  });
});

it("opens an address that was damaged on its way, without what cannot be read", () => {
  expect(readCostsSearch({ preset: "last-90-days", from: "yesterday", where: "x", by: "tag:team", grain: 4 })).toEqual({
    preset: "last-90-days",
    by: "tag:team",
  });
});

it("does not stack a ratio, which does not add up", () => {
  expect(resolveView({ measure: "effectiveSavingsRate" }, catalog, available, today).measure).toBe("billedCost");
});

it("filters by what the bill leaves out as well as by what it says", () => {
  const view = resolveView(
    {
      where: [
        ["serviceName", "Amazon EC2"],
        ["tag:team", null],
      ],
    },
    catalog,
    available,
    today,
  );
  expect(filterOf(view)).toEqual({
    and: [
      { dimension: "serviceName", is: "Amazon EC2" },
      { dimension: "tag:team", isNull: true },
    ],
  });
  expect(nextDimension(view)).toBe("subAccountId");
  expect(valueLabel("tag:team", null)).toBe("not tagged");
});

it("has a bucket for every day, week and month, with or without costs", () => {
  expect(bucketsOf({ start: "2026-10-30", end: "2026-11-02" }, "day")).toEqual([
    "2026-10-30",
    "2026-10-31",
    "2026-11-01",
  ]);
  expect(bucketsOf({ start: "2026-11-01", end: "2026-11-10" }, "week")).toEqual([
    "2026-10-26",
    "2026-11-02",
    "2026-11-09",
  ]);
  expect(bucketsOf({ start: "2026-10-15", end: "2026-12-01" }, "month")).toEqual(["2026-10-01", "2026-11-01"]);
});

it("marks the bucket that is not over", () => {
  expect(incompleteBucket(resolveView({ grain: "month" }, catalog, available, today), available, today)).toBe(
    "2026-11-01",
  );
  expect(
    incompleteBucket(
      resolveView({ preset: "last-month", grain: "month" }, catalog, available, today),
      available,
      today,
    ),
  ).toBeNull();
});
