import { describe, expect, it } from "vitest";
import { parseCostQuery } from "./cost-query.ts";
import { filterLimits } from "./filter-limits.ts";

const test = { dimension: "serviceName", is: "EC2" };
const nested = (depth: number, kind: "and" | "or" | "not") => {
  let filter: unknown = test;
  for (let level = 1; level < depth; level += 1) filter = kind === "not" ? { not: filter } : { [kind]: [filter] };
  return filter;
};
const parse = (filter: unknown) =>
  parseCostQuery({ measures: ["billedCost"], period: { start: "2026-01-01", end: "2026-02-01" }, filter });

describe("a filter", () => {
  it.each(["and", "or", "not"] as const)("may be nested 20 deep by %s, and no deeper", (kind) => {
    expect(parse(nested(filterLimits.depthMax, kind)).filter).toEqual(nested(filterLimits.depthMax, kind));
    expect(() => parse(nested(filterLimits.depthMax + 1, kind))).toThrow(/nested more than 20 deep/);
  });

  it("that is hostile is refused at once, with a sentence", () => {
    expect(() => parse(nested(200_000, "not"))).toThrow("filter: The filter is nested more than 20 deep");
    expect(() => parse(nested(200_000, "and"))).toThrow(/20 deep/);
    const bush = (depth: number): unknown =>
      depth === 0 ? test : { or: Array.from({ length: 200 }, () => bush(depth - 1)) };
    expect(() => parse(bush(2))).toThrow(/more than 1,000 parts/);
  });

  it("may name 5,000 values, but not without end", () => {
    const values = (count: number) => Array.from({ length: count }, (_, index) => `account-${index}`);
    expect(parse({ dimension: "account", in: values(5000) }).filter).toMatchObject({ in: { length: 5000 } });
    const three = { or: [1, 2, 3].map(() => ({ dimension: "account", in: values(4000) })) };
    expect(() => parse(three)).toThrow(/more than 10,000 values/);
    expect(() => parse({ dimension: "account", is: "x".repeat(1_000_001) })).toThrow(/1,000,000 characters/);
  });

  it.each([[null], [7], ["text"], [{ and: 5 }], [{ not: null }], [{ or: [] }]])(
    "that is none is refused: %j",
    (filter) => {
      expect(() => parse(filter)).toThrow(/filter/);
    },
  );
});
