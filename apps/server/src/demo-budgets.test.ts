import { decimal } from "@finops/kernel/decimal";
import { evaluateBudgetsJob, listSeenBudgets } from "@finops/capabilities/budgets/index";
import { fixedClock } from "@finops/kernel/clock";
import { addDays } from "@finops/kernel/period";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import type { Job } from "@finops/platform/jobs/worker";
import { afterAll, beforeAll, expect, it } from "vitest";
import { limitFor, makeDemoBudgets } from "./demo-budgets.ts";

let test: TestPipeline;
beforeAll(async () => {
  test = await createTestPipeline();
}, 60_000);
afterAll(() => test.close());

it("makes a tree in the states that budgets come into", async () => {
  const company = await test.company();
  const ctx = { ...company, host: { ...company.host, clock: fixedClock("2026-10-20T12:00:00Z") } };
  const daily = { "Amazon Web Services": "30", "Microsoft Azure": "20", "Google Cloud": "10" };
  const rows = Object.entries(daily).flatMap(([ProviderName, cost]) =>
    Array.from({ length: 49 }, (_, index) => addDays("2026-09-01", index)).map((day) => ({
      ProviderName,
      EffectiveCost: cost,
      BilledCost: cost,
      BillingPeriodStart: `${day.slice(0, 7)}-01T00:00:00Z`,
      ChargePeriodStart: `${day}T00:00:00Z`,
      ChargePeriodEnd: `${addDays(day, 1)}T00:00:00Z`,
    })),
  );
  await test.importFiles(ctx, { "bill.csv": focusBill(rows) });
  await makeDemoBudgets(ctx, test.store, "2026-10-19");
  await evaluateBudgetsJob(
    ctx.host,
    test.store,
  )({ claim: { tenantId: ctx.tenantId }, signal: new AbortController().signal } as unknown as Job);
  const { budgets } = await listSeenBudgets(ctx);
  const top = budgets.find(({ parentId }) => parentId === null)!;
  expect(budgets.map(({ name, parentId, standing }) => [name, parentId === top.id, standing?.state])).toEqual([
    ["All clouds", false, "on-track"],
    ["Amazon Web Services", true, "on-track"],
    ["Google Cloud", true, "on-track"],
    ["Microsoft Azure", true, "at-risk"],
    ["Move to Google Cloud", false, "exceeded"],
  ]);
  expect(budgets[1]!.rollover.kind).toBe("unused");
});

it("plans by the month before in the first days of one, which say little", () => {
  const first = { month: { start: "2026-10-01", end: "2026-11-01" }, end: "2026-10-01" };
  const limits = (lastMonth: string, toDate: string) =>
    (["unused", "at-risk", "close"] as const).map((kind) =>
      limitFor(kind, { lastMonth: decimal(lastMonth), toDate: decimal(toDate) }, first).toString(),
    );
  expect(limits("1000", "0")).toEqual(["1200", "900", "1050"]);
  expect(limits("1000", "200")).toEqual(["1200", "900", "1050"]);
  expect(limits("0", "0")).toEqual(["1", "1", "1"]);
});

it("plans by what is in where most of a month is: more than that, and less than it will be", () => {
  const late = { month: { start: "2026-10-01", end: "2026-11-01" }, end: "2026-10-30" };
  const cost = { lastMonth: decimal("1000"), toDate: decimal("1200") };
  expect(limitFor("at-risk", cost, late).toString()).toBe("1205");
});
