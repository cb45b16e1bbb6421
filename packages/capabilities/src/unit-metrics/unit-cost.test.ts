import { decimal } from "@finops/kernel/decimal";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { MetricValue } from "./contract.ts";
import { unitCostIn } from "./unit-cost.ts";

const value = (quantity: string): MetricValue => ({ month: "2026-10", quantity, kind: "actual" });
const costIn = (cost: string | null, quantity: string | null, today = "2026-11-21") =>
  unitCostIn(
    "2026-10",
    cost === null ? null : decimal(cost),
    quantity === null ? undefined : value(quantity),
    "orders",
    today,
  );

it("divides the cost of a month that is over by its quantity", () => {
  expect(costIn("4800", "12000")).toEqual({
    month: "2026-10",
    cost: "4800",
    quantity: "12000",
    kind: "actual",
    perUnit: "0.4",
    missing: null,
  });
});

it.each([
  ["100", null, "2026-11-21", "Nobody has written the orders of October 2026."],
  [null, "5", "2026-11-21", "There are no costs of October 2026."],
  ["100", "0", "2026-11-21", "There were no orders in October 2026."],
  ["100", "5", "2026-10-31", "October 2026 is not over yet."],
])("says why there is no figure of cost %j and quantity %j on %s", (cost, quantity, today, missing) => {
  expect(costIn(cost, quantity, today)).toMatchObject({ perUnit: null, missing });
});

it("is never nothing where something was spent, and comes back to the cost", () => {
  const amount = fc.bigInt({ min: 1n, max: 10n ** 15n });
  fc.assert(
    fc.property(amount, amount, (cents, quantity) => {
      const cost = decimal(cents).dividedBy(100);
      const { perUnit } = costIn(cost.toString(), quantity.toString());
      const back = decimal(perUnit!).times(quantity.toString());
      expect(back.minus(cost).abs().dividedBy(cost).lessThan("1e-18")).toBe(true);
    }),
  );
});
