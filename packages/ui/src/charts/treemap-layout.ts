import { hierarchy, treemap, treemapSquarify } from "d3";
import type { Part } from "./part.ts";
import { toNumber } from "./series.ts";

export interface Tile {
  part: Part;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Areas in proportion to cost. What is negative has no area: it comes apart, as a list. What is nothing is left out. */
export function layOutTreemap(
  parts: readonly Part[],
  width: number,
  height: number,
): { tiles: Tile[]; negatives: Part[] } {
  const positive = parts.filter((part) => toNumber(part.value) > 0);
  const negatives = parts.filter((part) => toNumber(part.value) < 0);
  if (positive.length === 0 || width <= 0 || height <= 0) return { tiles: [], negatives };
  const root = hierarchy<{ part: Part | null; children?: { part: Part }[] }>({
    part: null,
    children: positive.map((part) => ({ part })),
  })
    .sum((node) => (node.part === null ? 0 : toNumber(node.part.value)))
    // "(other)" comes last, however big it is.
    .sort(
      (a, b) =>
        Number(a.data.part?.isOther ?? false) - Number(b.data.part?.isOther ?? false) ||
        (b.value ?? 0) - (a.value ?? 0),
    );
  const laidOut = treemap<{ part: Part | null; children?: { part: Part }[] }>()
    .tile(treemapSquarify.ratio(1.4))
    .size([width, height])
    .paddingInner(2)
    .round(true)(root);
  return {
    tiles: laidOut
      .leaves()
      .flatMap((leaf) =>
        leaf.data.part === null
          ? []
          : [{ part: leaf.data.part, x: leaf.x0, y: leaf.y0, width: leaf.x1 - leaf.x0, height: leaf.y1 - leaf.y0 }],
      ),
    negatives,
  };
}
