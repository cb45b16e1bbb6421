import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import type { FigureRequestInput } from "./contract.ts";
import { proveFigure } from "./service.ts";

let test: TestPipeline;
let reader: CostReader;
beforeAll(async () => {
  test = await createTestPipeline();
  reader = new CostReader(test.store);
});
afterAll(() => test.close());

const all: FigureRequestInput = {
  measure: "billedCost",
  period: { start: "2000-01-01", end: "2100-01-01" },
  currency: "USD",
};

describe("the proof of a figure", () => {
  it("leads a sum back to its rows, versions and files, and every step adds up", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, {
      "web.csv": focusBill([
        { BilledCost: "0.1", ServiceName: "Web" },
        { BilledCost: "0.20000000000000000000000001", ServiceName: "Web" },
        { BilledCost: "5", ServiceName: "Mail" },
      ]),
    });
    const proof = await proveFigure(ctx, reader, { ...all, filter: { dimension: "serviceName", is: "Web" } });
    expect(proof.figure).toMatchObject({ value: "0.30000000000000000000000001", label: "Billed cost", unit: "money" });
    expect(proof.rows).toBe(2);
    expect(proof.versions).toMatchObject([
      { number: 1, rows: 2, value: "0.30000000000000000000000001", files: [{ name: "web.csv", rows: 2 }] },
    ]);
    expect(proof.versions[0]!.files[0]!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(proof.reconciliation.map(({ claim, holds }) => [claim, holds])).toEqual([
      ["The figure is the sum of its bill files", true],
      ["Every charge row of the figure came from one of these bill files", true],
      ["The store holds the billed cost that was published", true],
      ["The store holds the effective cost that was published", true],
      ["The raw files' cost, with every rule that moved cost, is what was published", true],
      ["The delivery's months add up to the delivery", true],
    ]);
    expect(proof.statement.sql).toContain("SELECT");
  });

  it("tells a rate with the sums behind it, and counts its rows per file", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, {
      "usage.csv": focusBill([{ BilledCost: "75", EffectiveCost: "75", ListCost: "100", ChargeCategory: "Usage" }]),
    });
    const proof = await proveFigure(ctx, reader, { ...all, measure: "effectiveSavingsRate" });
    expect(proof.figure.value).toBe("0.25");
    expect(proof.related).toContainEqual(expect.objectContaining({ measure: "onDemandEquivalent", value: "100" }));
    expect(proof.versions).toMatchObject([{ rows: 1, value: null }]);
  });

  it("says that there is none where no charge lies, instead of 0", async () => {
    const ctx = await test.company();
    const nothing = { value: null, missing: "No charge lies within this filter and period." };
    expect(await proveFigure(ctx, reader, all)).toMatchObject({ figure: nothing, rows: 0, versions: [] });
    await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1" }]) });
    const filter = { dimension: "serviceName", is: "None" };
    expect(await proveFigure(ctx, reader, { ...all, filter })).toMatchObject({
      figure: nothing,
      rows: 0,
      versions: [],
    });
  });

  it("proves what was known on an earlier day from the version of that day", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1" }]) });
    await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1.25" }]) });
    const proof = await proveFigure(ctx, reader, all);
    expect(proof.figure.value).toBe("1.25");
    expect(proof.versions).toMatchObject([{ number: 2 }]);
    expect(proof.reconciliation.every((step) => step.holds)).toBe(true);
  });

  it("shows nothing of another company", async () => {
    const [ctx, other] = [await test.company(), await test.company()];
    await test.importOne(ctx, { "may.csv": focusBill([{ BilledCost: "1" }]) });
    expect((await proveFigure(other, reader, all)).figure.value).toBeNull();
  });

  it("refuses a measure that does not exist and a period that ends before it starts", async () => {
    const ctx = await test.company();
    await expect(proveFigure(ctx, reader, { ...all, measure: "blendedCost" })).rejects.toThrow();
    await expect(
      proveFigure(ctx, reader, { ...all, period: { start: "2026-02-01", end: "2026-01-01" } }),
    ).rejects.toMatchObject({ code: "invalid" });
  });
});
