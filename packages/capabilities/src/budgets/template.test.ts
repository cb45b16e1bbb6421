import { fixedClock } from "@finops/kernel/clock";
import { decimal } from "@finops/kernel/decimal";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtInTemplates } from "./built-in-templates.ts";
import { type BudgetInput, TemplateShape } from "./contract.ts";
import { createBudget, deleteBudget } from "./service.ts";
import { draftOf, shapeOf } from "./template.ts";
import { createTemplate, deleteTemplate, draftFromTemplate, listTemplates } from "./template-service.ts";

const moment = { today: "2026-11-21", fiscalYearStart: 4 };
const builtIn = (id: string) => builtInTemplates.find((one) => one.id === id)!.shape;

describe("a template that every company has", () => {
  it("begins when its kind of budget does, and leaves to a person what it cannot know", () => {
    const nothing = () => null;
    const periodsOf = (id: string) => draftOf(builtIn(id), "EUR", moment, nothing).periods;
    expect(periodsOf("team-month")).toEqual({ grain: "month", start: "2026-11-01", end: null });
    expect(periodsOf("cloud-account")).toEqual({ grain: "month", start: "2026-04-01", end: "2027-04-01" });
    expect(periodsOf("project")).toEqual({ grain: "custom", start: "2026-11-21", end: "2027-05-20" });
    expect(periodsOf("year-with-seasons")).toEqual({ grain: "month", start: "2027-04-01", end: "2028-04-01" });
    expect(draftOf(builtIn("project"), "EUR", moment, nothing)).toMatchObject({
      currency: "EUR",
      amount: { kind: "fixed", amount: null },
      missing: "Say how much it is.",
    });
  });

  it("plans the seasons by what the year before has cost, and names what nobody knows", () => {
    const spent = ({ start }: { start: string }) =>
      start < "2026-11-01" ? decimal("100.01") : start === "2026-11-01" ? decimal("-5") : null;
    const { amount, missing } = draftOf(builtIn("year-with-seasons"), "USD", moment, spent);
    expect(amount.plan.slice(0, 2)).toEqual([
      { start: "2027-04-01", amount: "105.01" },
      { start: "2027-05-01", amount: "105.01" },
    ]);
    expect(amount.plan.map((one) => one.amount).slice(7)).toEqual([null, null, null, null, null]);
    expect(missing).toMatch(/^Of 5 of 12 periods nobody knows/);
  });

  it("is read as what is kept is", () => {
    for (const { shape } of builtInTemplates) expect(TemplateShape.parse(shape)).toEqual(shape);
  });
});

it("is what a budget says again, in the periods of another time", () => {
  const plan = {
    filter: null,
    scope: { kind: "filter" as const },
    measure: "effectiveCost" as const,
    currency: "USD",
    periods: { grain: "quarter" as const, start: "2026-04-01", end: "2027-04-01" },
    amount: { kind: "plan" as const, amounts: [{ start: "2026-04-01", amount: "10" }] },
    rollover: { kind: "none" as const, cap: null },
    notes: "",
    links: [],
  };
  const shape = shapeOf(plan);
  const later = { today: "2027-06-01", fiscalYearStart: 4 };
  const draft = draftOf(shape, "EUR", later, () => null);
  expect(draft).toMatchObject({
    currency: "USD",
    periods: { grain: "quarter", start: "2027-04-01", end: "2028-04-01" },
    amount: { kind: "plan", plan: [{ start: "2027-04-01", amount: "10" }] },
    missing: expect.stringContaining("are in USD"),
  });
  const custom = { grain: "custom" as const, start: "2026-01-01", end: "2026-01-31" };
  expect(shapeOf({ ...plan, periods: custom }).periods).toEqual({ grain: "custom", days: 30 });
});

describe("a template of the company", () => {
  let test: TestPipeline;
  let reader: CostReader;
  let ctx: Context;

  beforeAll(async () => {
    test = await createTestPipeline();
    reader = new CostReader(test.store);
    const company = await test.company();
    ctx = { ...company, host: { ...company.host, clock: fixedClock("2026-11-21T12:00:00Z") } };
    const row = (account: string, cost: string) => ({
      SubAccountId: account,
      BilledCost: cost,
      EffectiveCost: cost,
      BillingPeriodStart: "2025-01-01T00:00:00Z",
      ChargePeriodStart: "2025-01-05T00:00:00Z",
      ChargePeriodEnd: "2025-01-06T00:00:00Z",
    });
    await test.importFiles(ctx, { "bill.csv": focusBill([row("a-1", "30"), row("a-2", "5")]) });
  }, 60_000);
  afterAll(() => test.close());

  const input = (more: Partial<BudgetInput> = {}): BudgetInput => ({
    name: "Clusters",
    currency: "USD",
    periods: { grain: "month", start: "2026-11-01" },
    amount: { kind: "fixed", amount: "1200.00" },
    ...more,
  });
  const limited = (permissions: string[]) =>
    createContext(ctx.host, {
      tenantId: ctx.tenantId,
      actor: { kind: "person", id: "01990000-0000-7000-8000-000000000001", name: "Sam" },
      via: "page",
      permissions,
      rowFilters: new Map(permissions.map((key) => [key, { dimension: "subAccountId", is: "a-2" }])),
    });

  it("keeps hostile names and notes as the text that they are, and nothing of costs and people", async () => {
    const hostile = `<img src=x onerror=alert(1)>'; drop table budget; -- =HYPERLINK("x") \u202e{{7*7}}`;
    const budget = await createBudget(ctx, input({ notes: hostile, filter: { dimension: "subAccountId", is: "a-1" } }));
    const made = await createTemplate(ctx, { name: hostile.slice(0, 120), about: hostile, budgetId: budget.id });
    await deleteBudget(ctx, budget.id, 1);
    expect(made).toMatchObject({ name: hostile.slice(0, 120).trim(), about: hostile, mayDelete: true });
    expect(made.shape).not.toHaveProperty("filter");
    const draft = await draftFromTemplate(ctx, reader, made.id, { currency: "USD" });
    expect(draft).toMatchObject({ notes: hostile, amount: { kind: "fixed", amount: "1200.00" }, missing: null });
    expect((await listTemplates(ctx)).map(({ id }) => id)).toEqual([...builtInTemplates.map(({ id }) => id), made.id]);
    await deleteTemplate(ctx, made.id);
    await expect(draftFromTemplate(ctx, reader, made.id, { currency: "USD" })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(deleteTemplate(ctx, "team-month")).rejects.toMatchObject({ code: "not_found" });
  });

  it("plans by the costs that the person sees alone", async () => {
    const january = async (who: Context) =>
      (await draftFromTemplate(who, reader, "cloud-account", { currency: "USD" })).amount.plan[0];
    const later = { ...ctx.host, clock: fixedClock("2026-03-01T12:00:00Z") };
    expect(await january({ ...ctx, host: later })).toEqual({ start: "2026-01-01", amount: "35" });
    const sam = limited(["costs:read"]);
    expect(await january({ ...sam, host: later })).toEqual({ start: "2026-01-01", amount: "5" });
  });

  it("is kept and deleted by who may", async () => {
    const { id } = await createBudget(ctx, input({ name: "Other" }));
    const made = await createTemplate(ctx, { name: "Ours", budgetId: id });
    await expect(createTemplate(limited(["costs:read"]), { name: "x", budgetId: id })).rejects.toMatchObject({
      code: "forbidden",
    });
    const sam = limited(["costs:read", "budgets:write"]);
    await expect(createTemplate(sam, { name: "x", budgetId: id })).rejects.toMatchObject({ code: "not_found" });
    await expect(deleteTemplate(sam, made.id)).rejects.toMatchObject({ code: "forbidden" });
    expect((await listTemplates(sam)).find((one) => one.id === made.id)?.mayDelete).toBe(false);
  });
});
