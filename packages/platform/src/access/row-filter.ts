/**
 * Which rows of costs, as the cost queries of the warehouse write filters (`CostFilter`). Here it is only kept, and joined by
 * its words `and`, `or` and `not`; what its tests mean is the warehouse's.
 */
export type RowFilter = Readonly<Record<string, unknown>>;

/** The rows of no charge at all. */
export const noRows: RowFilter = { not: { and: [] } };

/** The rows that any of the filters lets through; always written the same, whatever the order and repetition. */
export function anyOf(filters: readonly RowFilter[]): RowFilter {
  const different = distinct(
    filters.flatMap((filter) => (Array.isArray(filter["or"]) ? listOf(filter["or"]) : [filter])),
  );
  const some = different.filter((filter) => filterKey(filter) !== filterKey(noRows));
  return some.length === 0 ? noRows : some.length === 1 ? some[0]! : { or: some };
}

/** The rows that all of the filters let through; null is no limit. */
export function allOf(filters: readonly (RowFilter | null)[]): RowFilter | null {
  const limits = distinct(filters.filter((filter) => filter !== null));
  return limits.length < 2 ? (limits[0] ?? null) : { and: limits };
}

/** Equal for filters that are written alike, whatever the order of their fields. */
export function filterKey(filter: unknown): string {
  if (Array.isArray(filter)) return `[${filter.map(filterKey).join(",")}]`;
  if (typeof filter !== "object" || filter === null) return JSON.stringify(filter) ?? "null";
  const fields = Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${filterKey(value)}`).join(",")}}`;
}

function listOf(filters: unknown[]): RowFilter[] {
  return filters as RowFilter[];
}

function distinct(filters: readonly RowFilter[]): RowFilter[] {
  const byKey = new Map(filters.map((filter) => [filterKey(filter), filter]));
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, filter]) => filter);
}
