import { CostQuery, CostRowsQuery } from "@finops/warehouse/query/cost-query";
import { describe, expect, it } from "vitest";
import {
  chartKinds,
  CostView,
  type CostViewInput,
  defaultView,
  joinQuantities,
  planLevel,
  planLevelQuantities,
  planView,
} from "./contract.ts";

const moment = { available: { start: "2025-09-14", end: "2026-11-22" }, today: "2026-11-22" };
const plan = (view: CostViewInput) => planView(CostView.parse(view), moment);

describe("a view", () => {
  it("of somebody who has chosen nothing is this month by service, held against the same days of the month before", () => {
    expect(plan({})).toMatchObject({
      period: { start: "2026-11-01", end: "2026-11-22" },
      comparison: { start: "2026-10-01", end: "2026-10-22" },
      grain: "day",
      groups: { measures: ["billedCost"], groupBy: ["serviceName"], orderBy: { by: "billedCost", direction: "desc" } },
      trend: { grain: "day", top: { count: 8, other: true } },
      trendBefore: { period: { start: "2026-10-01", end: "2026-10-22" } },
    });
  });

  it("means other days next month by the same name", () => {
    const later = { available: { ...moment.available, end: "2026-12-05" }, today: "2026-12-05" };
    expect(planView(defaultView, later).period).toEqual({ start: "2026-12-01", end: "2026-12-05" });
  });

  it("asks every currency for totals, and its own for everything else", () => {
    const { totals, groups, rows } = plan({ currency: "EUR", filter: { dimension: "serviceName", is: "EC2" } });
    expect(totals.filter).toEqual({ dimension: "serviceName", is: "EC2" });
    const both = {
      and: [
        { dimension: "serviceName", is: "EC2" },
        { dimension: "billingCurrency", is: "EUR" },
      ],
    };
    expect([groups.filter, rows.filter]).toEqual([both, both]);
  });

  it("opens one group into those inside it, with all of what the group has in common", () => {
    const view = CostView.parse({ groupBy: ["subAccountId", "resourceId"] });
    const path = [{ subAccountId: "123", subAccountName: null }];
    expect(planLevel(view, planView(view, moment), path)).toMatchObject({
      groupBy: ["resourceId", "resourceName"],
      filter: {
        and: [
          { dimension: "subAccountId", is: "123" },
          { dimension: "subAccountName", isNull: true },
        ],
      },
    });
    expect(planLevel(view, planView(view, moment), [...path, { resourceId: "i-1" }])).toBeNull();
  });

  it("sorted by a change asks for the biggest groups, since only who has them all can sort by that", () => {
    expect(plan({ sort: { by: "change", direction: "asc" } }).groups.orderBy).toEqual({
      by: "billedCost",
      direction: "desc",
    });
    expect(plan({ sort: { by: "name", direction: "asc" } }).groups.orderBy).toEqual({
      by: "serviceName",
      direction: "asc",
    });
  });

  it.each(chartKinds)("with the chart %s asks only what the API takes", (chart) => {
    const { totals, groups, table, trend, trendBefore, rows } = plan({
      chart,
      measures: ["effectiveSavingsRate", "consumedQuantity"],
      groupBy: [],
      asOf: "2026-11-20",
      basis: "billing",
      rows: { columns: ["serviceName", "tag:team"], orderBy: { by: "billedCost" } },
    });
    for (const query of [totals, groups, table, trend, trendBefore])
      if (query !== null) expect(CostQuery.safeParse(query).error).toBeUndefined();
    expect(CostRowsQuery.safeParse(rows).error).toBeUndefined();
    expect(trend === null).toBe(["ranking", "treemap", "donut", "none"].includes(chart));
  });

  it("asks for quantities apart from money, since their units would tear its groups", () => {
    const view = CostView.parse({ measures: ["consumedQuantity", "billedCost"], groupBy: ["serviceName", "regionId"] });
    const { groups, quantities } = planView(view, moment);
    expect([groups.measures, groups.orderBy]).toEqual([["billedCost"], { by: "billedCost", direction: "desc" }]);
    expect(quantities.map((one) => one.measures)).toEqual([["consumedQuantity"]]);
    const level = planLevel(view, planView(view, moment), [{ serviceName: "EC2" }])!;
    expect(planLevelQuantities(planView(view, moment), level)).toMatchObject([
      { measures: ["consumedQuantity"], groupBy: ["regionId"], filter: { dimension: "serviceName", is: "EC2" } },
    ]);
    expect(plan({ measures: ["consumedQuantity"] })).toMatchObject({
      groups: { measures: ["consumedQuantity"] },
      quantities: [],
    });
  });

  it("shows a quantity beside its group where there is one unit, and says which units there are where there are more", () => {
    const row = (serviceName: string, figures: Record<string, string>, unit?: string) => ({
      key: { serviceName, ...(unit === undefined ? {} : { consumedUnit: unit }) },
      isOther: false,
      time: null,
      currency: "USD",
      values: Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, { value }])),
    });
    const asked = plan({ measures: ["billedCost", "consumedQuantity"] }).quantities[0]!;
    const joined = joinQuantities(
      [row("EC2", { billedCost: "10" }), row("S3", { billedCost: "5" }), row("Tax", { billedCost: "1" })],
      [
        {
          asked,
          rows: [
            row("EC2", { consumedQuantity: "720" }, "Hours"),
            row("S3", { consumedQuantity: "3" }, "GB"),
            row("S3", { consumedQuantity: "9000" }, "Requests"),
          ],
        },
      ],
    );
    expect(joined.map((one) => one.values["consumedQuantity"])).toEqual([
      { value: "720" },
      {
        value: null,
        missing: "Quantities of several units cannot be added: GB, Requests. Group or filter by the unit.",
      },
      { value: null, missing: "No row states it." },
    ]);
    expect(joined[0]!.key["consumedUnit"]).toBe("Hours");
  });
});
