import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { decimal, sum } from "@finops/kernel/decimal";
import { focusBill } from "../testing/sample-bills.ts";
import { createTestPipeline, type TestPipeline } from "../testing/test-pipeline.ts";

let test: TestPipeline;
beforeAll(async () => {
  test = await createTestPipeline();
});
afterAll(() => test.close());

/** A decimal as bills write it: up to 25 digits before the point, up to 26 after it, either sign, with an exponent at times. */
const amount = fc
  .record({
    whole: fc.bigInt({ min: 0n, max: 10n ** 25n }),
    wholeDigits: fc.integer({ min: 1, max: 25 }),
    fraction: fc.bigInt({ min: 0n, max: 10n ** 26n - 1n }),
    places: fc.integer({ min: 0, max: 26 }),
    isNegative: fc.boolean(),
    exponent: fc.option(fc.integer({ min: -8, max: 8 }), { freq: 8 }),
  })
  .map(({ whole, wholeDigits, fraction, places, isNegative, exponent }) => {
    const digits = (whole % 10n ** BigInt(wholeDigits)).toString();
    const behind = fraction
      .toString()
      .padStart(26, "0")
      .slice(0, exponent === null ? places : Math.min(places, 10));
    const sign = isNegative ? "-" : "";
    if (exponent === null) return `${sign}${digits}${behind === "" ? "" : `.${behind}`}`;
    return `${sign}${digits.slice(0, 10)}.${behind === "" ? "0" : behind}e${exponent}`;
  });

const row = fc.record({
  BilledCost: amount,
  EffectiveCost: amount,
  ConsumedQuantity: amount,
  day: fc.integer({ min: 1, max: 28 }),
  ServiceName: fc.constantFrom("Amazon EC2", "Amazon S3"),
  BillingCurrency: fc.constantFrom("USD", "EUR"),
});

it("sums of any magnitude and scale are exact in the report, in the lake's account and in the query, by rows and by rollups", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 150 }), async (rows) => {
      const ctx = await test.company();
      const bill = rows.map(({ day, ...values }) => ({
        ...values,
        ChargePeriodStart: `2026-05-${String(day).padStart(2, "0")}T00:00:00Z`,
        ChargePeriodEnd: `2026-05-${String(day + 1).padStart(2, "0")}T00:00:00Z`,
      }));
      const total = (column: "BilledCost" | "EffectiveCost", of: readonly (typeof rows)[number][]) =>
        sum(of.map((one) => decimal(one[column]))).toString();
      const report = await test.importOne(ctx, { "may.csv": focusBill(bill) });
      const currencies = [...new Set(rows.map((one) => one.BillingCurrency))];
      const ofCurrency = (currency: string) => rows.filter((one) => one.BillingCurrency === currency);
      expect(report.rejects).toEqual([]);
      expect(report.billedCost).toEqual(
        Object.fromEntries(currencies.map((currency) => [currency, total("BilledCost", ofCurrency(currency))])),
      );

      // By service and day from a rollup where there is one; by resource from the rows.
      for (const groupBy of [["serviceName"], ["resourceId"]]) {
        const answer = await test.query(ctx, {
          measures: ["billedCost", "effectiveCost"],
          groupBy,
          ...(groupBy[0] === "serviceName" ? { grain: "day" } : {}),
          limit: 1000,
        });
        const found = Object.fromEntries(
          answer.totals.map(({ currency, values }) => [
            currency,
            [values.billedCost!.value, values.effectiveCost!.value],
          ]),
        );
        expect(found).toEqual(
          Object.fromEntries(
            currencies.map((currency) => [
              currency,
              [total("BilledCost", ofCurrency(currency)), total("EffectiveCost", ofCurrency(currency))],
            ]),
          ),
        );
        const bySum = sum(
          answer.rows
            .filter((one) => one.currency === currencies[0])
            .map((one) => decimal(one.values.billedCost!.value!)),
        );
        expect(bySum.toString()).toBe(total("BilledCost", ofCurrency(currencies[0]!)));
      }
    }),
    { numRuns: 8 },
  );
}, 180_000);
