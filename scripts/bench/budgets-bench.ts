import { evaluateCompany } from "@finops/capabilities/budgets/evaluation-service";
import { fixedClock } from "@finops/kernel/clock";
import type { Context } from "@finops/platform/tenancy/context";
import { pinStore } from "@finops/pipeline/publish/publication-log";
import { type CostFilter, parseCostQuery } from "@finops/warehouse/query/cost-query";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import type { Bench } from "./bench.ts";
import { openBenchHost } from "./bench-host.ts";
import { result } from "./results.ts";

const budgets = 10_000;
const rounds = 3;
const madeAtOnce = 1000;

/** What follows a publication: every budget of a company worked out and kept, from one look at the costs. */
export const budgetsBench: Bench = {
  name: "budgets",
  about: "10,000 budgets of one company worked out after a publication, by service, account, region and provider",
  async run(bench) {
    const { dataDir, period, rows } = await bench.stored();
    const host = await openBenchHost(dataDir);
    try {
      // Near the end of the month of the bills: it takes four weeks to expect anything.
      const clock = fixedClock("2026-10-30T12:00:00Z");
      const ctx: Context = { ...host.ctx, host: { ...host.ctx.host, clock } };
      const filters = await listFilters(ctx, new CostReader(host.embedded.store), period);
      await makeBudgets(ctx, filters);
      bench.say(`Working ${budgets} budgets out, ${rounds} times`);
      const seconds: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const started = performance.now();
        // A reader of its own each time: what a publication changes is in no memory.
        await evaluateCompany(ctx, new CostReader(host.embedded.store));
        seconds.push((performance.now() - started) / 1000);
      }
      return [
        result(`budgets: ${budgets} at ${rows} rows, slowest of ${rounds}`, Math.max(...seconds), "s", { below: 5 }),
        result(`budgets: ${budgets} at ${rows} rows, fastest of ${rounds}`, Math.min(...seconds), "s"),
        result("budgets: scopes that differ", Math.min(filters.length, budgets), ""),
      ];
    } finally {
      await host.embedded.close();
    }
  },
};

const dimensions = ["serviceName", "subAccountId", "regionId", "providerName"] as const;

/** Filters that companies have budgets for: one value, or values of two dimensions that meet in some charge. */
async function listFilters(
  ctx: Context,
  reader: CostReader,
  period: { start: string; end: string },
): Promise<CostFilter[]> {
  const pinned = await ctx.inTenant((tx) => pinStore(tx, ctx.tenantId));
  const query = parseCostQuery({ measures: ["effectiveCost"], groupBy: dimensions, period, limit: 5000 });
  const { rows } = await reader.query({ tenantId: ctx.tenantId }, pinned, query);
  const filters = rows.flatMap(({ key }): CostFilter[] => {
    const tests = dimensions.map((dimension) => ({ dimension, is: key[dimension] ?? null }));
    return [...tests, ...tests.flatMap((one, index) => tests.slice(index + 1).map((other) => ({ and: [one, other] })))];
  });
  return [...new Map(filters.map((filter) => [JSON.stringify(filter), filter])).values()];
}

async function makeBudgets(ctx: Context, filters: readonly CostFilter[]): Promise<void> {
  for (let made = 0; made < budgets; made += madeAtOnce)
    await ctx.inTenant((tx) =>
      tx.budget.createMany({
        data: Array.from({ length: madeAtOnce }, (_, index) => toBudget(made + index, filters)),
      }),
    );
}

function toBudget(index: number, filters: readonly CostFilter[]) {
  return {
    name: `Budget ${index}`,
    definition: {
      filter: filters[index % filters.length]! as never,
      measure: "effectiveCost",
      currency: "USD",
      periods: { grain: "month", start: "2026-10-01", end: null },
      amount: { kind: "fixed", amount: "1000.00" },
      rollover: { kind: "none", cap: null },
      watchers: [],
      notes: "",
      links: [],
    },
    ownerId: "bench",
    ownerName: "Bench",
    changedById: "bench",
    changedByName: "Bench",
  };
}
