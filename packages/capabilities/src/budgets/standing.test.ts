import { type Decimal, decimal } from "@finops/kernel/decimal";
import { addDays } from "@finops/kernel/period";
import fc from "fast-check";
import { expect, it } from "vitest";
import { budgetStates } from "./contract.ts";
import { burnDown, dailyAllowance, daysLeft, evenTo, phaseOf, stateOf, varianceOf } from "./standing.ts";

const november = { start: "2026-11-01", end: "2026-12-01" };
const of = (value: string) => decimal(value);

it("says where a budget stands, and nothing where there is no data", () => {
  expect(stateOf(of("100"), of("100"), of("100"))).toBe("on-track");
  expect(stateOf(of("100"), of("60"), of("100.01"))).toBe("at-risk");
  expect(stateOf(of("100"), of("100.00000001"), null)).toBe("exceeded");
  expect(stateOf(of("100"), null, null)).toBe("no-data");
  expect(stateOf(of("0"), of("0"), of("0"))).toBe("on-track");
});

const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }).map((cents) => decimal(cents).dividedBy(100));
const rank = (limit: Decimal, actual: Decimal, expected: Decimal) =>
  budgetStates.indexOf(stateOf(limit, actual, expected));

it("never gets better by spending more", () => {
  fc.assert(
    fc.property(amount, amount, amount, fc.bigInt({ min: 0n, max: 10n ** 12n }), (limit, actual, expected, more) => {
      const added = decimal(more).dividedBy(100);
      expect(rank(limit, actual.plus(added), expected.plus(added))).toBeGreaterThanOrEqual(
        rank(limit, actual, expected),
      );
    }),
  );
});

it("tells variance in money and of the limit, and no percentage of nothing", () => {
  const { amount: over, percent } = varianceOf(of("106"), of("100"));
  expect([over.toString(), percent?.toString()]).toEqual(["6", "6"]);
  expect(varianceOf(of("5"), of("0")).percent).toBeNull();
});

it("counts the days left with today, and shares what is left among them", () => {
  expect(daysLeft(november, "2026-11-21")).toBe(10);
  expect(daysLeft(november, "2026-11-30")).toBe(1);
  expect([daysLeft(november, "2026-12-01"), daysLeft(november, "2026-10-01")]).toEqual([0, 30]);
  expect(dailyAllowance(of("100"), of("70"), 10)?.toString()).toBe("3");
  expect(dailyAllowance(of("100"), of("170"), 10)?.toString()).toBe("0");
  expect(dailyAllowance(of("100"), of("70"), 0)).toBeNull();
  expect(phaseOf(november, "2026-12-01")).toBe("over");
  expect(evenTo(of("100"), november, "2026-11-16").toString()).toBe("50");
  expect(evenTo(of("100"), november, "2027-01-01").toString()).toBe("100");
});

it("burns down by what came in, then by what is expected, and the two meet", () => {
  const costs = new Map(["2026-11-01", "2026-11-02"].map((day) => [day, of("10")]));
  const toCome = new Map(Array.from({ length: 28 }, (_, index) => [addDays("2026-11-03", index), of("2")]));
  const points = burnDown({ limit: of("90"), period: november, dataEnd: "2026-11-03" }, costs, toCome);
  expect(points[0]).toEqual({ day: "2026-11-01", left: "80", expectedLeft: null, evenLeft: "87" });
  expect(points[1]).toMatchObject({ left: "70", expectedLeft: "70" });
  expect(points[2]).toMatchObject({ left: null, expectedLeft: "68" });
  expect(points.at(-1)).toMatchObject({ day: "2026-11-30", expectedLeft: "14", evenLeft: "0" });
});
