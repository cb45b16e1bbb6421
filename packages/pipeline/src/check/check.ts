/**
 * What a row must satisfy, as data. Both engines, our own rules and an official requirements model, are read into this
 * form, and one compiler turns it into SQL.
 *
 * Every check answers true or false, never unknown: a comparison with an empty cell is a comparison, not a null.
 * Checks of a value (type, format, range, product) hold for an empty cell; whether it may be empty is asked by `empty`.
 */
export type Check =
  | { readonly op: "all" | "any"; readonly items: readonly Check[] }
  | { readonly op: "not"; readonly item: Check }
  | { readonly op: "empty"; readonly column: string }
  | { readonly op: "equals"; readonly column: string; readonly value: string }
  | { readonly op: "equals-number"; readonly column: string; readonly value: number }
  | { readonly op: "one-of"; readonly column: string; readonly values: readonly string[] }
  /** The value of `column` goes with that value of `other` alone; a value that is not listed goes with none. */
  | {
      readonly op: "partner";
      readonly column: string;
      readonly other: string;
      readonly partners: ReadonlyMap<string, string>;
    }
  | { readonly op: "same"; readonly column: string; readonly other: string }
  | { readonly op: "at-least"; readonly column: string; readonly min: number }
  | { readonly op: "product"; readonly price: string; readonly quantity: string; readonly cost: string }
  | { readonly op: "before"; readonly column: string; readonly other: string }
  | { readonly op: "type"; readonly column: string; readonly type: "string" | "decimal" | "datetime" }
  | { readonly op: "format"; readonly column: string; readonly format: ValueFormat };

export type ValueFormat =
  | "numeric"
  | "datetime"
  | "text"
  | "unit"
  | "currency"
  | "national-currency"
  | "key-value"
  | "unique-keys"
  | "sku-detail-keys"
  | "json-object";

export const all = (...items: Check[]): Check => ({ op: "all", items });
export const any = (...items: Check[]): Check => ({ op: "any", items });
export const not = (item: Check): Check => ({ op: "not", item });
export const empty = (column: string): Check => ({ op: "empty", column });
export const filled = (column: string): Check => not(empty(column));
export const equals = (column: string, value: string): Check => ({ op: "equals", column, value });
export const differs = (column: string, value: string): Check => not(equals(column, value));

/** The columns that a check reads, each once, in the order of reading. */
export function columnsOf(check: Check): string[] {
  return [...new Set(readColumns(check))];
}

/** The columns that a check asks for emptiness. */
export function askedForEmptiness(check: Check): string[] {
  switch (check.op) {
    case "all":
    case "any":
      return check.items.flatMap(askedForEmptiness);
    case "not":
      return askedForEmptiness(check.item);
    case "empty":
      return [check.column];
    default:
      return [];
  }
}

function readColumns(check: Check): string[] {
  switch (check.op) {
    case "all":
    case "any":
      return check.items.flatMap(readColumns);
    case "not":
      return readColumns(check.item);
    case "partner":
    case "same":
    case "before":
      return [check.column, check.other];
    case "product":
      return [check.price, check.quantity, check.cost];
    default:
      return [check.column];
  }
}
