import { describe, expect, it } from "vitest";
import { csvLine, neutralizeCell } from "./csv.ts";

describe("a line of CSV", () => {
  it("tells nothing from an empty text, and quotes what would end a cell", () => {
    expect(csvLine([null, "", "a", "a,b", 'say "hi"', "two\nlines"])).toBe(`,"",a,"a,b","say ""hi""","two\nlines"\r\n`);
  });
});

describe("a cell for a spreadsheet", () => {
  it.each(["=1+1", "+1", "-a", "@SUM(A1)", "\tx", "\rx", "\nx", "-1-1"])("is no formula: %j", (text) => {
    expect(neutralizeCell(text)).toBe(`'${text}`);
  });

  it.each(["", "a=b", "-12.50", "12", "2026-11-22"])("stays what it is: %j", (text) => {
    expect(neutralizeCell(text)).toBe(text);
  });
});
