import { expect, it } from "vitest";
import { formatUnitPrice } from "./format-figure.ts";

it.each([
  ["0.4", "USD", "$0.40"],
  ["1234.5678", "USD", "$1,234.57"],
  ["0.123456", "USD", "$0.123"],
  ["0.000123456", "USD", "$0.000123"],
  ["-0.00999", "EUR", "\u2212€0.00999"],
  ["0", "JPY", "¥0"],
  ["0.5", "JPY", "¥0.5"],
  ["3.14159", "CREDITS", "3.14 CREDITS"],
])("prints the price %s in %s of one as %s", (amount, currency, shown) => {
  expect(formatUnitPrice(amount, currency)).toBe(shown);
});
