import { expect, it } from "vitest";
import { plainDecimalProblem, readPastedRows } from "./pasted-table.ts";

it("reads rows by the first separator that there is, and keeps their numbers", () => {
  expect(readPastedRows('Month\tOrders\r\n\r\n2026-01\t"1,5"\r\n', 1)).toEqual([{ row: 3, cells: ["2026-01", "1,5"] }]);
  expect(readPastedRows("2026-01;7\n2026-02;x", 1)).toEqual([
    { row: 1, cells: ["2026-01", "7"] },
    { row: 2, cells: ["2026-02", "x"] },
  ]);
  expect(readPastedRows(" \n", 1)).toEqual([]);
});

it.each([
  ["1200.00", null],
  ["0", null],
  ["1234.567", null],
  ["0.125", null],
  ["1.2000", null],
  ["1.200", "Write 1200, or 1.2000 where it is a fraction"],
  ["1,200", "two ways"],
  ["1.123456789", "two ways"],
  ["12OO", "is text"],
  ["-3", "is text"],
])("%j as a plain decimal: %j", (text, problem) => {
  const found = plainDecimalProblem(text, "1200.00");
  if (problem === null) expect(found).toBeNull();
  else expect(found).toContain(problem);
});
