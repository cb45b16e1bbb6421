import { fixedClock } from "@finops/kernel/clock";
import { decimal, parseDecimal, sum } from "@finops/kernel/decimal";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { requestOrApply } from "@finops/platform/approvals/request-or-apply";
import type { Context } from "@finops/platform/tenancy/context";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newBudgetsChange } from "./change-service.ts";
import type { BudgetAmount, BudgetInput, BudgetPeriods } from "./contract.ts";
import { type CopyRule, copyToNextYear } from "./copy.ts";
import { draftCopies, previewCopies } from "./copy-service.ts";
import { createBudget, createBudgets, listBudgets } from "./service.ts";

const moment = { today: "2026-11-21", fiscalYearStart: 1 };
const rule = (more: Partial<CopyRule> = {}): CopyRule => ({
  amounts: "planned",
  percent: "0",
  spentIn: () => null,
  ...more,
});
const year: BudgetPeriods = { grain: "quarter", start: "2026-01-01", end: "2027-01-01" };
const fixed: BudgetAmount = { kind: "fixed", amount: "100.00" };

describe("a copy for the next year", () => {
  it("moves the periods by a fiscal year, and the year in the name", () => {
    const copied = copyToNextYear({ name: "EKS 2026", periods: year, amount: fixed }, moment, rule());
    expect(copied).toMatchObject({
      name: "EKS 2027",
      periods: { grain: "quarter", start: "2027-01-01", end: "2028-01-01" },
      amount: { kind: "fixed", amount: "100" },
      notes: [],
    });
    const leap: BudgetPeriods = { grain: "custom", start: "2028-02-29", end: "2028-03-10" };
    expect(copyToNextYear({ name: "12026", periods: leap, amount: fixed }, moment, rule())).toMatchObject({
      name: "12026",
      periods: { start: "2029-02-28", end: "2029-03-10" },
    });
  });

  it("is for the fiscal year to come where the budget has no end, and says that both count", () => {
    const endless: BudgetPeriods = { grain: "month", start: "2025-09-01", end: null };
    const growing: BudgetAmount = { kind: "growing", amount: "100", percent: "1" };
    const july = { today: "2026-11-21", fiscalYearStart: 7 };
    const copied = copyToNextYear({ name: "FY 2026/2027", periods: endless, amount: growing }, july, rule());
    expect(copied).toMatchObject({
      name: "FY 2027/2028",
      periods: { start: "2027-07-01", end: "2028-07-01" },
      // What July 2026 was planned with, ten months after the first.
      amount: { kind: "growing", amount: "110.46", percent: "1" },
    });
    expect(copied.notes).toEqual([expect.stringContaining("has no end")]);
  });

  it("plans each period by what the year before has cost, and says where nobody knows that yet", () => {
    const spentIn = ({ start }: { start: string }) => (start < "2026-07-01" ? decimal("80") : null);
    const copied = copyToNextYear(
      { name: "EKS", periods: year, amount: fixed },
      moment,
      rule({ amounts: "actual", percent: "10", spentIn }),
    );
    expect(copied.amount).toEqual({
      kind: "plan",
      amounts: [
        { start: "2027-01-01", amount: "88" },
        { start: "2027-04-01", amount: "88" },
        { start: "2027-07-01", amount: "110" },
        { start: "2027-10-01", amount: "110" },
      ],
    });
    expect([copied.total?.toString(), copied.totalBefore?.toString()]).toEqual(["396", "400"]);
    expect(copied.notes).toEqual([expect.stringMatching(/^2 periods of 4 are not over/)]);
  });

  it("leaves a budget that is the sum of others so", () => {
    const copied = copyToNextYear({ name: "All", periods: year, amount: { kind: "children" } }, moment, rule());
    expect(copied).toMatchObject({ amount: { kind: "children" }, total: null, totalBefore: null });
  });

  it("comes to what its periods come to, and to the plan itself where nothing is put on top", () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 12n }).map((cents) => decimal(cents).dividedBy(100).toString());
    fc.assert(
      fc.property(
        fc.array(amount, { minLength: 4, maxLength: 4 }),
        fc.integer({ min: -99, max: 300 }),
        (planned, by) => {
          const starts = ["2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01"];
          const plan: BudgetAmount = {
            kind: "plan",
            amounts: starts.map((start, index) => ({ start, amount: planned[index]! })),
          };
          const same = copyToNextYear({ name: "x", periods: year, amount: plan }, moment, rule());
          expect(same.total!.equals(sum(planned.map(parseDecimal)))).toBe(true);
          const grown = copyToNextYear(
            { name: "x", periods: year, amount: plan },
            moment,
            rule({ percent: String(by) }),
          );
          const parts = grown.amount.kind === "plan" ? grown.amount.amounts.map((one) => parseDecimal(one.amount)) : [];
          expect(grown.total!.equals(sum(parts))).toBe(true);
          expect(parts.every((part) => !part.isNegative() && part.decimalPlaces() <= 8)).toBe(true);
        },
      ),
    );
  });
});

describe("copies of a tree", () => {
  let test: TestPipeline;
  let reader: CostReader;
  let ctx: Context;

  beforeAll(async () => {
    test = await createTestPipeline();
    reader = new CostReader(test.store);
    const company = await test.company();
    ctx = { ...company, host: { ...company.host, clock: fixedClock("2026-11-21T12:00:00Z") } };
    const web = (month: string, cost: string) => ({
      ServiceName: "Web",
      EffectiveCost: cost,
      BilledCost: cost,
      BillingPeriodStart: `${month}-01T00:00:00Z`,
      ChargePeriodStart: `${month}-05T00:00:00Z`,
      ChargePeriodEnd: `${month}-06T00:00:00Z`,
    });
    await test.importFiles(ctx, { "bill.csv": focusBill([web("2026-09", "30"), web("2026-10", "50.5")]) });
  }, 60_000);
  afterAll(() => test.close());

  const input = (more: Partial<BudgetInput>): BudgetInput => ({
    name: "All 2026",
    currency: "USD",
    periods: { grain: "month", start: "2026-09-01", end: "2027-01-01" },
    amount: { kind: "children" },
    ...more,
  });

  it("keep their places, take what was spent, and are refused the second time", async () => {
    const all = await createBudget(ctx, input({}));
    const web = { filter: { dimension: "serviceName", is: "Web" }, amount: fixed, parentId: all.id };
    await createBudget(ctx, input({ ...web, name: "Web 2026", notes: "<b>Ask</b> finance" }));
    const wish = { ids: [all.id], amounts: "actual" as const, percent: "100" };
    const { copies } = await previewCopies(ctx, reader, wish);
    expect(copies).toMatchObject([
      { from: { id: all.id }, name: "All 2027", total: null, problem: null },
      { name: "Web 2027", total: "561", totalBefore: "400", problem: null },
    ]);
    expect((await listBudgets(ctx)).budgets).toHaveLength(2);

    const made = await requestOrApply(ctx, newBudgetsChange, await draftCopies(ctx, reader, wish));
    if (!made.isApplied) throw new Error("It waits.");
    const [top, child] = made.result;
    expect(child).toMatchObject({ parentId: top!.id, notes: "<b>Ask</b> finance", filter: web.filter });
    expect(child!.amount).toMatchObject({
      amounts: [{ amount: "60" }, { amount: "101" }, { amount: "200" }, { amount: "200" }],
    });

    await expect(draftCopies(ctx, reader, wish)).rejects.toMatchObject({ code: "conflict" });
    const alone = await previewCopies(ctx, reader, { ...wish, withBelow: false });
    expect(alone.copies).toMatchObject([{ problem: expect.stringContaining('"All 2027" with the same periods') }]);
    await expect(previewCopies(ctx, reader, { ids: ["gone"] })).rejects.toMatchObject({ code: "not_found" });
  });

  it("are made all or none", async () => {
    const before = (await listBudgets(ctx)).budgets.length;
    const one = input({ name: "One" });
    const both = createBudgets(ctx, { budgets: [{ budget: one }, { budget: one }] });
    await expect(both).rejects.toMatchObject({ code: "conflict" });
    const ahead = createBudgets(ctx, { budgets: [{ budget: one, below: 0 }] });
    await expect(ahead).rejects.toMatchObject({ code: "invalid" });
    expect((await listBudgets(ctx)).budgets).toHaveLength(before);
  });
});
