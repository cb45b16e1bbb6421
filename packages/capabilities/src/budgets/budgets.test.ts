import { fixedClock } from "@finops/kernel/clock";
import { addDays, daysIn, monthOf } from "@finops/kernel/period";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { requestOrApply } from "@finops/platform/approvals/request-or-apply";
import type { ChangeKind } from "@finops/platform/approvals/change-kind";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePerson } from "../people/testing/people.ts";
import { decideChangeRequest, getChangeRequest } from "../approvals/service.ts";
import { setPolicies } from "../approvals/policies.ts";
import { expectCost } from "../forecasting/index.ts";
import { budgetChanges, budgetPolicies, newBudgetChange } from "./change-service.ts";
import type { BudgetInput } from "./contract.ts";
import { evaluateCompany } from "./evaluation-service.ts";
import { askForDueBudgets } from "./jobs.ts";
import {
  changeBudget,
  commentBudget,
  createBudget,
  deleteBudget,
  getBudget,
  getBudgetHistory,
  getBudgetOutlook,
  listBudgetComments,
  listBudgets,
  previewBudget,
  readPlan,
} from "./service.ts";

let test: TestPipeline;
let reader: CostReader;
let ctx: Context;

const at = (one: Context, instant: string): Context => ({
  ...one,
  host: { ...one.host, clock: fixedClock(instant) },
});

/** Web costs 10 a day and Mail 1: a bill of months up to a day, with what Web cost on the 5th of each. */
const bill = (months: string[], until: string, onFifth = "10") =>
  focusBill(
    months.flatMap((month) => {
      const { start, end } = monthOf(`${month}-01`);
      const days = Array.from({ length: daysIn({ start, end }) }, (_, index) => addDays(start, index));
      const row = (ServiceName: string, day: string, EffectiveCost: string) => ({
        ServiceName,
        EffectiveCost,
        BilledCost: EffectiveCost,
        BillingPeriodStart: `${start}T00:00:00Z`,
        ChargePeriodStart: `${day}T00:00:00Z`,
        ChargePeriodEnd: `${addDays(day, 1)}T00:00:00Z`,
      });
      return days
        .filter((day) => day <= until)
        .flatMap((day) => [row("Web", day, day.endsWith("-05") ? onFifth : "10"), row("Mail", day, "1")]);
    }),
  );

beforeAll(async () => {
  test = await createTestPipeline();
  reader = new CostReader(test.store);
  ctx = at(await test.company(), "2026-11-21T12:00:00Z");
  await test.importFiles(ctx, { "bill.csv": bill(["2026-09", "2026-10", "2026-11"], "2026-11-20") });
});
afterAll(() => test.close());

const web: CostFilter = { dimension: "serviceName", is: "Web" };
const input = (more: Partial<BudgetInput> = {}): BudgetInput => ({
  name: "Web",
  filter: web,
  currency: "USD",
  periods: { grain: "month", start: "2026-09-01" },
  amount: { kind: "fixed", amount: "250.00" },
  ...more,
});
const queued = (of: Context) =>
  of.inTenant((tx) => tx.workItem.count({ where: { kind: "evaluate-budgets", state: "queued" } }));
const clear = (of: Context) =>
  of.inTenant((tx) => tx.workItem.updateMany({ where: { kind: "evaluate-budgets" }, data: { state: "done" } }));

describe("a budget", () => {
  it("stands where its costs are: what is spent, expected, left for each day, and over", async () => {
    const made = await createBudget(ctx, input());
    expect(made.standing).toBeNull();
    expect(await queued(ctx)).toBe(1);
    await evaluateCompany(ctx, reader);
    const { standing } = await getBudget(ctx, made.id);
    expect(standing).toMatchObject({
      period: { start: "2026-11-01", end: "2026-12-01" },
      phase: "running",
      state: "at-risk",
      limit: "250",
      actual: "200",
      expected: "300",
      variance: { amount: "-50", percent: "-20" },
      expectedVariance: { amount: "50", percent: "20" },
      usedPercent: "80",
      daysLeft: 10,
      dailyAllowance: "5",
      dataEnd: "2026-11-21",
      change: null,
      otherCurrencies: [],
    });
    // The same function answers POST /cost/expected.
    const expected = await expectCost(ctx, reader, { filter: web, currency: "USD", month: "2026-11" });
    expect(standing!.expected).toBe(expected.expected.value);
    const outlook = await getBudgetOutlook(ctx, reader, made.id);
    const { position, evaluatedAt: _, day: __, ...figures } = standing!;
    expect(outlook).toMatchObject({ standing: figures, position });
    expect(outlook.burnDown[19]).toMatchObject({ day: "2026-11-20", left: "50", expectedLeft: "50" });
    expect(outlook.burnDown[29]).toMatchObject({ expectedLeft: "-50", evenLeft: "0" });
    await deleteBudget(ctx, made.id, 1);
  });

  it("rolls over what earlier periods left, and previews it before it is kept", async () => {
    const amount = { kind: "fixed" as const, amount: "320" };
    const { name: _, ...draft } = input({ amount, rollover: { kind: "unused", cap: "25" } });
    const { periods, standing } = await previewBudget(ctx, reader, draft);
    expect(periods).toMatchObject([
      { limit: "320", spent: "300" },
      { carriedIn: "20", limit: "340", spent: "310" },
      { carriedIn: "25", limit: "345", spent: "200" },
    ]);
    expect(standing).toMatchObject({ limit: "345", carriedIn: "25", state: "on-track" });
    expect((await previewBudget(ctx, reader, { ...draft, filter: { ...web, is: "None" } })).standing).toMatchObject({
      state: "no-data",
      actual: null,
      usedPercent: null,
    });
  });

  it("keeps every version with its reason, and lets the slower of two start again", async () => {
    const { id } = await createBudget(ctx, input({ name: "Versions", reason: "As agreed" }));
    const changed = await changeBudget(ctx, id, { ...input({ name: "Changed" }), version: 1, reason: "One more site" });
    expect(changed.version).toBe(2);
    const { versions } = await getBudgetHistory(ctx, id);
    expect(versions.map(({ name, reason }) => [name, reason])).toEqual([
      ["Changed", "One more site"],
      ["Versions", "As agreed"],
    ]);
    const again = changeBudget(ctx, id, { ...input(), version: 1, reason: "Late" });
    await expect(again).rejects.toMatchObject({ code: "conflict" });
    await commentBudget(ctx, id, { text: " Ask finance. " });
    expect(await listBudgetComments(ctx, id)).toMatchObject([{ text: "Ask finance.", by: { name: ctx.actor.name } }]);
    await deleteBudget(ctx, id, 2);
    await expect(getBudget(ctx, id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("stands in a tree whose parts add up, and refuses what would not", async () => {
    const parent = await createBudget(ctx, input({ name: "All", filter: null, amount: { kind: "children" } }));
    const child = await createBudget(ctx, input({ name: "Child", parentId: parent.id }));
    await createBudget(ctx, input({ name: "Mail", parentId: parent.id, filter: { ...web, is: "Mail" } }));
    await evaluateCompany(ctx, reader);
    expect((await getBudget(ctx, parent.id)).standing).toMatchObject({
      limit: "500",
      actual: "220",
      children: { count: 2, allocated: "500", unallocated: "0", isOverAllocated: false },
    });
    const { amount, name: _, ...rest } = input({ name: "All", filter: null });
    const circle = changeBudget(ctx, parent.id, {
      ...rest,
      name: "All",
      amount,
      parentId: child.id,
      version: 1,
      reason: "x",
    });
    await expect(circle).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("stands below it"),
    });
    const euro = createBudget(ctx, input({ currency: "EUR", parentId: parent.id }));
    await expect(euro).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("is in EUR") });
    await expect(deleteBudget(ctx, parent.id, 1)).rejects.toMatchObject({ code: "conflict" });
    await expect(createBudget(ctx, input({ ownerId: "nobody" }))).rejects.toMatchObject({ code: "invalid" });
    const first = await listBudgets(ctx, { limit: 2 });
    expect(first.budgets.map(({ name }) => name)).toEqual(["All", "Child"]);
    const rest2 = await listBudgets(ctx, { limit: 2, cursor: first.nextCursor });
    expect([rest2.budgets.map(({ name }) => name), rest2.nextCursor]).toEqual([["Mail"], null]);
    expect((await listBudgets(ctx, { state: "exceeded" })).budgets).toEqual([]);
  });

  it("is seen and written by those who see its costs alone", async () => {
    const rowFilters = new Map(["costs:read", "budgets:write"].map((key) => [key, { ...web, is: "Mail" }]));
    const permissions = ["costs:read", "budgets:write"];
    const { tenantId, actor } = ctx;
    const scoped = createContext(ctx.host, { tenantId, actor, via: "page", permissions, rowFilters });
    const seen = (await listBudgets(scoped)).budgets;
    expect(seen.map(({ name, standing }) => [name, standing?.children])).toEqual([["Mail", null]]);
    const [hidden] = (await listBudgets(ctx)).budgets;
    await expect(getBudget(scoped, hidden!.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(createBudget(scoped, input())).rejects.toMatchObject({ code: "forbidden" });
    await expect(createBudget(scoped, input({ filter: { ...web, is: "Mail" } }))).resolves.toMatchObject({
      mayChange: true,
    });
    const viewer = createContext(ctx.host, { tenantId, actor, via: "page", permissions: ["costs:read"] });
    await expect(createBudget(viewer, input())).rejects.toMatchObject({ code: "forbidden" });
    expect((await getBudget(viewer, hidden!.id)).mayChange).toBe(false);
  });

  it("reads a plan that was pasted for its own periods", async () => {
    const periods = { grain: "quarter" as const, start: "2026-02-01", end: null };
    const { amounts, problems } = await readPlan(ctx, { text: "2026-01\t10\n2026-04\t1O", periods });
    expect([amounts, problems.map(({ row }) => row)]).toEqual([[], [2]]);
  });

  it("waits for somebody else's approval where the company wants that", async () => {
    const own = await test.company();
    const [ann, bob] = [await makePerson(own, "admin"), await makePerson(own, "admin")];
    const policies = { budgets: { permission: "settings:write" as const, people: 1 } };
    await setPolicies(own, budgetPolicies, { policies });
    const kinds = budgetChanges as unknown as ChangeKind[];
    const asked = await requestOrApply(await ann.be(), newBudgetChange, input(), "For next year");
    if (asked.isApplied) throw new Error("It was made at once.");
    expect(asked.request.summary).toBe('Make the budget "Web": 250.00 USD a month.');
    expect((await listBudgets(own)).budgets).toEqual([]);
    const { id } = asked.request;
    await expect(decideChangeRequest(await ann.be(), kinds, id, { decision: "approve" })).rejects.toMatchObject({
      code: "forbidden",
    });
    await decideChangeRequest(await bob.be(), kinds, id, { decision: "approve" });
    expect(await getChangeRequest(own, kinds, id)).toMatchObject({ state: "applied" });
    expect((await listBudgets(own)).budgets).toMatchObject([{ name: "Web", owner: { id: ann.id } }]);
  });

  it("says what moved since an earlier day, what of it was restated, and which state it came into", async () => {
    const { id } = await createBudget(ctx, input({ name: "Moved", amount: { kind: "fixed", amount: "305" } }));
    await evaluateCompany(ctx, reader);
    await clear(ctx);
    const later = at(ctx, "2026-11-22T12:00:00Z");
    await askForDueBudgets(later.host);
    expect(await queued(ctx)).toBe(1);
    await clear(ctx);
    await test.importOne(later, { "2026-11.csv": bill(["2026-11"], "2026-11-21", "110") });
    // Publishing asks for it, once.
    expect(await queued(ctx)).toBe(1);
    await evaluateCompany(later, reader);
    const { standing } = await getBudget(later, id);
    expect(standing).toMatchObject({
      state: "exceeded",
      actual: "310",
      change: { since: "2026-11-21", actual: "110", restated: "100", stateBefore: "on-track" },
    });
    const { stateChanges } = await getBudgetHistory(later, id);
    expect(stateChanges).toMatchObject([
      { stateBefore: "on-track", state: "exceeded", day: "2026-11-22" },
      { stateBefore: null, state: "on-track", day: "2026-11-21" },
    ]);
    await evaluateCompany(later, reader);
    expect((await getBudgetHistory(later, id)).stateChanges).toHaveLength(2);
  });
});
