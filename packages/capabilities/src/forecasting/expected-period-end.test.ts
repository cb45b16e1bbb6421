import { toExactAmount } from "@finops/kernel/exact-amount";
import { addDays, monthOf } from "@finops/kernel/period";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type DayCost, toDailyCosts } from "./daily-costs.ts";
import { expectedMonthEnd } from "./expected-month-end.ts";
import { expectedPeriodEnd } from "./expected-period-end.ts";

const daily = (series: string, from: string, until: string, of: (index: number) => string): DayCost[] => {
  const costs: DayCost[] = [];
  for (let day = from, index = 0; day < until; day = addDays(day, 1), index++)
    costs.push({ series, provider: "AWS", day, amount: toExactAmount(of(index)) });
  return costs;
};
const support = ["2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"].map((day): DayCost => ({
  series: "Support",
  provider: "AWS",
  day,
  amount: toExactAmount("100"),
}));

function expected(costs: DayCost[], period: { start: string; end: string }, today: string) {
  const found = expectedPeriodEnd({ period, today, costs: toDailyCosts(costs) });
  if ("missing" in found) throw new Error(found.missing);
  return found;
}

it("expects of one month what the month's own function does", () => {
  const amounts = fc.array(fc.bigInt({ min: 0n, max: 100_000n }), { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 1, max: 29 }), (week, day) => {
      const today = addDays("2026-11-01", day);
      const training = daily("Bedrock", "2026-06-01", today, (index) =>
        index % 11 < 2 ? `${week[index % 7]!}0` : "0",
      );
      const costs = [
        ...daily("EC2", "2026-06-01", today, (index) => `${week[index % 7]!}.5`),
        ...training.filter(({ amount }) => amount !== 0n),
        ...support,
      ];
      const month = monthOf("2026-11-01");
      const own = expectedMonthEnd({ month, today, costs: toDailyCosts(costs) });
      if ("missing" in own) throw new Error(own.missing);
      const found = expected(costs, month, today);
      expect(found.expected.toString()).toBe(own.expected.toString());
      expect(found.dataEnd).toBe(own.dataEnd);
    }),
    { numRuns: 20 },
  );
});

it("expects the days of later months too, and each fee once a month", () => {
  const costs = [...daily("EC2", "2026-06-01", "2026-11-16", () => "10"), ...support];
  const found = expected(costs, { start: "2026-10-01", end: "2027-01-01" }, "2026-11-16");
  expect(found.actualToDate.toString()).toBe("660");
  expect(found.feesToCome.toString()).toBe("100");
  expect(found.expected.toFixed(2)).toBe("1220.00");
  expect(found.toCome.get("2026-12-01")!.toFixed(2)).toBe("110.00");
});

it("expects the days of a project that begins within a month, and nothing of the rest", () => {
  const costs = daily("EC2", "2026-06-01", "2026-11-16", () => "10");
  const found = expected(costs, { start: "2026-11-10", end: "2026-11-20" }, "2026-11-16");
  expect([found.actualToDate.toString(), found.expected.toFixed(2)]).toEqual(["60", "100.00"]);
});

it("is what it was where all is in, and says why where it cannot be told", () => {
  const costs = daily("EC2", "2026-06-01", "2026-11-16", () => "10");
  expect(expected(costs, monthOf("2026-10-01"), "2026-11-16").expected.toString()).toBe("310");
  const young = expectedPeriodEnd({
    period: monthOf("2026-11-01"),
    today: "2026-11-16",
    costs: toDailyCosts(costs.slice(-10)),
  });
  expect(young).toEqual({ missing: expect.stringContaining("1 weeks of costs") });
  expect(
    expectedPeriodEnd({ period: monthOf("2026-11-01"), today: "2026-11-16", costs: toDailyCosts([]) }),
  ).toHaveProperty("missing");
});
