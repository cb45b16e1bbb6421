import { fixedClock } from "@finops/kernel/clock";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { UnitMetricInput } from "./contract.ts";
import { getUnitCosts } from "./costs-service.ts";
import {
  changeUnitMetric,
  createUnitMetric,
  deleteUnitMetric,
  getUnitMetric,
  listMetricValues,
  listUnitMetrics,
  writeMetricValues,
} from "./service.ts";

let test: TestPipeline;
let ctx: Context;

beforeAll(async () => {
  test = await createTestPipeline();
}, 60_000);
afterAll(() => test.close());
beforeEach(async () => {
  const company = await test.company();
  ctx = { ...company, host: { ...company.host, clock: fixedClock("2026-11-21T12:00:00Z") } };
});

const orders: UnitMetricInput = { name: "Orders", unitOne: "order", unitMany: "orders", aggregation: "total" };
const october = { month: "2026-10", quantity: "12000", kind: "actual" as const };
const who = (permissions: string[], rowFilters?: Map<string, object>) =>
  createContext(ctx.host, {
    tenantId: ctx.tenantId,
    actor: ctx.actor,
    via: "page",
    permissions,
    ...(rowFilters === undefined ? {} : { rowFilters: rowFilters as Map<string, never> }),
  });

it("is made once, seen by who sees costs, written by who may, and told to the audit", async () => {
  const made = await createUnitMetric(ctx, orders);
  expect(made).toMatchObject({ version: 1, latest: null, months: 0, owner: { id: ctx.actor.id }, mayChange: true });
  await expect(createUnitMetric(ctx, { ...orders, name: " orders " })).rejects.toMatchObject({ code: "conflict" });
  const viewer = who(["costs:read"]);
  expect((await listUnitMetrics(viewer)).map(({ name, mayChange }) => [name, mayChange])).toEqual([["Orders", false]]);
  const refused = { code: "forbidden" };
  await expect(createUnitMetric(viewer, { ...orders, name: "Mail" })).rejects.toMatchObject(refused);
  await expect(writeMetricValues(viewer, made.id, { version: 1, values: [october] })).rejects.toMatchObject(refused);
  await expect(deleteUnitMetric(viewer, made.id, 1)).rejects.toMatchObject(refused);
  await expect(createUnitMetric(ctx, { ...orders, name: "x", ownerId: "nobody" })).rejects.toMatchObject({
    code: "invalid",
  });

  const renamed = await changeUnitMetric(ctx, made.id, { ...orders, name: "All orders", version: 1 });
  expect([renamed.name, renamed.version]).toEqual(["All orders", 2]);
  await expect(changeUnitMetric(ctx, made.id, { ...orders, version: 1 })).rejects.toMatchObject({ code: "conflict" });
  await deleteUnitMetric(ctx, made.id, 2);
  await expect(getUnitMetric(ctx, made.id)).rejects.toMatchObject({ code: "not_found" });
  expect(await listUnitMetrics(ctx)).toEqual([]);
  const told = await ctx.inTenant((tx) =>
    tx.auditEntry.findMany({ where: { action: { startsWith: "unit-metric." } }, orderBy: { at: "asc" } }),
  );
  expect(told.map(({ action }) => action)).toEqual([
    "unit-metric.created",
    "unit-metric.changed",
    "unit-metric.deleted",
  ]);
});

it("keeps every value with who wrote it, and a month without one is missing", async () => {
  const { id } = await createUnitMetric(ctx, orders);
  const planned = { month: "2026-12", quantity: "15000", kind: "planned" as const };
  const written = await writeMetricValues(ctx, id, { version: 1, values: [planned, october] });
  expect(written).toMatchObject({ version: 2, months: 2, latest: october });
  const again = { ...october, quantity: "12000.00" };
  expect((await writeMetricValues(ctx, id, { version: 2, values: [again] })).version).toBe(2);
  await writeMetricValues(ctx, id, { version: 2, values: [{ ...october, quantity: "12500" }] });
  await writeMetricValues(ctx, id, { version: 3, values: [{ ...planned, quantity: null }] });
  await expect(writeMetricValues(ctx, id, { version: 3, values: [october] })).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(writeMetricValues(ctx, id, { version: 4, values: [october, october] })).rejects.toMatchObject({
    code: "invalid",
  });
  const { values, history } = await listMetricValues(ctx, id);
  expect(values).toMatchObject([{ month: "2026-10", quantity: "12500", version: 3, by: { id: ctx.actor.id } }]);
  expect(history.map(({ version, month, quantity }) => [version, month, quantity])).toEqual([
    [4, "2026-12", null],
    [3, "2026-10", "12500"],
    [2, "2026-12", "15000"],
    [2, "2026-10", "12000"],
  ]);
  const entries = await ctx.inTenant((tx) => tx.auditEntry.findMany({ where: { action: "unit-metric.valued" } }));
  expect(entries).toHaveLength(3);
});

it("divides what its filter matches by its quantity, and says why where it cannot", async () => {
  const charge = (account: string, month: string, cost: string) => ({
    SubAccountId: account,
    EffectiveCost: cost,
    BilledCost: cost,
    BillingPeriodStart: `2026-${month}-01T00:00:00Z`,
    ChargePeriodStart: `2026-${month}-05T00:00:00Z`,
    ChargePeriodEnd: `2026-${month}-06T00:00:00Z`,
  });
  await test.importFiles(ctx, {
    "september.csv": focusBill([charge("shop", "09", "90")]),
    "october.csv": focusBill([charge("shop", "10", "4800"), charge("other", "10", "1000")]),
    "november.csv": focusBill([charge("shop", "11", "10")]),
  });
  const filter = { dimension: "subAccountId", is: "shop" };
  const { id } = await createUnitMetric(ctx, { ...orders, filter });
  const november = { ...october, month: "2026-11" };
  await writeMetricValues(ctx, id, { version: 1, values: [october, november] });
  const reader = new CostReader(test.store);
  const { currencies } = await getUnitCosts(ctx, reader, id, { first: "2026-08" });
  expect(currencies.map(({ currency }) => currency)).toEqual(["USD"]);
  expect(currencies[0]!.months).toEqual([
    expect.objectContaining({ month: "2026-08", cost: null, missing: "Nobody has written the orders of August 2026." }),
    expect.objectContaining({ month: "2026-09", cost: "90", quantity: null, perUnit: null }),
    { month: "2026-10", cost: "4800", quantity: "12000", kind: "actual", perUnit: "0.4", missing: null },
    expect.objectContaining({ month: "2026-11", perUnit: null, missing: "November 2026 is not over yet." }),
  ]);
  const whole = await getUnitCosts(ctx, reader, id);
  expect(whole.currencies[0]!.months).toHaveLength(13);
  await expect(getUnitCosts(ctx, reader, id, { first: "2026-12", last: "2026-01" })).rejects.toMatchObject({
    code: "invalid",
  });
  const seesShop = who(["costs:read"], new Map([["costs:read", filter]]));
  expect((await getUnitCosts(seesShop, reader, id)).currencies).toHaveLength(1);
  const seesOther = who(["costs:read"], new Map([["costs:read", { ...filter, is: "other" }]]));
  await expect(getUnitCosts(seesOther, reader, id)).rejects.toMatchObject({ code: "forbidden" });
});
