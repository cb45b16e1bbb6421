import { identifier } from "@finops/connectors/sql";

/**
 * How the compiler reads a column: as the text of a file, or from the typed columns of the lake. Every method returns an
 * SQL expression. A column that the relation lacks reads as null.
 */
export interface ColumnAccess {
  has(column: string): boolean;
  /** Whether cells are the text of the file, so that types and formats can be tested. */
  readonly isText: boolean;
  /** The type in which the file itself stores the column (parquet), or null where the file is text (CSV). */
  storedType(column: string): string | null;
  isNull(column: string): string;
  text(column: string): string;
  /** A DOUBLE, null where the cell is empty or no number. For comparisons with a tolerance or with zero only. */
  number(column: string): string;
  /** A condition that holds where the number may be below zero, by its sign. */
  hasMinus(column: string): string;
  /** A condition that holds where the number is exactly zero; null where there is none. */
  isZero(column: string): string;
  /** A TIMESTAMP, null where the cell is empty or no instant. */
  instant(column: string): string;
}

/** Columns whose cells are VARCHAR, as they stand in the file. */
export function textAccess(
  columns: readonly string[],
  storedTypes: ReadonlyMap<string, string> = new Map(),
): ColumnAccess {
  const known = new Set(columns);
  const cell = (column: string) => (known.has(column) ? identifier(column) : "NULL::VARCHAR");
  const number = (column: string) => `TRY_CAST(${cell(column)} AS DOUBLE)`;
  return {
    has: (column) => known.has(column),
    isText: true,
    storedType: (column) => storedTypes.get(column) ?? null,
    isNull: (column) => (known.has(column) ? `${identifier(column)} IS NULL` : "TRUE"),
    text: cell,
    number,
    hasMinus: (column) => `contains(${cell(column)}, '-')`,
    // A double keeps every decimal of a bill apart from zero; only below 1e-323 would it not.
    isZero: (column) => `${number(column)} = 0`,
    // The cast alone would read 12/1/25 as a day of the year 12.
    instant: (column) => `CASE WHEN ${cell(column)} LIKE '____-__-__%' THEN TRY_CAST(${cell(column)} AS TIMESTAMP) END`,
  };
}

/**
 * The published columns of the lake: typed, and every metric in three columns: `x`, `x_lo` in units of 1e-26, and `x_big`
 * for amounts beyond the first. Other decimals are text. The columns themselves tell which is which.
 */
export function lakeAccess(columns: readonly string[]): ColumnAccess {
  const known = new Set(columns);
  const cell = (column: string) => (known.has(column) ? identifier(column) : "NULL::VARCHAR");
  const part = (column: string, suffix: "_lo" | "_big") => identifier(`${column}${suffix}`);
  const isMetric = (column: string) => known.has(`${column}_lo`);
  const hasBig = (column: string) => known.has(`${column}_big`);
  return {
    has: (column) => known.has(column),
    isText: false,
    storedType: () => null,
    isNull: (column) => {
      if (!known.has(column)) return "TRUE";
      return hasBig(column)
        ? `(${cell(column)} IS NULL AND ${part(column, "_big")} IS NULL)`
        : `${cell(column)} IS NULL`;
    },
    text: cell,
    // The part below 1e-8 is far inside the tolerance of every comparison that uses this number.
    number: (column) => {
      if (!isMetric(column)) return `TRY_CAST(${cell(column)} AS DOUBLE)`;
      const small = `${cell(column)}::DOUBLE`;
      const big = `${part(column, "_big")}::DOUBLE`;
      return hasBig(column) ? `coalesce(${small} + ${big}, ${small}, ${big})` : small;
    },
    hasMinus: (column) => (isMetric(column) ? "TRUE" : `contains(${cell(column)}, '-')`),
    isZero: (column) => {
      if (!isMetric(column)) return `TRY_CAST(${cell(column)} AS DOUBLE) = 0`;
      const parts = [`coalesce(${cell(column)}, 0) = 0`, `coalesce(${part(column, "_lo")}, 0) = 0`];
      if (hasBig(column)) parts.push(`coalesce(${part(column, "_big")}, 0) = 0`);
      return `(${parts.join(" AND ")})`;
    },
    instant: cell,
  };
}
