import type { FocusColumn, FocusVersion } from "@finops/focus/column";
import { columnsOfVersion, type KnownFocusColumn } from "@finops/focus/columns";
import { ruleIds, type RuleIds } from "@finops/focus/rule-ids";
import type { Check, ValueFormat } from "../check.ts";
import { filled } from "../check.ts";
import type { Rule } from "../rule.ts";
import { rowRule } from "./row-rule.ts";

/** The rules that follow from the facts of each column of a version: presence, type, format, emptiness, allowed values, range. */
export function columnRules(version: FocusVersion): Rule[] {
  return columnsOfVersion(version).flatMap((column) => {
    const ids = ruleIds[column.id] ?? { present: `${column.id}-X-Present` };
    return [presence(column, ids), ...valueRules(column, ids)];
  });
}

function presence(column: KnownFocusColumn, ids: RuleIds): Rule {
  return {
    ruleId: ids.present,
    column: column.id,
    keyword: column.level === "recommended" ? "RECOMMENDED" : "MUST",
    sentence: `The file has the column ${column.id}.`,
    flags: ids.flags ?? [],
    test: { kind: "present", column: column.id },
  };
}

function valueRules(column: KnownFocusColumn, ids: RuleIds): Rule[] {
  const { id } = column;
  const rules: Rule[] = [];
  const type = typeCheck(column);
  if (type !== null)
    rules.push(rowRule(ids.type ?? `${id}-X-Type`, "MUST", `${id} is ${typeWords[column.type]}.`, type));
  if (column.type === "string" && column.allowedValues === undefined) {
    rules.push(
      rowRule(
        ids.text ?? `${id}-X-Text`,
        "MUST",
        `${id} is readable text, and empty rather than blank.`,
        format(id, "text"),
      ),
    );
  }
  const valueFormat = formatOf(column);
  if (valueFormat !== null) {
    const keyword = column.format === "unit" ? "SHOULD" : "MUST";
    rules.push(
      rowRule(
        ids.format ?? `${id}-X-Format`,
        keyword,
        `${id} is written ${formatWords[valueFormat]}.`,
        format(id, valueFormat),
      ),
    );
  }
  if (ids.notNull !== undefined || (!column.nullable && id !== "BillingAccountType")) {
    rules.push(rowRule(ids.notNull ?? `${id}-X-NotNull`, "MUST NOT", `${id} is never empty.`, filled(id)));
  }
  if (column.allowedValues !== undefined) {
    const values = column.allowedValues;
    rules.push(
      rowRule(ids.values ?? `${id}-X-Values`, "MUST", `${id} is ${listed(values)}.`, {
        op: "one-of",
        column: id,
        values,
      }),
    );
  }
  if (column.nonNegative === true) {
    rules.push(
      rowRule(ids.nonNegative ?? `${id}-X-NonNegative`, "MUST", `${id} is not below zero.`, {
        op: "at-least",
        column: id,
        min: 0,
      }),
    );
  }
  return rules;
}

const typeWords = { string: "text", decimal: "a decimal number", datetime: "a date and time", json: "JSON" };

function typeCheck(column: FocusColumn): Check | null {
  // JSON travels as text; that it is JSON is asked by its format.
  return column.type === "json" ? null : { op: "type", column: column.id, type: column.type };
}

const formatWords: Readonly<Record<string, string>> = {
  numeric: "as a plain number, or with an E exponent: no sign before a positive one, no unit, no thousands separator",
  datetime: "in UTC like 2026-01-31T00:00:00Z",
  unit: "as a FOCUS unit such as GB, Hours, GB-Hours or 1000 Requests",
  currency: "as a three-letter ISO 4217 code, or as the name of a virtual currency",
  "key-value": "as a JSON object whose values are text, numbers, true, false or null",
  "json-object": "as a JSON object",
};

function formatOf(column: FocusColumn): ValueFormat | null {
  if (column.type === "decimal") return "numeric";
  if (column.type === "datetime") return "datetime";
  if (column.format === undefined) return null;
  if (column.format === "currency-or-virtual") return "currency";
  // 1.2 asks for flat values in SkuPriceDetails as well; the objects that 1.3 and 1.4 add are nested.
  return column.id === "SkuPriceDetails" ? "key-value" : column.format;
}

function format(column: string, valueFormat: ValueFormat): Check {
  return { op: "format", column, format: valueFormat };
}

function listed(values: readonly string[]): string {
  if (values.length > 6) return `one of the ${values.length} values of the specification`;
  return values.length === 1 ? `${values[0]} where it is not empty` : `one of ${values.join(", ")}`;
}
