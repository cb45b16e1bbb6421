import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Decimal, decimal, sum } from "./decimal.ts";
import { splitByWeight } from "./split.ts";

const split = (total: string, weights: (string | number)[], scale: number) =>
  splitByWeight(
    decimal(total),
    weights.map((weight) => decimal(weight)),
    scale,
  ).map(String);

const totals = fc
  .tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.integer({ min: 0, max: 26 }))
  .map(([digits, places]) => decimal(`${digits}e-${places}`));
const someWeights = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 12 })
  .filter((weights) => weights.some((weight) => weight > 0n))
  .map((weights) => weights.map((weight) => decimal(weight)));
const scales = fc.integer({ min: 0, max: 8 });

describe("splitting", () => {
  it.each([
    ["100", [30, 60], 2, ["33.33", "66.67"]],
    ["100", [1, 1, 1], 2, ["33.34", "33.33", "33.33"]],
    ["0.02", [1, 1, 1], 2, ["0.01", "0.01", "0"]],
    ["10", [1, 2, 3], 0, ["2", "3", "5"]],
    ["5", [0, 1, 0], 2, ["0", "5", "0"]],
    ["1", ["0.5", "0.25", "0.25"], 2, ["0.5", "0.25", "0.25"]],
    ["0", [1, 2], 2, ["0", "0"]],
    ["7", [3], 2, ["7"]],
  ] satisfies [string, (string | number)[], number, string[]][])(
    "gives of %s by %j at %d places the parts %j",
    (total, weights, scale, parts) => {
      expect(split(total, weights, scale)).toEqual(parts);
    },
  );

  it("gives what is left to the greatest remainder first", () => {
    // 10 units by 1, 1 and 5: 1 3/7, 1 3/7 and 7 1/7. The unit that is left goes to the first 3/7.
    expect(split("10", [1, 1, 5], 0)).toEqual(["2", "1", "7"]);
    // 10 units by 5, 2 and 2: 5 5/9, 2 2/9 and 2 2/9.
    expect(split("10", [2, 5, 2], 0)).toEqual(["2", "6", "2"]);
  });

  it("splits a credit exactly as its charge", () => {
    expect(split("-100", [1, 1, 1], 2)).toEqual(["-33.34", "-33.33", "-33.33"]);
  });

  it("leaves digits beyond the scale with the first part that has a weight", () => {
    expect(split("1.0000001", [0, 1, 1], 2)).toEqual(["0", "0.5000001", "0.5"]);
    expect(split("-1.0000001", [0, 1, 1], 2)).toEqual(["0", "-0.5000001", "-0.5"]);
  });
});

describe("every split", () => {
  it("adds up to the whole, to the last digit", () => {
    fc.assert(
      fc.property(totals, someWeights, scales, (total, weights, scale) => {
        expect(sum(splitByWeight(total, weights, scale)).toFixed()).toBe(total.toFixed());
      }),
    );
  });

  it("gives each part its share, less than one unit off", () => {
    fc.assert(
      fc.property(totals, someWeights, scales, (total, weights, scale) => {
        const unit = decimal(`1e-${scale}`);
        const whole = total
          .abs()
          .dividedToIntegerBy(unit)
          .times(unit)
          .times(total.isNegative() ? -1 : 1);
        const tail = total.minus(whole);
        const first = weights.findIndex((weight) => !weight.isZero());
        const weightSum = sum(weights);
        splitByWeight(total, weights, scale).forEach((part, index) => {
          const withoutTail = index === first ? part.minus(tail) : part;
          // Compared without dividing, so that the check itself is exact.
          const off = withoutTail.times(weightSum).minus(whole.times(weights[index]!)).abs();
          expect(off.lessThan(unit.times(weightSum))).toBe(true);
        });
      }),
    );
  });

  it("gives nothing to a weight of zero", () => {
    fc.assert(
      fc.property(totals, someWeights, scales, (total, weights, scale) => {
        const parts = splitByWeight(total, weights, scale);
        const ofNothing = parts.filter((_, index) => weights[index]!.isZero());
        expect(ofNothing.every((part) => part.isZero())).toBe(true);
      }),
    );
  });

  it("never gives a smaller weight more, where all digits are within the scale", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), someWeights, (units, weights) => {
        const sorted = weights.toSorted((a, b) => b.comparedTo(a));
        const parts = splitByWeight(decimal(units), sorted, 0);
        parts.slice(1).forEach((part, index) => expect(part.lessThanOrEqualTo(parts[index]!)).toBe(true));
      }),
    );
  });

  it("does not depend on the unit of the weights", () => {
    fc.assert(
      fc.property(
        totals,
        someWeights,
        scales,
        fc.constantFrom("0.001", "3", "1e9"),
        (total, weights, scale, factor) => {
          const plain = (parts: Decimal[]) => parts.map((part) => part.toFixed());
          expect(
            plain(
              splitByWeight(
                total,
                weights.map((weight) => weight.times(decimal(factor))),
                scale,
              ),
            ),
          ).toEqual(plain(splitByWeight(total, weights, scale)));
        },
      ),
    );
  });

  it("of a credit is the negated split of the charge", () => {
    fc.assert(
      fc.property(totals, someWeights, scales, (total, weights, scale) => {
        const [charge, credit] = [splitByWeight(total, weights, scale), splitByWeight(total.negated(), weights, scale)];
        expect(sum(credit.map((part, index) => part.plus(charge[index]!).abs())).isZero()).toBe(true);
      }),
    );
  });
});

describe("what cannot be split", () => {
  it("is a cost by a negative weight", () => {
    expect(() => split("1", [2, -1], 2)).toThrow(
      expect.objectContaining({ code: "invalid", message: "A cost cannot be split by a negative weight." }),
    );
  });

  it.each([[[]], [[0]], [[0, 0]]])("is a cost by the weights %j", (weights) => {
    expect(() => split("1", weights, 2)).toThrow(
      expect.objectContaining({ code: "invalid", message: "A cost cannot be split: every weight is 0." }),
    );
  });

  it("does not count a negative zero as negative", () => {
    expect(split("1", ["-0", 1], 2)).toEqual(["0", "1"]);
  });
});
