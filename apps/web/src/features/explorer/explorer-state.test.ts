import { CostView, type CostViewInput, formatFilterText } from "@finops/capabilities/views/contract";
import { describe, expect, it } from "vitest";
import {
  addFilter,
  drill,
  isSameView,
  leadMeasure,
  onlyMeasure,
  removePart,
  replacePart,
  swapGroups,
  toggleGroup,
  toggleMeasure,
} from "./explorer-state.ts";
import { possibleChart } from "../../lib/cost-view/possible-chart.ts";

const view = (input: CostViewInput = {}) => CostView.parse(input);
const text = (one: CostView) => (one.filter === undefined ? "" : formatFilterText(one.filter));
const catalog = {
  measures: [],
  dimensions: ["serviceName", "subAccountId", "regionId", "resourceId"].map((name) => ({ name, label: name })),
  tagKeys: [],
  extraKeys: [],
  available: null,
  freshAt: null,
};

describe("grouping", () => {
  it("by a name shows that alone, and inside what is there when it is added", () => {
    expect(toggleGroup(view(), "regionId", "only").groupBy).toEqual(["regionId"]);
    const two = toggleGroup(view(), "regionId", "inside");
    expect(two.groupBy).toEqual(["serviceName", "regionId"]);
    expect(toggleGroup(two, "tag:team", "inside").groupBy).toEqual(["serviceName", "tag:team"]);
    expect(toggleGroup(two, "serviceName", "inside").groupBy).toEqual(["regionId"]);
    expect(swapGroups(two).groupBy).toEqual(["regionId", "serviceName"]);
  });

  it("by something else does not go on in the order of the old names", () => {
    const named = view({ sort: { by: "name", direction: "asc" } });
    expect(toggleGroup(named, "regionId", "only").sort).toEqual({ by: "value", direction: "desc" });
  });
});

describe("measures", () => {
  it("are added behind the others; the last one stays", () => {
    const both = toggleMeasure(view(), "listCost");
    expect(both.measures).toEqual(["billedCost", "listCost"]);
    expect(leadMeasure(both, "listCost").measures).toEqual(["listCost", "billedCost"]);
    expect(toggleMeasure(both, "billedCost").measures).toEqual(["listCost"]);
    expect(toggleMeasure(view(), "billedCost").measures).toEqual(["billedCost"]);
  });

  it("that are gone no longer decide the order", () => {
    const sorted = view({ measures: ["billedCost", "listCost"], sort: { by: "change", measure: "listCost" } });
    expect(toggleMeasure(sorted, "listCost").sort).toEqual({ by: "value", direction: "desc" });
    expect(onlyMeasure(sorted, "listCost").sort).toEqual({ by: "change", measure: "listCost", direction: "desc" });
  });

  it("that do not add up are not stacked or cut into slices", () => {
    const rate = { name: "effectiveSavingsRate", label: "", unit: "percent" as const, about: "", additive: false };
    expect(
      ["area", "bars", "donut", "treemap", "heatmap"].map((chart) => possibleChart(chart as "area", rate)),
    ).toEqual(["line", "line", "ranking", "ranking", "heatmap"]);
    expect(possibleChart("donut", { ...rate, additive: true })).toBe("donut");
  });
});

describe("filters", () => {
  const filtered = addFilter(addFilter(view(), { dimension: "serviceName", is: "EC2" }), {
    dimension: "day",
    from: "2026-11-02",
  });

  it("are all in force, and the same one twice is one", () => {
    expect(text(filtered)).toBe("serviceName = EC2 and day >= 2026-11-02");
    expect(text(addFilter(filtered, { dimension: "serviceName", is: "EC2" }))).toBe(text(filtered));
  });

  it("are lifted and replaced one by one", () => {
    expect(text(removePart(filtered, 0))).toBe("day >= 2026-11-02");
    expect(removePart(removePart(filtered, 0), 0)).toEqual(view());
    expect(text(replacePart(filtered, 0, { not: { dimension: "serviceName", is: "S3" } }))).toBe(
      "serviceName != S3 and day >= 2026-11-02",
    );
    expect(text(replacePart(filtered, 1, null))).toBe("serviceName = EC2");
  });
});

describe("a drill", () => {
  it("keeps the context and asks the next question", () => {
    const one = drill(view({ chart: "treemap" }), { serviceName: "EC2" }, catalog);
    expect([text(one), one.groupBy, one.chart]).toEqual(["serviceName = EC2", ["subAccountId"], "treemap"]);
    const two = drill(one, { subAccountId: "123", subAccountName: null }, catalog);
    expect(text(two)).toBe("serviceName = EC2 and subAccountId = 123 and subAccountName is null");
    expect(two.groupBy).toEqual(["regionId"]);
  });

  it("goes to the level inside where there is one", () => {
    expect(drill(view({ groupBy: ["regionId", "tag:team"] }), { regionId: "eu" }, catalog).groupBy).toEqual([
      "tag:team",
    ]);
    const both = { regionId: "eu", "tag:team": null };
    expect(drill(view({ groupBy: ["regionId", "tag:team"] }), both, catalog).groupBy).toEqual(["serviceName"]);
  });
});

it("tells a changed view from the same one written in another order", () => {
  const one = view({ groupBy: ["regionId"], sort: { by: "name", direction: "asc" } });
  const { version, sort, ...rest } = one;
  expect(isSameView(one, { ...rest, sort: { direction: sort.direction, by: sort.by }, version })).toBe(true);
  expect(isSameView(one, { ...one, share: false })).toBe(false);
});
