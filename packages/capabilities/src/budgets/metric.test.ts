import { fixedClock } from "@finops/kernel/clock";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import type { Context } from "@finops/platform/tenancy/context";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createUnitMetric, deleteUnitMetric, writeMetricValues } from "../unit-metrics/service.ts";
import type { BudgetInput } from "./contract.ts";
import { draftCopies } from "./copy-service.ts";
import { evaluateCompany } from "./evaluation-service.ts";
import { createBudget, getBudget, getBudgetHistory, previewBudget } from "./service.ts";

let test: TestPipeline;
let reader: CostReader;
let ctx: Context;
let metricId: string;

beforeAll(async () => {
  test = await createTestPipeline();
  reader = new CostReader(test.store);
}, 60_000);
afterAll(() => test.close());
beforeEach(async () => {
  const company = await test.company();
  ctx = { ...company, host: { ...company.host, clock: fixedClock("2026-11-21T12:00:00Z") } };
  const charge = {
    EffectiveCost: "3000",
    BilledCost: "3000",
    BillingPeriodStart: "2026-11-01T00:00:00Z",
    ChargePeriodStart: "2026-11-05T00:00:00Z",
    ChargePeriodEnd: "2026-11-06T00:00:00Z",
  };
  await test.importFiles(ctx, { "bill.csv": focusBill([charge]) });
  const orders = { name: "Orders", unitOne: "order", unitMany: "orders", aggregation: "total" };
  metricId = (await createUnitMetric(ctx, orders)).id;
});

const value = (month: string, quantity: string | null) => ({ month, quantity, kind: "planned" as const });
const input = (more: Partial<BudgetInput> = {}): BudgetInput => ({
  name: "Shop",
  currency: "USD",
  periods: { grain: "month", start: "2026-11-01" },
  amount: { kind: "unit", metricId, price: "0.40" },
  ...more,
});
const standing = async (id: string) => {
  await evaluateCompany(ctx, reader);
  return (await getBudget(ctx, id)).standing;
};
const queued = () => ctx.inTenant((tx) => tx.workItem.count({ where: { kind: "evaluate-budgets", state: "queued" } }));
const doneWith = () =>
  ctx.inTenant((tx) => tx.workItem.updateMany({ where: { kind: "evaluate-budgets" }, data: { state: "done" } }));

it("follows its metric with a version that says why, and has no limit where a month has no value", async () => {
  const { id } = await createBudget(ctx, input());
  expect(await standing(id)).toMatchObject({
    state: "no-limit",
    actual: "3000",
    limit: null,
    usedPercent: null,
    limitMissing: "The unit metric Orders has no value of November 2026.",
  });

  await doneWith();
  await writeMetricValues(ctx, metricId, { version: 1, values: [value("2026-11", "12000"), value("2026-10", "1")] });
  expect(await queued()).toBe(1);
  expect(await standing(id)).toMatchObject({
    state: "on-track",
    limit: "4800",
    units: { quantity: "12000", kind: "planned" },
    usedPercent: "62.5",
  });
  await writeMetricValues(ctx, metricId, { version: 2, values: [value("2026-11", "5000")] });
  expect(await standing(id)).toMatchObject({ state: "exceeded", limit: "2000" });
  // A month before the budget begins is nothing to it.
  await writeMetricValues(ctx, metricId, { version: 3, values: [value("2026-10", "2")] });
  await standing(id);
  const { versions } = await getBudgetHistory(ctx, id);
  expect(versions.map(({ reason }) => reason)).toEqual([
    "The unit metric Orders was changed, and the budget follows it. November 2026: 5000 planned, before 12000 planned.",
    "The unit metric Orders was changed, and the budget follows it. November 2026: 12000 planned, before no value.",
    "",
  ]);
});

it("stays with what a metric that is gone said last, and cannot be made of one", async () => {
  await writeMetricValues(ctx, metricId, { version: 1, values: [value("2026-11", "10000")] });
  const { id } = await createBudget(ctx, input());
  await deleteUnitMetric(ctx, metricId, 2);
  expect(await standing(id)).toMatchObject({ limit: "4000" });
  expect((await getBudget(ctx, id)).amount).toMatchObject({ metric: { name: "Orders", isGone: true } });
  expect((await getBudgetHistory(ctx, id)).versions[0]!.reason).toContain("was deleted");
  await expect(createBudget(ctx, input({ name: "Another" }))).rejects.toMatchObject({ code: "invalid" });
  await expect(draftCopies(ctx, reader, { ids: [id] })).rejects.toThrow("follows a unit metric that is gone");
});

it("is previewed, copied with its price, and refused for days that are no whole months", async () => {
  await writeMetricValues(ctx, metricId, {
    version: 1,
    values: ["10", "11", "12"].map((month) => value(`2026-${month}`, "1000")),
  });
  const quarter = { grain: "quarter", start: "2026-10-01", end: "2027-01-01" } as const;
  const { name: _, ...draft } = input({ periods: quarter });
  const preview = await previewBudget(ctx, reader, draft);
  expect(preview.standing).toMatchObject({ limit: "1200", units: { quantity: "3000" } });
  const { id } = await createBudget(ctx, input({ periods: quarter }));
  const { budgets } = await draftCopies(ctx, reader, { ids: [id], percent: "10" });
  expect(budgets[0]!.budget.amount).toEqual({ kind: "unit", metricId, price: "0.44" });
  const days = { grain: "custom", start: "2026-11-05", end: "2026-12-01" } as const;
  await expect(createBudget(ctx, input({ name: "Days", periods: days }))).rejects.toThrow("first of a month");
});
