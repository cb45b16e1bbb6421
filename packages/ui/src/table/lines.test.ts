import { expect, it } from "vitest";
import { type Children, toLines } from "./lines.ts";

const rows = ["a", "b", "c", "d"];
const linesOf = (opened: Record<string, Children<string>>, canOpen: ((row: string) => boolean) | null = () => true) =>
  toLines({
    rows,
    rowId: (row) => row,
    canOpen: canOpen ?? undefined,
    opened: new Map(Object.entries(opened)),
    arrange: (inside) => inside,
  });
const idsOf = (lines: ReturnType<typeof linesOf>) => lines.slice(0, lines.length).map((line) => line.id);

it("has a line for each row, the same at every call", () => {
  const lines = linesOf({}, null);
  expect(idsOf(lines)).toEqual(rows);
  expect(lines.at(2)).toBe(lines.at(2));
  expect(lines.at(2)).toMatchObject({ kind: "row", row: "c", level: 1, isOpen: null });
  expect(lines.at(4)).toBeUndefined();
});

it("puts what is inside below each opened row, whatever is opened above", () => {
  const lines = linesOf({
    a: { state: "there", rows: ["x", "y"] },
    b: { state: "there", rows: [] },
    c: { state: "loading" },
    d: { state: "failed", because: "no" },
  });
  expect(idsOf(lines)).toEqual(["a", "a/x", "a/y", "b", "c", "c/…", "d", "d/!"]);
  expect(lines.length).toBe(8);
  expect(lines.at(1)).toMatchObject({ level: 2, isOpen: null });
  expect(lines.at(3)).toMatchObject({ row: "b", isOpen: true });
  expect(lines.at(8)).toBeUndefined();
});

it("opens only what can be opened", () => {
  const lines = linesOf({ b: { state: "there", rows: ["x"] } }, (row) => row !== "a");
  expect(lines.at(0)).toMatchObject({ row: "a", isOpen: null });
  expect(idsOf(lines)).toEqual(["a", "b", "b/x", "c", "d"]);
});
