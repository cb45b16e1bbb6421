import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Decimal, decimal, sum } from "@finops/kernel/decimal";
import { newId } from "@finops/kernel/id";
import { toLakeRow } from "../testing/bill.ts";
import { testEngines } from "../testing/test-engines.ts";
import type { TestWarehouse } from "../testing/test-warehouse.ts";
import { parseCostQuery } from "./cost-query.ts";
import { type CostTable, smallestFirst, tablesOfCombos } from "../model/dimensions.ts";
import type { PinnedStore } from "./cost-store.ts";
import { runQuery } from "./run-query.ts";

/** Costs of every magnitude below 1e25 with up to 26 places; tiny, ordinary and huge ones, charges and credits. */
const cost = fc
  .tuple(
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 5, max: 26 }),
  )
  .map(([value, cut, places]) => decimal(value / 10n ** BigInt(cut)).times(decimal(`1e-${places}`)));
const charge = fc.record({
  service: fc.constantFrom("EC2", "S3", "SQS"),
  team: fc.constantFrom("web", "data", null),
  currency: fc.constantFrom("USD", "JPY"),
  day: fc.constantFrom("2026-01-01", "2026-01-02", "2026-02-03"),
  billed: cost,
  list: fc.option(cost),
});

function only(pinned: PinnedStore, table: CostTable): PinnedStore {
  return {
    ...pinned,
    generations: pinned.generations.map((generation) => ({
      ...generation,
      manifest: { ...generation.manifest, tables: { [table]: generation.manifest.tables[table]! } },
    })),
  };
}

describe.each(testEngines)("sums of any bill on %s", (_engine, open) => {
  let warehouse: TestWarehouse;
  beforeAll(async () => {
    warehouse = await open();
  });
  afterAll(() => warehouse.close());

  it("are those of exact decimals, from the rows and from every rollup", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(charge, { minLength: 1, maxLength: 60 }), async (charges) => {
        const tenantId = newId();
        const bill = charges.map(({ service, team, currency, day, billed, list }) =>
          toLakeRow({
            service,
            "tag:team": team,
            currency,
            day,
            billed: billed.toFixed(),
            effective: billed.toFixed(),
            list: list?.toFixed() ?? null,
          }),
        );
        const pinned = await warehouse.publish(tenantId, bill);
        for (const [groupBy, keyOf, tables] of [
          ["serviceName", (one: (typeof charges)[number]) => one.service, smallestFirst],
          ["tag:team", (one: (typeof charges)[number]) => one.team, tablesOfCombos],
        ] as const) {
          const expected = new Map<string, { billed: Decimal[]; list: Decimal[] }>();
          for (const one of charges) {
            const key = JSON.stringify([keyOf(one), one.currency]);
            const group = expected.get(key) ?? { billed: [], list: [] };
            expected.set(key, group);
            group.billed.push(one.billed);
            if (one.list !== null) group.list.push(one.list);
          }
          const figures = [...expected].map(([key, { billed, list }]) => [
            key,
            sum(billed).toFixed(),
            list.length === 0 ? null : sum(list).toFixed(),
          ]);
          for (const table of tables) {
            const answer = await runQuery(
              warehouse.store,
              { tenantId },
              only(pinned, table),
              parseCostQuery({
                measures: ["billedCost", "listCost"],
                groupBy: [groupBy],
                period: { start: "2026-01-01", end: "2026-03-01" },
              }),
            );
            expect(answer.meta.tables).toEqual([table]);
            const found = answer.rows.map((row) => [
              JSON.stringify([row.key[groupBy], row.currency]),
              row.values.billedCost!.value,
              row.values.listCost!.value,
            ]);
            // Every group stands once, so the order of keys is enough to hold one side against the other.
            const byKey = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
            expect(found.toSorted(byKey)).toEqual(
              figures.map((row) => row.map((text) => (text === "-0" ? "0" : text))).toSorted(byKey),
            );
          }
        }
      }),
      { numRuns: 6 },
    );
  });
});
