import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CostFilter } from "./cost-query.ts";
import { isWithin } from "./filter-within.ts";

const team = (is: string | null): CostFilter => ({ dimension: "tag:team", is });
const teams = (...list: (string | null)[]): CostFilter => ({ dimension: "tag:team", in: list });
const service: CostFilter = { dimension: "serviceName", is: "Web" };
const nothing: CostFilter = { not: { and: [] } };

describe("a filter", () => {
  it.each<[string, CostFilter | null, CostFilter | null]>([
    ["itself", team("a"), team("a")],
    ["no limit", team("a"), null],
    ["a list that names its value", team("a"), teams("a", "b")],
    ["a list that names more values", teams("a", null), teams("a", "b", null)],
    ["any of several that it is within one of", team("a"), { or: [service, teams("a", "b")] }],
    ["what it is narrowed from", { and: [team("a"), service] }, team("a")],
    ["all that it is narrowed from", { and: [service, team("a")] }, { and: [team("a"), service] }],
    ["the same dimension by its other name", { dimension: "service", is: "Web" }, service],
    ["what lets more through by excluding less", { not: teams("a", "b") }, { not: team("a") }],
    ["anything, when it lets nothing through", nothing, team("a")],
  ])("is within %s", (_, inner, outer) => expect(isWithin(inner, outer)).toBe(true));

  it.each<[string, CostFilter | null, CostFilter | null]>([
    ["another value", team("a"), team("b")],
    ["a limit, when it has none", null, team("a")],
    ["a narrower list", teams("a", "b"), team("a")],
    ["one part of what it joins", { or: [team("a"), service] }, team("a")],
    ["another dimension's value", team("Web"), service],
    ["what excludes it", team("a"), { not: team("a") }],
    ["what excludes more", { not: team("a") }, { not: teams("a", "b") }],
    ["nothing", team("a"), nothing],
  ])("is not within %s", (_, inner, outer) => expect(isWithin(inner, outer)).toBe(false));
});

it("never takes a filter for narrower that lets a row through which the other one stops", () => {
  const values = [null, "a", "b", "ab"] as const;
  const rows = values.flatMap((first) => values.map((second) => ({ "tag:x": first, "tag:y": second })));
  type Row = (typeof rows)[number];
  const lets = (filter: CostFilter | null, row: Row): boolean => {
    if (filter === null) return true;
    if ("and" in filter) return filter.and.every((part) => lets(part, row));
    if ("or" in filter) return filter.or.some((part) => lets(part, row));
    if ("not" in filter) return !lets(filter.not, row);
    const value = row[filter.dimension as keyof Row];
    return (
      (filter.is === undefined || filter.is === value) &&
      (filter.in === undefined || filter.in.includes(value)) &&
      (filter.isNull === undefined || filter.isNull === (value === null)) &&
      (filter.startsWith === undefined || (value?.startsWith(filter.startsWith) ?? false))
    );
  };
  const value = fc.constantFrom(...values);
  const dimension = fc.constantFrom("tag:x", "tag:y");
  const test = fc.oneof(
    fc.record({ dimension, is: value }),
    fc.record({ dimension, in: fc.uniqueArray(value, { minLength: 1, maxLength: 3 }) }),
    fc.record({ dimension, isNull: fc.boolean() }),
    fc.record({ dimension, startsWith: fc.constantFrom("a", "b"), is: value }),
    fc.record({ dimension, startsWith: fc.constantFrom("a", "b") }),
  );
  const { filter } = fc.letrec<{ filter: CostFilter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      test,
      fc.record({ and: fc.array(tie("filter"), { maxLength: 3 }) }),
      fc.record({ or: fc.array(tie("filter"), { minLength: 1, maxLength: 3 }) }),
      fc.record({ not: tie("filter") }),
    ),
  }));
  const either = fc.option(filter);
  fc.assert(
    fc.property(either, either, (inner, outer) => {
      if (isWithin(inner, outer)) for (const row of rows) if (lets(inner, row)) expect(lets(outer, row)).toBe(true);
    }),
    { numRuns: 3000 },
  );
  fc.assert(fc.property(filter, filter, (a, b) => isWithin({ and: [a, b] }, b) && isWithin(a, a)));
});
