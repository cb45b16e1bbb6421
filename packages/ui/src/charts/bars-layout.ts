import { scaleLinear } from "d3";
import type { Part } from "./part.ts";
import { toNumber } from "./series.ts";

export interface Bar {
  part: Part;
  /** Amount that the bar shows, as exact text: the value, or the change of a mover. */
  amount: string;
  y: number;
  x: number;
  width: number;
  isNegative: boolean;
}

export const barHeight = 28;

/** One line per part, from a common zero; negative ones to its left. Null when nothing can be told about any. */
export function layOutBars(
  parts: readonly { part: Part; amount: string }[],
  plotWidth: number,
): { bars: Bar[]; zeroX: number } {
  const numbers = parts.map(({ amount }) => toNumber(amount));
  const low = Math.min(0, ...numbers);
  const high = Math.max(0, ...numbers);
  const x = scaleLinear()
    .domain(low === high ? [0, 1] : [low, high])
    .range([0, Math.max(0, plotWidth)]);
  return {
    zeroX: x(0),
    bars: parts.map(({ part, amount }, index) => {
      const value = numbers[index]!;
      const left = Math.min(x(0), x(value));
      return {
        part,
        amount,
        y: index * barHeight,
        x: left,
        // What is there is seen, however small it is beside the biggest.
        width: value === 0 ? 0 : Math.max(1, Math.abs(x(value) - x(0))),
        isNegative: value < 0,
      };
    }),
  };
}
