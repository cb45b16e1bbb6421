import { focusColumns, type FocusColumnId } from "@finops/focus/columns";
import { previewPricingCategories } from "@finops/focus/migrations";
import { literal } from "../sql.ts";

/**
 * Columns with a few allowed values, whose spelling exports get wrong. ServiceCategory and ServiceSubcategory are left as
 * they are: a wrong one is another category, not another spelling, and the FOCUS check names it.
 */
const checked = focusColumns.flatMap(({ id, allowedValues }) =>
  allowedValues !== undefined && allowedValues.length <= 8 ? [{ id, allowedValues }] : [],
);

/** Values that are no allowed value in other letters, and what they mean. Keys are in small letters. */
const synonyms: Partial<Record<FocusColumnId, Readonly<Record<string, string>>>> = {
  // Microsoft's native names, which early FOCUS exports let through.
  ChargeFrequency: { onetime: "One-Time", usagebased: "Usage-Based" },
  PricingCategory: lowerKeys(previewPricingCategories),
};

/** SQL for a column: its value in the specification's spelling; a value that cannot be told stays for the check to name. */
export function spelled(id: FocusColumnId, sql: string): string {
  const column = checked.find((candidate) => candidate.id === id);
  if (column === undefined) return sql;
  const words = Object.entries(wordsOf(column));
  return `CASE WHEN ${sql} IN (${column.allowedValues.map(literal).join(", ")}) THEN ${sql} ${words.map(([word, value]) => `WHEN lower(${sql}) = ${literal(word)} THEN ${literal(value)}`).join(" ")} ELSE ${sql} END`;
}

/** SQL condition: one of the given columns is spelled in another way than the specification's. */
export function isMisspelled(present: ReadonlyMap<FocusColumnId, string>): string {
  const conditions = checked.flatMap((column) => {
    const sql = present.get(column.id);
    if (sql === undefined) return [];
    const words = Object.keys(wordsOf(column));
    return [
      `(${sql} NOT IN (${column.allowedValues.map(literal).join(", ")}) AND lower(${sql}) IN (${words.map(literal).join(", ")}))`,
    ];
  });
  return conditions.length === 0 ? "false" : conditions.join(" OR ");
}

function wordsOf(column: (typeof checked)[number]): Record<string, string> {
  return {
    ...Object.fromEntries(column.allowedValues.map((value) => [value.toLowerCase(), value])),
    ...synonyms[column.id],
  };
}

function lowerKeys(words: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(words).map(([word, value]) => [word.toLowerCase(), value]));
}
