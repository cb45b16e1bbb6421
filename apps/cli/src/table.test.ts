import { describe, expect, it } from "vitest";
import { toCsv } from "./table.ts";

describe("a CSV of figures", () => {
  it("quotes what needs it and leaves a missing figure empty", () => {
    expect(
      toCsv([
        { service: 'Machines, "big"', currency: "USD", cost: "-12.50" },
        { service: "two\nlines", currency: "USD", cost: null },
      ]),
    ).toBe('service,currency,cost\r\n"Machines, ""big""",USD,-12.50\r\n"two\nlines",USD,\r\n');
  });

  it.each(["=SUM(A1)", "+1+1", "-1-1", "@cmd", "\tx"])(
    "takes %j for a text where a spreadsheet would run it",
    (text) => {
      expect(toCsv([{ service: text }])).toBe(`service\r\n'${text}\r\n`);
    },
  );

  it("has the columns of all rows", () => {
    expect(toCsv([{ a: "1" }, { a: "2", b: "3" }])).toBe("a,b\r\n1,\r\n2,3\r\n");
  });

  it("of nothing is an empty line", () => {
    expect(toCsv([])).toBe("\r\n");
  });
});
