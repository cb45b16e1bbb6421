import { focusColumns } from "@finops/focus/columns";
import type { BillHeader } from "../format.ts";

const byLowerCase: ReadonlyMap<string, string> = new Map(
  focusColumns.map((column) => [column.id.toLowerCase(), column.id]),
);

/**
 * A column's name as FOCUS spells it, where it is one of FOCUS. The specification's own examples have `SkuPriceid`, and
 * engines such as Redshift give every name back in small letters.
 */
export function canonicalName(name: string): string {
  const trimmed = name.replace(/^\uFEFF/, "").trim();
  return byLowerCase.get(trimmed.toLowerCase()) ?? trimmed;
}

export function canonicalNames(header: BillHeader): string[] {
  return header.columns.map((column) => canonicalName(column.name));
}

/** The first values of a column, without the empty ones; none where the file lacks the column. */
export function sampleOf(header: BillHeader, id: string): string[] {
  const column = header.columns.find(({ name }) => canonicalName(name) === id);
  if (column === undefined) return [];
  return header.sample
    .map((row) => row[column.name]?.trim() ?? "")
    .filter((value) => value !== "" && value.toUpperCase() !== "NULL");
}
