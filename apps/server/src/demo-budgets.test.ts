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
    ["All clouds", false, "at-risk"],
    ["Amazon Web Services", true, "on-track"],
    ["Google Cloud", true, "exceeded"],
    ["Microsoft Azure", true, "at-risk"],
  ]);
  expect(budgets[1]!.rollover.kind).toBe("unused");
});

it("plans something on the first day of a month as well", () => {
  const first = { month: { start: "2026-10-01", end: "2026-11-01" }, end: "2026-10-01" };
  const cost = { lastMonth: decimal("1000"), toDate: decimal("0") };
  expect((["on-track", "at-risk", "over"] as const).map((kind) => limitFor(kind, cost, first).toString())).toEqual([
    "1200",
    "900",
    "850",
  ]);
  const nothing = { lastMonth: decimal("0"), toDate: decimal("0") };
  expect(limitFor("over", nothing, first).toString()).toBe("1");
});
