import bidiFactory from "bidi-js";
import { dejavu, type Face, otherFaces, type Weight } from "./font-store.ts";

/** A stretch of a line in one font and one direction, as fontkit lays it out. */
export interface Letters {
  face: Face;
  text: string;
}

export interface Lettering {
  /** From left to right, as the eye meets them. */
  letters: readonly Letters[];
  /** Whether its first word is written from the right, so that the line begins there. */
  isFromRight: boolean;
}

interface Stretch extends Letters {
  /** Of the Unicode Bidirectional Algorithm: odd ones are written from right to left. */
  level: number;
}

/** Shown for a sign that no font has. */
export const unknownSign = "\uFFFD";

/** What is one stretch of DejaVu from left to right, as nearly all names and all figures are. */
const simple = /^[\u0020-\u007E\u00A0-\u017F\u2010-\u2026\u20AC\u2212]*$/;
const bidi = bidiFactory();
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Chooses a font for each sign of a line and puts the stretches of both directions into their order (UAX #9).
 * @param direction of the paragraph that the line is of; left out, the line's first letter decides
 */
export function letter(line: string, weight: Weight, direction?: "ltr" | "rtl"): Lettering {
  if (direction !== "rtl" && simple.test(line))
    return { letters: [{ face: dejavu[weight], text: line }], isFromRight: false };
  const embedding = bidi.getEmbeddingLevels(line, direction ?? "auto");
  const mirrored = bidi.getMirroredCharactersMap(line, embedding.levels);
  const stretches: Stretch[] = [];
  for (const { segment, index } of graphemes.segment(line)) {
    const level = embedding.levels[index]!;
    const { face, text } = chooseFace(mirrored.get(index) ?? segment, weight);
    const last = stretches.at(-1);
    if (last?.level === level && last.face === face) last.text += text;
    else stretches.push({ level, face, text });
  }
  return {
    letters: inOrder(stretches).map(({ face, text, level }) => ({ face, text: forFontkit(text, level) })),
    isFromRight: (embedding.paragraphs[0]?.level ?? 0) % 2 === 1,
  };
}

/** The first font with all of a sign; one that has it without what only chooses between its looks; else the sign for none. */
function chooseFace(sign: string, weight: Weight): Letters {
  const faces = [dejavu[weight], ...otherFaces];
  const has = ({ font }: Face, text: string) =>
    Array.from(text).every((one) => font().hasGlyphForCodePoint(one.codePointAt(0)!));
  for (const text of [sign, sign.replaceAll(/[\uFE00-\uFE0F\p{Emoji_Modifier}]/gu, "")]) {
    const face = text === "" ? undefined : faces.find((one) => has(one, text));
    if (face !== undefined) return { face, text };
  }
  return { face: dejavu[weight], text: unknownSign };
}

/** Rule L2: from the highest level down, what is at least as high is turned around. */
function inOrder(stretches: readonly Stretch[]): Stretch[] {
  const ordered = [...stretches];
  for (let level = Math.max(0, ...ordered.map((one) => one.level)); level > 0; level -= 1)
    for (let start = 0; start < ordered.length; start += 1) {
      let end = start;
      while (end < ordered.length && ordered[end]!.level >= level) end += 1;
      if (end === start) continue;
      ordered.splice(start, end - start, ...ordered.slice(start, end).toReversed());
      start = end;
    }
  return ordered;
}

const fromRight = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** fontkit takes the direction from the first letter that has a script, so what is to run the other way is turned for it. */
function forFontkit(text: string, level: number): string {
  const first = /[^\p{Script=Common}\p{Script=Inherited}]/u.exec(text)?.[0] ?? "";
  if (fromRight.test(first) === (level % 2 === 1)) return text;
  return Array.from(graphemes.segment(text), ({ segment }) => segment)
    .toReversed()
    .join("");
}
