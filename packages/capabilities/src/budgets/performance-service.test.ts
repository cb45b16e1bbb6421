import { fixedClock } from "@finops/kernel/clock";
import { addDays, daysIn, monthOf } from "@finops/kernel/period";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BudgetInput } from "./contract.ts";
import { evaluateCompany } from "./evaluation-service.ts";
import { getBudgetPerformance } from "./performance-service.ts";
import { getBudgetPlanner } from "./planner-service.ts";
import { changeBudget, createBudget } from "./service.ts";

let test: TestPipeline;
let reader: CostReader;
let ctx: Context;

const at = (instant: string): Context => ({ ...ctx, host: { ...ctx.host, clock: fixedClock(instant) } });

/** Web costs 10 a day and Mail 1, from September to 20 November. */
function bill() {
  const days = ["2026-09", "2026-10", "2026-11"].flatMap((month) => {
    const { start, end } = monthOf(`${month}-01`);
    return Array.from({ length: daysIn({ start, end }) }, (_, index) => ({ start, day: addDays(start, index) }));
  });
  return focusBill(
    days
      .filter(({ day }) => day <= "2026-11-20")
      .flatMap(({ start, day }) =>
        [["Web", "10"] as const, ["Mail", "1"] as const].map(([ServiceName, EffectiveCost]) => ({
          ServiceName,
          EffectiveCost,
          BilledCost: EffectiveCost,
          BillingPeriodStart: `${start}T00:00:00Z`,
          ChargePeriodStart: `${day}T00:00:00Z`,
          ChargePeriodEnd: `${addDays(day, 1)}T00:00:00Z`,
        })),
      ),
  );
}

const service = (is: string): CostFilter => ({ dimension: "serviceName", is });
const input = (name: string, more: Partial<BudgetInput> = {}): BudgetInput => ({
  name,
  filter: service(name),
  currency: "USD",
  periods: { grain: "month", start: "2026-08-01" },
  amount: { kind: "fixed", amount: "250" },
  ...more,
});

beforeAll(async () => {
  test = await createTestPipeline();
  reader = new CostReader(test.store);
  ctx = await test.company();
  await test.importFiles(at("2026-11-21T12:00:00Z"), { "bill.csv": bill() });
  const early = at("2026-09-15T12:00:00Z");
  const all = await createBudget(early, input("All", { filter: null, amount: { kind: "children" } }));
  const web = await createBudget(early, input("Web", { parentId: all.id }));
  await createBudget(early, input("Mail", { parentId: all.id, amount: { kind: "fixed", amount: "40" } }));
  await evaluateCompany(at("2026-10-31T12:00:00Z"), reader);
  const more = { ...input("Web", { parentId: all.id, amount: { kind: "fixed", amount: "305" } }), version: 1 };
  await changeBudget(at("2026-10-20T12:00:00Z"), web.id, { ...more, reason: "One more site" });
  await evaluateCompany(at("2026-11-21T12:00:00Z"), reader);
}, 60_000);
afterAll(() => test.close());

it("tells how periods ended against what was allowed then, was planned first and was expected", async () => {
  const found = await getBudgetPerformance(at("2026-11-21T12:00:00Z"), reader, { by: "team" });
  expect(found).toMatchObject({
    range: { start: "2025-10-01", end: "2026-11-22" },
    budgets: 3,
    overNow: 0,
    isWhole: true,
  });
  // Nothing was charged in August: that is no data, and nothing that was kept within.
  expect([found.periods, found.over, found.noData]).toEqual([6, 3, 3]);
  const web = found.history.filter(({ budget }) => budget.name === "Web");
  expect(
    web.map(({ period, planned, limit, actual, variance, forecast }) => [
      period.start,
      planned,
      limit,
      actual,
      variance?.amount ?? null,
      forecast?.expected ?? null,
    ]),
  ).toEqual([
    ["2026-10-01", "250", "305", "310", "5", "310"],
    ["2026-09-01", "250", "250", "300", "50", null],
    ["2026-08-01", "250", "250", null, null, null],
  ]);
  expect(
    found.groups.map(({ group, quarter, currency, periods, over }) => [
      group.name,
      quarter.start,
      currency,
      periods,
      over,
    ]),
  ).toEqual([
    ["All", "2026-07-01", "USD", 3, 2],
    ["All", "2026-10-01", "USD", 3, 1],
  ]);
  // Of the top of the tree alone: Web and Mail are in it already.
  expect(found.totals).toMatchObject([
    { quarter: { start: "2026-07-01" }, planned: "290", limit: "290", actual: "330" },
    { quarter: { start: "2026-10-01" }, planned: "290", limit: "345", actual: "341" },
  ]);
  expect(
    found.ranking.map(({ budget, state, streak, missPercent }) => [
      budget.name,
      state,
      streak.current,
      missPercent?.slice(0, 5),
    ]),
  ).toEqual([
    ["Mail", "on-track", { kind: "within", length: 2, since: "2026-09-01" }, "23.75"],
    ["Web", "on-track", { kind: "over", length: 2, since: "2026-09-01" }, "9.909"],
    ["All", "on-track", expect.anything(), expect.anything()],
  ]);
});

it("is of the periods that one asks for, and of the budgets that one may see", async () => {
  const now = at("2026-11-21T12:00:00Z");
  const october = await getBudgetPerformance(now, reader, { start: "2026-10-02", end: "2026-11-01" });
  expect(new Set(october.history.map(({ period }) => period.start))).toEqual(new Set(["2026-10-01"]));
  const rowFilters = new Map([["costs:read", service("Mail")]]);
  const { tenantId, actor } = now;
  const scoped = createContext(now.host, { tenantId, actor, via: "page", permissions: ["costs:read"], rowFilters });
  const seen = await getBudgetPerformance(scoped, reader, { by: "team" });
  expect(new Set(seen.ranking.map(({ budget, team }) => `${budget.name} of ${team.name}`))).toEqual(
    new Set(["Mail of Mail"]),
  );
  const wide = getBudgetPerformance(now, reader, { start: "2019-01-01" });
  await expect(wide).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("at most 5 years") });
  await expect(getBudgetPlanner(scoped, reader)).rejects.toMatchObject({ code: "forbidden" });
});

it("tells a planner what the last period cost of each budget", async () => {
  const { lastPeriods, ...rest } = await getBudgetPlanner(at("2026-11-21T12:00:00Z"), reader);
  expect(rest).toMatchObject({ today: "2026-11-21", fiscalYearStart: 1, seesAll: true });
  expect(new Set(lastPeriods.map(({ actual }) => actual))).toEqual(new Set(["31", "310", "341"]));
});
