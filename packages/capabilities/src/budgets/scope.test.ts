import { fixedClock } from "@finops/kernel/clock";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createUnit, deleteUnit, setUnitAccounts } from "../people/units.ts";
import { createView, deleteView, updateView } from "../views/service.ts";
import { BudgetDefinition, type BudgetInput } from "./contract.ts";
import { evaluateCompany } from "./evaluation-service.ts";
import { isPartOf } from "./scope.ts";
import { changeBudget, createBudget, deleteBudget, getBudget, getBudgetHistory, previewBudget } from "./service.ts";

let test: TestPipeline;
let reader: CostReader;
let ctx: Context;

const now = "2026-11-21T12:00:00Z";
const day = (account: string, cost: string) => ({
  SubAccountId: account,
  EffectiveCost: cost,
  BilledCost: cost,
  BillingPeriodStart: "2026-11-01T00:00:00Z",
  ChargePeriodStart: "2026-11-05T00:00:00Z",
  ChargePeriodEnd: "2026-11-06T00:00:00Z",
});

beforeAll(async () => {
  test = await createTestPipeline();
  reader = new CostReader(test.store);
}, 60_000);
afterAll(() => test.close());
beforeEach(async () => {
  const company = await test.company();
  ctx = { ...company, host: { ...company.host, clock: fixedClock(now) } };
  await test.importFiles(ctx, { "bill.csv": focusBill([day("a-1", "30"), day("a-2", "5"), day("a-3", "100")]) });
});

const account = (id: string): CostFilter => ({ dimension: "subAccountId", is: id });
const input = (more: Partial<BudgetInput> = {}): BudgetInput => ({
  name: "Platform",
  currency: "USD",
  periods: { grain: "month", start: "2026-11-01" },
  amount: { kind: "fixed", amount: "50" },
  ...more,
});
const actual = async (id: string) => {
  await evaluateCompany(ctx, reader);
  return (await getBudget(ctx, id)).standing?.actual;
};
const queued = () => ctx.inTenant((tx) => tx.workItem.count({ where: { kind: "evaluate-budgets", state: "queued" } }));
const doneWith = () =>
  ctx.inTenant((tx) => tx.workItem.updateMany({ where: { kind: "evaluate-budgets" }, data: { state: "done" } }));
/** Somebody who sees and plans one account alone. */
const scoped = (filter: CostFilter) =>
  createContext(ctx.host, {
    tenantId: ctx.tenantId,
    actor: { kind: "person", id: "01990000-0000-7000-8000-000000000001", name: "Sam" },
    via: "page",
    permissions: ["costs:read", "budgets:write"],
    rowFilters: new Map(["costs:read", "budgets:write"].map((key) => [key, filter])),
  });

async function unitOf(name: string, accounts: string[], parentId: string | null = null) {
  const unit = await createUnit(ctx, { name, kind: "team", parentId });
  return setUnitAccounts(ctx, unit.id, { accounts });
}

describe("a budget of a unit", () => {
  it("counts the accounts of the unit and of all below it, and follows them with a version that says why", async () => {
    const unit = await unitOf("Platform", ["a-1"]);
    await unitOf("Runtime", ["a-2"], unit.id);
    const made = await createBudget(ctx, input({ scope: { kind: "unit", id: unit.id } }));
    expect(made).toMatchObject({
      filter: { dimension: "subAccountId", in: ["a-1", "a-2"] },
      scope: { kind: "unit", id: unit.id, name: "Platform" },
      isScopeGone: false,
    });
    expect(await actual(made.id)).toBe("35");
    await doneWith();
    await setUnitAccounts(ctx, unit.id, { accounts: ["a-1", "a-3"] });
    expect(await queued()).toBe(1);
    expect(await actual(made.id)).toBe("135");
    const { versions } = await getBudgetHistory(ctx, made.id);
    expect(versions.map(({ version, reason }) => [version, reason])).toEqual([
      [2, "The unit Platform was changed, and the budget follows it."],
      [1, ""],
    ]);
    // Nothing moved since, so nothing is another version.
    await evaluateCompany(ctx, reader);
    expect((await getBudget(ctx, made.id)).version).toBe(2);
  });

  it("is not shown to who sees only what the unit was, nor to who sees only what it is by now", async () => {
    const unit = await unitOf("Platform", ["a-1"]);
    const made = await createBudget(ctx, input({ scope: { kind: "unit", id: unit.id } }));
    await evaluateCompany(ctx, reader);
    const [first, third] = [scoped(account("a-1")), scoped(account("a-3"))];
    expect((await getBudget(first, made.id)).mayChange).toBe(true);
    await setUnitAccounts(ctx, unit.id, { accounts: ["a-3"] });
    await expect(getBudget(first, made.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(deleteBudget(first, made.id, 1)).rejects.toMatchObject({ code: "not_found" });
    await expect(getBudget(third, made.id)).rejects.toMatchObject({ code: "not_found" });
    await evaluateCompany(ctx, reader);
    expect((await getBudget(third, made.id)).standing).toMatchObject({ actual: "100" });
    await setUnitAccounts(ctx, unit.id, { accounts: [] });
    await expect(getBudget(third, made.id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("stays with what it had when the unit is deleted, and says so", async () => {
    const unit = await unitOf("Platform", []);
    const made = await createBudget(ctx, input({ scope: { kind: "unit", id: unit.id } }));
    expect(await actual(made.id)).toBeNull();
    await deleteUnit(ctx, unit.id);
    await evaluateCompany(ctx, reader);
    const kept = await getBudget(ctx, made.id);
    expect(kept).toMatchObject({ isScopeGone: true, scope: { name: "Platform" }, version: 1 });
    const renamed = input({ name: "Renamed", scope: { kind: "unit", id: unit.id } });
    expect(await changeBudget(ctx, made.id, { ...renamed, version: 1, reason: "A name" })).toMatchObject({
      filter: kept.filter,
      isScopeGone: true,
    });
    await expect(createBudget(ctx, renamed)).rejects.toMatchObject({ code: "invalid" });
  });

  it("is made by who may see units", async () => {
    const unit = await unitOf("Platform", ["a-1"]);
    const wished = input({ scope: { kind: "unit", id: unit.id } });
    await expect(createBudget(scoped(account("a-1")), wished)).rejects.toMatchObject({ code: "forbidden" });
    const { name: _, ...draft } = wished;
    await expect(previewBudget(scoped(account("a-1")), reader, draft)).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("a budget of a saved view", () => {
  const shared = (filter: CostFilter) => createView(ctx, { name: "Accounts", view: { filter }, visibility: "company" });

  it("follows the view while it is shared, and keeps the last costs when it is taken back or deleted", async () => {
    const view = await shared(account("a-1"));
    const made = await createBudget(ctx, input({ scope: { kind: "view", id: view.id } }));
    expect(await actual(made.id)).toBe("30");
    await doneWith();
    await updateView(ctx, view.id, { version: 1, view: { filter: account("a-2") } });
    expect(await queued()).toBe(1);
    expect(await actual(made.id)).toBe("5");
    await updateView(ctx, view.id, { version: 2, visibility: "private" });
    await updateView(ctx, view.id, { version: 3, view: { filter: account("a-3") } });
    expect(await actual(made.id)).toBe("5");
    expect(await getBudget(ctx, made.id)).toMatchObject({ isScopeGone: true, filter: account("a-2") });
    await deleteView(ctx, view.id, 4);
    expect(await actual(made.id)).toBe("5");
  });

  it("does not reach somebody's private view", async () => {
    const own = await createView(ctx, { name: "Mine", view: { filter: account("a-1") }, visibility: "private" });
    for (const id of [own.id, "01990000-0000-7000-8000-00000000000f", "no id"])
      await expect(createBudget(ctx, input({ scope: { kind: "view", id } }))).rejects.toMatchObject({
        code: "invalid",
        message: expect.stringContaining("no such view that is shared"),
      });
  });

  it("is refused to who may not plan all that the view is about", async () => {
    const view = await shared({ dimension: "subAccountId", in: ["a-1", "a-2"] });
    const wished = input({ scope: { kind: "view", id: view.id } });
    await expect(createBudget(scoped(account("a-1")), wished)).rejects.toMatchObject({ code: "forbidden" });
    const made = await createBudget(scoped({ dimension: "subAccountId", in: ["a-1", "a-2"] }), wished);
    expect(made.scope).toMatchObject({ name: "Accounts" });
  });
});

it("reads budgets that were kept before there were scopes", () => {
  const { scope: _, ...old } = BudgetDefinition.parse({ ...input(), watchers: [], filter: account("a-1") });
  expect(BudgetDefinition.parse(old).scope).toEqual({ kind: "filter" });
});

it("gives nobody a part of what has no costs", () => {
  const nothing = { filter: { not: { and: [] } }, scope: { kind: "filter" as const } };
  expect(isPartOf(nothing, () => null, account("a-1"))).toBe(false);
  expect(isPartOf(nothing, () => null, null)).toBe(true);
});
