import { fromExactAmount, sumExact } from "@finops/kernel/exact-amount";
import { newId } from "@finops/kernel/id";
import { monthOf } from "@finops/kernel/period";
import { parseCostQuery, type CostFilter, type CostQueryInput } from "@finops/warehouse/query/cost-query";
import type { PinnedStore } from "@finops/warehouse/query/cost-store";
import { runQuery } from "@finops/warehouse/query/run-query";
import { toLakeRow } from "@finops/warehouse/testing/bill";
import { openTestWarehouse, type DuckDBWarehouse } from "@finops/warehouse/testing/test-warehouse";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addUp } from "../forecasting/index.ts";
import { type Asked, readBudgetCosts } from "./read-costs.ts";
import { ScopeCosts } from "./scope-costs.ts";

const tenantId = newId();
const services = ["EC2", "ec2-Spot", "S3", "Σίγμα", null];
const teams = ["web", "data", "Straße", null];
const accounts = ["111", "222", "333"];
const window = { start: "2026-01-01", end: "2026-03-01" };

let warehouse: DuckDBWarehouse;
let pinned: PinnedStore;
let asked: CostQueryInput[] = [];

beforeAll(async () => {
  warehouse = openTestWarehouse();
  const rows = Array.from({ length: 240 }, (_, index) =>
    toLakeRow({
      day: `2026-0${1 + (index % 2)}-${String(1 + (index % 28)).padStart(2, "0")}`,
      service: services[index % 5]!,
      account: accounts[index % 3]!,
      provider: index % 4 === 0 ? "AWS" : "Azure",
      "tag:team": teams[Math.floor(index / 3) % 4]!,
      resource: `i-${index % 7}`,
      currency: index % 11 === 0 ? "EUR" : "USD",
      billed: `${index}.${"0".repeat(24)}7`,
      effective: `-${index}.1`,
    }),
  );
  pinned = await warehouse.publish(tenantId, rows);
});
afterAll(() => warehouse.close());

const ask = (query: CostQueryInput) => {
  asked.push(query);
  return runQuery(warehouse.store, { tenantId }, pinned, parseCostQuery(query));
};

const test = fc.oneof(
  fc.record({ dimension: fc.constant("serviceName"), is: fc.constantFrom(...services) }),
  fc.record({ dimension: fc.constant("service"), contains: fc.constantFrom("EC", "spot", "σίγμα", "Σ", "3") }),
  fc.record({ dimension: fc.constant("tag:team"), in: fc.subarray([...teams], { minLength: 1 }) }),
  fc.record({ dimension: fc.constant("tag:team"), startsWith: fc.constantFrom("w", "STRAß", "d") }),
  fc.record({ dimension: fc.constant("tags.team"), isNull: fc.boolean() }),
  fc.record({
    dimension: fc.constant("subAccountId"),
    from: fc.constantFrom("111", "2"),
    to: fc.constantFrom("3", "333"),
  }),
  fc.record({ dimension: fc.constant("resourceId"), is: fc.constantFrom("i-1", "i-2") }),
  fc.record({ dimension: fc.constant("day"), from: fc.constant("2026-01-10") }),
);
const { filter } = fc.letrec<{ filter: CostFilter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    test,
    fc.record({ and: fc.array(tie("filter"), { maxLength: 3 }) }),
    fc.record({ or: fc.array(tie("filter"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie("filter") }),
  ),
}));
const budget = fc.record({
  filter: fc.option(filter),
  measure: fc.constantFrom("effectiveCost" as const, "billedCost" as const),
  currency: fc.constantFrom("USD", "EUR"),
});

/** What the budget's own query says. */
async function ownFigure({ filter: own, measure, currency }: Pick<Asked, "filter" | "measure" | "currency">) {
  const query = { measures: [measure], period: window, ...(own === null ? {} : { filter: own }) };
  const { totals } = await runQuery(warehouse.store, { tenantId }, pinned, parseCostQuery(query));
  return totals.find((total) => total.currency === currency)?.values[measure]?.value ?? "0";
}

it.each(["day", "month"] as const)(
  "gives each of many budgets what its own query says by %s, to the last digit",
  async (grain) => {
    await fc.assert(
      fc.asyncProperty(fc.array(budget, { minLength: 1, maxLength: 12 }), async (budgets) => {
        const all = budgets.map((one, index) => ({ ...one, id: String(index), window }));
        const costs = await readBudgetCosts(ask, all, grain);
        for (const one of all) {
          const { costs: found } = costs.get(one.id)!.toCosts();
          const sum = fromExactAmount(sumExact(addUp(found)));
          expect(sum.toString()).toBe(await ownFigure(one));
        }
      }),
      { numRuns: 8 },
    );
  },
);

it("has a month's costs at its first day, where only whole months are wanted", async () => {
  const all = [{ id: "a", filter: null, measure: "effectiveCost" as const, currency: "USD", window }];
  const [byDay, byMonth] = [await readBudgetCosts(ask, all), await readBudgetCosts(ask, all, "month")];
  const [days, months] = [byDay, byMonth].map((costs) => new ScopeCosts(costs.get("a")!.toCosts()));
  expect([...months!.byDay().keys()]).toEqual(["2026-01-01", "2026-02-01"]);
  for (const month of [monthOf("2026-01-01"), monthOf("2026-02-01"), window])
    expect(months!.spentIn(month)).toBe(days!.spentIn(month));
});

it("asks once per month for a thousand budgets", async () => {
  asked = [];
  const all = Array.from({ length: 1000 }, (_, index) => ({
    id: String(index),
    filter: {
      and: [
        { dimension: "tag:team", is: `team-${index}` },
        { dimension: "subAccountId", is: accounts[index % 3]! },
      ],
    },
    measure: "effectiveCost" as const,
    currency: "USD",
    window,
  }));
  await readBudgetCosts(ask, all);
  expect(asked.map(({ period, groupBy }) => [period.start, groupBy])).toEqual(
    ["2026-01-01", "2026-02-01"].map((start) => [
      start,
      ["providerName", "serviceName", "chargeCategory", "tag:team", "subAccountId"],
    ]),
  );
});

it("names the currencies that it does not count", async () => {
  const costs = await readBudgetCosts(ask, [{ id: "a", filter: null, measure: "billedCost", currency: "USD", window }]);
  expect(costs.get("a")!.toCosts().otherCurrencies).toEqual(["EUR"]);
});
