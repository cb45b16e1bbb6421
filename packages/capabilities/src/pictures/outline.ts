import { dejavu, type Weight } from "./font-store.ts";
import { letter, type Letters } from "./lettering.ts";

/** The outlines of letters, each with where it stands on its line; y goes down, as on a screen. */
export interface Outlines {
  shapes: readonly { x: number; y: number; scale: number; path: string }[];
  width: number;
}

export function outlinesOf({ face, text }: Letters, size: number): Outlines {
  const font = face.font();
  const scale = size / font.unitsPerEm;
  const { glyphs, positions } = font.layout(text, []);
  let x = 0;
  const shapes = glyphs.map(({ path }, at) => {
    const { xAdvance, xOffset, yOffset } = positions[at]!;
    const shape = { x: x + xOffset * scale, y: -yOffset * scale, scale, path: path.toSVG() };
    x += xAdvance * scale;
    return shape;
  });
  return { shapes, width: x };
}

/** For what draws pictures and knows DejaVu alone, and letters in the order of one direction; null for what stays text. */
export function outline(words: string, size: number, weight: Weight): { shapes: string; width: number } | null {
  const { letters } = letter(words, weight);
  if (letters.every(({ face, text }) => face === dejavu[weight] && text === words)) return null;
  let width = 0;
  const parts = letters.map((one) => {
    const outlines = outlinesOf(one, size);
    const shapes = outlines.shapes.map(
      ({ x, y, scale, path }) =>
        `<path transform="translate(${rounded(width + x)} ${rounded(y)}) scale(${scale} ${-scale})" d="${path}"/>`,
    );
    width += outlines.width;
    return shapes.join("");
  });
  return { shapes: parts.join(""), width };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
