import { expect, it } from "vitest";
import { type Lines, toLines } from "./lines.ts";
import { keepRowKeys } from "./row-keys.ts";

const linesOf = (names: string): Lines<unknown> =>
  toLines({
    rows: names.split(""),
    rowId: (name) => name,
    canOpen: undefined,
    opened: new Map(),
    arrange: (inside) => inside,
  });
const lines = linesOf("abcdefgh");

/** The rows after each of the steps, on one table. */
function scroll(steps: readonly string[], { held = null as string | null } = {}): string[] {
  const rowKeys = keepRowKeys();
  rowKeys.hold(held);
  return steps.map((shown) => [...rowKeys.keysOf(lines, shown.split(""))].map(([id, key]) => `${id}${key}`).join(" "));
}

it("gives a line that comes into sight the row of one that has left it", () => {
  expect(scroll(["abc", "bcd"])).toEqual(["a0 b1 c2", "b1 c2 d0"]);
  expect(scroll(["abc", "fgh"])).toEqual(["a0 b1 c2", "f0 g1 h2"]);
});

it("makes new rows above those that stay", () => {
  expect(scroll(["abc", "def", "bcd"]).at(-1)).toBe("b3 c4 d0");
});

it("leaves the row that has the focus to its own line", () => {
  expect(scroll(["abc", "def"], { held: "b" }).at(-1)).toBe("d0 e2 f3");
});

it("never gives the row of one line to another when the lines change", () => {
  const rowKeys = keepRowKeys();
  rowKeys.keysOf(lines, ["a", "b", "c"]);
  expect([...rowKeys.keysOf(linesOf("cxa"), ["c", "x", "a"])]).toEqual([
    ["c", 2],
    ["x", 3],
    ["a", 0],
  ]);
});
