import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "@finops/platform/tenancy/context";
import { listBillFiles } from "./landing/list-bill-files.ts";
import { importBills } from "./run.ts";
import { createTestPipeline, type TestPipeline } from "./testing/test-pipeline.ts";

const dataDir = process.env.FINOPS_ACCEPTANCE_DATA ?? join(import.meta.dirname, "../../../../shared/data");
const examples = join(dataDir, "focus-spec");

// The specification's own examples of commitments, from file to figure.
describe.skipIf(!existsSync(examples))("the specification's example", () => {
  let test: TestPipeline;
  beforeAll(async () => {
    test = await createTestPipeline();
  });
  afterAll(() => test.close());

  /** The examples show only the columns that matter to them. */
  const assume = {
    BillingCurrency: "USD",
    BillingAccountId: "example",
    ServiceName: "Virtual machines",
    ProviderName: "Example",
  };

  async function importExample(name: string): Promise<Context> {
    const ctx = await test.company();
    await importBills(ctx, test.pipeline, {
      files: await listBillFiles([join(examples, `${name}.csv`)]),
      format: "focus",
      assume,
    });
    return ctx;
  }

  async function figure(ctx: Context, measure: string, more: Record<string, unknown> = {}): Promise<string | null> {
    const { totals } = await test.query(ctx, { measures: [measure], ...more });
    return totals[0]!.values[measure]!.value;
  }

  it("of a commitment that nobody used has an effective savings rate of -75 %, not +30 %", async () => {
    const ctx = await importExample("zero_percent_utilization_without_commitment_discount_flexibility");
    expect(await figure(ctx, "effectiveSavingsRate")).toBe("-0.75");
    expect(await figure(ctx, "commitmentUtilization")).toBe("0");
    expect(await figure(ctx, "unusedCommitmentCost")).toBe("1.5");
  });

  it.each([
    ["1", "1", "0"],
    ["2", "0", "0"],
    ["3", "0.75", "0"],
    ["4", "1", "0.5"],
  ])("of commitment usage, scenario %s, is used by %s with %s of overage", async (scenario, utilization, overage) => {
    const ctx = await importExample(`commitment_discount_usage_scenario_${scenario}`);
    expect(await figure(ctx, "commitmentUtilization")).toBe(utilization);
    const uncovered = await test.query(ctx, {
      measures: ["billedCost"],
      filter: { dimension: "commitmentDiscountStatus", isNull: true },
    });
    expect(uncovered.totals[0]?.values.billedCost!.value ?? "0").toBe(overage);
  });

  it.each(["1_resource", "2_resources"])("of a commitment shared flexibly by %s is used whole", async (resources) => {
    const ctx = await importExample(
      `one_hundred_percent_utilization_with_commitment_discount_flexibility_with_${resources}`,
    );
    expect(await figure(ctx, "commitmentUtilization")).toBe("1");
  });
});
