import type { CostFilter } from "./cost-query.ts";

/**
 * Writes a filter as people type it, the other way round of `parseFilterText`: what is read from the text holds for the same
 * charges, and is written the same again. A filter that holds for all charges is the empty text.
 */
export function formatFilterText(filter: CostFilter): string {
  const simple = simplifyFilter(filter);
  return simple === null ? "" : format(simple, "or");
}

/**
 * The same filter with as few parts as say it: one test each, no list in a list of its own kind, none of one. Null where it
 * holds for all charges.
 */
export function simplifyFilter(filter: CostFilter): CostFilter | null {
  if ("and" in filter) return listOf("and", filter.and.map(simplifyFilter));
  if ("or" in filter) {
    const parts = filter.or.map(simplifyFilter);
    return parts.includes(null) ? null : listOf("or", parts);
  }
  if (!("not" in filter)) return listOf("and", testsOf(filter));
  const inner = simplifyFilter(filter.not);
  // Where all is excluded nothing is left, and no charge is without a day.
  return inner === null ? { dimension: "day", isNull: true } : { not: inner };
}

type Test = Extract<CostFilter, { dimension: string }>;

function listOf(kind: "and" | "or", parts: readonly (CostFilter | null)[]): CostFilter | null {
  const flat = parts.flatMap((part) => {
    if (part === null) return [];
    if (kind === "and") return "and" in part ? part.and : [part];
    return "or" in part ? part.or : [part];
  });
  if (flat.length < 2) return flat[0] ?? null;
  return kind === "and" ? { and: flat } : { or: flat };
}

function testsOf({ dimension, ...tests }: Test): Test[] {
  return Object.entries(tests).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [name === "is" && value === null ? { dimension, isNull: true } : { dimension, [name]: value }];
  });
}

/** What stands around a part decides whether it needs brackets: `or` binds least, then `and`, then `not`. */
function format(filter: CostFilter, around: "or" | "and" | "not"): string {
  if ("or" in filter) {
    const text = filter.or.map((part) => format(part, "or")).join(" or ");
    return around === "or" ? text : `(${text})`;
  }
  if ("and" in filter) {
    const text = filter.and.map((part) => format(part, "and")).join(" and ");
    return around === "not" ? `(${text})` : text;
  }
  if ("not" in filter) {
    const { not: inner } = filter;
    if ("is" in inner && inner.is != null) return `${word(inner.dimension)} != ${word(inner.is)}`;
    if ("in" in inner && inner.in !== undefined) return `${word(inner.dimension)} not in ${list(inner.in)}`;
    return `not ${format(inner, "not")}`;
  }
  return formatTest(filter);
}

function formatTest({ dimension, is, in: oneOf, contains, startsWith, isNull, from, to }: Test): string {
  const name = word(dimension);
  if (is != null) return `${name} = ${word(is)}`;
  if (oneOf !== undefined) return `${name} in ${list(oneOf)}`;
  if (contains !== undefined) return `${name} contains ${word(contains)}`;
  if (startsWith !== undefined) return `${name} starts with ${word(startsWith)}`;
  if (from !== undefined) return `${name} >= ${word(from)}`;
  if (to !== undefined) return `${name} < ${word(to)}`;
  return `${name} is ${isNull === false ? "not " : ""}null`;
}

function list(values: readonly (string | null)[]): string {
  return `(${values.map((value) => (value === null ? "null" : word(value))).join(", ")})`;
}

const keywords = new Set(["and", "or", "not", "in", "is", "null", "contains", "starts", "with"]);

/** Bare where it can be read back bare, else in quotes. */
function word(text: string): string {
  const isBare = /^[^\s'"=<>!(),]+$/.test(text) && !keywords.has(text.toLowerCase());
  return isBare ? text : `'${text.replaceAll("'", "''")}'`;
}
