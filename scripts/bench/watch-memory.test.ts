import { expect, it } from "vitest";
import { sumOfTree } from "./watch-memory.ts";

it("adds up a process and everything that it started, and nothing else", () => {
  const table = `
      1     0   900
    100     1    10
    101   100    20
    102   101    30
    200     1   500
`;
  expect(sumOfTree(table, 100)).toBe(60);
  expect(sumOfTree(table, 999)).toBe(0);
});
