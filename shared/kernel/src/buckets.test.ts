import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketEnd, bucketsOf, bucketStart, type Grain } from "./buckets.ts";
import { addDays } from "./period.ts";

describe("the buckets of a period", () => {
  it.each([
    ["day", ["2026-10-30", "2026-10-31", "2026-11-01"]],
    ["week", ["2026-10-26"]],
    ["month", ["2026-10-01", "2026-11-01"]],
    ["quarter", ["2026-10-01"]],
    ["year", ["2026-01-01"]],
  ] as const)("by %s of 30 October to 1 November 2026", (grain, buckets) => {
    expect(bucketsOf({ start: "2026-10-30", end: "2026-11-02" }, grain)).toEqual(buckets);
  });

  it("by hour are instants", () => {
    const hours = bucketsOf({ start: "2026-10-31", end: "2026-11-02" }, "hour");
    expect([hours.length, hours[0], hours[25]]).toEqual([48, "2026-10-31T00:00:00Z", "2026-11-01T01:00:00Z"]);
  });

  it("follow one another without a gap and hold every day", () => {
    const grains = fc.constantFrom<Exclude<Grain, "hour">>("day", "week", "month", "quarter", "year");
    fc.assert(
      fc.property(grains, fc.nat(6000), fc.integer({ min: 1, max: 900 }), (grain, offset, days) => {
        const start = addDays("2019-01-01", offset);
        const period = { start, end: addDays(start, days) };
        const buckets = bucketsOf(period, grain);
        for (const [index, bucket] of buckets.entries())
          expect(bucketEnd(bucket, grain) === (buckets[index + 1] ?? bucketEnd(bucket, grain))).toBe(true);
        expect(buckets[0]! <= period.start).toBe(true);
        expect(bucketEnd(buckets.at(-1)!, grain) >= period.end).toBe(true);
        expect(bucketStart(buckets.at(-1)!, grain)).toBe(buckets.at(-1));
      }),
    );
  });
});
