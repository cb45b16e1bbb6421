import { decimal } from "@finops/kernel/decimal";
import { addMonths, type Period } from "@finops/kernel/period";
import fc from "fast-check";
import { expect, it } from "vitest";
import { toDailyCosts } from "../forecasting/index.ts";
import { childrenOf, type EvaluatedBudget } from "./children.ts";
import type { KeptAmount, KeptMetric } from "./contract.ts";
import { ScopeCosts } from "./scope-costs.ts";
import { evaluate } from "./evaluate.ts";
import { allocationOf } from "./hierarchy.ts";
import { changeWords, metricBase, unitsIn } from "./metric-amount.ts";
import { rollOverTold } from "./rollover.ts";
import { sumTold } from "./told-amount.ts";

const metric = (quantities: Record<string, string>, more: Partial<KeptMetric> = {}): KeptMetric => ({
  name: "Orders",
  unitOne: "order",
  unitMany: "orders",
  aggregation: "total",
  values: Object.entries(quantities).map(([month, quantity]) => ({ month, quantity, kind: "planned" as const })),
  isGone: false,
  ...more,
});
type UnitAmount = Extract<KeptAmount, { kind: "unit" }>;
const amount = (price: string, of: KeptMetric): UnitAmount => ({ kind: "unit", metricId: "m", price, metric: of });
const quarter: Period = { start: "2026-01-01", end: "2026-04-01" };
const month = (start: string): Period => ({ start, end: addMonths(start, 1) });
const three = { "2026-01": "10000", "2026-02": "11000", "2026-03": "12001" };

it("is the price of all that a total comes to, and of the mean of a level, rounded once", () => {
  expect(String(metricBase(amount("0.40", metric(three)), quarter))).toBe("13200.4");
  expect(String(metricBase(amount("0.40", metric(three, { aggregation: "level" })), quarter))).toBe("4400.13");
  expect(String(metricBase(amount("0.0001", metric(three)), month("2026-03-01")))).toBe("1.2001");
  expect(unitsIn(amount("1", metric(three)), quarter)).toEqual({ quantity: "33001", kind: "planned" });
  const level = unitsIn(amount("1", metric({ "2026-01": "1", "2026-02": "2" }, { aggregation: "level" })), {
    start: "2026-01-01",
    end: "2026-03-01",
  });
  expect(level).toEqual({ quantity: "1.5", kind: "planned" });
});

it("cannot be told where a month has no value, and is nothing where the value is 0", () => {
  const { "2026-02": _, ...two } = three;
  const missing = { missing: "The unit metric Orders has no value of February 2026." };
  expect(metricBase(amount("1", metric(two)), quarter)).toEqual(missing);
  expect(unitsIn(amount("1", metric(two)), quarter)).toBeNull();
  expect(String(metricBase(amount("5", metric({ "2026-02": "0" })), month("2026-02-01")))).toBe("0");
});

it("makes and loses nothing: the months of a total come to its quarter", () => {
  const quantity = fc.nat({ max: 10 ** 9 }).map(String);
  fc.assert(
    fc.property(fc.tuple(quantity, quantity, quantity), fc.nat({ max: 10 ** 6 }), ([a, b, c], cents) => {
      const of = amount(decimal(cents).dividedBy(100).toString(), metric({ "2026-01": a, "2026-02": b, "2026-03": c }));
      const months = ["2026-01-01", "2026-02-01", "2026-03-01"].map((start) => metricBase(of, month(start)));
      expect(String(metricBase(of, quarter))).toBe(String(sumTold(months)));
    }),
  );
});

it("rolls nothing over from what nobody can tell, unless nothing rolls over", () => {
  const periods = [
    { base: decimal(10), spent: decimal(4) },
    { base: { missing: "No value." }, spent: decimal(1) },
    { base: decimal(10), spent: decimal(1) },
  ];
  const limits = (kind: "none" | "unused") =>
    rollOverTold(periods, { kind, cap: null }).map((one) => ("missing" in one ? one.missing : one.limit.toString()));
  expect(limits("none")).toEqual(["10", "No value.", "10"]);
  expect(limits("unused")).toEqual(["10", "No value.", "No value."]);
});

it("stands without limit, and so does what is planned from it upwards", () => {
  const budget = (id: string, parentId: string | null, of: KeptAmount): EvaluatedBudget => ({
    id,
    parentId,
    definition: {
      filter: null,
      measure: "effectiveCost",
      currency: "USD",
      periods: { grain: "month", start: "2026-01-01", end: null },
      amount: of,
      rollover: { kind: "none", cap: null },
    },
  });
  const follower = budget("follower", "sum", amount("2", metric({ "2026-01": "50" })));
  const above = budget("sum", null, { kind: "children" });
  const childrenIn = childrenOf([follower, above], 1);
  const costs = new ScopeCosts({ costs: toDailyCosts([]), otherCurrencies: [] });
  const on = (one: EvaluatedBudget, today: string) =>
    evaluate(one, costs, { today, fiscalYearStart: 1 }, childrenIn, null)!;
  expect(on(follower, "2026-01-15").standing).toMatchObject({
    state: "no-data",
    limit: "100",
    limitMissing: null,
    units: { quantity: "50", kind: "planned" },
  });
  const missing = "The unit metric Orders has no value of February 2026.";
  for (const one of [follower, above]) {
    const { standing, burnDown, periods } = on(one, "2026-02-15");
    expect(standing).toMatchObject({
      state: "no-limit",
      limit: null,
      limitMissing: missing,
      base: null,
      evenToDate: null,
      dailyAllowance: null,
      children: null,
    });
    expect([burnDown(), periods]).toEqual([[], [expect.objectContaining({ limit: null, limitMissing: missing })]]);
  }
  expect(allocationOf(decimal(10), [decimal(4), { missing }])).toMatchObject({
    count: 2,
    untold: 1,
    isOverAllocated: false,
  });
});

it("says what moved, the first months by name", () => {
  expect(changeWords(metric(three), metric({ ...three, "2026-02": "12500" }))).toBe(
    "February 2026: 12500 planned, before 11000 planned",
  );
  expect(changeWords(metric({}), metric({ ...three, "2026-04": "1" }))).toMatch(/January 2026: 10000 .*and 1 more$/);
});
