import { type Decimal, decimal, parseDecimal, sum, zero } from "@finops/kernel/decimal";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KeptAmount, BudgetPeriods } from "./contract.ts";
import { cent, spreadTotal } from "./plan-spread.ts";
import { fiscalYearToPlan, type Plan, type PlannableBudget, plannedPeriods, type PlanMove } from "./plan.ts";
import {
  planAmount,
  planEach,
  planPercent,
  planPeriods,
  planRows,
  planSpread,
  planSum,
  turnedByMove,
} from "./planner.ts";

const months: BudgetPeriods = { grain: "month", start: "2026-01-01", end: null };
const years: BudgetPeriods = { grain: "year", start: "2026-01-01", end: null };
const fixed = (amount: string): KeptAmount => ({ kind: "fixed", amount });

function budget(
  id: string,
  parentId: string | null,
  amount: KeptAmount,
  more: { periods?: BudgetPeriods; locked?: string } = {},
): PlannableBudget {
  const { periods = months, locked = null } = more;
  const rollover = { kind: "none" as const, cap: null };
  return {
    id,
    name: id,
    parentId,
    locked,
    definition: { filter: null, measure: "effectiveCost", currency: "USD", periods, rollover, amount },
  };
}

const november = { start: "2026-11-01", end: "2026-12-01" };
const quarter = { start: "2026-11-01", end: "2027-02-01" };

const planOf = (budgets: PlannableBudget[], more: Partial<Plan> = {}): Plan => ({
  budgets,
  draft: {},
  range: november,
  today: "2026-11-20",
  fiscalYearStart: 1,
  ...more,
});

/** Each budget with what its planned periods come to, and what it gives to those below. */
function told(plan: Plan, move: PlanMove): string[] {
  if ("refused" in move) return [move.refused];
  const rows = planRows({ ...plan, draft: move.draft });
  const all = [...rows].map(([id, { cells }]) =>
    [
      id,
      ...cells.map(({ amount, children }) =>
        [amount, ...(children === null ? [] : [children.isOverAllocated ? "over" : "free", children.unallocated])].join(
          " ",
        ),
      ),
    ].join(" "),
  );
  return move.left.isZero() ? all : [...all, `left ${move.left.toString()}`];
}

const tree = planOf([
  budget("all", null, fixed("100")),
  budget("web", "all", fixed("60")),
  budget("data", "all", fixed("30")),
  budget("sum", null, { kind: "children" }),
  budget("a", "sum", fixed("1")),
  budget("b", "sum", { kind: "children" }),
  budget("c", "b", fixed("2")),
]);

describe("moving a budget", () => {
  it("shows on all levels what is allocated and what is not", () => {
    expect(told(tree, planAmount(tree, "web", november, decimal("80.50")))).toEqual([
      "all 100 over -10.5",
      "web 80.5",
      "data 30",
      "sum 3 free 0",
      "a 1",
      "b 2 free 0",
      "c 2",
    ]);
  });

  it("spreads what is summed up over what is below, down to the leaves", () => {
    expect(told(tree, planAmount(tree, "sum", november, decimal("10"))).slice(3)).toEqual([
      "sum 10 free 0",
      "a 3.33",
      "b 6.67 free 0",
      "c 6.67",
    ]);
  });

  it("leaves no draft behind where it is back at what it was", () => {
    const there = planAmount(tree, "web", november, decimal("80"));
    if ("refused" in there) throw new Error(there.refused);
    expect(Object.keys(there.draft)).toEqual(["web"]);
    expect(planAmount({ ...tree, draft: there.draft }, "web", november, decimal("60.00"))).toEqual({
      draft: {},
      left: zero,
    });
  });

  it("says why it does not", () => {
    const growing = planOf([budget("g", null, fixed("1"), { locked: "You may not change it." })]);
    expect(planAmount(growing, "g", november, decimal(5))).toEqual({ refused: "You may not change it." });
    expect(planAmount(tree, "web", november, decimal(-5))).toEqual({ refused: "An amount is not less than nothing." });
    expect(planSum(tree, "web")).toEqual({ refused: "There is no budget below it." });
  });
});

describe("the periods that are planned", () => {
  it("are those that touch the range and are not over, of each budget by its own grain", () => {
    const of = (periods: BudgetPeriods) =>
      plannedPeriods(budget("b", null, fixed("1"), { periods }), { ...tree, range: quarter }).map(({ start }) => start);
    expect(of(months)).toEqual(["2026-11-01", "2026-12-01", "2027-01-01"]);
    expect(of({ ...months, grain: "quarter" })).toEqual(["2026-10-01", "2027-01-01"]);
    expect(of(years)).toEqual(["2026-01-01", "2027-01-01"]);
    expect(of({ ...months, end: "2026-12-01" })).toEqual(["2026-11-01"]);
    expect(of({ grain: "custom", start: "2026-09-01", end: "2026-11-10" })).toEqual([]);
  });

  it("are usually what is left of the fiscal year, or the year after it", () => {
    expect(fiscalYearToPlan("this", "2026-11-20", 1)).toEqual({ start: "2026-11-01", end: "2027-01-01" });
    expect(fiscalYearToPlan("this", "2026-11-20", 4)).toEqual({ start: "2026-11-01", end: "2027-04-01" });
    expect(fiscalYearToPlan("next", "2026-11-20", 4)).toEqual({ start: "2027-04-01", end: "2028-04-01" });
  });
});

const planned = (...amounts: string[]): KeptAmount => ({
  kind: "plan",
  amounts: amounts.map((amount, at) => ({ start: `2026-${String(at + 10)}-01`, amount })),
});
const october: BudgetPeriods = { grain: "month", start: "2026-10-01", end: "2027-04-01" };
const grows: KeptAmount = { kind: "growing", amount: "100", percent: "10" };

describe("planning several periods", () => {
  const many = planOf(
    [
      budget("all", null, { kind: "children" }, { periods: october }),
      budget("web", "all", planned("5", "10.01", "20"), { periods: october }),
      budget("data", "all", fixed("30"), { periods: october }),
      budget("grown", "all", grows, { periods: october }),
    ],
    { range: { start: "2026-11-01", end: "2027-01-01" } },
  );
  const draftOf = (move: PlanMove) => ("refused" in move ? move.refused : move.draft);

  it("changes all of a budget by one factor, each to the cent, and leaves the periods before alone", () => {
    expect(draftOf(planPercent(many, "web", decimal("7.5")))).toEqual({ web: planned("5", "10.76", "21.5") });
    expect(draftOf(planPercent(many, "data", decimal("-50")))).toEqual({ data: fixed("15") });
    expect(draftOf(planPercent(many, "grown", decimal("20")))).toEqual({ grown: { ...grows, amount: "120" } });
    expect(draftOf(planPercent(many, "web", decimal("-101")))).toBe("An amount is not less than nothing.");
  });

  it("keeps what was moved in one period alone, and comes from nothing back to what it was", () => {
    const one = planAmount(many, "web", november, decimal("20.02"));
    const draft = draftOf(one) as Plan["draft"];
    expect(draft).toEqual({ web: planned("5", "20.02", "20") });
    // 40.02 are to be 30.01, so each is three quarters of a cent's fraction less.
    const back = planRows({ ...many, draft: draftOf(planPercent({ ...many, draft }, "web", zero)) as Plan["draft"] });
    expect(back.get("web")!.amount.toString()).toBe("30.01");
    const nothing = draftOf(planPercent(many, "web", decimal(-100))) as Plan["draft"];
    expect(nothing).toEqual({ web: planned("5", "0", "0") });
    expect(draftOf(planPercent({ ...many, draft: nothing }, "web", decimal(100)))).toEqual({
      web: planned("5", "20.02", "40"),
    });
  });

  it("changes the first amount or the percentage of what grows, and writes it out where one asks for it", () => {
    expect(draftOf(planEach(many, "grown", { percent: decimal("2.5") }))).toEqual({
      grown: { ...grows, percent: "2.5" },
    });
    expect(draftOf(planEach(many, "grown", { amount: decimal(200), percent: decimal(10) }))).toEqual({
      grown: { ...grows, amount: "200" },
    });
    expect(draftOf(planEach(many, "grown", { percent: decimal("0.12345") }))).toMatch(/^A percentage has/);
    const move = planPeriods(many, "grown");
    expect(turnedByMove(many, move).map(({ id }) => id)).toEqual(["grown"]);
    expect(told(many, move)).toEqual(told(many, { draft: {}, left: zero }));
    const { amount } = planRows({ ...many, draft: draftOf(move) as Plan["draft"] }).get("grown")!;
    expect(amount.toString()).toBe("231");
    expect(draftOf(planPeriods(many, "web"))).toBe('"web" is planned by periods already.');
    const endless = planOf([budget("g", null, { ...grows, percent: "100" })]);
    expect(draftOf(planPeriods(endless, "g"))).toMatch(/too large for a plan. Give it a last period first/);
  });

  it("gives each period of what is summed up to those below, and says which become plans for it", () => {
    const move = planAmount(many, "all", november, decimal("300"));
    expect(turnedByMove(many, move).map(({ id }) => id)).toEqual(["data", "grown"]);
    expect(told(many, move)).toEqual(["all 300 free 0 171 free 0", "web 20.02 20", "data 60 30", "grown 219.98 121"]);
  });

  it("leaves a fixed amount fixed where its part is the same in each", () => {
    const even = planOf(
      [budget("all", null, fixed("100")), budget("a", "all", fixed("1")), budget("b", "all", fixed("1"))],
      {
        range: quarter,
      },
    );
    const move = planSpread(even, "all", "evenly", () => null);
    expect(draftOf(move)).toEqual({ a: fixed("50"), b: fixed("50") });
    expect(turnedByMove(even, move)).toEqual([]);
  });

  it("makes of a fixed amount a plan where those below come to something else in each", () => {
    const periods: BudgetPeriods = { grain: "month", start: "2026-10-01", end: "2027-01-01" };
    const sums = planOf(
      [budget("all", null, fixed("7"), { periods }), budget("web", "all", planned("5", "10", "20"), { periods })],
      { range: quarter },
    );
    const move = planSum(sums, "all");
    expect(draftOf(move)).toEqual({ all: planned("7", "10", "20") });
    expect(turnedByMove(sums, move).map(({ id }) => id)).toEqual(["all"]);
  });
});

describe("spreading from the top down", () => {
  const spread = (way: "evenly" | "by-last-actual" | "by-current-share", actuals: Record<string, string> = {}) =>
    told(
      tree,
      planSpread(tree, "all", way, (id) => (actuals[id] === undefined ? null : decimal(actuals[id]))),
    ).slice(0, 3);

  it.each([
    ["evenly" as const, ["all 100 free 0", "web 50", "data 50"]],
    ["by-current-share" as const, ["all 100 free 0", "web 66.67", "data 33.33"]],
    ["by-last-actual" as const, ["all 100 free 0", "web 25", "data 75"]],
  ])("%s", (way, rows) => {
    expect(spread(way, { web: "10", data: "30" })).toEqual(rows);
  });

  it("goes by no cost that there is not", () => {
    expect(spread("by-last-actual", { web: "-3" })).toEqual([
      'No budget below "all" has cost anything in its last period.',
    ]);
  });

  it("leaves those alone that cannot change, and refuses where these take more than there is", () => {
    const locked = planOf([
      budget("all", null, fixed("100")),
      budget("web", "all", fixed("60")),
      budget("data", "all", fixed("30"), { locked: "It grows." }),
    ]);
    expect(
      told(
        locked,
        planSpread(locked, "all", "evenly", () => null),
      ),
    ).toEqual(["all 100 free 0", "web 70", "data 30"]);
    const over = planOf([budget("all", null, fixed("20")), ...locked.budgets.slice(1)]);
    expect(
      told(
        over,
        planSpread(over, "all", "evenly", () => null),
      ),
    ).toEqual(['The budgets below "all" that stay as they are come to more than it.']);
  });

  it("gives fixed months of a year in twelves, and says what no month can take", () => {
    const year = planOf([budget("all", null, fixed("100"), { periods: years }), budget("web", "all", fixed("1"))]);
    const rows = ["all 100 free 0.04", "web 8.33", "left 0.04"];
    expect(
      told(
        year,
        planSpread(year, "all", "evenly", () => null),
      ),
    ).toEqual(rows);
    // Whose plan has months of their own takes the rest.
    const planned: KeptAmount = {
      kind: "plan",
      amounts: Array.from({ length: 12 }, (_, at) => ({
        start: `2026-${String(at + 1).padStart(2, "0")}-01`,
        amount: "1",
      })),
    };
    const both = planOf([...year.budgets, budget("data", "all", planned)]);
    expect(
      told(
        both,
        planSpread(both, "all", "evenly", () => null),
      )[0],
    ).toBe("all 100 free 0");
  });
});

it("a budget becomes, from the bottom up, what those below it come to", () => {
  expect(told(tree, planSum(tree, "all"))[0]).toBe("all 90 free 0");
});

describe("every spread", () => {
  const totals = fc.bigInt({ min: 0n, max: 10n ** 14n }).map((cents) => decimal(cents).times(cent));
  const shares = fc.array(
    fc.record({
      weight: fc.bigInt({ min: 0n, max: 10n ** 9n }).map((weight) => decimal(weight)),
      unit: fc.integer({ min: 1, max: 12 }).map((cents) => cent.times(cents)),
    }),
    { minLength: 1, maxLength: 12 },
  );

  it("makes and loses no money, and leaves less than the least unit", () => {
    fc.assert(
      fc.property(totals, shares, (total, some) => {
        const spread = spreadTotal(total, some);
        const weighted = some.filter(({ weight }) => !weight.isZero());
        if (spread === null) {
          expect(weighted).toEqual([]);
          return;
        }
        expect(sum([...spread.parts, spread.left]).toFixed()).toBe(total.toFixed());
        const least = weighted.reduce<Decimal>((one, { unit }) => (unit.lessThan(one) ? unit : one), decimal(1));
        expect(spread.left.isNegative() || spread.left.greaterThanOrEqualTo(least)).toBe(false);
        spread.parts.forEach((part, index) => {
          expect(part.modulo(some[index]!.unit).isZero() && !part.isNegative()).toBe(true);
          if (some[index]!.weight.isZero()) expect(part.isZero()).toBe(true);
        });
      }),
    );
  });

  it("in a tree leaves its parts with what is left at the amount that was spread", () => {
    const cents = fc.integer({ min: 0, max: 10 ** 9 }).map((value) => decimal(value).times(cent));
    fc.assert(
      fc.property(cents, fc.array(cents, { minLength: 1, maxLength: 6 }), fc.boolean(), (total, parts, isYear) => {
        const some = parts.map((part, at) => budget(`c${at}`, "all", fixed(part.toString())));
        const plan = planOf([budget("all", null, fixed(total.toString()), isYear ? { periods: years } : {}), ...some]);
        const move = planSpread(plan, "all", "by-current-share", () => null);
        if ("refused" in move) throw new Error(move.refused);
        const { children } = planRows({ ...plan, draft: move.draft }).get("all")!.cells[0]!;
        expect(children!.unallocated.toFixed()).toBe(move.left.toFixed());
        for (const amount of Object.values(move.draft))
          if (amount.kind === "fixed") expect(parseDecimal(amount.amount).decimalPlaces()).toBeLessThanOrEqual(2);
      }),
    );
  });

  it("gives each of several periods to the last digit, and changes no period that is not planned", () => {
    const cents = fc.integer({ min: 0, max: 10 ** 9 }).map((value) => decimal(value).times(cent).toString());
    const year = (amounts: string[]): KeptAmount => ({
      kind: "plan",
      amounts: amounts.map((amount, at) => ({ start: `2026-${String(at + 1).padStart(2, "0")}-01`, amount })),
    });
    const own = fc.array(cents, { minLength: 12, maxLength: 12 }).map(year);
    const each = fc.oneof(
      own,
      cents.map(fixed),
      cents.map((amount) => ({ ...grows, amount, percent: "2.5" })),
    );
    const periods: BudgetPeriods = { ...months, end: "2027-01-01" };
    const range = { start: "2026-09-15", end: "2026-12-01" };
    fc.assert(
      fc.property(
        own,
        fc.array(each, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: -100, max: 100 }),
        (top, all, percent) => {
          const some = all.map((amount, at) => budget(`c${at}`, at % 2 === 0 ? "all" : "c0", amount, { periods }));
          const sums = budget("c0", "all", { kind: "children" }, { periods });
          const plan = planOf(
            [budget("all", null, top, { periods }), ...(some.length > 1 ? [sums, ...some.slice(1)] : some)],
            {
              range,
              today: "2026-10-05",
            },
          );
          const moves = [
            planSpread(plan, "all", "by-current-share", () => null),
            planSum(plan, "all"),
            ...(some.length > 1 ? [planPercent(plan, "c0", decimal(percent))] : []),
          ];
          for (const [index, move] of moves.entries()) {
            // What is nothing has no percentage.
            if ("refused" in move) continue;
            expect(move.left.isZero()).toBe(true);
            const rows = planRows({ ...plan, draft: move.draft });
            expect(rows.get("all")!.cells.map(({ period }) => period.start)).toEqual(["2026-10-01", "2026-11-01"]);
            for (const { children } of rows.get(index < 2 ? "all" : "c0")!.cells)
              expect(children === null || children.unallocated.isZero()).toBe(true);
            const whole = { ...plan, range: { start: "2026-01-01", end: "2027-01-01" }, today: "2026-01-01" };
            const [before, after] = [planRows(whole), planRows({ ...whole, draft: move.draft })];
            for (const { id, definition } of plan.budgets)
              for (const [at, { amount, period }] of after.get(id)!.cells.entries())
                if (
                  definition.amount.kind !== "children" &&
                  !(period.start >= "2026-10-01" && period.end <= "2026-12-01")
                )
                  if (move.draft[id]?.kind !== "fixed")
                    expect(amount.toFixed()).toBe(before.get(id)!.cells[at]!.amount.toFixed());
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
