import { expect, it } from "vitest";
import { unitCostSentence } from "./unit-metric-words.ts";

const orders = { unitOne: "order", unitMany: "orders" };
const month = (name: string, perUnit: string | null, missing: string | null = null) => ({
  month: name,
  cost: "1",
  quantity: "12000",
  kind: "actual" as const,
  perUnit,
  missing,
});

it("opens with what one cost in the last month that can be told, against the one before", () => {
  const months = [
    month("2026-09", "0.5"),
    month("2026-10", "0.4"),
    month("2026-11", null, "November 2026 is not over yet."),
  ];
  expect(unitCostSentence(orders, "USD", months)).toBe(
    "One order cost $0.40 in October 2026, 20.0 % less than in the month before, with 12,000 orders.",
  );
  expect(unitCostSentence(orders, "USD", months.slice(1))).toBe(
    "One order cost $0.40 in October 2026, with 12,000 orders.",
  );
});

it("says why nothing can be told", () => {
  const months = [month("2026-10", null, "Nobody has written it."), month("2026-11", null, "It is not over yet.")];
  expect(unitCostSentence(orders, "USD", months)).toBe(
    "What one order costs cannot be told yet. Nobody has written it.",
  );
});
