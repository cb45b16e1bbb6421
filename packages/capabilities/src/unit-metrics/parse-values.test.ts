import { expect, it } from "vitest";
import { parseValues } from "./parse-values.ts";

it("reads months and quantities, with a heading and a kind where there is one", () => {
  expect(
    parseValues("Month\tOrders\r\n2026-01\t12000\r\n2026-02-01\t12500.5\tplanned", "actual", "2026-03-05"),
  ).toEqual({
    values: [
      { month: "2026-01", quantity: "12000", kind: "actual" },
      { month: "2026-02", quantity: "12500.5", kind: "planned" },
    ],
    problems: [],
  });
});

it("refuses what is no value, with the row and the reason, and takes nothing of it", () => {
  const { values, problems } = parseValues(
    '2026-01,12OO\n2026-13,1\n2026-02,"1,200"\n2026-02,1\n2026-03,\n2026-04,-1\n2026-05,1,maybe\n2026-06\n2026-07,5',
    "actual",
    "2026-08-01",
  );
  expect(values).toEqual([]);
  expect(problems.map(({ row, reason }) => `${row} ${reason}`)).toEqual([
    expect.stringContaining('1 "12OO" is text'),
    expect.stringContaining('2 "2026-13" is no month'),
    expect.stringContaining("3 "),
    "4 The month 2026-02 is there twice. Each has one row.",
    "5 The quantity is missing. Leave out months that have none.",
    '6 A quantity of "-1" is less than nothing.',
    '7 "maybe" is neither "actual" nor "planned".',
    expect.stringContaining("8 It has 1 column."),
  ]);
  expect(parseValues(" ", "actual", "2026-08-01").problems[0]!.reason).toContain("no rows");
});

it("takes nothing as actual of a month that has not begun", () => {
  expect(parseValues("2026-08\t5\n2026-09\t6", "actual", "2026-08-01").problems).toEqual([
    { row: 2, reason: "2026-09 has not begun, so nothing of it is actual. Write it as planned." },
  ]);
  expect(parseValues("2026-09\t6", "planned", "2026-08-01").values).toHaveLength(1);
});
