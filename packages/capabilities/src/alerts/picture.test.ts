import { parseDecimal } from "@finops/kernel/decimal";
import { expect, it } from "vitest";
import { chartSvg } from "../pictures/chart-svg.ts";
import { chartOf, pictureOfBudget, pictureOfDays } from "./picture.ts";

const cost = (amounts: Readonly<Record<string, string>>) =>
  new Map(Object.entries(amounts).map(([day, amount]) => [day, parseDecimal(amount)]));

it("shows thirty days at most, from the first that is known, a day without a charge as nothing", () => {
  const series = cost({ "2026-09-01": "7", "2026-11-01": "1.00000000000000000001", "2026-11-03": "2" });
  expect(pictureOfDays(series, "2026-11-04", "USD").amounts).toEqual([
    { label: "2026-11-01", amount: "1.00000000000000000001" },
    { label: "2026-11-02", amount: "0" },
    { label: "2026-11-03", amount: "2" },
    { label: "2026-11-04", amount: "0" },
  ]);
  expect(pictureOfDays(new Map(), "2026-11-04", "USD").amounts).toHaveLength(30);
});

it("leaves out of a budget what nobody knows", () => {
  const standing = { limit: "100", actual: "40", expected: null } as Parameters<typeof pictureOfBudget>[0];
  expect(pictureOfBudget(standing, "USD").amounts.map(({ label }) => label)).toEqual(["Limit", "Spent"]);
});

it("is the same picture for the same figures, whatever a name holds", () => {
  const picture = pictureOfDays(cost({ "2026-11-03": "2" }), "2026-11-04", "USD");
  const draw = () => chartSvg(chartOf(`<script>alert("x")</script>`, picture), () => null);
  expect(draw()).toBe(draw());
  expect(draw()).not.toContain("<script>");
});
