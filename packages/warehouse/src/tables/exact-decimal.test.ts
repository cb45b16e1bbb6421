import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Decimal, decimal } from "@finops/kernel/decimal";
import { DuckDB } from "../engines/duckdb/connection.ts";
import { literal } from "../engines/duckdb/sql-text.ts";
import { exactValue, layered, toExact } from "./exact-decimal.ts";

let engine: DuckDB;
beforeAll(async () => {
  engine = await DuckDB.open({ threads: 1, memoryMb: 256 });
});
afterAll(() => engine.close());

interface Kept {
  value: Decimal | null;
  isLost: boolean;
  lo: string | null;
}

/** Brings texts of SQL values into the layout, all in one statement. */
async function keep(values: readonly string[], type: string): Promise<Kept[]> {
  const sql = toExact("v", `"v"`, type);
  const rows = values.map((value, index) => `(${index}, ${value})`).join(", ");
  const source = `(SELECT * FROM (VALUES ${rows}) AS t(n, v))`;
  const found = await engine.rows(
    `SELECT CAST(${sql.parts.main} AS DECIMAL(18,8)) AS main, CAST(${sql.parts.lo} AS BIGINT) AS lo, CAST(${sql.parts.big} AS DECIMAL(38,8)) AS big, coalesce(${sql.isLost}, false) AS lost FROM ${layered(source, [sql])} ORDER BY n`,
  );
  return found.map((row) => ({
    value: exactValue(row.main!, row.lo!, row.big!),
    isLost: row.lost === "true",
    lo: row.lo!,
  }));
}

const keepTexts = (texts: readonly string[]) =>
  keep(
    texts.map((text) => `CAST(${literal(text)} AS VARCHAR)`),
    "VARCHAR",
  );

/** Decimals of every magnitude below 1e29 with up to 26 places. */
const digits = fc
  .tuple(
    fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }),
    fc.integer({ min: 0, max: 26 }),
    fc.integer({ min: 0, max: 38 }),
  )
  .map(([value, places, cut]) => decimal(value / 10n ** BigInt(cut)).times(decimal(`1e-${places}`)))
  .filter((value) => value.abs().lessThan("1e29"));

const written = fc.tuple(digits, fc.constantFrom("plain", "zeros", "plus", "exponent")).map(([value, form]) => {
  const plain = value.toFixed();
  if (form === "zeros") return { value, text: plain.includes(".") ? `${plain}000` : `${plain}.000` };
  if (form === "plus") return { value, text: value.isNegative() ? plain : `+${plain}` };
  return { value, text: form === "exponent" && value.abs().lessThan("9e11") ? value.toExponential() : plain };
});

describe("a decimal in the store's layout", () => {
  it("keeps every digit of texts of every magnitude and form, and says so", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(written, { minLength: 100, maxLength: 200 }), async (cases) => {
        const kept = await keepTexts(cases.map(({ text }) => text));
        expect(kept.map(({ value, isLost }) => [value?.toFixed(), isLost])).toEqual(
          cases.map(({ value }) => [decimal(value.toFixed()).toFixed(), false]),
        );
        expect(kept.every(({ lo }) => BigInt(lo!) <= 5n * 10n ** 17n && BigInt(lo!) >= -5n * 10n ** 17n)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it("keeps every digit of decimals", async () => {
    for (const [width, places] of [
      [18, 2],
      [18, 8],
      [38, 10],
      [38, 18],
      [38, 26],
    ] as const) {
      const value = fc
        .bigInt({
          min: -(10n ** BigInt(Math.min(width, places + 11))) + 1n,
          max: 10n ** BigInt(Math.min(width, places + 11)) - 1n,
        })
        .map((units) => decimal(units).times(decimal(`1e-${places}`)));
      await fc.assert(
        fc.asyncProperty(fc.array(value, { minLength: 100, maxLength: 100 }), async (values) => {
          const kept = await keep(
            values.map((one) => `CAST('${one.toFixed()}' AS DECIMAL(${width},${places}))`),
            `DECIMAL(${width},${places})`,
          );
          expect(kept.map((one) => one.value?.toFixed())).toEqual(values.map((one) => one.toFixed()));
        }),
        { numRuns: 4 },
      );
    }
  });

  it("takes a float at its shortest decimal form, what lies beyond 26 places rounded either way", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: -1e15, max: 1e15, noNaN: true }), { minLength: 100, maxLength: 200 }),
        async (values) => {
          const kept = await keep(
            values.map((value) => `CAST('${value}' AS DOUBLE)`),
            "DOUBLE",
          );
          for (const [index, value] of values.entries()) {
            // JavaScript and DuckDB both print a double in its shortest form.
            const shortest = decimal(String(value));
            const off = kept[index]!.value!.minus(shortest).abs();
            expect(shortest.decimalPlaces() <= 26 ? off.isZero() : off.lessThanOrEqualTo("1e-26"), String(value)).toBe(
              true,
            );
          }
        },
      ),
      { numRuns: 10 },
    );
  });

  it("keeps whole numbers of every integer type", async () => {
    for (const type of ["TINYINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT"]) {
      expect(
        (await keep([`CAST(120 AS ${type})`, `CAST(0 AS ${type})`, `CAST(NULL AS ${type})`], type)).map((one) => [
          one.value?.toFixed(),
          one.isLost,
        ]),
      ).toEqual([
        ["120", false],
        ["0", false],
        [undefined, false],
      ]);
    }
  });

  it.each([
    "",
    "abc",
    "1,5",
    "1.2.3",
    "--1",
    "NaN",
    "inf",
    "1e400",
    "0.000000000000000000000000001",
    "1e-27",
    "0x10",
    "1_000",
    "1e",
    ".",
    "+",
    "9".repeat(60),
    "1 2",
    "$5",
    "(5)",
    "1.5-",
    "+-5",
    "1e-400",
  ])("says that it cannot keep %j", async (text) => {
    const [kept] = await keepTexts([text]);
    expect([kept!.value, kept!.isLost]).toEqual([null, true]);
  });

  it("has no value where the bill has none, which is no loss", async () => {
    const [kept] = await keep(["CAST(NULL AS VARCHAR)"], "VARCHAR");
    expect(kept).toEqual({ value: null, isLost: false, lo: null });
  });

  it.each([
    ["35.2E-7", "0.00000352"],
    [" 1.5 ", "1.5"],
    ["1.", "1"],
    [".5", "0.5"],
    ["-0", "0"],
    ["0.00000000500", "0.000000005"],
    ["-9999999999", "-9999999999"],
    ["9999999998.999999999", "9999999998.999999999"],
    ["1e20", "100000000000000000000"],
    ["-123456789012345.12345678901234567890123456", "-123456789012345.12345678901234567890123456"],
  ])("reads %j as %s", async (text, value) => {
    const [kept] = await keepTexts([text]);
    expect([
      kept!.value
        ?.abs()
        .times(kept!.value.isNegative() && !kept!.value.isZero() ? -1 : 1)
        .toFixed(),
      kept!.isLost,
    ]).toEqual([value, false]);
  });
});
