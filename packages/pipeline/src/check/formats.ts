import { literal } from "@finops/connectors/sql";
import { currencyCodes } from "@finops/focus/currencies";
import type { ValueFormat } from "./check.ts";

/**
 * A condition on a text cell that holds where the cell has the format; null where the cell is empty.
 * Sources: the FOCUS attributes Numeric, Date/Time, String, Unit, Currency, Key-Value and JSON Object Format.
 */
export function formatCondition(format: ValueFormat, cell: string): string {
  switch (format) {
    case "numeric":
      return matches(cell, String.raw`-?(\d+(\.\d+)?|\.\d+)([eE]-?\d+)?`);
    case "datetime":
      return matches(
        cell,
        String.raw`\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z`,
      );
    case "text":
      // A decoder leaves U+FFFD where the bytes were no Unicode; a blank stands for "no value", which only null may.
      return `(CASE WHEN ${cell} >= '!' THEN TRUE ELSE trim(${cell}) <> '' END AND NOT contains(${cell}, '\uFFFD'))`;
    case "unit":
      return `(${matches(cell, unit)} AND NOT ${matches(cell, misspeltUnit)})`;
    case "currency":
      // Anything else may be a virtual currency, but not a national code in the wrong case.
      return `CASE WHEN ${isCode(cell)} THEN TRUE ELSE NOT list_contains(${codes}, upper(${cell})) END`;
    case "national-currency":
      return isCode(cell);
    case "json-object":
      return isObject(cell);
    case "key-value":
      return `CASE WHEN ${isObject(cell)} THEN ${hasFlatValues(cell)} ELSE ${cell} IS NULL END`;
    case "unique-keys":
      return whereObject(cell, `len(json_keys(${cell})) = len(list_distinct(json_keys(${cell})))`);
    case "sku-detail-keys":
      return whereObject(
        cell,
        `len(list_filter(json_keys(${cell}), k -> NOT starts_with(k, 'x_') AND k NOT IN (${skuKeys}))) = 0`,
      );
  }
}

/** A text that is a number in any notation, however written; the Numeric Format narrows it. */
export function isDecimalText(cell: string): string {
  return matches(cell, String.raw`[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?`);
}

function matches(cell: string, pattern: string): string {
  return `regexp_full_match(${cell}, ${literal(pattern)})`;
}

const dataSizes = "(?:[KMGTPE]i?)?[bB]";
// Units of data, time and count, or any other noun with a capital; one, or two joined by a hyphen, each with its number.
const unitName = String.raw`(?:${dataSizes}|[A-Z][A-Za-z0-9]*(?: [A-Za-z][A-Za-z0-9]*)*)`;
const measure = String.raw`(?:[1-9]\d* )?${unitName}(?:-${unitName})*`;
const unit = String.raw`${measure}(?:/${measure})?`;
// Nouns that the format has another spelling for: plurals and full names of data sizes, and shortened times.
const misspeltUnit = String.raw`(?:.*[ /-])?(?:${dataSizes}s|(?:Kilo|Mega|Giga|Tera|Peta|Exa|Kibi|Mebi|Gibi|Tebi|Pebi|Exbi)(?:bit|byte)s?|Bits?|Bytes?|Hrs?|Mos?|Yrs?|Secs?|Mins?)(?:[ /-].*)?`;

const codes = `[${currencyCodes.map(literal).join(", ")}]`;

// Most bills are in one of three currencies, so the long list is searched for the others only.
function isCode(cell: string): string {
  return `CASE WHEN ${cell} IN ('USD', 'EUR', 'GBP') THEN TRUE ELSE list_contains(${codes}, ${cell}) END`;
}

const skuKeys = [
  "CoreCount",
  "DiskMaxIops",
  "DiskSpace",
  "DiskType",
  "GpuCount",
  "InstanceType",
  "InstanceSeries",
  "MemorySize",
  "NetworkMaxIops",
  "NetworkMaxThroughput",
  "OperatingSystem",
  "Redundancy",
  "StorageClass",
]
  .map(literal)
  .join(", ");

// The functions that read JSON raise an error on anything else, so they stand behind a test.
function isObject(cell: string): string {
  return `CASE WHEN json_valid(${cell}) THEN json_type(${cell}) = 'OBJECT' ELSE ${cell} IS NULL END`;
}

function whereObject(cell: string, condition: string): string {
  return `CASE WHEN ${isObject(cell)} THEN ${condition} ELSE TRUE END`;
}

// Most objects have no second brace and no bracket, so the keys are looked at in the few that have.
function hasFlatValues(cell: string): string {
  const suspicious = `contains(substr(trim(${cell}), 2), '{') OR contains(${cell}, '[')`;
  const nested = `list_filter(map_values(CAST(${cell}::JSON AS MAP(VARCHAR, JSON))), v -> json_type(v) IN ('OBJECT', 'ARRAY'))`;
  return `CASE WHEN ${suspicious} THEN len(${nested}) = 0 ELSE TRUE END`;
}
