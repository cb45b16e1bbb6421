import { describe, expect, it } from "vitest";
import { newId } from "@finops/kernel/id";
import type { PinnedGeneration, PinnedStore } from "./cost-store.ts";
import { type PlanInput, planQuery } from "./plan.ts";

function period(
  billingPeriod: string,
  charges: [string, string] | null,
  tables: Record<string, number> = {
    rollup_month: 2,
    rollup_month_combo: 8,
    rollup_day: 10,
    rollup_combo: 40,
    facts: 1000,
  },
): PinnedGeneration {
  return {
    id: newId(),
    billingPeriod,
    storePath: "x.duckdb",
    versionIds: ["v"],
    manifest: {
      rows: 1000,
      chargeStart: charges?.[0] ?? null,
      chargeEnd: charges?.[1] ?? null,
      tables,
      bigColumns: [],
      bigSums: [],
      currency: null,
      tagKeys: [],
      extraKeys: [],
      bytes: 1,
    },
  };
}

const january = period("2026-01-01", ["2025-12-30", "2026-02-01"]);
const february = period("2026-02-01", ["2026-02-01", "2026-03-01"]);

function plan(input: Partial<PlanInput>, generations = [january, february]) {
  const pinned: PinnedStore = { position: "1", freshAt: null, generations };
  return planQuery(
    {
      measures: ["billedCost"],
      groupBy: [],
      period: { start: "2026-02-01", end: "2026-03-01" },
      basis: "charge",
      ...input,
    },
    { tenantId: newId() },
    pinned,
  );
}
const tableOf = (input: Partial<PlanInput>, generations?: PinnedGeneration[]) =>
  plan(input, generations).branches[0]!.table;

describe("the plan", () => {
  it.each([
    [{ groupBy: ["serviceName"] }, "rollup_month"],
    [{ groupBy: ["serviceName"], grain: "day" as const }, "rollup_day"],
    [{ groupBy: ["serviceName"], period: { start: "2026-02-01", end: "2026-02-15" } }, "rollup_day"],
    [{ filter: { dimension: "day", from: "2026-02-03" } }, "rollup_day"],
    [{ groupBy: ["service", "month"], grain: "week" as const }, "rollup_day"],
    [{ measures: ["effectiveSavingsRate" as const] }, "rollup_month"],
    [{ groupBy: ["tag:team"] }, "rollup_month_combo"],
    [{ groupBy: ["skuId"] }, "rollup_month_combo"],
    [{ groupBy: ["skuId"], grain: "week" as const }, "rollup_combo"],
    [{ groupBy: ["skuId"], period: { start: "2026-02-02", end: "2026-03-01" } }, "rollup_combo"],
    [{ measures: ["consumedQuantity" as const] }, "rollup_month_combo"],
    [{ measures: ["commitmentUtilization" as const] }, "rollup_month_combo"],
    [{ filter: { not: { dimension: "tag:team", is: "x" } } }, "rollup_month_combo"],
    [{ groupBy: ["resourceId"] }, "facts"],
    [{ groupBy: ["billFile"] }, "facts"],
    [{ groupBy: ["x_Foo"] }, "facts"],
    [{ measures: ["resourceCount" as const] }, "facts"],
    [{ grain: "hour" as const }, "facts"],
    [
      {
        filter: {
          and: [
            {
              or: [
                { dimension: "service", is: "a" },
                { dimension: "resourceName", is: "x" },
              ],
            },
          ],
        },
      },
      "facts",
    ],
  ] satisfies [Partial<PlanInput>, string][])("reads %j from %s", (input, table) => {
    expect(tableOf(input)).toBe(table);
  });

  it("takes the smallest table that is there", () => {
    expect(
      tableOf({}, [
        period("2026-02-01", ["2026-02-01", "2026-03-01"], { rollup_combo: 5, rollup_day: 10, facts: 100 }),
      ]),
    ).toBe("rollup_combo");
    expect(tableOf({}, [period("2026-02-01", ["2026-02-01", "2026-03-01"], { facts: 100 })])).toBe("facts");
  });

  it("looks at a caller's row filter to choose the table", () => {
    const pinned = { position: "1", freshAt: null, generations: [february] };
    const scoped = planQuery(
      { measures: ["billedCost"], groupBy: [], period: { start: "2026-02-01", end: "2026-03-01" }, basis: "charge" },
      { tenantId: newId(), rowFilter: { dimension: "resourceId", is: "x" } },
      pinned,
    );
    expect(scoped.branches[0]!.table).toBe("facts");
    expect(scoped.filter).toEqual({ dimension: "resourceId", is: "x" });
  });

  it("compares no days where a whole period lies within those asked for", () => {
    expect(plan({}).branches.map((branch) => branch.days)).toEqual([null]);
    expect(plan({ period: { start: "2026-02-02", end: "2026-03-01" } }).branches.map((branch) => branch.days)).toEqual([
      { start: "2026-02-02", end: "2026-03-01" },
    ]);
    expect(
      plan({ period: { start: "2026-01-01", end: "2026-03-01" } }).branches.map((branch) => branch.days?.start ?? null),
    ).toEqual(["2026-01-01", null]);
  });

  it("reads a billing period whole by billing basis, whenever its charges were", () => {
    const byBilling = plan({ basis: "billing", period: { start: "2026-01-01", end: "2026-02-01" } });
    expect(byBilling.branches.map((branch) => [branch.generations[0].billingPeriod, branch.days])).toEqual([
      ["2026-01-01", null],
    ]);
  });

  it("leaves out periods without rows and periods elsewhere", () => {
    expect(plan({}, [period("2026-02-01", null), january]).branches).toEqual([]);
  });

  it.each([
    ["serviceNames", /Did you mean .*serviceName/],
    ["nonsense", "Tags are written tag:NAME."],
  ])("says of %s that there is no such dimension", (name, sentence) => {
    expect(() => plan({ groupBy: [name] })).toThrow(sentence);
  });

  it("filters by month through the period alone", () => {
    expect(() => plan({ filter: { dimension: "month", is: "2026-01-01" } })).toThrow("through the period");
  });
});
