import { type CostFilter, formatFilterText, parseFilterText } from "@finops/capabilities/views/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newLine, partWords, toFilter, toPart, toTree } from "./filter-tree.ts";

const labels = {
  dimension: (name: string) => name.replace("tag:", ""),
  value: (_: string, value: string | null) => value ?? "not stated",
};

describe("a chip says", () => {
  it.each([
    ["serviceName = EC2", "serviceName", "EC2"],
    ["serviceName != EC2", "serviceName", "not EC2"],
    ["tag:team in (web, null)", "team", "web or not stated"],
    ["tag:team not in (a, b, c)", "team", "not a and 2 more"],
    ["regionId contains west", "regionId", "contains “west”"],
    ["not regionId starts with eu", "regionId", "does not start with “eu”"],
    ["invoiceId is null", "invoiceId", "not stated"],
    ["not tag:team is null", "team", "tagged"],
    ["day >= 2026-01-01 and day < 2026-02-01", "day", "from 2026-01-01 up to 2026-02-01"],
    ["(a = 1 or b = 2)", "Any of", "a 1 or b 2"],
    ["not (a = 1 or b = 2)", "None of", "a 1 or b 2"],
  ])("%s", (text, name, words) => {
    const { parts } = toTree(parseFilterText(text));
    expect(partWords(parts.length === 1 ? parts[0]! : toPart(parseFilterText(text)), labels)).toEqual({
      name,
      text: words,
    });
  });
});

it("of which a line is not filled in yet says nothing of that line", () => {
  const filled = { ...newLine("serviceName"), values: ["EC2"] };
  const group = { kind: "group", holds: "any", parts: [newLine("regionId"), filled] } as const;
  expect(toFilter(group)).toEqual({ dimension: "serviceName", is: "EC2" });
  expect(toFilter({ kind: "group", holds: "none", parts: [newLine("regionId", "contains")] })).toBeUndefined();
});

const value = fc.constantFrom("x", "y", "xy");
const dimension = fc.constantFrom("a", "b", "c");
const { filter: anyFilter } = fc.letrec<{ filter: CostFilter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small" },
    fc.record({ dimension, is: fc.oneof(value, fc.constant(null)) }),
    fc.record({ dimension, in: fc.array(fc.oneof(value, fc.constant(null)), { minLength: 1, maxLength: 3 }) }),
    fc.record({ dimension, contains: value }),
    fc.record({ dimension, startsWith: value }),
    fc.record({ dimension, isNull: fc.boolean() }),
    fc.record({ dimension, from: value }),
    fc.record({ dimension, to: value }),
    fc.record({ and: fc.array(tie("filter"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie("filter"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie("filter") }),
  ),
}));

function holds(filter: CostFilter, charge: Record<string, string | null>): boolean {
  if ("and" in filter) return filter.and.every((part) => holds(part, charge));
  if ("or" in filter) return filter.or.some((part) => holds(part, charge));
  if ("not" in filter) return !holds(filter.not, charge);
  const found = charge[filter.dimension] ?? null;
  const { is, in: oneOf, contains, startsWith, isNull, from, to } = filter;
  return (
    (is === undefined || found === is) &&
    (oneOf === undefined || oneOf.includes(found)) &&
    (contains === undefined || (found?.includes(contains) ?? false)) &&
    (startsWith === undefined || (found?.startsWith(startsWith) ?? false)) &&
    (isNull === undefined || (found === null) === isNull) &&
    (from === undefined || (found !== null && found >= from)) &&
    (to === undefined || (found !== null && found < to))
  );
}

it("means the same after it went through the editor", () => {
  const found = fc.oneof(value, fc.constant(null));
  const charges = fc.array(fc.record({ a: found, b: found, c: found }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(anyFilter, charges, (filter, all) => {
      const after = toFilter(toTree(filter)) ?? { and: [] };
      for (const charge of all) expect(holds(after, charge), formatFilterText(filter)).toBe(holds(filter, charge));
    }),
    { numRuns: 1000 },
  );
});
