import { expect, it } from "vitest";
import { isSingle, moveSelection, rangeOf, selectCell } from "./selection.ts";
import { toCsv, toTsv } from "./tsv.ts";

const size = { lines: 100, columns: 4, page: 10 };
const press = (key: string, more: Partial<{ shiftKey: boolean; ctrlKey: boolean }> = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  ...more,
});
const at = (line: number, column: number) => selectCell(null, { line, column }, false);

it("walks by arrows and by j and k, and stops at the edges", () => {
  expect(moveSelection(at(5, 1), press("ArrowDown"), size)?.active).toEqual({ line: 6, column: 1 });
  expect(moveSelection(at(5, 1), press("k"), size)?.active).toEqual({ line: 4, column: 1 });
  expect(moveSelection(at(0, 0), press("ArrowUp"), size)?.active).toEqual({ line: 0, column: 0 });
  expect(moveSelection(at(99, 3), press("ArrowRight"), size)?.active).toEqual({ line: 99, column: 3 });
  expect(moveSelection(at(5, 1), press("PageDown"), size)?.active.line).toBe(15);
  expect(moveSelection(at(5, 1), press("End", { ctrlKey: true }), size)?.active).toEqual({ line: 99, column: 3 });
});

it("begins at the first row when nothing was active, and leaves other keys alone", () => {
  expect(moveSelection(null, press("j"), size)?.active).toEqual({ line: 0, column: 0 });
  expect(moveSelection(at(5, 1), press("x"), size)).toBeNull();
  expect(moveSelection(at(5, 1), press("j", { ctrlKey: true }), size)).toBeNull();
  expect(moveSelection(null, press("j"), { ...size, lines: 0 })).toBeNull();
});

it("grows a range with shift from where it began", () => {
  const grown = moveSelection(at(5, 2), press("ArrowUp", { shiftKey: true }), size)!;
  expect(rangeOf(grown)).toEqual({ lines: [4, 5], columns: [2, 2] });
  expect(rangeOf(selectCell(grown, { line: 9, column: 0 }, true))).toEqual({ lines: [5, 9], columns: [0, 2] });
  expect(isSingle(moveSelection(grown, press("ArrowUp"), size)!)).toBe(true);
  expect(rangeOf(moveSelection(grown, press("a", { ctrlKey: true }), size)!)).toEqual({
    lines: [0, 99],
    columns: [0, 3],
  });
});

it("copies every digit of a figure, one cell per tab and one row per line", () => {
  const columns = [
    { id: "name", header: "Service\tname", value: (row: { name: string }) => row.name },
    { id: "cost", header: "Cost", kind: "money" as const, value: (row: { cost: string | null }) => row.cost },
    { id: "picture", header: "No value" },
  ];
  const rows = [
    { name: "a\tb\nc", cost: "-1234.56789012345678901234567890" },
    { name: "none", cost: null },
  ];
  expect(toTsv(rows, columns, { hasHeader: true })).toBe(
    "Service name\tCost\na b c\t-1234.56789012345678901234567890\nnone\t",
  );
});

it("lets nobody write a formula into the reader's spreadsheet by way of a tag", () => {
  const columns = [{ id: "tag", header: "Tag", value: (row: { tag: string }) => row.tag }];
  const copied = toTsv([{ tag: '=HYPERLINK("x")' }, { tag: "@sum" }, { tag: "-12.5" }, { tag: "team-a" }], columns, {
    hasHeader: false,
  });
  expect(copied.split("\n")).toEqual(['\'=HYPERLINK("x")', "'@sum", "-12.5", "team-a"]);
});

it("is a CSV file of all rows: quoted where it must be, every digit of a figure, no formula of anybody's", () => {
  const columns = [
    { id: "tag", header: 'The "tag"', value: (row: { tag: string }) => row.tag },
    { id: "cost", header: "Cost", kind: "money" as const, value: (row: { cost: string | null }) => row.cost },
    { id: "picture", header: "No value" },
  ];
  const rows = [
    { tag: 'a, "b"\r\nc', cost: "-0.12345678901234567890" },
    { tag: '=HYPERLINK("x","y")', cost: null },
  ];
  expect(toCsv(rows, columns)).toBe(
    '"The ""tag""",Cost\r\n"a, ""b"" c",-0.12345678901234567890\r\n"\'=HYPERLINK(""x"",""y"")",\r\n',
  );
});
