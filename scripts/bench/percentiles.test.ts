import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { median, p95, percentile } from "./percentiles.ts";

describe("percentiles", () => {
  it("are samples that were measured, whatever their order", () => {
    const oneToHundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(p95(oneToHundred)).toBe(95);
    expect(median(oneToHundred)).toBe(50);
    expect(median([3, 1, 2])).toBe(2);
    expect(p95([7])).toBe(7);
    expect(percentile([1, 2], 1)).toBe(2);
    expect(percentile([1, 2], 0)).toBe(1);
  });

  it("are no number when nothing was measured", () => {
    expect(p95([])).toBeNaN();
  });

  it("leave at most the rest of the samples above them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (samples, share) => {
          const bound = percentile(samples, share);
          const above = samples.filter((sample) => sample > bound).length;
          return samples.includes(bound) && above <= samples.length * (1 - share) + 1e-6;
        },
      ),
    );
  });
});
