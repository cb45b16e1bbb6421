import { literal } from "@finops/connectors/sql";
import type { Check } from "./check.ts";
import type { ColumnAccess } from "./column-access.ts";
import { formatCondition, isDecimalText } from "./formats.ts";

/**
 * Compiles checks into SQL conditions that are true or false for every row. Each distinct leaf becomes one column of an
 * inner select, computed once however many rules use it; what a rule asks is then a combination of boolean columns.
 */
export class CheckCompiler {
  readonly #access: ColumnAccess;
  readonly #leaves = new Map<string, string>();

  constructor(access: ColumnAccess) {
    this.#access = access;
  }

  /** The condition in terms of leaf columns, "TRUE" or "FALSE" where it is constant, or null where only text could tell. */
  compile(check: Check): string | null {
    switch (check.op) {
      case "all":
        return combine(
          check.items.map((item) => this.compile(item)),
          "AND",
        );
      case "any":
        return combine(
          check.items.map((item) => this.compile(item)),
          "OR",
        );
      case "not":
        return negate(this.compile(check.item));
      default: {
        const sql = leafCondition(check, this.#access);
        return sql === null || isConstant(sql) ? sql : this.#leaf(sql);
      }
    }
  }

  /** `expression AS name` for every leaf that was compiled. */
  get leaves(): string[] {
    return [...this.#leaves].map(([sql, name]) => `(${sql}) AS ${name}`);
  }

  #leaf(sql: string): string {
    const name = this.#leaves.get(sql) ?? `p${this.#leaves.size}`;
    this.#leaves.set(sql, name);
    return name;
  }
}

/** The rows that break "when, must": selected by `when`, not satisfied by `must`. */
export function breaking(when: Check | null, must: Check): Check {
  const broken: Check = { op: "not", item: must };
  return when === null ? broken : { op: "all", items: [when, broken] };
}

type Leaf = Exclude<Check, { op: "all" | "any" | "not" }>;

function leafCondition(check: Leaf, access: ColumnAccess): string | null {
  switch (check.op) {
    case "empty":
      return access.isNull(check.column);
    case "equals":
      return access.has(check.column)
        ? `${access.text(check.column)} IS NOT DISTINCT FROM ${literal(check.value)}`
        : "FALSE";
    case "equals-number":
      return check.value === 0
        ? orEmpty(access.isZero(check.column))
        : orEmpty(`${access.number(check.column)} = ${check.value}`);
    case "one-of":
      return orEmpty(isListed(access.text(check.column), check.values));
    case "partner":
      return partnerCondition(access.text(check.column), access.text(check.other), check.partners);
    case "same":
      return `${access.text(check.column)} IS NOT DISTINCT FROM ${access.text(check.other)}`;
    case "at-least":
      // Few prices are negative, and a look at the sign spares the reading of all others as numbers.
      return check.min === 0
        ? orEmpty(`CASE WHEN ${access.hasMinus(check.column)} THEN ${access.number(check.column)} >= 0 ELSE TRUE END`)
        : orEmpty(`${access.number(check.column)} >= ${check.min}`);
    case "product":
      return orEmpty(
        productCondition(access.number(check.price), access.number(check.quantity), access.number(check.cost)),
      );
    case "before":
      return orEmpty(`(${access.instant(check.column)}) < (${access.instant(check.other)})`);
    case "type":
      return typeCondition(check.column, check.type, access);
    case "format":
      return access.isText ? orEmpty(formatCondition(check.format, access.text(check.column))) : null;
  }
}

// DuckDB computes a function of a column and constants once per distinct value of a dictionary-encoded column, but a long
// IN once per row, value by value: 82 values over 2 million rows take 30 ms this way and 600 ms that way.
function isListed(cell: string, values: readonly string[]): string {
  return values.length > 8
    ? `list_contains([${values.map(literal).join(", ")}], ${cell})`
    : `${cell} IN (${values.map(literal).join(", ")})`;
}

function partnerCondition(cell: string, other: string, partners: ReadonlyMap<string, string>): string {
  const entries = [...partners].map(([value, partner]) => `${literal(value)}: ${literal(partner)}`);
  return `coalesce(MAP {${entries.join(", ")}}[${cell}] = ${other}, ${cell} IS NULL OR ${other} IS NULL)`;
}

/**
 * Price times quantity equals cost, as far as printed figures can: providers round each of the three, so the difference
 * may be a millionth of a unit of currency or a millionth of the cost, whichever is more.
 */
function productCondition(price: string, quantity: string, cost: string): string {
  return `abs(${price} * ${quantity} - ${cost}) <= greatest(1e-6, abs(${cost}) * 1e-6)`;
}

function typeCondition(column: string, type: "string" | "decimal" | "datetime", access: ColumnAccess): string | null {
  if (!access.isText) return null;
  const stored = access.storedType(column);
  switch (type) {
    case "string":
      // In a text file every cell is a string; in parquet the column may be a number.
      return stored === null || /^(VARCHAR|ENUM|UUID|JSON)/.test(stored) ? "TRUE" : access.isNull(column);
    case "decimal":
      return stored !== null && /^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)?INT)/.test(stored)
        ? "TRUE"
        : orEmpty(isDecimalText(access.text(column)));
    case "datetime":
      return stored !== null && /^(TIMESTAMP|DATE)/.test(stored)
        ? "TRUE"
        : `${access.isNull(column)} OR (${access.instant(column)}) IS NOT NULL`;
  }
}

function orEmpty(condition: string): string {
  return `coalesce(${condition}, TRUE)`;
}

function isConstant(sql: string): boolean {
  return sql === "TRUE" || sql === "FALSE";
}

function negate(sql: string | null): string | null {
  if (sql === null) return null;
  if (isConstant(sql)) return sql === "TRUE" ? "FALSE" : "TRUE";
  return `(NOT ${sql})`;
}

function combine(items: readonly (string | null)[], word: "AND" | "OR"): string | null {
  const absorbing = word === "AND" ? "FALSE" : "TRUE";
  const neutral = word === "AND" ? "TRUE" : "FALSE";
  // One constant side can decide without the side that only text could tell.
  if (items.includes(absorbing)) return absorbing;
  const kept: string[] = [];
  for (const item of items) {
    if (item === null) return null;
    if (item !== neutral) kept.push(item);
  }
  if (kept.length === 0) return neutral;
  return kept.length === 1 ? (kept[0] as string) : `(${kept.join(` ${word} `)})`;
}
