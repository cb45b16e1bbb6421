import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CostFilter } from "./cost-query.ts";
import { formatFilterText } from "./format-filter-text.ts";
import { parseFilterText } from "./parse-filter-text.ts";

describe("a filter is written as people type it", () => {
  it.each([
    [{ dimension: "serviceName", is: "Amazon EC2" }, "serviceName = 'Amazon EC2'"],
    [{ not: { dimension: "tag:team", in: ["web", null] } }, "tag:team not in (web, null)"],
    [{ dimension: "tag:cost center", isNull: true }, "'tag:cost center' is null"],
    [{ not: { dimension: "regionId", contains: "west" } }, "not regionId contains west"],
    [{ dimension: "day", from: "2026-01-01", to: "2026-02-01" }, "day >= 2026-01-01 and day < 2026-02-01"],
    [{ and: [] }, ""],
    [
      {
        and: [
          {
            or: [
              { dimension: "a", is: "1" },
              {
                and: [
                  { dimension: "b", is: "it's" },
                  { dimension: "c", is: "or" },
                ],
              },
            ],
          },
          {
            not: {
              or: [
                { dimension: "d", is: "4" },
                { dimension: "e", is: "5" },
              ],
            },
          },
        ],
      },
      "(a = 1 or b = 'it''s' and c = 'or') and not (d = 4 or e = 5)",
    ],
  ] satisfies [CostFilter, string][])("%j", (filter, text) => {
    expect(formatFilterText(filter)).toBe(text);
  });
});

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 8 }),
  fc.constantFrom("null", "or", "it's", 'a"b', "1, 2", "כלב"),
);
const value = fc.oneof({ weight: 6, arbitrary: fc.constantFrom("x", "y", "xy") }, text);
const dimension = fc.constantFrom("a", "b", "tag:a b", "tag:not");
const test = fc.oneof(
  fc.record({ dimension, is: fc.oneof(value, fc.constant(null)) }),
  fc.record({ dimension, in: fc.array(fc.oneof(value, fc.constant(null)), { minLength: 1, maxLength: 3 }) }),
  fc.record({ dimension, contains: value }),
  fc.record({ dimension, startsWith: value, isNull: fc.boolean() }),
  fc.record({ dimension, from: value, to: value }),
);
const { filter: anyFilter } = fc.letrec<{ filter: CostFilter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    test,
    fc.record({ and: fc.array(tie("filter"), { maxLength: 3 }) }),
    fc.record({ or: fc.array(tie("filter"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie("filter") }),
  ),
}));

/** What the store's SQL does, on one charge. */
function holds(filter: CostFilter, charge: Record<string, string | null>): boolean {
  if ("and" in filter) return filter.and.every((part) => holds(part, charge));
  if ("or" in filter) return filter.or.some((part) => holds(part, charge));
  if ("not" in filter) return !holds(filter.not, charge);
  const found = charge[filter.dimension] ?? null;
  const { is, in: oneOf, contains, startsWith, isNull, from, to } = filter;
  return (
    (is === undefined || found === is) &&
    (oneOf === undefined || oneOf.includes(found)) &&
    (contains === undefined || (found?.toLowerCase().includes(contains.toLowerCase()) ?? false)) &&
    (startsWith === undefined || (found?.toLowerCase().startsWith(startsWith.toLowerCase()) ?? false)) &&
    (isNull === undefined || (found === null) === isNull) &&
    (from === undefined || (found !== null && found >= from)) &&
    (to === undefined || (found !== null && found < to))
  );
}

it("is read back as one that holds for the same charges, and is written the same again", () => {
  const found = fc.oneof(value, fc.constant(null));
  const charge = fc.record({ a: found, b: found, "tag:a b": found, "tag:not": found });
  fc.assert(
    fc.property(anyFilter, fc.array(charge, { minLength: 1, maxLength: 5 }), (filter, charges) => {
      const written = formatFilterText(filter);
      const read: CostFilter = written === "" ? { and: [] } : parseFilterText(written);
      expect(CostFilter.safeParse(read).success).toBe(true);
      for (const one of charges)
        expect(holds(read, { ...one, day: "2026-01-01" }), written).toBe(holds(filter, { ...one, day: "2026-01-01" }));
      expect(formatFilterText(read)).toBe(written);
    }),
    { numRuns: 500 },
  );
});
