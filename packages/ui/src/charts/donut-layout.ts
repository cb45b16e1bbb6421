import { arc, pie } from "d3";
import type { Part } from "./part.ts";
import { toNumber } from "./series.ts";

export interface Slice {
  part: Part;
  path: string;
  /** Middle of the slice, seen from the middle of the ring. */
  x: number;
  y: number;
}

/** A ring of the positive parts, biggest first from the top; "(other)" last. */
export function layOutDonut(parts: readonly Part[], radius: number): { slices: Slice[]; negatives: Part[] } {
  const positive = parts
    .filter((part) => toNumber(part.value) > 0)
    .toSorted(
      (a, b) => Number(a.isOther ?? false) - Number(b.isOther ?? false) || toNumber(b.value) - toNumber(a.value),
    );
  const angles = pie<Part>()
    .value((part) => toNumber(part.value))
    .sort(null)
    .padAngle(positive.length > 1 ? 0.012 : 0)(positive);
  const shape = arc<(typeof angles)[number]>()
    .innerRadius(radius * 0.64)
    .outerRadius(radius)
    .cornerRadius(2);
  return {
    slices: angles.map((angle) => {
      const [x, y] = shape.centroid(angle);
      return { part: angle.data, path: shape(angle) ?? "", x, y };
    }),
    negatives: parts.filter((part) => toNumber(part.value) < 0),
  };
}
