import { afterAll, beforeAll, expect, it } from "vitest";
import { newId } from "@finops/kernel/id";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { getDifference } from "./service.ts";

let test: TestPipeline;
beforeAll(async () => {
  test = await createTestPipeline();
});
afterAll(() => test.close());

it("tells what each version of a month changed, and nothing of the first", async () => {
  const ctx = await test.company();
  await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1" }]) });
  await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1.25" }]) });
  const [first, second] = await ctx.inTenant((tx) => tx.datasetVersion.findMany({ orderBy: { number: "asc" } }));
  expect(await getDifference(ctx, first!.id)).toEqual({ previousVersion: null, changes: [] });
  expect(await getDifference(ctx, second!.id)).toMatchObject({
    previousVersion: first!.id,
    changes: [{ rowsChanged: 1, billedBefore: "1", billedAfter: "1.25" }],
  });
});

it("knows no version of another company", async () => {
  const [ctx, other] = [await test.company(), await test.company()];
  await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1" }]) });
  const version = await ctx.inTenant((tx) => tx.datasetVersion.findFirstOrThrow());
  for (const id of [version.id, newId(), "../etc"])
    await expect(getDifference(other, id)).rejects.toMatchObject({ code: "not_found" });
});
