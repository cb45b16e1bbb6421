import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "@finops/kernel/id";
import type { Context } from "@finops/platform/tenancy/context";
import { deleteTenant } from "@finops/platform/tenancy/tenants";
import { planFocusExport, planRowsExport } from "@finops/warehouse/query/plan-export";
import { createInlineEngine } from "../engine/engine-runner.ts";
import { exportRows } from "../export-costs.ts";
import { openClickHouseCosts } from "../testing/clickhouse-costs.ts";
import { focusBill } from "../testing/sample-bills.ts";
import { createTestPipeline, type OpenCosts, openDuckDBCosts, type TestPipeline } from "../testing/test-pipeline.ts";
import { listPublications, pinPosition, pinStore } from "./publication-log.ts";
import { removeSource } from "./publish-period.ts";
import { rollback } from "./roll-back.ts";
import { sweep } from "./sweep.ts";

const engines: readonly (readonly [string, OpenCosts])[] = [
  ["DuckDB", openDuckDBCosts],
  ["ClickHouse", openClickHouseCosts],
];

describe.each(engines)("what is published to %s", (_, openCosts) => {
  let test: TestPipeline;
  beforeAll(async () => {
    test = await createTestPipeline((tempDir) => createInlineEngine({ tempDir, threads: 1, memoryMb: 512 }), openCosts);
  });
  afterAll(() => test.close());

  /** The bill of one account with a row per cost. */
  const bill = (costs: readonly string[], account = "1") => ({
    "may.csv": focusBill(costs.map((BilledCost) => ({ BilledCost, BillingAccountId: account, SubAccountId: account }))),
  });
  const periods = (ctx: Context) => test.pipeline.periods.list(ctx.tenantId);
  const pinned = (ctx: Context) => ctx.inTenant((tx) => pinStore(tx, ctx.tenantId));

  it("is the bill, then what restated it, and after a rollback the bill again", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, bill(["1.00000000000000000000000001", "2"]));
    const before = await pinned(ctx);
    await test.importOne(ctx, bill(["5"]));
    expect(await test.billed(ctx)).toEqual({ USD: "5" });
    // Whoever pinned the state before goes on seeing it whole.
    expect(await test.billed(ctx, before)).toEqual({ USD: "3.00000000000000000000000001" });
    await rollback(ctx, BigInt(before.position));
    expect(await test.billed(ctx)).toEqual({ USD: "3.00000000000000000000000001" });
    expect(await periods(ctx)).toHaveLength(2);
  });

  it("is what is left when one source is taken out, and nothing when the last one is", async () => {
    const ctx = await test.company();
    for (const account of ["1", "2"]) await test.importOne(ctx, bill([account], account));
    expect(await test.billed(ctx)).toEqual({ USD: "3" });
    const sources = await ctx.inTenant((tx) => tx.source.findMany({ orderBy: { createdAt: "asc" } }));
    await removeSource(ctx, test.pipeline, sources[0]!.id, "2026-05-01");
    expect(await test.billed(ctx)).toEqual({ USD: "2" });
    await removeSource(ctx, test.pipeline, sources[1]!.id, "2026-05-01");
    expect(await test.billed(ctx)).toEqual({});
  });

  it("is swept when no entry of the log keeps it, and stays when one does", async () => {
    const ctx = await test.company();
    for (const cost of ["1", "2", "3"]) await test.importOne(ctx, bill([cost]));
    await sweep(test.host, test.pipeline, { evenIfLeased: true });
    expect(await periods(ctx)).toHaveLength(3);
    await sweep(test.host, test.pipeline, { evenIfLeased: true, keepStates: 1 });
    expect(await periods(ctx)).toHaveLength(1);
    expect(await test.billed(ctx)).toEqual({ USD: "3" });
  });

  it("is read to its end by who pinned it before it was given up, and is gone a day later", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, bill(["1"]));
    const before = await pinned(ctx);
    await test.importOne(ctx, bill(["2"]));
    await sweep(test.host, test.pipeline, { keepStates: 1 });
    expect([await test.billed(ctx, before), await test.billed(ctx)]).toEqual([{ USD: "1" }, { USD: "2" }]);
    // Nobody pins it any more.
    const pinBefore = ctx.inTenant((tx) => pinPosition(tx, ctx.tenantId, BigInt(before.position)));
    await expect(pinBefore).rejects.toMatchObject({ code: "precondition" });
    await ctx.inTenant((tx) => tx.$executeRaw`update generation set dropped_at = dropped_at - interval '25 h'`);
    await sweep(test.host, test.pipeline);
    expect([await periods(ctx), await test.billed(ctx)]).toEqual([[expect.anything()], { USD: "2" }]);
  });

  it("is current or given up, and never both, when somebody goes back to it at that moment", async () => {
    const ctx = await test.company();
    for (let round = 0; round < 3; round += 1) {
      await test.importOne(ctx, bill([String(2 * round + 10)]));
      const before = await pinned(ctx);
      await test.importOne(ctx, bill([String(2 * round + 11)]));
      const [back] = await Promise.allSettled([
        rollback(ctx, BigInt(before.position)),
        sweep(test.host, test.pipeline, { keepStates: 1 }),
      ]);
      const wentBack = back.status === "fulfilled";
      if (!wentBack) expect(back.reason).toMatchObject({ code: "precondition" });
      expect(await test.billed(ctx)).toEqual({ USD: String(2 * round + (wentBack ? 10 : 11)) });
    }
  });

  it("is nothing where the build failed", async () => {
    const ctx = await test.company();
    await test.importOne(ctx, bill(["1"]));
    const [first] = await ctx.inTenant((tx) => listPublications(tx, ctx.tenantId));
    const wanted = await ctx.inTenant((tx) => tx.datasetVersion.findFirstOrThrow());
    await expect(
      test.pipeline.periods.build(
        ctx.tenantId,
        "2026-05-999999",
        [{ versionId: wanted.id, paths: [join(test.root, "nowhere.parquet")] }],
        undefined,
      ),
    ).rejects.toThrow();
    await test.pipeline.periods.remove(ctx.tenantId, ["2026-05-999999"]);
    expect(await periods(ctx)).toHaveLength(1);
    expect((await pinned(ctx)).position).toBe(first!.position.toString());
  });

  it("goes with its company, and only with it", async () => {
    const [leaving, staying] = [await test.company(), await test.company()];
    for (const ctx of [leaving, staying]) await test.importOne(ctx, bill(["7"]));
    await deleteTenant(test.host.db, leaving.tenantId);
    await sweep(test.host, test.pipeline, { evenIfLeased: true });
    expect(await periods(leaving)).toEqual([]);
    expect(await test.pipeline.periods.listCompanies()).not.toContain(leaving.tenantId);
    expect(await test.billed(staying)).toEqual({ USD: "7" });
  });

  it("is exported row by row in the order of the bill, with every digit", async () => {
    const ctx = await test.company();
    const costs = ["3", "-0.00000000000000000000000001", "123456789012.5", "0.12345678901234567890123456", "-1.5"];
    await test.importOne(ctx, bill(costs));
    const period = { start: "2026-01-01", end: "2027-01-01" };
    const access = { tenantId: ctx.tenantId };
    const write = async (plan: Parameters<typeof exportRows>[2]) => {
      const out = join(test.root, `${newId()}.csv`);
      const file = { format: "csv", areTextsSafe: false, notes: [], out } as const;
      const { rows } = await exportRows(test.pipeline, ctx.tenantId, plan, file);
      return { rows, lines: (await readFile(out, "utf8")).trimEnd().split("\n") };
    };
    const query = { period, basis: "charge" as const, columns: ["billedCost"] };
    const { dialect } = test.store;
    expect(await write(planRowsExport(query, access, await pinned(ctx), dialect))).toEqual({
      rows: 5,
      lines: ["billedCost", ...costs],
    });
    const ordered = { ...query, orderBy: { by: "billedCost", direction: "asc" as const } };
    expect((await write(planRowsExport(ordered, access, await pinned(ctx), dialect))).lines.slice(1)).toEqual(
      costs.toSorted((a, b) => Number(a) - Number(b)),
    );
    const focus = await write(planFocusExport({ period, basis: "charge" }, access, await pinned(ctx), dialect));
    expect([focus.rows, focus.lines[0]!.split(",").length]).toEqual([5, 60]);
    const nothing = { ...query, period: { start: "1999-01-01", end: "1999-02-01" } };
    expect((await write(planRowsExport(nothing, access, await pinned(ctx), dialect))).lines).toEqual(["billedCost"]);
  });
});
