import type { RowFilter } from "../row-filter.ts";

/** A charge of the naive models. */
export interface Charge {
  account: string;
  team: string;
}

/** Whether a filter lets a charge through, read as plainly as it is written. */
export function evaluate(filter: RowFilter, charge: Charge): boolean {
  if (Array.isArray(filter["and"])) return filter["and"].every((part) => evaluate(part as RowFilter, charge));
  if (Array.isArray(filter["or"])) return filter["or"].some((part) => evaluate(part as RowFilter, charge));
  if (filter["not"] !== undefined) return !evaluate(filter["not"] as RowFilter, charge);
  const value = filter["dimension"] === "tag:team" ? charge.team : charge.account;
  return Array.isArray(filter["in"]) ? filter["in"].includes(value) : filter["is"] === value;
}
