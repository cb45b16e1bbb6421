import { zero } from "@finops/kernel/decimal";
import { expect, it } from "vitest";
import { baseAmounts, checkAmount } from "./amounts.ts";
import type { BudgetPeriods } from "./contract.ts";
import { parsePlan } from "./parse-plan.ts";
import { firstPeriods } from "./periods.ts";

const months: BudgetPeriods = { grain: "month", start: "2026-01-01", end: null };
const firstMonths = (count: number) => firstPeriods(months, 1, count);
const parse = (text: string) => parsePlan(text, firstMonths(120));

it("reads what a spreadsheet or a CSV file holds, with or without a heading", () => {
  const amounts = [
    { start: "2026-01-01", amount: "1200.00" },
    { start: "2026-02-01", amount: "900" },
  ];
  expect(parse("Month\tAmount\r\n2026-01\t1200.00\r\n2026-02\t900\r\n")).toEqual({ amounts, problems: [] });
  expect(parse('2026-01-01,"1200.00"\n2026-02-01,900')).toEqual({ amounts, problems: [] });
  expect(parse("2026-01;1200.00\n2026-02;900")).toEqual({ amounts, problems: [] });
});

it("refuses text in numbers, with the row and the reason, and takes nothing of it", () => {
  const { amounts, problems } = parse(
    'Month,Amount\n2026-01,12OO\n2026-02,"1,200.00"\n2026-03,\n2026-05,7\n2026-05,-3\n2026-06,1,2\n2026-07,=1+1',
  );
  expect(amounts).toEqual([]);
  expect(problems.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  expect(problems.map(({ reason }) => reason)).toEqual([
    expect.stringContaining('"12OO" is text'),
    expect.stringContaining("two ways"),
    "The amount is missing.",
    expect.stringContaining('"2026-05" is not the next one, which begins on 2026-04-01'),
    'The period "2026-05" is there twice. Each has one row.',
    expect.stringContaining("3 columns"),
    expect.stringContaining('"=1+1" is text'),
  ]);
  expect(parse("2026-01,-3").problems[0]!.reason).toContain("less than nothing");
  expect(parse(" \n ").problems[0]!.reason).toContain("no rows");
});

it("gives each period its amount: fixed, planned, or growing and rounded once", () => {
  const none = () => zero;
  const texts = (amount: Parameters<typeof baseAmounts>[0]) => baseAmounts(amount, firstMonths(3), none).map(String);
  expect(texts({ kind: "fixed", amount: "10" })).toEqual(["10", "10", "10"]);
  expect(texts({ kind: "growing", amount: "100.00", percent: "2.5" })).toEqual(["100", "102.5", "105.06"]);
  const plan = { kind: "plan" as const, amounts: parse("2026-01,1\n2026-02,2\n2026-03,3").amounts };
  expect(texts(plan)).toEqual(["1", "2", "3"]);
  expect(() => checkAmount(plan, firstMonths)).not.toThrow();
  expect(() => checkAmount({ ...plan, amounts: plan.amounts.toReversed() }, firstMonths)).toThrow(
    "begins on 2026-01-01",
  );
  expect(() => checkAmount(plan, () => firstMonths(2))).toThrow("has 2 periods");
  expect(() => checkAmount({ kind: "growing", amount: "1", percent: "-101" }, firstMonths)).toThrow("100 %");
  const tenfold = { kind: "growing" as const, amount: "5", percent: "900" };
  expect(() => checkAmount(tenfold, firstMonths)).toThrow("By 2027-04-01 it would have grown to more than 15 digits");
  const years = { grain: "year" as const, start: "2026-11-01", end: null };
  expect(() => checkAmount({ ...tenfold, percent: "40" }, (count) => firstPeriods(years, 1, count))).not.toThrow();
});
