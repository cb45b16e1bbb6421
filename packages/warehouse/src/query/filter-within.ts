import { getDimension } from "../model/dimensions.ts";
import type { CostFilter } from "./cost-query.ts";

type FilterTest = Extract<CostFilter, { dimension: string }>;

/**
 * Whether every row that `inner` lets through is let through by `outer` too; null lets everything through. It is told from how
 * the two are written, so `false` means "not known to be": who decides about access by it errs on the safe side. An `inner` of
 * the form `{ and: [outer, …] }` is always within.
 */
export function isWithin(inner: CostFilter | null, outer: CostFilter | null): boolean {
  if (outer === null) return true;
  if ("and" in outer && outer.and.every((part) => isWithin(inner, part))) return true;
  if (inner === null) return false;
  if ("or" in inner) return inner.or.every((part) => isWithin(part, outer));
  if (keyOf(inner) === keyOf(outer)) return true;
  if ("or" in outer && outer.or.some((part) => isWithin(inner, part))) return true;
  if ("and" in inner) return inner.and.some((part) => isWithin(part, outer));
  if ("not" in inner) return isNothing(inner) || ("not" in outer && isWithin(outer.not, inner.not));
  return "dimension" in outer && isTestWithin(inner, outer);
}

/** Tests of one dimension: those that name values are within those that name the same ones and more, or begin alike. */
function isTestWithin(inner: FilterTest, outer: FilterTest): boolean {
  if (getDimension(inner.dimension).name !== getDimension(outer.dimension).name) return false;
  const values = valuesOf(inner);
  const { dimension: _, ...tests } = outer;
  return Object.entries(tests)
    .filter(([, test]) => test !== undefined)
    .every(([name, test]) => {
      if (keyOf(inner[name as keyof FilterTest]) === keyOf(test)) return true;
      if (values === null) return false;
      if (name === "is") return values.every((value) => value === test);
      if (name === "in") return values.every((value) => outer.in!.includes(value));
      return name === "isNull" && values.every((value) => (value === null) === test);
    });
}

/** The values that a test lets through at most; null when it names none. */
function valuesOf({ is, in: list }: FilterTest): readonly (string | null)[] | null {
  if (is !== undefined) return [is];
  return list ?? null;
}

/** `{ not: { and: [] } }` lets no row through. */
function isNothing(filter: CostFilter): boolean {
  return "not" in filter && "and" in filter.not && filter.not.and.length === 0;
}

/** Equal for what is written alike, whatever the order of its fields. */
function keyOf(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
