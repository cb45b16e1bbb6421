import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { enqueue } from "@finops/platform/jobs/work-items";
import { afterAll, beforeAll, expect, it } from "vitest";
import { listDatasets, listImports } from "./service.ts";

let test: TestPipeline;
beforeAll(async () => {
  test = await createTestPipeline();
});
afterAll(() => test.close());

it("lists imports page after page, newest first and none twice", async () => {
  const ctx = await test.company();
  for (const importId of ["1", "2", "3"])
    await ctx.inTenant((tx) => enqueue(tx, { kind: "import", pool: "imports", payload: { importId } }));
  const first = await listImports(ctx, { limit: 2 });
  const second = await listImports(ctx, { limit: 2, cursor: first.nextCursor! });
  expect([...first.imports, ...second.imports].map((job) => job.id)).toEqual(["3", "2", "1"]);
  expect(second.nextCursor).toBeNull();
});

it("knows on every page of the publication log what is current", async () => {
  const ctx = await test.company();
  await test.importOne(ctx, { "bill.csv": focusBill([{ BilledCost: "1" }]) });
  await test.importOne(ctx, { "bill.csv": focusBill([{ BilledCost: "2" }]) });
  const first = await listDatasets(ctx, { limit: 1 });
  const second = await listDatasets(ctx, { limit: 1, cursor: first.nextCursor! });
  expect([first, second].map(({ periods }) => periods.map((period) => period.isCurrent))).toEqual([[true], [false]]);
  expect(second.nextCursor).toBeNull();
});

it("refuses what is no cursor of the list", async () => {
  const ctx = await test.company();
  for (const cursor of ["!", "W10", Buffer.from('["x"]').toString("base64url")]) {
    await expect(listImports(ctx, { cursor })).rejects.toMatchObject({ code: "invalid" });
    await expect(listDatasets(ctx, { cursor })).rejects.toMatchObject({ code: "invalid" });
  }
});
