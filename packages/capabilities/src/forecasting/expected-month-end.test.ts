import { type Decimal, sum, zero } from "@finops/kernel/decimal";
import { fromExactAmount, sumExact, toExactAmount } from "@finops/kernel/exact-amount";
import { addDays, addMonths, type Day, daysIn, monthOf } from "@finops/kernel/period";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type DayCost, toDailyCosts } from "./daily-costs.ts";
import { type ExpectedMonthEnd, expectedMonthEnd } from "./expected-month-end.ts";

const november = monthOf("2026-11-01");

/** A cost on every day of a span, by its weekday (Monday first) or the same on all. */
function daily(series: string, from: Day, to: Day, amounts: readonly string[], provider = "AWS"): DayCost[] {
  return Array.from({ length: daysIn({ start: from, end: to }) }, (_, index) => {
    const day = addDays(from, index);
    const weekday = daysIn({ start: "2026-06-01", end: day });
    return { series, provider, day, amount: toExactAmount(amounts[((weekday % 7) + 7) % amounts.length]!) };
  });
}
const monthly = (series: string, days: readonly Day[], amount: string, provider = "AWS"): DayCost[] =>
  days.map((day) => ({ series, provider, day, amount: toExactAmount(amount) }));

function expected(costs: readonly DayCost[], today: Day, month = november): ExpectedMonthEnd {
  const found = expectedMonthEnd({ month, today, costs: toDailyCosts(costs) });
  if ("missing" in found) throw new Error(found.missing);
  return found;
}
const withoutPlaces = (value: Decimal | null) => value?.toFixed(2) ?? null;

const weekdays = ["10", "10", "10", "10", "10", "4", "4"];

describe("the expected month end", () => {
  it("of a steady cost is what is in and as much for every day to come", () => {
    const found = expected(daily("EC2", "2026-06-01", "2026-11-21", ["10"]), "2026-11-21");
    expect(withoutPlaces(found.actualToDate)).toBe("200.00");
    expect(withoutPlaces(found.expected)).toBe("300.00");
    expect(found.days.map(({ day }) => day)).toEqual(
      Array.from({ length: 10 }, (_, index) => addDays("2026-11-21", index)),
    );
  });

  it("knows weekends: 21 working days at 10 and 9 days of weekend at 4 are 246", () => {
    const found = expected(daily("EC2", "2026-06-01", "2026-11-11", weekdays), "2026-11-11");
    expect(withoutPlaces(found.expected)).toBe("246.00");
  });

  it("counts on support that came on the first of every month, also before it is in", () => {
    const support = monthly("Support", ["2026-08-01", "2026-09-01", "2026-10-01"], "100");
    const found = expected([...daily("EC2", "2026-06-01", "2026-11-01", ["10"]), ...support], "2026-11-01");
    expect(withoutPlaces(found.expected)).toBe("400.00");
    expect(found.fees).toMatchObject([{ series: "Support", due: "2026-11-01" }]);
    expect(withoutPlaces(found.fees[0]!.toCome)).toBe("100.00");
  });

  it("does not count a fee twice that is in already", () => {
    const support = monthly("Support", ["2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"], "100");
    const found = expected([...daily("EC2", "2026-06-01", "2026-11-16", ["10"]), ...support], "2026-11-16");
    expect(withoutPlaces(found.actualToDate)).toBe("250.00");
    expect(withoutPlaces(found.expected)).toBe("400.00");
  });

  it("gives up on a fee that has been due for more than three days", () => {
    const support = monthly("Support", ["2026-08-01", "2026-09-01", "2026-10-01"], "100");
    const found = expected([...daily("EC2", "2026-06-01", "2026-11-16", ["10"]), ...support], "2026-11-16");
    expect(withoutPlaces(found.expected)).toBe("300.00");
  });

  it("keeps a purchase made once in the actual, and does not expect it again", () => {
    const once = monthly("Reservation", ["2026-10-12"], "5000");
    const before = daily("EC2", "2026-06-01", "2026-11-16", ["10"]);
    expect(withoutPlaces(expected([...before, ...once], "2026-11-16").expected)).toBe("300.00");
    const now = monthly("Reservation", ["2026-11-12"], "5000");
    expect(withoutPlaces(expected([...before, ...now], "2026-11-16").expected)).toBe("5300.00");
  });

  it("expects a discount that is booked as usage on the last day of every month", () => {
    const discounts = ["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31"];
    const costs = [...daily("EC2", "2026-06-01", "2026-11-21", ["10"]), ...monthly("EC2", discounts, "-60")];
    expect(withoutPlaces(expected(costs, "2026-11-21").expected)).toBe("240.00");
  });

  it("takes the day in progress for a whole one, however little of it is in", () => {
    const costs = [...daily("EC2", "2026-06-01", "2026-11-21", ["10"]), ...monthly("EC2", ["2026-11-21"], "0.5")];
    const found = expected(costs, "2026-11-21");
    expect(withoutPlaces(found.actualToDate)).toBe("200.50");
    expect(withoutPlaces(found.expected)).toBe("300.00");
    expect(found.late).toEqual([]);
  });

  it("does not take a service whose last two days are late for one that was switched off", () => {
    const costs = [
      ...daily("EC2", "2026-06-01", "2026-11-21", ["10"]),
      ...daily("Logs", "2026-06-01", "2026-11-19", ["2"]),
    ];
    const found = expected(costs, "2026-11-21");
    expect(found.late).toEqual(["Logs"]);
    expect(withoutPlaces(found.expected)).toBe("360.00");
  });

  it("does take it for switched off after three days", () => {
    const costs = [
      ...daily("EC2", "2026-06-01", "2026-11-21", ["10"]),
      ...daily("Logs", "2026-06-01", "2026-11-01", ["2"]),
    ];
    const found = expected(costs, "2026-11-21");
    expect(found.late).toEqual([]);
    expect(found.expected.toNumber()).toBeLessThan(325);
  });

  it("waits for a provider whose whole bill is a week behind", () => {
    const costs = [
      ...daily("EC2", "2026-06-01", "2026-11-21", ["10"]),
      ...daily("Virtual Machines", "2026-06-01", "2026-11-14", ["5"], "Azure"),
    ];
    const found = expected(costs, "2026-11-21");
    expect(withoutPlaces(found.actualToDate)).toBe("265.00");
    expect(withoutPlaces(found.expected)).toBe("450.00");
    expect(found.late).toEqual(["Virtual Machines"]);
  });

  it("does not let one spike make the rest of the month", () => {
    const costs = [...daily("EC2", "2026-06-01", "2026-11-21", ["10"]), ...monthly("EC2", ["2026-11-20"], "990")];
    expect(expected(costs, "2026-11-21").expected.toNumber()).toBeLessThan(1320);
  });

  it("of a month that is over is what it was", () => {
    const found = expected(daily("EC2", "2026-06-01", "2026-12-05", weekdays), "2026-12-05");
    expect(found.expected.toString()).toBe(found.actualToDate.toString());
    expect([found.low?.toString(), found.high?.toString(), found.days]).toEqual(["246", "246", []]);
  });

  it("of a refund goes below nothing", () => {
    expect(withoutPlaces(expected(daily("Refund", "2026-06-01", "2026-11-21", ["-10"]), "2026-11-21").expected)).toBe(
      "-300.00",
    );
  });

  it("has a reason where there are fewer than four weeks to learn from", () => {
    expect(
      expectedMonthEnd({
        month: november,
        today: "2026-11-21",
        costs: toDailyCosts(daily("EC2", "2026-11-01", "2026-11-21", ["1"])),
      }),
    ).toEqual({ missing: "There are 2 weeks of costs; it takes 4 to know what a week looks like." });
    expect(expectedMonthEnd({ month: november, today: "2026-11-21", costs: toDailyCosts([]) })).toHaveProperty(
      "missing",
    );
  });

  it("says nothing below what is in where no month went down after this day", () => {
    const found = expected(
      harborline("lumps").filter(({ day }) => day < "2026-11-02"),
      "2026-11-02",
    );
    expect(found.low!.greaterThanOrEqualTo(found.actualToDate)).toBe(true);
    expect(found.low!.lessThan(found.expected)).toBe(true);
  });

  const batch = (days: readonly number[]) =>
    days.map((back): DayCost => ({
      series: "Batch",
      provider: "AWS",
      day: addDays("2026-11-21", -back),
      amount: toExactAmount("300"),
    }));

  it("expects what comes now and then at its rate, and does not take it for late", () => {
    // Five times in each thirty days, 1,500, and not in the last four.
    const now = [5, 9, 14, 23, 28, 31, 40, 41, 52, 58, 61, 66, 75, 84, 89];
    const found = expected([...daily("EC2", "2026-06-01", "2026-11-21", ["10"]), ...batch(now)], "2026-11-21");
    expect(found.late).toEqual([]);
    // In are 200 and three times 300; to come ten days at 10 and at 1,500 / 30.
    expect(withoutPlaces(found.expected)).toBe("1700.00");
  });

  it("expects what comes on the same dates by the month", () => {
    const dates = ["06", "07", "08", "09", "10", "11"].flatMap((month) =>
      [2, 5, 9, 17].map((day): Day => `2026-${month}-${String(day).padStart(2, "0")}`),
    );
    const found = expected(
      [...daily("EC2", "2026-06-01", "2026-11-21", ["10"]), ...monthly("Batch", dates, "300")],
      "2026-11-21",
    );
    expect(withoutPlaces(found.expected)).toBe("1500.00");
  });

  it("has no range before four past months can be looked at", () => {
    const found = expected(daily("EC2", "2026-09-01", "2026-11-21", ["10"]), "2026-11-21");
    expect([found.low, found.high, found.monthsScored]).toEqual([null, null, 1]);
  });
});

describe("for any costs", () => {
  const costs = fc
    .array(
      fc.record({
        series: fc.constantFrom("a", "b", "c"),
        back: fc.integer({ min: 0, max: 200 }),
        cents: fc.integer({ min: -100_000, max: 1_000_000 }),
      }),
      { minLength: 1, maxLength: 120 },
    )
    .map((list) =>
      list.map(({ series, back, cents }): DayCost => ({
        series,
        provider: "AWS",
        day: addDays("2026-11-20", -back),
        amount: BigInt(cents) * 10n ** 24n,
      })),
    );

  it("the expected is the actual and the days to come, inside its own range", () => {
    fc.assert(
      fc.property(costs, (some) => {
        const found = expectedMonthEnd({ month: november, today: "2026-11-21", costs: toDailyCosts(some) });
        if ("missing" in found) return;
        const parts = found.actualToDate.plus(sum(found.days.map(({ amount }) => amount)));
        // Each day is rounded to the eighth place on its own.
        expect(found.expected.minus(parts).abs().toNumber()).toBeLessThan(1e-6);
        expect(found.low === null || found.low.lessThanOrEqualTo(found.expected)).toBe(true);
        expect(found.high === null || found.high.greaterThanOrEqualTo(found.expected)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("the order of the rows and how they are cut does not matter", () => {
    fc.assert(
      fc.property(costs, (some) => {
        const cut = some.flatMap((cost) => [
          { ...cost, amount: cost.amount / 4n },
          { ...cost, amount: (cost.amount * 3n) / 4n },
        ]);
        const input = { month: november, today: "2026-11-21" };
        expect(JSON.stringify(expectedMonthEnd({ ...input, costs: toDailyCosts(cut.toReversed()) }))).toBe(
          JSON.stringify(expectedMonthEnd({ ...input, costs: toDailyCosts(some) })),
        );
      }),
      { numRuns: 30 },
    );
  });

  it("twice the costs are expected to be twice as much", () => {
    fc.assert(
      fc.property(costs, (some) => {
        const input = { month: november, today: "2026-11-21" };
        const once = expectedMonthEnd({ ...input, costs: toDailyCosts(some) });
        const twice = expectedMonthEnd({ ...input, costs: toDailyCosts([...some, ...some]) });
        if ("missing" in once || "missing" in twice) return;
        expect(twice.expected.minus(once.expected.times(2)).abs().toNumber()).toBeLessThan(0.001);
      }),
      { numRuns: 30 },
    );
  });
});

/**
 * The generator's company in US dollars, 13 whole months, rounded to dollars: a line per series with an amount per day.
 * `lumps` is its effective cost again, in thirty thousand rows: fewer and larger charges, on no day of the week.
 */
function harborline(name: "effective" | "billed" | "lumps"): DayCost[] {
  const [head, ...lines] = readFileSync(new URL(`./fixtures/harborline-${name}.tsv`, import.meta.url), "utf8")
    .trim()
    .split("\n");
  const first = head!.split("\t")[1]!;
  return lines.flatMap((line) => {
    const [series, amounts] = line.split("\t") as [string, string];
    return amounts
      .split(" ")
      .flatMap((amount, index): DayCost[] =>
        amount === "0"
          ? []
          : [{ series, provider: series.split(" | ")[0]!, day: addDays(first, index), amount: toExactAmount(amount) }],
      );
  });
}

// Each month as it would have been expected on the day, against what it came to. Measured when this was written:
// effective cost 2.0, 0.8, 0.5 %; billed cost 2.1, 1.7, 0.7 %; in lumps 5.4, 7.0, 7.8 %. The FinOps Foundation's run stage is 12 %.
describe.each([
  ["effective", "2025-12-01", "2026-11-01", { 1: 0.03, 10: 0.015, 20: 0.008 }],
  ["billed", "2025-12-01", "2026-11-01", { 1: 0.03, 10: 0.025, 20: 0.01 }],
  ["lumps", "2026-02-01", "2026-12-01", { 1: 0.07, 10: 0.09, 20: 0.09 }],
] as const)("over 13 months of the generator's company, %s", (name, from, until, bounds) => {
  const costs = harborline(name);
  it.each(Object.entries(bounds))("after %s days the error is at most %s of the cost", (daysKnown, bound) => {
    let missed = zero;
    let whole = zero;
    let inside = 0;
    let ranges = 0;
    for (let month: Day = from; month < until; month = addMonths(month, 1)) {
      const today = addDays(month, Number(daysKnown));
      const found = expected(
        costs.filter(({ day }) => day < today),
        today,
        monthOf(month),
      );
      const ofMonth = costs.filter(({ day }) => day >= month && day < addMonths(month, 1));
      const actual = fromExactAmount(sumExact(ofMonth.map(({ amount }) => amount)));
      missed = missed.plus(actual.minus(found.expected).abs());
      whole = whole.plus(actual);
      if (found.low === null || found.high === null) continue;
      ranges += 1;
      if (actual.greaterThanOrEqualTo(found.low) && actual.lessThanOrEqualTo(found.high)) inside += 1;
    }
    expect(missed.dividedBy(whole).toNumber()).toBeLessThan(bound);
    // 80 % of few months: a month more or less outside is chance.
    expect(ranges).toBeGreaterThanOrEqual(6);
    expect(inside / ranges).toBeGreaterThanOrEqual(0.6);
  });
});
