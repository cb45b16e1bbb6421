import { type Dimension, getDimension } from "../model/dimensions.ts";
import type { CostFilter } from "./cost-query.ts";

type FilterTest = Extract<CostFilter, { dimension: string }>;

/** The values of a group, by the full names of its dimensions; null is what the bill leaves out. */
export type GroupKey = Readonly<Record<string, string | null>>;

/**
 * Tells whether a filter lets the charges of a group through, as `renderFilter` says it in SQL: for who asks once for many filters
 * and tells them apart in memory. The group must have a value of every dimension that the filter names (`dimensionsOf`). Throws
 * `invalid` for a dimension that there is not.
 */
export function filterMatcher(filter: CostFilter): (key: GroupKey) => boolean {
  if ("and" in filter) {
    const parts = filter.and.map(filterMatcher);
    return (key) => parts.every((matches) => matches(key));
  }
  if ("or" in filter) {
    const parts = filter.or.map(filterMatcher);
    return (key) => parts.some((matches) => matches(key));
  }
  if ("not" in filter) {
    const matches = filterMatcher(filter.not);
    return (key) => !matches(key);
  }
  const { name } = getDimension(filter.dimension);
  return (key) => testMatches(filter, key[name] ?? null);
}

function testMatches(test: FilterTest, value: string | null): boolean {
  if (test.is !== undefined && value !== test.is) return false;
  if (test.in !== undefined && !test.in.includes(value)) return false;
  if (test.isNull !== undefined && test.isNull !== (value === null)) return false;
  const { contains, startsWith, from, to } = test;
  if (contains === undefined && startsWith === undefined && from === undefined && to === undefined) return true;
  // A test on a missing value is false.
  if (value === null) return false;
  if (contains !== undefined && !lower(value).includes(lower(contains))) return false;
  if (startsWith !== undefined && !lower(value).startsWith(lower(startsWith))) return false;
  return (from === undefined || compare(value, from) >= 0) && (to === undefined || compare(value, to) < 0);
}

/** The dimensions that a filter names, each once. Throws `invalid` for one that there is not. */
export function dimensionsOf(filter: CostFilter): Dimension[] {
  const found = new Map<string, Dimension>();
  const walk = (one: CostFilter): void => {
    if ("and" in one) for (const part of one.and) walk(part);
    else if ("or" in one) for (const part of one.or) walk(part);
    else if ("not" in one) walk(one.not);
    else {
      const dimension = getDimension(one.dimension);
      found.set(dimension.name, dimension);
    }
  };
  walk(filter);
  return [...found.values()];
}

/** Letter by letter, as the engines do: no letter becomes two, and none depends on where it stands. */
function lower(text: string): string {
  return Array.from(text, (letter) => Array.from(letter.toLowerCase())[0] ?? "").join("");
}

/** By code points, as the bytes of UTF-8 are ordered. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
