import fc from "fast-check";
import { expect, it } from "vitest";
import { decimal, sum } from "./decimal.ts";
import { fromExactAmount, sumExact, toExactAmount } from "./exact-amount.ts";

const text = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.stringMatching(/^\d{0,26}$/))
  .map(([isNegative, whole, fraction]) => `${isNegative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`);

it("adds to the last digit what decimals add", () => {
  fc.assert(
    fc.property(fc.array(text), (texts) => {
      const exact = fromExactAmount(sumExact(texts.map(toExactAmount)));
      expect(exact.toString()).toBe(sum(texts.map((one) => decimal(one))).toString());
    }),
  );
});

it("takes no more places than it keeps", () => {
  expect(() => toExactAmount(`0.${"1".repeat(27)}`)).toThrow("more than 26 places");
});
