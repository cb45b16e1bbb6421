import type { Check } from "./check.ts";
import { empty, not } from "./check.ts";

/** What a requirement of the official model asks: something of each row, of the header, or of a grouping. */
export type Requirement =
  | { readonly kind: "rows"; readonly must: Check }
  | { readonly kind: "present"; readonly column: string }
  | { readonly kind: "values-per-key"; readonly key: string; readonly of: string; readonly count: number };

/** The model says something that cannot be read; the message says what, and the rule is answered "not-checkable". */
export class UnreadableRequirement extends Error {}

type Node = Record<string, unknown>;

/**
 * Reads one node of a model: `CheckFunction` and its arguments, with `Items` below AND and OR.
 * `ruleCheck` gives what another rule asks of a row, for CheckModelRule.
 */
export function readRequirement(node: Node, ruleCheck: (ruleId: string) => Check): Requirement {
  const text = (key: string) => textArgument(node, key);
  switch (node["CheckFunction"]) {
    case "ColumnPresent":
      return { kind: "present", column: text("ColumnName") };
    case "CheckDistinctCount":
      return {
        kind: "values-per-key",
        key: text("ColumnAName"),
        of: text("ColumnBName"),
        count: numberArgument(node, "ExpectedCount"),
      };
    default:
      return { kind: "rows", must: readCheck(node, ruleCheck) };
  }
}

function readCheck(node: Node, ruleCheck: (ruleId: string) => Check): Check {
  const text = (key: string) => textArgument(node, key);
  switch (node["CheckFunction"]) {
    case "AND":
      return { op: "all", items: itemsArgument(node).map((item) => readCheck(item, ruleCheck)) };
    case "OR":
      return readAlternatives(itemsArgument(node).map((item) => readCheck(item, ruleCheck)));
    case "CheckValue":
      return readValue(text("ColumnName"), node);
    case "CheckNotValue":
      return not(readValue(text("ColumnName"), node));
    case "CheckSameValue":
      return { op: "same", column: text("ColumnAName"), other: text("ColumnBName") };
    case "CheckNotSameValue":
      return not({ op: "same", column: text("ColumnAName"), other: text("ColumnBName") });
    case "CheckGreaterOrEqualThanValue":
      return { op: "at-least", column: text("ColumnName"), min: numberArgument(node, "Value") };
    case "ColumnByColumnEqualsColumnValue":
      return {
        op: "product",
        price: text("ColumnAName"),
        quantity: text("ColumnBName"),
        cost: text("ResultColumnName"),
      };
    case "CheckModelRule":
      return ruleCheck(text("ModelRuleId"));
    case "TypeString":
      return { op: "type", column: text("ColumnName"), type: "string" };
    case "TypeDecimal":
    case "CheckDecimalValue":
      return { op: "type", column: text("ColumnName"), type: "decimal" };
    case "TypeDateTime":
      return { op: "type", column: text("ColumnName"), type: "datetime" };
    case "FormatNumeric":
      return { op: "format", column: text("ColumnName"), format: "numeric" };
    case "FormatDateTime":
      return { op: "format", column: text("ColumnName"), format: "datetime" };
    case "FormatString":
      return { op: "format", column: text("ColumnName"), format: "text" };
    case "FormatUnit":
      return { op: "format", column: text("ColumnName"), format: "unit" };
    case "FormatCurrency":
      return { op: "format", column: text("ColumnName"), format: "currency" };
    case "CheckNationalCurrency":
      return { op: "format", column: text("ColumnName"), format: "national-currency" };
    case "FormatKeyValue":
      return { op: "format", column: text("ColumnName"), format: "key-value" };
    case "ColumnPresent":
    case "CheckDistinctCount":
      throw new UnreadableRequirement(`${String(node["CheckFunction"])} is no question about a row.`);
    case undefined:
      throw new UnreadableRequirement("The model is malformed here: a check without CheckFunction.");
    default:
      throw new UnreadableRequirement(`The check function ${String(node["CheckFunction"])} is not known.`);
  }
}

/** Alternatives that list the values of a column, or its pairs with another, become one look-up instead of 82 comparisons. */
function readAlternatives(items: readonly Check[]): Check {
  return readValueList(items) ?? readPairs(items) ?? { op: "any", items };
}

function readValueList(items: readonly Check[]): Check | null {
  const [first] = items;
  if (first?.op !== "equals") return null;
  const values = items.flatMap((item) => (item.op === "equals" && item.column === first.column ? [item.value] : []));
  if (values.length < items.length) return null;
  return { op: "all", items: [not(empty(first.column)), { op: "one-of", column: first.column, values }] };
}

function readPairs(items: readonly Check[]): Check | null {
  const partners = new Map<string, string>();
  const columns = new Set<string>();
  for (const item of items) {
    const [left, right, more] = item.op === "all" ? item.items : [];
    if (left?.op !== "equals" || right?.op !== "equals" || more !== undefined || partners.has(left.value)) return null;
    partners.set(left.value, right.value);
    columns.add(`${left.column}\n${right.column}`);
  }
  const [column, other, none] = [...columns].join("\n").split("\n");
  if (column === undefined || other === undefined || none !== undefined) return null;
  return { op: "all", items: [not(empty(column)), not(empty(other)), { op: "partner", column, other, partners }] };
}

function readValue(column: string, node: Node): Check {
  const value = node["Value"];
  if (value === null) return empty(column);
  if (typeof value === "number")
    return { op: "all", items: [not(empty(column)), { op: "equals-number", column, value }] };
  if (typeof value === "string" || typeof value === "boolean") return { op: "equals", column, value: String(value) };
  throw new UnreadableRequirement(`The value that ${column} is compared with is missing.`);
}

function textArgument(node: Node, key: string): string {
  const value = node[key];
  if (typeof value === "string") return value;
  throw new UnreadableRequirement(`The model is malformed here: ${String(node["CheckFunction"])} without ${key}.`);
}

function numberArgument(node: Node, key: string): number {
  const value = Number(node[key]);
  if (node[key] !== undefined && Number.isFinite(value)) return value;
  throw new UnreadableRequirement(`The model is malformed here: ${String(node["CheckFunction"])} without ${key}.`);
}

function itemsArgument(node: Node): Node[] {
  const items = node["Items"];
  if (Array.isArray(items) && items.every((item): item is Node => typeof item === "object" && item !== null))
    return items;
  throw new UnreadableRequirement(`The model is malformed here: ${String(node["CheckFunction"])} without Items.`);
}
