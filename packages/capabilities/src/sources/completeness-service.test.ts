import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { getCompleteness, listIncompleteBills } from "./completeness-service.ts";

let test: TestPipeline;
beforeAll(async () => {
  test = await createTestPipeline();
});
afterAll(() => test.close());

const day = (number: number) => `2026-05-${String(number).padStart(2, "0")}`;
const usageOn = (numbers: readonly number[]) =>
  focusBill(
    numbers.map((number) => ({
      ChargePeriodStart: `${day(number)}T00:00:00Z`,
      ChargePeriodEnd: `${day(number + 1)}T00:00:00Z`,
    })),
  );

it("tells which days a source lacks, until a bill brings them", async () => {
  const ctx = await test.company();
  await test.importOne(ctx, { "focus.csv": usageOn([3, 4, 5, 6, 9, 10, 11, 12]) });
  const { sources } = await getCompleteness(ctx);
  expect(sources).toMatchObject([
    {
      source: "focus:111111111111",
      firstDay: day(3),
      lastDay: day(12),
      months: [{ billingPeriod: day(1), daysExpected: 10, missingDays: [day(7), day(8)] }],
      usualIntervalDays: null,
      lateSince: null,
    },
  ]);
  const now = ctx.host.clock.now();
  const told = await ctx.inTenant((tx) => listIncompleteBills(tx, now));
  expect(told).toMatchObject([{ since: day(7), filter: null }]);
  expect(told[0]!.message).toMatch(/no usage on 2 days of May 2026 \(7, 8\)/);

  await test.importOne(ctx, { "focus.csv": usageOn([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) });
  expect((await getCompleteness(ctx)).sources[0]!.months[0]!.missingDays).toEqual([]);
  expect(await ctx.inTenant((tx) => listIncompleteBills(tx, now))).toEqual([]);
});

it("says nothing of days where a bill tells months only, and nothing of another company", async () => {
  const ctx = await test.company();
  const wholeMonth = { ChargePeriodStart: "2026-05-01T00:00:00Z", ChargePeriodEnd: "2026-06-01T00:00:00Z" };
  await test.importOne(ctx, { "focus.csv": focusBill([wholeMonth, wholeMonth, {}]) });
  expect((await getCompleteness(ctx)).sources).toMatchObject([
    { firstDay: null, lastDay: null, months: [{ daysExpected: null, missingDays: [] }] },
  ]);
  expect(await getCompleteness(await test.company())).toEqual({ sources: [] });
});
