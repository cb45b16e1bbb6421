import { fixedClock } from "@finops/kernel/clock";
import { addDays } from "@finops/kernel/period";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { createContext, type Context } from "@finops/platform/tenancy/context";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { afterAll, beforeAll, expect, it } from "vitest";
import { expectCost } from "./service.ts";

let test: TestPipeline;
let reader: CostReader;
let ctx: Context;
const atNoon = (one: Context): Context => ({
  ...one,
  host: { ...one.host, clock: fixedClock("2026-11-22T12:00:00Z") },
});
const firstDay = "2026-09-14";
const month = "2026-11";

beforeAll(async () => {
  test = await createTestPipeline();
  reader = new CostReader(test.store);
  ctx = atNoon(await test.company());
  const days = Array.from({ length: 69 }, (_, index) => addDays(firstDay, index));
  for (const billing of ["2026-09", "2026-10", "2026-11"])
    await test.importOne(ctx, {
      [`${billing}.csv`]: focusBill(
        days
          .filter((day) => day.startsWith(billing))
          .map((day) => ({
            BilledCost: "10.1",
            EffectiveCost: "8.000000000000000000001",
            ServiceName: "Web",
            BillingPeriodStart: `${billing}-01T00:00:00Z`,
            ChargePeriodStart: `${day}T00:00:00Z`,
            ChargePeriodEnd: `${addDays(day, 1)}T00:00:00Z`,
          })),
      ),
    });
});
afterAll(() => test.close());

it("expects a month of any filter and measure, exact where it has happened", async () => {
  const found = await expectCost(ctx, reader, { currency: "USD", month });
  expect(found).toMatchObject({
    measure: "effectiveCost",
    actualToDate: { value: "168.000000000000000000021" },
    expected: { value: "240.000000000000000000021" },
    dataEnd: "2026-11-22",
    late: [],
  });
  expect(found.low.missing).toContain("Too few past months");
  expect(found.method).toContain("Actual to 2026-11-21");
  const filtered = { measure: "billedCost", filter: { dimension: "serviceName", is: "Web" }, currency: "USD", month };
  expect((await expectCost(ctx, reader, filtered)).expected.value).toBe("303");
  expect(await expectCost(ctx, reader, filtered)).toEqual(await expectCost(ctx, reader, filtered));
});

it("expects of the costs that one sees, whoever asked before", async () => {
  const rowFilters = new Map([["costs:read", { dimension: "serviceName", is: "Mail" }]]);
  const { tenantId, actor } = ctx;
  const limited = createContext(ctx.host, { tenantId, actor, via: "page", permissions: ["costs:read"], rowFilters });
  const asked = { currency: "USD", month };
  expect(await expectCost(ctx, reader, asked)).toMatchObject({ dataEnd: "2026-11-22", meta: { isScoped: false } });
  expect(await expectCost(limited, reader, asked)).toMatchObject({ dataEnd: null, meta: { isScoped: true } });
});

it("says why nothing can be expected", async () => {
  const none = await expectCost(ctx, reader, { currency: "EUR", month });
  expect(none.expected).toEqual({ value: null, missing: "There are no costs to expect anything from." });
});

it("is for those who may read costs, and asks for a month that exists", async () => {
  const stranger = createContext(test.host, {
    tenantId: ctx.tenantId,
    actor: ctx.actor,
    via: ctx.via,
    permissions: [],
  });
  await expect(expectCost(stranger, reader, { currency: "USD", month })).rejects.toMatchObject({ code: "forbidden" });
  await expect(expectCost(ctx, reader, { currency: "USD", month: "2026-13" })).rejects.toMatchObject({
    code: "invalid",
    message: "month: Write a month as 2026-11.",
  });
});
