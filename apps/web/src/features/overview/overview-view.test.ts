import type { CostCatalog } from "@finops/capabilities/costs/contract";
import { expect, it } from "vitest";
import { readOverviewSearch } from "./overview-search.ts";
import { filterOf, filterWith, heatPeriod, nextDimension, resolveView, taggable } from "./overview-view.ts";

const available = { start: "2025-09-14", end: "2026-11-22" };
const today = "2026-11-22";
const money = { unit: "money", about: "", additive: true } as const;
const catalog: CostCatalog = {
  measures: [
    { name: "billedCost", label: "Billed cost", ...money },
    { name: "effectiveCost", label: "Effective cost", ...money },
    { name: "effectiveSavingsRate", label: "Effective savings rate", unit: "percent", about: "", additive: false },
  ],
  dimensions: [{ name: "serviceName", label: "Service name" }],
  tagKeys: ["aws:createdBy", "Cost-Center", "team"],
  extraKeys: [],
  available,
  freshAt: null,
};

it("fills what the URL leaves out", () => {
  expect(resolveView({}, catalog, available, today)).toMatchObject({
    period: { start: "2026-11-01", end: "2026-11-22" },
    comparison: { start: "2026-10-01", end: "2026-10-22" },
    month: { start: "2026-11-01", end: "2026-12-01" },
    measure: "effectiveCost",
    by: "serviceName",
    grain: "day",
    tag: "team",
  });
});

it("takes the tag that most often says whose a cost is, and any where none does", () => {
  const tagOf = (tagKeys: string[]) => resolveView({}, { ...catalog, tagKeys }, available, today).tag;
  expect(tagOf(["aws:createdBy", "Cost-Center"])).toBe("Cost-Center");
  expect(tagOf(["stage"])).toBe("stage");
  expect(tagOf([])).toBeNull();
});

it("opens an address that was damaged on its way, without what cannot be read", () => {
  expect(
    readOverviewSearch({
      preset: "last-90-days",
      from: "yesterday",
      where: "x",
      by: "tag:team",
      grain: 4,
      tables: ["heat"],
    }),
  ).toEqual({ preset: "last-90-days", by: "tag:team", tables: ["heat"] });
});

it("does not stack a ratio, which does not add up", () => {
  expect(resolveView({ measure: "effectiveSavingsRate" }, catalog, available, today).measure).toBe("effectiveCost");
});

it("filters by what the bill leaves out as well as by what it says", () => {
  const view = resolveView(
    {
      where: [
        ["serviceName", "Amazon EC2"],
        ["tag:team", null],
      ],
      currency: "EUR",
    },
    catalog,
    available,
    today,
  );
  const asked = [
    { dimension: "serviceName", is: "Amazon EC2" },
    { dimension: "tag:team", isNull: true },
  ];
  expect(filterOf(view)).toEqual({ and: [...asked, { dimension: "billingCurrency", is: "EUR" }] });
  expect(filterWith(view, taggable)).toEqual({ and: [...asked, taggable] });
  expect(filterWith({ where: [] })).toBeUndefined();
});

it("asks the next question that is not answered yet", () => {
  const view = resolveView({ where: [["serviceName", "Amazon EC2"]] }, catalog, available, today);
  expect(nextDimension(view)).toBe("subAccountId");
  expect(nextDimension(view, ["subAccountId"])).toBe("regionId");
  expect(nextDimension(resolveView({ by: "tag:team" }, catalog, available, today), ["serviceName"])).toBe("tag:team");
});

it("draws the last two months of days where there are more", () => {
  expect(heatPeriod({ period: { start: "2026-01-01", end: "2026-11-22" } })).toEqual({
    start: "2026-09-21",
    end: "2026-11-22",
  });
});
