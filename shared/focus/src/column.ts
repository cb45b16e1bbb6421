/** The published versions of FOCUS that are read, oldest first. 1.0r2 changed wording, not columns, so it is 1.0 here. */
export const focusVersions = ["1.0", "1.1", "1.2", "1.3", "1.4"] as const;
export type FocusVersion = (typeof focusVersions)[number];

export type ColumnType = "string" | "decimal" | "datetime" | "json";

/** How a value is written, beyond its type. */
export type ColumnFormat =
  /** ISO 4217 code. */
  | "currency"
  /** ISO 4217 code or the name of a virtual currency, such as a provider's credits. */
  | "currency-or-virtual"
  /** A unit of the FOCUS unit format, such as `Hours` or `GB-Hours`. */
  | "unit"
  /** A flat JSON object whose values are text, numbers, booleans or null. */
  | "key-value"
  /** Any JSON object. */
  | "json-object";

/** What the specification says of one column, in any of its data sets. */
export interface ColumnFacts {
  readonly id: string;
  readonly type: ColumnType;
  /** Whether a row may leave it empty. */
  readonly nullable: boolean;
  /** Conditional columns are needed where the provider has the thing at all (commitments, regions, ...). */
  readonly level: "mandatory" | "conditional" | "recommended";
  readonly since: FocusVersion;
  readonly deprecatedIn?: FocusVersion;
  readonly removedIn?: FocusVersion;
  readonly kind: "metric" | "dimension";
  readonly format?: ColumnFormat;
  /** Unit prices may not be below zero; costs and quantities may. */
  readonly nonNegative?: true;
  readonly allowedValues?: readonly string[];
  readonly about: string;
}

/** A column of Cost and Usage. */
export type FocusColumn = ColumnFacts;
