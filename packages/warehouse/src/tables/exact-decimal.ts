import { type Decimal, decimal } from "@finops/kernel/decimal";

/**
 * The one layout of costs and quantities in every store: a value is `x + x_lo * 1e-26 + x_big`, exactly.
 *
 * `x DECIMAL(18,8)` is what is summed at the speed of an integer; `x_lo BIGINT` is what is left after 8 places, in units of
 * 1e-26 (at most 5e17 either way); `x_big DECIMAL(38,8)` holds a line of 1e10 and more. All three are NULL together.
 */
export interface ExactParts {
  main: string;
  lo: string;
  big: string;
}

export const exactPlaces = 26;

export function exactNames(column: string): ExactParts {
  return { main: `"${column}"`, lo: `"${column}_lo"`, big: `"${column}_big"` };
}

export const exactTypes: ExactParts = { main: "DECIMAL(18,8)", lo: "BIGINT", big: "DECIMAL(38,8)" };

/** The value of the three sums, each as text or NULL when there was nothing to sum. */
export function exactValue(main: string | null, lo: string | null, big: string | null): Decimal | null {
  if (main === null && lo === null && big === null) return null;
  return decimal(main ?? "0")
    .plus(decimal(lo ?? "0").times(unitOfLo))
    .plus(decimal(big ?? "0"));
}

const unitOfLo = decimal(`1e-${exactPlaces}`);

/**
 * SQL (DuckDB) that brings a value of any numeric type into the layout: `prepare` are columns, each to be computed in a
 * SELECT around the one before (`layered` does it for many values at once), and `parts` stand over all of them. A value
 * that is no decimal number, or has more than 26 places in text, comes out as NULL; `isLost` tells.
 */
export function toExact(
  column: string,
  sql: string,
  type: string,
): { prepare: string[]; parts: ExactParts; isLost: string } {
  const name = (part: string) => `"${column}$${part}"`;
  const [number, isHard, text, shape, places] = [
    name("number"),
    name("hard"),
    name("text"),
    name("shape"),
    name("places"),
  ];
  const [head, tail, wide, whole, rest] = [name("head"), name("tail"), name("wide"), name("whole"), name("rest")];
  const isFloat = type === "DOUBLE" || type === "FLOAT";
  const asText = `CAST(${sql} AS VARCHAR)`;
  const easy = easyNumber(sql, number, type);
  const isShort = `${shape} = 'plain' AND ${places} <= 26 AND strlen(split_part(${text}, '.', 1)) <= 9`;
  const isHuge = `(${text} IS NOT NULL AND ${head} IS NULL AND (${wide} IS NULL OR abs(${wide}) >= 900000000000))`;
  const pick = (whenEasy: string, whenShort: string, whenHuge: string, whenWide: string, whenBig: string) =>
    `CASE WHEN ${isHard} THEN CASE WHEN ${head} IS NOT NULL THEN ${whenShort} WHEN ${isHuge} THEN ${whenHuge} WHEN abs(${wide}) < 9999999999 THEN ${whenWide} ELSE ${whenBig} END ELSE ${whenEasy} END`;
  return {
    prepare: [
      `${easy.number} AS ${number}`,
      `${sql} IS NOT NULL AND NOT coalesce(${easy.isExact}, false) AS ${isHard}`,
      `CASE WHEN ${isHard} THEN trim(${asText}) END AS ${text}`,
      `CASE WHEN ${text} IS NULL THEN NULL WHEN regexp_full_match(${text}, '[+-]?[0-9]*\\.?[0-9]*') THEN 'plain' WHEN regexp_full_match(${text}, '[+-]?[0-9]*\\.?[0-9]*[eE][+-]?[0-9]+') THEN 'exponent' END AS ${shape}`,
      `CASE ${shape} WHEN 'plain' THEN length(rtrim(split_part(${text}, '.', 2), '0')) WHEN 'exponent' THEN length(split_part(split_part(lower(${text}), 'e', 1), '.', 2)) - TRY_CAST(split_part(lower(${text}), 'e', 2) AS INTEGER) END AS ${places}`,
      // Two short integers are read in a twentieth of the time that DECIMAL(38,26) takes.
      `CASE WHEN ${isShort} THEN TRY_CAST(split_part(${text}, '.', 1) || '.' || left(split_part(${text}, '.', 2), 8) AS DECIMAL(18,8)) END AS ${head}, CASE WHEN ${isShort} THEN TRY_CAST((CASE WHEN starts_with(${text}, '-') THEN '-' ELSE '' END) || rpad(substr(split_part(${text}, '.', 2), 9, 18), 18, '0') AS BIGINT) END AS ${tail}`,
      // A float may have any number of places; what lies beyond 26 is less than it can tell apart.
      `CASE WHEN ${head} IS NULL AND ${isFloat ? `${shape} IS NOT NULL` : `${places} <= 26`} THEN TRY_CAST(${text} AS DECIMAL(38,26)) END AS ${wide}`,
      // From 9e11 on DECIMAL(38,26) is too narrow, so the whole part and the fraction are read apart.
      `CASE WHEN ${isHuge} AND ${shape} = 'plain' AND ${places} <= 26 THEN TRY_CAST(split_part(${text}, '.', 1) AS DECIMAL(38,8)) WHEN ${isHuge} AND ${places} <= 8 THEN TRY_CAST(${text} AS DECIMAL(38,8)) END AS ${whole}`,
      `CASE WHEN ${whole} IS NULL THEN ${wide} WHEN ${shape} = 'plain' THEN TRY_CAST((CASE WHEN starts_with(${text}, '-') THEN '-0.' ELSE '0.' END) || split_part(${text}, '.', 2) || '0' AS DECIMAL(38,26)) ELSE 0 END AS ${rest}`,
    ],
    parts: {
      main: pick(
        easyMain(number),
        `CASE WHEN abs(${tail}) <= 500000000000000000 THEN ${head} WHEN ${tail} > 0 THEN CAST(${head} + 0.00000001 AS DECIMAL(18,8)) ELSE CAST(${head} - 0.00000001 AS DECIMAL(18,8)) END`,
        `CASE WHEN ${whole} IS NOT NULL THEN TRY_CAST(${rest} AS DECIMAL(18,8)) END`,
        `TRY_CAST(${wide} AS DECIMAL(18,8))`,
        "0",
      ),
      big: pick(
        `CASE WHEN ${number} IS NOT NULL THEN CAST(0 AS DECIMAL(38,8)) END`,
        "0",
        whole,
        "0",
        `CAST(${wide} AS DECIMAL(38,8))`,
      ),
      lo: pick(
        easyResidue(number),
        `CASE WHEN abs(${tail}) <= 500000000000000000 THEN ${tail} WHEN ${tail} > 0 THEN ${tail} - 1000000000000000000 ELSE ${tail} + 1000000000000000000 END`,
        `CASE WHEN ${whole} IS NOT NULL THEN ${residue(rest)} END`,
        residue(rest),
        residue(rest),
      ),
    },
    isLost: `(${isHard} AND ${isHuge} AND ${whole} IS NULL)`,
  };
}

/**
 * A relation with the prepared columns of all values. One SELECT per layer: an alias used within its own SELECT would be
 * copied into every use, and seven layers of copies take seconds to plan.
 */
export function layered(relation: string, values: readonly { prepare: readonly string[] }[]): string {
  const layers = Math.max(0, ...values.map((value) => value.prepare.length));
  return Array.from({ length: layers }).reduce<string>(
    (inner, _, layer) => `(SELECT *, ${values.map((value) => value.prepare[layer]!).join(", ")} FROM ${inner})`,
    relation,
  );
}

/**
 * Nearly all values of bills have at most 10 places below 1e5, or 8 below 1e7, so at most 15 digits, and a decimal of 15
 * digits is the shortest form of just one double: those are brought into the layout by double arithmetic, whose every step is then
 * exact or rounded back, at a tenth of the cost of text and wide decimals. `isExact` says for which rows that holds.
 */
function easyNumber(sql: string, number: string, type: string): { number: string; isExact: string } {
  const isShort = `(abs(${number}) < 100000 AND round(${number} * 1e10) / 1e10 = ${number} OR abs(${number}) < 10000000 AND round(${number} * 1e8) / 1e8 = ${number})`;
  if (type === "DOUBLE") return { number: sql, isExact: isShort };
  // The shortest form of a float of 32 bits is not that of the double with its value, except where it has few places.
  if (type === "FLOAT") return { number: `CAST(${sql} AS DOUBLE)`, isExact: isShort };
  if (/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(type))
    return { number: `CAST(${sql} AS DOUBLE)`, isExact: `abs(${number}) < 10000000` };
  if (type.startsWith("DECIMAL(")) {
    const narrow = [10, 8].map((scale) => `TRY_CAST(${sql} AS DECIMAL(15,${scale}))`);
    return {
      number: `coalesce(${narrow.map((decimal) => `CAST(${decimal} AS DOUBLE)`).join(", ")})`,
      isExact: `coalesce(${narrow.map((decimal) => `${decimal} = ${sql}`).join(", ")})`,
    };
  }
  // Of 16 characters at most 15 are digits that count. What the engine's own reading forgives ("1_000", "+-5", a number too
  // small for a double, which it takes for 0) is left to the stricter one.
  const text = `CAST(${sql} AS VARCHAR)`;
  return {
    number: `TRY_CAST(${text} AS DOUBLE)`,
    isExact: `strlen(${text}) <= 16 AND ${isShort} AND NOT contains(${text}, '_') AND NOT contains(${text}, '+') AND (${number} <> 0 OR NOT (contains(${text}, 'e') OR contains(${text}, 'E')))`,
  };
}

function easyMain(number: string): string {
  return `TRY_CAST(${number} AS DECIMAL(18,8))`;
}

// Below 1e5 a double is exact to 2e-11, so the difference counts its hundredths of a unit without error; from there on it is 0.
function easyResidue(number: string): string {
  return `TRY_CAST(round((${number} - CAST(${easyMain(number)} AS DOUBLE)) * 1e10) AS BIGINT) * 10000000000000000`;
}

// 26 places without their point are the number of units; a multiplication would need more than 38 digits.
function residue(wide: string): string {
  return `CAST(replace(CAST(${wide} - CAST(CAST(${wide} AS DECIMAL(38,8)) AS DECIMAL(38,26)) AS VARCHAR), '.', '') AS BIGINT)`;
}
