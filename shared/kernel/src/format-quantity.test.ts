import { expect, it } from "vitest";
import { formatQuantity, formatQuantityShort } from "./format-quantity.ts";

it.each([
  ["9999.5", "9,999.5", "9,999.5"],
  ["12000", "12,000", "12k"],
  ["1541000", "1,541,000", "1.54M"],
  ["0.00012345", "0.000123", "0.000123"],
  ["0", "0", "0"],
])("prints the quantity %s as %s, and short as %s", (amount, exact, short) => {
  expect([formatQuantity(amount), formatQuantityShort(amount)]).toEqual([exact, short]);
});
