import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimal, parseDecimal, roundHalfAway, sum, sumTexts, zero } from "./decimal.ts";

/** Digits as bills write them: up to 38 before the point and 26 after. */
const decimalText = fc
  .tuple(fc.constantFrom("", "-"), fc.bigInt({ min: 0n, max: 10n ** 38n }), fc.stringMatching(/^\d{0,26}$/))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}`);

describe("reading", () => {
  it.each([
    ["8.5450077867419368", "8.5450077867419368"],
    ["16.296932136636644627485419", "16.296932136636644627485419"],
    ["35.2E-7", "0.00000352"],
    ["1e3", "1000"],
    ["+2.50", "2.5"],
    [".5", "0.5"],
    ["5.", "5"],
    ["-.5", "-0.5"],
    ["  7 ", "7"],
    ["000123.4500", "123.45"],
    ["1e-26", `0.${"0".repeat(25)}1`],
    ["12345678901234567890123456789012345678", "12345678901234567890123456789012345678"],
  ])("takes %j as %s", (text, plain) => {
    expect(parseDecimal(text).toString()).toBe(plain);
  });

  it.each([
    "",
    " ",
    "abc",
    "NaN",
    "Infinity",
    "-Infinity",
    "1,5",
    "1.2.3",
    "--1",
    "+-1",
    "0x10",
    "1e",
    "1e99999",
    "1 2",
    ".",
    "-",
    "$5",
    "5$",
    "1_000",
    "e5",
  ])("refuses %j, and repeats it in the sentence", (text) => {
    expect(() => parseDecimal(text)).toThrow(
      expect.objectContaining({ code: "invalid", message: `"${text}" is not a decimal number.` }),
    );
  });

  it("repeats no more than 60 characters of what it refuses", () => {
    expect(() => parseDecimal("x".repeat(500))).toThrow(`"${"x".repeat(60)}" is not a decimal number.`);
  });

  it("keeps every digit", () => {
    fc.assert(
      fc.property(decimalText, (text) => {
        const [whole, fraction = ""] = text.replace("-", "").split(".") as [string, string?];
        const printed = parseDecimal(text).toFixed();
        const [printedWhole, printedFraction = ""] = printed.replace("-", "").split(".") as [string, string?];
        expect([printedWhole, printedFraction]).toEqual([whole, fraction.replace(/0+$/, "")]);
      }),
    );
  });

  it("prints no exponent, however small or large", () => {
    expect([parseDecimal("1e-300").toString().length, parseDecimal("1e300").toString()]).toEqual([
      302,
      `1${"0".repeat(300)}`,
    ]);
  });
});

describe("making", () => {
  it("takes text, bigints and whole numbers", () => {
    expect([decimal("1.10").toString(), decimal(10n ** 30n).toString(), decimal(-3).toString()]).toEqual([
      "1.1",
      `1${"0".repeat(30)}`,
      "-3",
    ]);
  });

  it.each([0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("refuses the float %d", (float) => {
    expect(() => decimal(float)).toThrow(
      expect.objectContaining({
        code: "internal",
        internal: String(float),
        message: "A float cannot become an exact decimal.",
      }),
    );
  });
});

describe("adding", () => {
  it("of nothing is zero", () => {
    expect([sum([]).toString(), zero.toString()]).toEqual(["0", "0"]);
  });

  it("is exact for amounts of every magnitude and scale", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }), { maxLength: 30 }), (units) => {
        const added = sum(units.map((unit) => decimal(unit).times(decimal("1e-26"))));
        const expected = units.reduce((total, unit) => total + unit, 0n);
        expect(added.times(decimal("1e26")).toFixed()).toBe(expected.toString());
      }),
    );
  });
});

describe("adding texts", () => {
  it("is adding the decimals that they say", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(decimalText, fc.constantFrom("35.2E-7", "-0.5", "+5", ".5", "5.", "1e3", " 7 "))),
        (texts) => {
          expect(sumTexts(texts).toString()).toBe(sum(texts.map(parseDecimal)).toString());
        },
      ),
    );
  });

  it.each(["", "NaN", "1,5", "0x10", "--1"])("refuses %j", (text) => {
    expect(() => sumTexts(["1", text])).toThrow(/is not a decimal number/);
  });
});

describe("rounding", () => {
  it.each([
    ["2.345", 2, "2.35"],
    ["2.355", 2, "2.36"],
    ["-2.345", 2, "-2.35"],
    ["2.3449999999999999999999", 2, "2.34"],
    ["0.5", 0, "1"],
    ["-0.5", 0, "-1"],
    ["1.2", 4, "1.2"],
  ])("takes %s to %d places as %s: half goes away from zero", (text, places, rounded) => {
    expect(roundHalfAway(decimal(text), places).toString()).toBe(rounded);
  });

  it("is never off by more than half a unit, and changes nothing the second time", () => {
    fc.assert(
      fc.property(decimalText, fc.integer({ min: 0, max: 12 }), (text, places) => {
        const value = decimal(text);
        const rounded = roundHalfAway(value, places);
        expect(
          rounded
            .minus(value)
            .abs()
            .lessThanOrEqualTo(decimal(`0.5e-${places}`)),
        ).toBe(true);
        expect(roundHalfAway(rounded, places).equals(rounded)).toBe(true);
      }),
    );
  });
});
