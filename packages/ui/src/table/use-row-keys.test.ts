import { expect, it } from "vitest";
import { type Lines, toLines } from "./lines.ts";
import { giveKeys } from "./use-row-keys.ts";

const linesOf = (names: string): Lines<unknown> =>
  toLines({
    rows: [...names],
    rowId: (name) => name,
    canOpen: undefined,
    opened: new Map(),
    arrange: (inside) => inside,
  });
const lines = linesOf("abcdefgh");
const give = (before: ReturnType<typeof giveKeys>, shown: string, held: string | null = null) =>
  giveKeys(before, lines, [...shown], held);
const keysOf = ({ keys }: ReturnType<typeof giveKeys>) => [...keys].map(([id, key]) => `${id}${key}`).join(" ");

const first = give({ lines, keys: new Map(), next: 0 }, "abc");

it("gives a line that comes into sight the row of one that has left it", () => {
  expect(keysOf(first)).toBe("a0 b1 c2");
  expect(keysOf(give(first, "bcd"))).toBe("b1 c2 d0");
  expect(keysOf(give(first, "fgh"))).toBe("f0 g1 h2");
});

it("makes new rows above those that stay", () => {
  expect(keysOf(give(give(first, "def"), "bcd"))).toBe("b3 c4 d0");
});

it("leaves the row that has the focus to its own line", () => {
  expect(keysOf(give(first, "def", "b"))).toBe("d0 e2 f3");
});

it("never gives the row of one line to another when the lines change", () => {
  expect(keysOf(giveKeys(first, linesOf("cxa"), ["c", "x", "a"], null))).toBe("c2 x3 a0");
});
