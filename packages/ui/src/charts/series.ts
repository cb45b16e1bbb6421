/** One part of a chart. Values are decimals as text, one per bucket; null where there was nothing. */
export interface Series {
  id: string;
  label: string;
  colour: string;
  values: readonly (string | null)[];
  /** "(other)": what did not make it into the top. */
  isOther: boolean;
}

/** How a chart prints figures that are no amounts of its currency; an axis has room for few digits. */
export type PrintFigure = (figure: string, form: "axis" | "exact") => string;

const colours = Array.from({ length: 10 }, (_, index) => `var(--series-${index + 1})`);
export const otherColour = "var(--series-other)";

/**
 * A colour for each entity, the same on every page: its key's hash picks it. Where two meet on one chart, the one that
 * comes first in the list keeps it and the other takes the next that is free.
 */
export function seriesColours(ids: readonly string[]): Map<string, string> {
  const taken = new Set<number>();
  const found = new Map<string, string>();
  for (const id of ids) {
    let index = hash(id) % colours.length;
    while (taken.has(index) && taken.size < colours.length) index = (index + 1) % colours.length;
    taken.add(index);
    found.set(id, colours[index]!);
  }
  return found;
}

function hash(text: string): number {
  let value = 2_166_136_261;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 16_777_619) >>> 0;
  return value;
}

/** Where money becomes a number: a picture is no more exact than its pixels. */
export function toNumber(amount: string | null | undefined): number {
  return amount == null ? 0 : Number(amount);
}
