import { decimal, sum } from "@finops/kernel/decimal";
import fc from "fast-check";
import { expect, it } from "vitest";
import { allocationOf, checkParent, type PlacedBudget } from "./hierarchy.ts";
import { periodsUntil } from "./periods.ts";
import { childrenOf, type EvaluatedBudget } from "./children.ts";
import type { KeptAmount, BudgetPeriods } from "./contract.ts";

interface Placed extends PlacedBudget {
  periods: BudgetPeriods;
}
const month: BudgetPeriods = { grain: "month", start: "2026-01-01", end: null };
const place = (id: string, parentId: string | null, more: Partial<Placed> = {}): Placed => ({
  id,
  name: id.toUpperCase(),
  parentId,
  currency: "USD",
  periods: month,
  ...more,
});
const check = (budget: Placed, all: Placed[]) =>
  checkParent(budget, all, (one) => periodsUntil(one.periods, 1, "2027-12-31"));

it("takes a budget below one of the same or a coarser grain", () => {
  const year = place("a", null, { periods: { grain: "year", start: "2026-01-01", end: null } });
  const quarter = place("b", "a", { periods: { grain: "quarter", start: "2026-01-01", end: null } });
  expect(() => check(quarter, [year, quarter])).not.toThrow();
  expect(() => check(place("c", "b"), [year, quarter, place("c", "b")])).not.toThrow();
  expect(() => check(year, [year, quarter])).not.toThrow();
});

it("refuses in words what could not be added up", () => {
  const a = place("a", "c");
  expect(() => check(a, [a, place("b", "a"), place("c", "b")])).toThrow('"C" is the budget itself or stands below it');
  expect(() => check(place("a", "a"), [place("a", "a")])).toThrow("is the budget itself");
  expect(() => check(place("a", "gone"), [place("a", "gone")])).toThrow("no such budget");
  const euro = place("b", "a", { currency: "EUR" });
  expect(() => check(euro, [place("a", null), euro])).toThrow('"B" is in EUR and "A" above it in USD');
  const overlapping = place("b", "a", { periods: { grain: "custom", start: "2026-03-20", end: "2026-04-10" } });
  expect(() => check(overlapping, [place("a", null), overlapping])).toThrow("does not lie within one period");
  const coarser = place("b", "a", { periods: { grain: "year", start: "2026-01-01", end: null } });
  expect(() => check(place("a", null), [place("a", null), coarser])).toThrow("the same grain or a finer one");
  const chain = Array.from({ length: 11 }, (_, index) => place(`${index}`, index === 0 ? null : `${index - 1}`));
  expect(() => check(chain[10]!, chain)).toThrow("at most 10 levels");
});

const definition = (amount: KeptAmount, periods: BudgetPeriods = month) => ({
  filter: null,
  measure: "effectiveCost" as const,
  currency: "USD",
  periods,
  amount,
  rollover: { kind: "none" as const, cap: null },
});

it("sums the months of children to the quarter of the parent, and shows what is given away twice", () => {
  const child = (id: string, amount: string): EvaluatedBudget => ({
    id,
    parentId: "p",
    definition: definition({ kind: "fixed", amount }),
  });
  const parent = { id: "p", parentId: null, definition: definition({ kind: "children" }) };
  const childrenIn = childrenOf([parent, child("a", "10"), child("b", "5.5")], 1);
  const quarter = { start: "2026-04-01", end: "2026-07-01" };
  expect(childrenIn(parent, quarter).map(String)).toEqual(["30", "16.5"]);
  const given = allocationOf(decimal("40"), childrenIn(parent, quarter))!;
  expect([given.unallocated.toString(), given.isOverAllocated]).toEqual(["-6.5", true]);
  expect(allocationOf(decimal("40"), [])).toBeNull();
});

it("allocates and leaves what together is the limit", () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 15n }).map((cents) => decimal(cents).dividedBy(100));
  fc.assert(
    fc.property(amount, fc.array(amount, { minLength: 1 }), (limit, children) => {
      const { allocated, unallocated, isOverAllocated } = allocationOf(limit, children)!;
      expect(allocated.plus(unallocated).toString()).toBe(limit.toString());
      expect(allocated.toString()).toBe(sum(children).toString());
      expect(isOverAllocated).toBe(allocated.greaterThan(limit));
    }),
  );
});
