import { type Decimal, decimal, parseDecimal } from "@finops/kernel/decimal";
import type { Period } from "@finops/kernel/period";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EvaluatedBudget } from "./children.ts";
import type { KeptAmount } from "./contract.ts";
import {
  type AmountVersion,
  type FinishedPeriod,
  finishedPeriods,
  quarterOf,
  streakOf,
  tally,
  teamsOf,
  treesBefore,
} from "./performance.ts";

const definition = (amount: KeptAmount, more: Partial<EvaluatedBudget["definition"]> = {}) => ({
  filter: null,
  measure: "effectiveCost" as const,
  currency: "USD",
  periods: { grain: "month" as const, start: "2026-01-01", end: null },
  rollover: { kind: "none" as const, cap: null },
  amount,
  ...more,
});
const fixed = (amount: string): KeptAmount => ({ kind: "fixed", amount });
const moment = { today: "2026-04-15", fiscalYearStart: 1 };

/** What each month from January on cost, "-" without data. */
function finished(versions: Omit<AmountVersion, "parentId">[], costs: string[]) {
  const budget: EvaluatedBudget = { id: "b", parentId: null, definition: versions.at(-1)!.definition };
  const costIn = ({ start }: Period) => {
    const cost = costs[Number(start.slice(5, 7)) - 1];
    return cost === undefined || cost === "-" ? null : parseDecimal(cost);
  };
  const rows = finishedPeriods(
    budget,
    versions.map((one) => ({ ...one, parentId: null })),
    moment,
    { childrenBefore: () => () => [], costIn, forecastOf: () => null },
  );
  return rows.map(({ period, planned, limit, actual }) =>
    [period.start.slice(0, 7), planned, limit, actual ?? "-"].join(" "),
  );
}

const ended = (limit: string, actual: string | null, more: Partial<FinishedPeriod> = {}): FinishedPeriod => ({
  period: { start: "2026-01-01", end: "2026-02-01" },
  planned: decimal(limit),
  limit: decimal(limit),
  actual: actual === null ? null : decimal(actual),
  forecast: null,
  ...more,
});

describe("a period that is over", () => {
  it("is held against what was allowed when it ended, and against what was planned first", () => {
    const versions = [
      { day: "2025-12-10", definition: definition(fixed("100")) },
      { day: "2026-02-20", definition: definition(fixed("150")) },
      { day: "2026-04-02", definition: definition(fixed("900")) },
    ];
    // The amount of April makes none of the months before it better.
    expect(finished(versions, ["120", "140", "160"])).toEqual([
      "2026-01 100 100 120",
      "2026-02 100 150 140",
      "2026-03 100 150 160",
    ]);
  });

  it("takes what the first version said where the budget was made afterwards", () => {
    const versions = [{ day: "2026-04-01", definition: definition(fixed("100")) }];
    expect(finished(versions, ["90", "-", "110"])).toEqual([
      "2026-01 100 100 90",
      "2026-02 100 100 -",
      "2026-03 100 100 110",
    ]);
  });

  it("has with its limit what the periods before it left", () => {
    const rollover = { kind: "unused" as const, cap: null };
    const versions = [{ day: "2025-12-10", definition: definition(fixed("100"), { rollover }) }];
    expect(finished(versions, ["70", "120", "5"])).toEqual([
      "2026-01 100 100 70",
      "2026-02 100 130 120",
      "2026-03 100 110 5",
    ]);
  });

  it("forgets what was allowed while the budget was about other costs", () => {
    const filter = { dimension: "serviceName", is: "Web" };
    const versions = [
      { day: "2025-12-10", definition: definition(fixed("7000")) },
      { day: "2026-03-10", definition: definition(fixed("100"), { filter }) },
    ];
    expect(finished(versions, ["90", "90", "90"])[0]).toBe("2026-01 100 100 90");
  });

  it("counts for the fiscal quarter that it ends in", () => {
    expect(quarterOf({ start: "2026-01-01", end: "2027-01-01" }, 1)).toEqual({
      start: "2026-10-01",
      end: "2027-01-01",
    });
    expect(quarterOf({ start: "2026-03-01", end: "2026-04-01" }, 2)).toEqual({
      start: "2026-02-01",
      end: "2026-05-01",
    });
  });
});

describe("a tally", () => {
  it("divides sums: a small budget that was missed by far says little beside a great one that was met", () => {
    const forecast = { day: "2026-01-31", expected: decimal("1000") };
    const planned = decimal("800");
    expect(tally([ended("1000", "990", { forecast, planned }), ended("10", "30"), ended("50", null)])).toEqual({
      periods: 2,
      over: 1,
      noData: 1,
      missPercent: percent("30", "1010"),
      variancePercent: percent("10", "1010"),
      plannedMissPercent: percent("210", "810"),
      forecastMissPercent: "1",
    });
  });

  it("says nothing of nothing", () => {
    expect(tally([ended("100", null)])).toMatchObject({ periods: 0, noData: 1, missPercent: null });
    expect(tally([ended("0", "5")])).toMatchObject({ periods: 1, over: 1, missPercent: null });
  });
});

describe("a streak", () => {
  const streak = (ends: string) =>
    streakOf(ends.split("").map((end) => ended("10", end === "?" ? null : end === "o" ? "11" : "10")));
  it.each([
    ["", null, 0],
    ["??", null, 0],
    ["www", { kind: "within", length: 3 }, 0],
    ["woo", { kind: "over", length: 2 }, 2],
    ["oo?ow", { kind: "within", length: 1 }, 3],
  ])("of %s", (ends, current, longestOver) => {
    expect(streak(ends)).toMatchObject({ current, longestOver });
  });
});

describe("for any periods", () => {
  const amounts = fc.bigInt({ min: 0n, max: 10n ** 12n }).map((cents) => decimal(cents).dividedBy(100));
  const some = fc.array(
    fc
      .record({ limit: amounts, planned: amounts, actual: fc.option(amounts) })
      .map(({ limit, planned, actual }) => ended(String(limit), actual === null ? null : String(actual), { planned })),
    { maxLength: 12 },
  );

  it("what has no data changes no ratio", () => {
    fc.assert(
      fc.property(some, (periods) => {
        const known = periods.filter(({ actual }) => actual !== null);
        expect({ ...tally(periods), noData: 0 }).toEqual(tally(known));
        expect(streakOf(periods)).toEqual(streakOf(known));
      }),
    );
  });

  it("a miss is never less than the variance, and more spent is never fewer over", () => {
    fc.assert(
      fc.property(some, amounts, (periods, more) => {
        const { missPercent, variancePercent, over, periods: known, noData } = tally(periods);
        expect(known + noData).toBe(periods.length);
        if (missPercent !== null)
          expect(decimal(missPercent).greaterThanOrEqualTo(decimal(variancePercent!).abs())).toBe(true);
        const dearer = periods.map((one) => ({ ...one, actual: one.actual?.plus(more) ?? null }));
        expect(tally(dearer).over).toBeGreaterThanOrEqual(over);
        expect(streakOf(dearer).longestOver).toBeGreaterThanOrEqual(streakOf(periods).longestOver);
      }),
    );
  });
});

it("a tree is as it was before a day, with those budgets as they were made that were not made yet", () => {
  const child = (day: string, amount: string, parentId: string | null = "top") => ({
    day,
    parentId,
    definition: definition(fixed(amount)),
  });
  const before = treesBefore(
    [
      { id: "moved", versions: [child("2026-01-10", "1"), child("2026-02-10", "2"), child("2026-03-10", "2", null)] },
      { id: "late", versions: [child("2026-03-20", "10")] },
    ],
    1,
  );
  const top = { id: "top", parentId: null, definition: definition({ kind: "children" }) };
  const told = (day: string) => before(day)(top, { start: "2026-01-01", end: "2026-02-01" }).map(String);
  expect([told("2026-02-01"), told("2026-03-01"), told("2026-04-01")]).toEqual([["1", "10"], ["2", "10"], ["10"]]);
});

it("a team is the top of the tree, as far up as one sees", () => {
  const tree = [
    { id: "a", parentId: null },
    { id: "b", parentId: "a" },
    { id: "c", parentId: "b" },
    { id: "d", parentId: "unseen" },
  ];
  expect([...teamsOf(tree)].map(([id, top]) => id + top.id)).toEqual(["aa", "ba", "ca", "dd"]);
});

function percent(part: string, whole: string): string {
  const share: Decimal = decimal(part).times(100).dividedBy(decimal(whole));
  return share.toDecimalPlaces(8).toString();
}
