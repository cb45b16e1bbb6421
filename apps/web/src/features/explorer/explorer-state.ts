import type { CostCatalog } from "@finops/capabilities/costs/contract";
import { allOf, type CostFilter, type CostView, isValue, simplifyFilter } from "@finops/capabilities/views/contract";

/** Rules of the explorer: a view and what somebody does give the next view. Pure. */

/** Puts a dimension first, or inside the first; one that is there already goes. */
export function toggleGroup(view: CostView, dimension: string, place: "only" | "inside"): CostView {
  const { groupBy } = view;
  if (place === "only") {
    if (groupBy.length === 1 && groupBy[0] === dimension) return view;
    return withGroups(view, [dimension]);
  }
  if (groupBy.includes(dimension))
    return withGroups(
      view,
      groupBy.filter((name) => name !== dimension),
    );
  return withGroups(view, [...groupBy.slice(0, 1), dimension]);
}

/** The first and the second level change places. */
export function swapGroups(view: CostView): CostView {
  return withGroups(view, view.groupBy.toReversed());
}

function withGroups(view: CostView, groupBy: string[]): CostView {
  return { ...view, groupBy, sort: view.sort.by === "name" ? { by: "value", direction: "desc" } : view.sort };
}

/** Adds a measure at the end, or takes it away; one always stays. */
export function toggleMeasure(view: CostView, measure: CostView["measures"][number]): CostView {
  const others = view.measures.filter((name) => name !== measure);
  if (others.length === view.measures.length) return { ...view, measures: [...others, measure] };
  return others.length === 0 ? view : { ...view, measures: others, sort: withoutMeasure(view.sort, others) };
}

/** The measure that the chart draws and that ranks the groups. */
export function leadMeasure(view: CostView, measure: CostView["measures"][number]): CostView {
  return { ...view, measures: [measure, ...view.measures.filter((name) => name !== measure)] };
}

/** Shows that measure alone. */
export function onlyMeasure(view: CostView, measure: CostView["measures"][number]): CostView {
  return { ...view, measures: [measure], sort: withoutMeasure(view.sort, [measure]) };
}

function withoutMeasure(sort: CostView["sort"], measures: readonly string[]): CostView["sort"] {
  return sort.measure === undefined || measures.includes(sort.measure) ? sort : { by: "value", direction: "desc" };
}

/** Narrows a view to charges, all of whose other tests stay. */
export function addFilter(view: CostView, filter: CostFilter): CostView {
  return withFilter(view, allOf([...partsOf(view.filter), filter]));
}

/** Another filter; the same one twice says nothing more. */
export function withFilter(view: CostView, filter: CostFilter | undefined): CostView {
  const parts = partsOf(filter === undefined ? undefined : (simplifyFilter(filter) ?? undefined));
  const seen = new Set<string>();
  const unique = parts.filter((part) => {
    const text = JSON.stringify(part);
    return !seen.has(text) && seen.add(text);
  });
  const next = allOf(unique);
  const { filter: _, ...rest } = view;
  return next === undefined ? rest : { ...rest, filter: next };
}

/** The tests that all must hold, one chip each. */
export function partsOf(filter: CostFilter | undefined): CostFilter[] {
  if (filter === undefined) return [];
  return "and" in filter ? filter.and : [filter];
}

export function removePart(view: CostView, index: number): CostView {
  return withFilter(view, allOf(partsOf(view.filter).filter((_, at) => at !== index)));
}

export function replacePart(view: CostView, index: number, part: CostFilter | null): CostView {
  const parts = partsOf(view.filter);
  return withFilter(view, allOf(parts.flatMap((old, at) => (at === index ? (part === null ? [] : [part]) : [old]))));
}

/** Keeps only one group, and asks the next question that is not answered yet. */
export function drill(view: CostView, key: Readonly<Record<string, string | null>>, catalog: CostCatalog): CostView {
  const narrowed = Object.entries(key).reduce(
    (next, [dimension, value]) => addFilter(next, isValue(dimension, value)),
    view,
  );
  const asked = new Set([...Object.keys(key), ...namesIn(narrowed.filter)]);
  const [, inner] = view.groupBy;
  const next = inner !== undefined && !asked.has(inner) ? inner : nextQuestion(asked, catalog);
  return { ...narrowed, groupBy: [next], sort: { by: "value", direction: "desc" } };
}

function nextQuestion(asked: ReadonlySet<string>, catalog: CostCatalog): string {
  const known = new Set(catalog.dimensions.map((one) => one.name));
  return questions.find((name) => known.has(name) && !asked.has(name)) ?? "resourceId";
}

const questions = ["serviceName", "subAccountId", "regionId", "resourceId", "chargeDescription", "skuId", "day"];

/** Every dimension that a filter looks at. */
export function namesIn(filter: CostFilter | undefined): string[] {
  if (filter === undefined) return [];
  if ("and" in filter) return filter.and.flatMap(namesIn);
  if ("or" in filter) return filter.or.flatMap(namesIn);
  return "not" in filter ? namesIn(filter.not) : [filter.dimension];
}

/** True when the two ask and show the same. */
export function isSameView(one: CostView, other: CostView): boolean {
  return JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, inOrder(inner)]),
  );
}
